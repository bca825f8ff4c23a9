from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.followup.quotes import accuses, clean_quote, in_marks


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("ale kurier w ogóle nie zadzwonił!!! 😡", "pl", "kurier w ogóle nie zadzwonił"),
        ("Balík přišel celý rozbitý...", "cs", "Balík přišel celý rozbitý"),
        ("aga kapi uks ei läinud lahti :(", "et", "kapi uks ei läinud lahti"),
        ("Za długo czekałem na paczkę", "pl", "Za długo czekałem na paczkę"),
        ("well packed and quick", "en", "well packed and quick"),
        ("where is my parcel???", "en", "where is my parcel?"),
        ('Wpisał "adresat nieobecny" i tyle', "pl", "Wpisał «adresat nieobecny» i tyle"),
        ("It wasn't there , honestly", "en", "It wasn’t there, honestly"),
        ("box arrived - lid was cracked", "en", "box arrived – lid was cracked"),
        (
            "Zásilka ležela týden na depu, nikdo mi nedal vědět, a když jsem konečně zavolal, "
            "tak mi řekli, že už ji poslali zpět",
            "cs",
            "Zásilka ležela týden na depu, nikdo mi nedal vědět",
        ),
    ],
)
def test_a_quote_keeps_the_words_and_loses_the_noise(
    text: str, language: str, expected: str
) -> None:
    assert clean_quote(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("fatalnie", "pl"),
        ("PACZKA NIE DOTARŁA NA CZAS", "pl"),
        ("kurwa gdzie jest paczka", "pl"),
        ("ten debil nie zadzwonil wcale", "pl"),
        ("kurýr je normální kretén", "cs"),
        ("täielik sitt on see äpp", "et"),
        ("this is absolute bullshit again", "en"),
        ("piszcie na adres [email] proszę", "pl"),
        ("napište mi na jan@example.com prosím", "cs"),
        ("call me on 0600 000 000 please", "en"),
        ("bo nikt nie odbiera telefonu", "pl"),
        ("because nobody picks up there", "en"),
        ("see https://example.com for more", "en"),
        ("{{ contact }} is a slot", "en"),
        ("so sloooow every single time", "en"),
        ("Kurier był chamem i tyle", "pl"),
        ("Moc hezké, jenže v košíku byly bačkory vel", "cs"),
        ("27 a synovi jsou tři", "cs"),
    ],
)
def test_what_cannot_be_repeated_in_a_letter_is_not_quoted(text: str, language: str) -> None:
    assert clean_quote(text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "is_one"),
    [
        ("kurier w ogóle nie zadzwonił", "pl", False),
        ("Kurier był wyjątkowo opryskliwy", "pl", True),
        ("pan w punkcie najpierw kręcił nosem", "pl", True),
        ("prodavačka byla nepříjemná", "cs", True),
        ("kurýr nezazvonil", "cs", False),
        ("kuller oli ebaviisakas", "et", True),
        ("the driver was rude", "en", True),
        ("the courier never rang", "en", False),
        ("panel kapituje co chwilę", "pl", False),
    ],
)
def test_a_complaint_that_says_what_somebody_is_like_accuses_them(
    text: str, language: str, is_one: bool
) -> None:
    assert accuses(text, language) == is_one


def test_a_quote_never_holds_the_customers_own_name() -> None:
    text = "Lugupeetult teie klient Helve Saar"
    assert clean_quote(text, "et") is not None
    assert clean_quote(text, "et", name="Helve Saar") is None


def test_each_language_has_its_own_quotation_marks() -> None:
    marks = [in_marks("x", language) for language in ("pl", "cs", "et", "en")]
    assert marks == ["„x”", "„x“", "„x“", "“x”"]


@given(st.text(max_size=300), st.sampled_from(["pl", "cs", "et", "en"]))
def test_a_quote_of_any_text_is_short_and_of_one_line(text: str, language: str) -> None:
    quote = clean_quote(text, language)
    if quote is not None:
        assert len(quote.split()) >= 3
        assert len(quote) <= 130
        assert "\n" not in quote
        assert "  " not in quote
        assert "@" not in quote
