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
    "et gmail": "Kuupäev E, 3. märts 2025 kell 10:12 kirjutas Klienditugi <tugi@pood.ee>:\n> Tere",
    "et apple": "Klienditugi <a@pood.ee> kirjutas kuupäeval E, 3. märts 2025 kell 10:12:\n\nTere",
    "et broken": "Kuupäev E, 3. märts 2025 kell 10:12 kirjutas Tugi <\ntugi@pood.ee>:\n\nTere",
    "en broken": "On Mon, 3 Feb 2026 at 10:12, Shop <a@example.com>\nwrote:\n> Hello",
    "pl apple": "Wiadomość napisana przez Sklep <a@example.com> w dniu 3 mar 2025, o 10:12:\n\nHej",
    "outlook et bold": "*Saatja:* Pood <a@pood.ee>\n*Kuupäev:* 3. märts\n*Saaja:* mina\n\nTere",
    "outlook rule": f"{'_' * 32}\nFrom: Support\nDate: 3 March\n\nhello",
    "outlook rule cs": f"{'_' * 32}\n\nOd: Podpora\nDatum: 3. března\n\nDobrý den",
    "original": "-----Original Message-----\nHello",
    "original pl": "-------- Wiadomość oryginalna --------\nDzień dobry",
    "thunderbird pl": "W dniu 3.11.2026 o 10:15, Sklep <a@x.example> pisze:\n> Dzień dobry",
    "thunderbird pl nameless": "W dniu 03.11.2026 o 10:15, Sklep pisze:\nDzień dobry",
    "thunderbird pl old": "Dnia 2026-11-03 10:15, Sklep pisze:\nDzień dobry",
    "thunderbird cs": "Dne 03. 11. 26 v 10:15 Obchod napsal(a):\n> Dobrý den",
    "thunderbird cs now": "Dne 3. 11. 2026 v 10:15 Obchod píše:\nDobrý den",
    "thunderbird et": "Ühel kenal päeval, T, 03.11.2026 kell 10:15, kirjutas Pood:\n> Tere",
    "thunderbird et plain": "3.11.2026 10:15 kirjutas Mari Tamm:\n> Tere",
    "thunderbird en": "On 03/11/2026 10:15, Shop wrote:\n> Hello",
    "thunderbird forward pl": "-------- Treść przekazanej wiadomości --------\nDzień dobry",
    "thunderbird forward et": "-------- Edastatud sõnum --------\nTere",
    "gmail pl": "W dniu wt., 3.11.2026 o 10:15 Sklep <a@x.example> napisał(a):\nDzień dobry",
    "gmail cs": "út 3. 11. 2026 v 10:15 odesílatel Obchod <a@x.example> napsal:\nDobrý den",
    "gmail et": "Kuupäev T, 3. november 2026 kell 10:15 kirjutas Pood (<a@x.example>):\nTere",
    "gmail en": "On Tue, Nov 3, 2026 at 10:15 AM Shop <a@x.example> wrote:\nHello",
    "gmail en broken": "On Tue, Nov 3, 2026 at 10:15 AM Long\nShop <a@x.example> wrote:\nHello",
    "outlook en sent": "From: Shop <a@x.example>\nSent: 3 November\nTo: me\nSubject: parcel",
    "outlook pl mobile": f"{'_' * 32}\nOd: Sklep\nWysłane: wtorek\nDo: ja\nTemat: paczka",
    "outlook et time": "Saatja: Pood\nSaatmisaeg: teisipäev\nAdressaat: mina\nTeema: pakk",
    "apple pl": "Sklep <a@x.example> napisał(a) w dniu 3 lis 2026, o godz. 10:15:\n\nHej",
    "apple cs": "3. 11. 2026 v 10:15, Obchod <a@x.example>:\n\nDobrý den",
    "apple en": "On 3 Nov 2026, at 10:15, Shop <a@x.example> wrote:\n\nHello",
    "apple forward pl": "Początek przekazywanej wiadomości:\n\nDzień dobry",
    "apple forward cs": "Začátek přeposílané zprávy:\n\nDobrý den",
    "marked": "> Dzień dobry\n> paczka jest w drodze",
}
SIGNATURES = {
    "pl": "Pozdrawiam,\nJan Kowalski\ntel. 500 600 700",
    "cs": "S pozdravem\nJan Novák\nServis Bajer s.r.o.",
    "et": "Lugupidamisega\nMari Tamm",
    "en": "Kind regards,\nJohn Smith\nHead of Purchasing",
    "pl wish": "Miłego dnia,\nJan Kowalski\nDział zakupów",
    "cs wish": "Hezký den,\nJana Malá\nMarketing, ABC s.r.o.",
    "et wish": "Kena päeva!\nMari Tamm\nOÜ Näidis",
    "en wish": "Have a great day\nJohn Smith",
    "et firm": "Lugupidamisega\nMart Saar\nOÜ Näidis",
    "first name alone": "Cheers\nJohn",
    "pl address": "Pozdrawiam,\nJan Kowalski\nul. Długa 5/7, 00-123 Warszawa",
    "pl address in two": "Z poważaniem\nJan Kowalski\nul. Długa 5/7\n00-123 Warszawa\n500 600 700",
    "cs address": "S pozdravem\nJan Novák\nVinohradská 12, 120 00 Praha 2",
    "et address": "Lugupidamisega\nMari Tamm\nPärnu mnt 15-3, 10141 Tallinn",
    "en address": "Kind regards\nJohn Smith\n12 High Street, London",
    "pl role": "Pozdrawiam\nJan Kowalski\nkierownik działu zakupów",
    "name alone et": "Hannes Vilu",
    "name alone pl": "Jan Kowalski",
    "name alone cs": "Ladislav Novotný",
    "name alone with address": "Jan Kowalski\nul. Długa 5/7\n00-123 Warszawa\ntel. 500 600 700",
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


@pytest.mark.parametrize("letter", ["et gmail", "et apple", "outlook et", "outlook rule"])
@pytest.mark.parametrize("name", ["et firm", "cs wish", "pl wish", "first name alone"])
def test_a_signature_is_cut_above_a_quoted_letter_as_without_one(name: str, letter: str) -> None:
    text = f"{SAID}\n\n{SIGNATURES[name]}\n\n{QUOTED[letter]}"
    signature, quoted = find_cuts(text)
    assert text[signature.start : signature.end].strip() == SIGNATURES[name]
    assert text[quoted.start : quoted.end] == QUOTED[letter]


@pytest.mark.parametrize("mark", ["PS: ", "P.S. ", "PS ", "Ps. "])
@pytest.mark.parametrize(
    "signed", ["Pozdrawiam,\nJan Kowalski", "Cheers\nJohn", "Jana Malá", "Mari"]
)
def test_what_is_added_below_a_signature_is_read(signed: str, mark: str) -> None:
    text = f"{SAID}\n\n{signed}\n\n{mark}proszę o telefon"
    (cut,) = find_cuts(text)
    assert cut.type == "signature"
    assert text[cut.start : cut.end].strip() == signed
    assert own_words(text, (cut,)).split() == f"{SAID} {mark}proszę o telefon".split()


@pytest.mark.parametrize(
    "line",
    [
        "Wysłane z iPhone'a",
        "Wysłane z mojego iPhone’a",
        "Wysłano z telefonu Samsung Galaxy S21",
        "Sent from my iPhone",
        "Sent from my iPhone.",
        "Sent from Outlook for iOS",
        "Sent from my Verizon, Samsung Galaxy smartphone",
        "Get Outlook for Android",
        "Odesláno z iPhonu",
        "Odesláno z mobilního telefonu Samsung",
        "Saadetud minu iPhone'ist",
        "Saadetud Samsungi nutitelefonist",
    ],
)
def test_a_comment_that_a_device_wrote_has_nothing_to_read(line: str) -> None:
    for text in (line, f"\n{line}\n"):
        (cut,) = find_cuts(text)
        assert cut.type == "signature"
        assert not own_words(text, (cut,)).strip()


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my Samsung was the fridge, and it leaks",
        "Sent from my Samsung was the fridge",
        "Sent from my phone, it leaks",
        "Sent from your warehouse without a phone",
        "Sent via Royal Mail",
        "Wysłane z Poczty Polskiej",
        "Wysłano telefon z pękniętym ekranem",
        "Odesláno z telefonu na špatnou adresu",
        "Saadetud telefon ei tööta",
        "Saadetud telefon Samsung",
    ],
)
def test_what_was_sent_is_read(line: str) -> None:
    assert find_cuts(line) == ()
    assert find_cuts(f"{SAID}\n{line}") == ()


def test_a_greeting_is_cut_beside_a_signature_and_a_quoted_letter() -> None:
    text = f"Dobrý den,\n{SAID}\n\n{SIGNATURES['cs']}\n\n{QUOTED['cs']}"
    cuts = find_cuts(text)
    assert [cut.type for cut in cuts] == ["greeting", "signature", "quoted"]
    assert own_words(text, cuts).split() == SAID.split()


def test_only_what_says_nothing_is_cut_where_nothing_else_is_left() -> None:
    (greeting,) = find_cuts("Hello Mary!\n\n> we got your parcel")
    assert (greeting.type, greeting.start, greeting.end) == ("greeting", 0, 11)
    assert [cut.type for cut in find_cuts("Tere,\n\nSaadetud minu iPhone'ist")] == [
        "greeting",
        "signature",
    ]


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
        "Skandal\nDziękuję\nale paczka nie dotarła.\nOddajcie pieniądze!",
        "Skandal.\nWysłano z tygodniowym opóźnieniem.",
        "Hrůza.\nOdesláno ze skladu po týdnu",
        "Pakk kadus.\nSaadetud minu vanale aadressile",
        "Stěžuji si.\nDne 3. 5. mi vaše paní napsala:\nPeníze vrátíme.\nNevrátili, podám žalobu.",
        "Skandal\nTemat: reklamacja\nData: wczoraj\nDo: kierownika\nPaczka przyszła pusta.",
        "Byli jsme u vás.\nZdravím\nPo třech týdnech pořád nic",
        "Thanks\nand",
        "Byłem wczoraj.\nSuper Obsługa",
        "Objednal jsem v pondělí.\nRychlé Dodání",
        "Käisin eile.\nHea Teenindus",
        "Bought it twice.\nWill Return",
        "Good food.\nGrace Hotel",
        "Bardzo pomogła mi\nAnna Nowak",
        "Obsługiwała mnie:\nAnna Nowak",
        "Polecam.\nAnna Nowak była miła",
        "Polecam.\nAnna Nowak\nbyła miła",
        "Skarżę się.\nW dniu 3.11 pani z infolinii pisze:\nZwrócimy pieniądze.",
        "Skarżę się.\nW dniu 3.11.2026 o 10:15 dzwoniłem do was:\nnikt nie odebrał.",
        "Kaeban.\n3.11.2026 kell 10:15 kirjutas teie töötaja:\nRaha tuleb.",
        "Stěžuji si.\nDne 3. 11. 2026 v 10:15 jsem volal na linku:\nnikdo to nezvedl.",
        "On 3 November 2026 at 10:15 I called you.\nShe wrote:\nwe will refund it.",
        "Super sklep.\nDziękuję\nPolecam",
        "Byli jsme u vás.\nKrásný den\nSuper",
        "Late again.\nJohn\nnever answered",
        "Pakk kadus.\nKuupäeval 3. märts kell 10:12 kirjutas teie töötaja mulle:\nRaha tuleb.",
        "They sent this.\n__________\nFrom: the shop\nand nothing came",
        "See <a@example.com>\nShe wrote: nothing",
        "> all of it is quoted\n> so it is read",
        "From: here on it was bad\nTo: be honest",
        "On Monday he wrote: nothing",
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
    "unit",
    [
        "> ",
        "\n",
        "-- \n",
        "From: a\n",
        "a",
        "On 1 ",
        "Sent from my ",
        "Jan\n",
        "Jan Tamm\n\n",
        "_" * 20 + "\n",
        "Kuupäev 1 kirjutas ",
        "<\n",
    ],
)
def test_time_grows_with_the_length_and_not_its_square(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.perf_counter()
    own_words(text, find_cuts(text))
    assert time.perf_counter() - started < 5.0
