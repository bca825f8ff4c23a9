"""Personal data is found where it stands and masked; whatever is typed, offsets stay right."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contracts import LANGUAGES, OTHER
from models.personal_data import PERSONAL_TYPES, PersonalSpan, find, mask, mask_part


def test_offsets_are_exact() -> None:
    text = "😀 jan@example.com, tel. 601 234 567!"
    assert find(text, "pl") == [PersonalSpan("email", 2, 17), PersonalSpan("phone", 24, 35)]


def test_offsets_hold_in_a_text_with_combining_marks_and_unseen_characters() -> None:
    text = unicodedata.normalize("NFD", "Zákaznické číslo 3008\u200b8127, paní Nováková")
    assert [(one.type, text[one.start : one.end]) for one in find(text, "cs")] == [
        ("customer_number", "3008\u200b8127"),
        ("name", unicodedata.normalize("NFD", "Nováková")),
    ]


@pytest.mark.parametrize("mark", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_nothing_invisible_hides_personal_data(mark: str) -> None:
    text = f"mail jan{mark}@wp.pl tel 601{mark}234{mark}567"
    assert [(one.type, text[one.start : one.end]) for one in find(text, "pl")] == [
        ("email", f"jan{mark}@wp.pl"),
        ("phone", f"601{mark}234{mark}567"),
    ]


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\t"])
def test_any_space_and_any_dash_separates_digits(space: str) -> None:
    assert mask(f"tel. 601{space}234{space}567", find(f"tel. 601{space}234{space}567", "pl")) == (
        "tel. [phone]"
    )
    assert mask("tel. 601–234–567", find("tel. 601–234–567", "pl")) == "tel. [phone]"


def test_masking_nothing_changes_nothing() -> None:
    assert mask("Bez danych.", []) == "Bez danych."


def test_a_span_over_the_edge_of_a_part_is_masked_on_both_sides() -> None:
    text = "Pani Anna Nowak, tel. 601 234 567"
    spans = find(text, "pl")
    assert mask_part(text, spans, 0, 9) == "Pani [name]"
    assert mask_part(text, spans, 10, 16) == "[name],"
    assert mask_part(text, spans, 16, len(text)) == " tel. [phone]"


def test_what_one_finder_has_claimed_no_other_claims_again() -> None:
    text = "IBAN CZ9408000000008609076490, pesel 63061795254, jan+601234567@example.com"
    assert [one.type for one in find(text, "cs")] == ["iban", "pesel", "email"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("order number 63061795254", "order_number"),
        ("zamówienie +48 501 000 222", "phone"),
        ("tellimus +372 5600 0555", "phone"),
        ("objednávka 603123456", "order_number"),
        ("isikukood 63061795254", "isikukood"),
    ],
)
def test_a_word_before_a_number_beats_its_shape_but_not_a_country_code(
    text: str, kind: str
) -> None:
    assert [one.type for one in find(text, "pl")] == [kind]


_PARTS = st.sampled_from(
    [
        *(
            "a@b.cz",
            "@",
            ".",
            "+48 ",
            "601 234 567",
            " ",
            "x",
            "1",
            "-",
            "ł",
            "\n",
            "\u0301",
            "(at)",
        ),
        *("ul. ", "Długa 5", "mnt ", "00-950 ", "Pani ", "Anna ", "Nowak", "Pozdrawiam, ", "IČO "),
        *("63061795254", "PL57999900008787615327834508", "4111117542141106", "order no ", "\u200b"),
        *("860815/8152", "12 High Street, ", "SW1A 1AA", "my name is ", " nimele", "'s", "/", "00"),
    ]
)


@given(
    st.one_of(st.text(max_size=200), st.lists(_PARTS, max_size=40).map("".join)),
    st.sampled_from([*LANGUAGES, OTHER]),
)
def test_spans_are_ordered_inside_the_text_and_do_not_overlap(text: str, language: str) -> None:
    spans = find(text, language)
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert span.type in PERSONAL_TYPES
        end = span.end
    masked = mask(text, spans)
    assert len(masked) == len(text) + sum(
        len(span.type) + 2 - (span.end - span.start) for span in spans
    )


@given(
    st.sampled_from(
        [
            *("jan.kowalski@example.com", "+48 600 000 123", "PL57999900008787615327834508"),
            *("4111 1175 4214 1106", "63061795254", "860815/8152", "986-232-72-87", "48403141361"),
            *("ul. Polna 7", "Tallinna mnt 5-12", "12 High Street"),
        ]
    ),
    st.text("abcdeełśčõ ,!?", max_size=30),
    st.text("abcdeełśčõ ,!?", max_size=30),
    st.sampled_from(LANGUAGES),
)
def test_masking_takes_the_secret_out_whatever_stands_around_it(
    secret: str, before: str, after: str, language: str
) -> None:
    text = f"{before} {secret} {after}"
    assert secret not in mask(text, find(text, language))


_HOSTILE = """
    a|1|@|a@|a.|a@a.|1 |1-|11 |111 |1234 |+48 |601 234 567 |-|A |Aa |Aa 1 |Aa 1, |ul. |ul. A 1
    |ul. a b c |Aa tn 1 |1 Aa |1 Aa Bb, |12/|12.|Pan |Pani Aa |Aa-|nr |zamówienie nr |order 12
    |PESEL |iban PL|PL61 1090 |4111 |(|( at ) |my name is |pozdrawiam |dear Aa |á|00 |0 |(0|+|1/
    |Mieszkam na |adres Aa Bb 1/1 |x 1 |order 12345, |kontakt: Aa Bb |č. |IČO firmy
""".replace("\n    ", "").split("|")


@pytest.mark.parametrize("unit", [*_HOSTILE, "a\u0301", "\n", "\u200b1", "Jan Tamm\n\n"])
def test_time_grows_with_the_length_and_not_its_square(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    started = time.perf_counter()
    find(text, "pl")
    assert time.perf_counter() - started < 1.5
