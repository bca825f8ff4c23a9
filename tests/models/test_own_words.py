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
    "long rule": "-----\nJan Nowak\ntel. 500 600 700",
    "android": "Sent from my Samsung Galaxy smartphone",
    "pl app": "Wysłano z aplikacji mobilnej Poczta",
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
        "Plusy: miła obsługa\n---\nMinusy: karaluchy w kuchni",
        "Dzień dobry\nDziękuję\nale paczka nie dotarła.\nOddajcie pieniądze!",
        "Skandal.\nWysłano z tygodniowym opóźnieniem.",
        "Hrůza.\nOdesláno ze skladu po týdnu",
        "Pakk kadus.\nSaadetud minu vanale aadressile",
        "Stěžuji si.\nDne 3. 5. mi vaše paní napsala:\nPeníze vrátíme.\nNevrátili, podám žalobu.",
        "Dzień dobry\nTemat: reklamacja\nData: wczoraj\nDo: kierownika\nPaczka przyszła pusta.",
        "Zdravím\nPo třech týdnech pořád nic",
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
    assert find_cuts(text) == ()


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
    if any(map(str.isalpha, text)):
        assert any(map(str.isalpha, own_words(text, cuts)))


@pytest.mark.parametrize(
    "unit", ["> ", "\n", "-- \n", "From: a\n", "a", "On 1 ", "Sent from my ", "Jan\n"]
)
def test_time_grows_with_the_length_and_not_its_square(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.perf_counter()
    own_words(text, find_cuts(text))
    assert time.perf_counter() - started < 5.0
