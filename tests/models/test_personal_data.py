"""E-mail addresses and telephone numbers are found and masked; other numbers are left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contracts import LANGUAGES, OTHER
from models.personal_data import PersonalSpan, find, mask


@pytest.mark.parametrize(
    ("language", "text", "masked"),
    [
        ("pl", "Proszę dzwonić: 601 234 567, po 16.", "Proszę dzwonić: [phone], po 16."),
        ("pl", "tel. 601234567", "tel. [phone]"),
        ("pl", "Kontakt: 601 234 567", "Kontakt: [phone]"),
        ("et", "olen kodus 5551 2345", "olen kodus [phone]"),
        ("pl", "mój numer to +48 22 621 22 33", "mój numer to [phone]"),
        ("cs", "Volejte na 603 123 456.", "Volejte na [phone]."),
        ("cs", "číslo 00420 603 123 456 platí", "číslo [phone] platí"),
        ("et", "Helistage 5551 2345 õhtul", "Helistage [phone] õhtul"),
        ("et", "+372 5551 2345", "[phone]"),
        ("en", "ring me on 07700 900114 please", "ring me on [phone] please"),
        ("en", "0141 496 0127 after six", "[phone] after six"),
        (OTHER, "ruft an: +49 30 901820", "ruft an: [phone]"),
        ("pl", "Pisać na jan.kowalski@example.com.", "Pisać na [email]."),
        ("cs", "(petr+zip@firma.example.org)", "([email])"),
        ("et", "müür.õie@näide.ee on minu aadress", "[email] on minu aadress"),
        ("en", "a@b.co.uk or c_d@e-f.com, 07911 123456", "[email] or [email], [phone]"),
        ("pl", "601234567@example.com", "[email]"),
    ],
)
def test_personal_data_is_found_and_masked(language: str, text: str, masked: str) -> None:
    assert mask(text, find(text, language)) == masked


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Zamówienie nr 123456789 z 12.05.2024 za 2 490 zł"),
        ("pl", "zapłaciłam 601 234 567 zł"),
        ("pl", "NIP: 5252248481, punkt czynny 8-16, godz. 18:20"),
        ("pl", "konto 61 1090 1014 0000 0712 1981 2874"),
        ("cs", "Objednávka 603123456 za 2 490 Kč dorazila 5. 10. 2023"),
        ("cs", "IČO 12345678"),
        ("et", "Tellimus 55512345 maksis 146,50 eurot, kuupäev 3.10.2023"),
        ("et", "isikukood 49001010001"),
        ("en", "order number 07911123456 came on 2024-10-03 and cost £2.79"),
        ("en", "5-7 working days, it is day 19 of 2026, 10:30"),
        ("en", "meet @ six, or @home"),
        ("pl", "e-mail bez domeny: jan@firma"),
    ],
)
def test_orders_prices_dates_and_accounts_are_left_alone(language: str, text: str) -> None:
    assert find(text, language) == []


def test_offsets_are_exact() -> None:
    text = "😀 jan@example.com, tel. 601 234 567!"
    assert find(text, "pl") == [PersonalSpan("email", 2, 17), PersonalSpan("phone", 24, 35)]
    assert [text[one.start : one.end] for one in find(text, "pl")] == [
        *("jan@example.com", "601 234 567")
    ]


def test_masking_nothing_changes_nothing() -> None:
    assert mask("Bez danych.", []) == "Bez danych."


_PARTS = st.sampled_from(["a@b.cz", "@", ".", "+48 ", "601 234 567", " ", "x", "1", "-", "ł", "\n"])


@given(
    st.one_of(st.text(max_size=200), st.lists(_PARTS, max_size=40).map("".join)),
    st.sampled_from([*LANGUAGES, OTHER]),
)
def test_spans_are_ordered_inside_the_text_and_do_not_overlap(text: str, language: str) -> None:
    end = 0
    for span in find(text, language):
        assert end <= span.start < span.end <= len(text)
        end = span.end


@pytest.mark.parametrize("unit", ["a", "@", "a@", "a.", "a@a.", "1 ", "+48 ", "601 234 567 ", "-"])
def test_time_grows_with_the_length_and_not_its_square(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    started = time.perf_counter()
    find(text, "pl")
    assert time.perf_counter() - started < 1.5
