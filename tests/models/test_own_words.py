from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.own_words import find_cuts, own_words

SAID = "Nadal czekam na zwrot."

QUOTED = {
    "pl gmail": "W dniu 12.03.2026 o 10:12 Sklep <a@example.com> napisał(a):\n> Dzień dobry\n> coś",
    "pl weekday": "pon., 3 lut 2026 o 10:12 Sklep <a@example.com> napisał(a):\nDzień dobry, paczka",
    "cs": "Dne 3. 2. 2026 v 10:12 Obchod <a@example.com> napsal(a):\n> Dobrý den",
    "et": "Kuupäeval 3. veebr 2026 kell 10:12 Pood <a@example.com> kirjutas:\n> Tere",
    "en": "On Mon, 3 Feb 2026 at 10:12, Shop <a@example.com> wrote:\n> Hello\n> again",
    "outlook en": "From: Shop\nSent: Monday\nTo: me\nSubject: parcel\nHello there",
    "outlook pl": "Od: Sklep\nWysłano: poniedziałek\nDo: ja\nTemat: paczka\nDzień dobry",
    "outlook cs": "Od: Obchod\nOdesláno: pondělí\nKomu: já\nPředmět: balík\nDobrý den",
    "outlook et": "Saatja: Pood\nSaadetud: esmaspäev\nSaaja: mina\nTeema: pakk\nTere",
    "original": "-----Original Message-----\nHello",
    "original pl": "-------- Wiadomość oryginalna --------\nDzień dobry",
    "marked": "> Dzień dobry\n> paczka jest w drodze",
}
SIGNATURES = {
    "pl": "Pozdrawiam,\nJan Kowalski\ntel. 500 600 700",
    "cs": "S pozdravem\nJan Novák\nServis Bajer s.r.o.",
    "et": "Lugupidamisega\nMari Tamm",
    "en": "Kind regards,\nJohn Smith\nHead of Purchasing",
    "dashes": "-- \nJan\nwww.example.com",
    "phone pl": "Wysłane z iPhone'a",
    "phone cs": "Odesláno z iPhonu",
    "phone et": "Saadetud minu iPhone'ist",
    "phone en": "Sent from my iPhone",
}


@pytest.mark.parametrize("name", QUOTED)
def test_a_quoted_letter_is_cut_to_its_end(name: str) -> None:
    text = f"{SAID}\n\n{QUOTED[name]}"
    (cut,) = find_cuts(text)
    assert cut.type == "quoted"
    assert text[cut.start : cut.end] == QUOTED[name]
    assert own_words(text, (cut,)).split() == SAID.split()


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_is_cut(name: str) -> None:
    text = f"{SAID}\n\n{SIGNATURES[name]}"
    (cut,) = find_cuts(text)
    assert cut.type == "signature"
    assert text[cut.start : cut.end] == SIGNATURES[name]


def test_a_signature_ends_where_the_quoted_letter_begins() -> None:
    text = f"{SAID}\n{SIGNATURES['pl']}\n\n{QUOTED['pl gmail']}"
    assert [cut.type for cut in find_cuts(text)] == ["signature", "quoted"]


def test_an_answer_below_a_marked_quotation_is_read() -> None:
    text = f"{QUOTED['en']}\nNo, it still does not work."
    (cut,) = find_cuts(text)
    assert own_words(text, (cut,)).strip() == "No, it still does not work."


@pytest.mark.parametrize(
    "text",
    [
        "Pozdrawiam\nsuper sklep, polecam każdemu, kto szuka dobrej obsługi i szybkiej dostawy",
        "Thanks\nand",
        "> all of it is quoted\n> so it is read",
        "From: here on it was bad\nTo: be honest",
        "On Monday he wrote: nothing",
        "One line only. Kind regards, John",
        "Dziękuję",
        "",
        "-",
    ],
)
def test_what_only_looks_like_a_letter_is_read(text: str) -> None:
    cuts = find_cuts(text)
    assert any(map(str.isalpha, own_words(text, cuts))) or not any(map(str.isalpha, text))
    if not text.startswith(("Pozdrawiam", "Thanks")):
        assert cuts == ()


def test_tags_are_blanked_and_break_lines_where_they_do_on_a_page() -> None:
    text = "<p>Bardzo <b>miła</b> pani<br/>ale drogo</p><style>p { color: red }</style>"
    assert own_words(text, ()).split("\n") != [text]
    assert own_words(text, ()).split() == ["Bardzo", "miła", "pani", "ale", "drogo"]
    assert "\n" in own_words(text, ())[text.index("pani") : text.index("ale")]


def test_a_less_than_sign_is_no_tag() -> None:
    text = "czekałem <5 minut, ocena 3 < 5, <3"
    assert own_words(text, ()) == text


@given(
    st.text(max_size=300) | st.lists(st.sampled_from([*QUOTED.values(), SAID, "\n"])).map("\n".join)
)
def test_offsets_hold_and_nothing_but_cuts_is_lost(text: str) -> None:
    cuts = find_cuts(text)
    assert len(own_words(text, cuts)) == len(text)
    ends = [0]
    for cut in cuts:
        assert ends[-1] <= cut.start < cut.end <= len(text)
        ends.append(cut.end)
    if any(map(str.isalpha, text)) and "<" not in text:
        assert any(map(str.isalpha, own_words(text, cuts)))


@pytest.mark.parametrize(
    "unit", ["<", "> ", "\n", "-- \n", "From: a\n", "a", "<b>", "<!--", "On 1 "]
)
def test_time_grows_with_the_length_and_not_its_square(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.perf_counter()
    own_words(text, find_cuts(text))
    assert time.perf_counter() - started < 5.0
