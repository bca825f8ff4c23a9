"""Every type of personal data in every language, and the numbers and capitals that are none."""

from __future__ import annotations

import pytest

from models.contracts import LANGUAGES, OTHER
from models.personal_data import find, mask

_MARKED = {
    "email": [
        ("pl", "Pisać na <jan.kowalski@example.com>."),
        ("cs", "(<petr+zip@firma.example.org>)"),
        ("et", "<müür.õie@näide.ee> on minu aadress"),
        ("en", "<a@b.co.uk> or <c_d (at) e-f (dot) com>"),
    ],
    "phone": [
        ("pl", "Proszę dzwonić: <601 234 567>, po 16. tel.<(22) 555 01 23>"),
        ("pl", "<+48500600700>, 500 sztuk za <0048 500 600 700>"),
        ("cs", "číslo <00420 603 123 456> platí, nebo <777/123 456>"),
        ("et", "Helistage <5551 2345> õhtul, <+372 5551 2345>"),
        ("en", "ring me on <07700 900114> or <+44 (0)20 7946 0123>"),
        (OTHER, "ruft an: <+49 30 901820>"),
    ],
    "iban": [
        ("pl", "na konto <57 9999 0000 8787 6153 2783 4508>"),
        ("cs", "účet <2497039419/0300>, <CZ94 0800 0000 0086 0907 6490>"),
        ("et", "kontole <EE38 2275 7975 0103 6711>, konto <EE382275797501036719>"),
        ("en", "<gb75test00000060680485> please, sort code <20-00-00>"),
    ],
    "card": [
        ("pl", "Karta <5100-0029-3636-2635> odrzucona, karta <4111 1175 4214 1106>"),
        ("cs", "kartou <5555 5526 4384 5769>"),
        ("et", "kaardiga <4242421660577790>"),
        ("en", "card no. <3400 008253 49094>"),
    ],
    "pesel": [
        ("pl", "numer <63061795254>, PESEL: <80010112345> z błędem"),
        ("cs", "jsem Polák, <63061795254>"),
        ("et", "minu pesel on <94082738124>"),
        ("en", "they asked for my PESEL <780125-28779>"),
    ],
    "nip": [
        ("pl", "FV na <134-658-47-11>, NIP firmy to <9862327287>, w NIPie <9862327280>"),
        ("cs", "NIP: <1783153185>"),
        ("et", "NIP <5072409190> on vale"),
        ("en", "the number <PL5378831907> is ours"),
    ],
    "rodne_cislo": [
        ("cs", "<550418/6226>, r. č.: <855101/1234>, rodné číslo <7601228844>"),
        ("pl", "rodné číslo <860815/8152>"),
        ("et", "<850101/4599> ei lähe vormi"),
        ("en", "birth number, mine is <915109/3611>"),
    ],
    "ico": [
        ("cs", "IČO <02156270>, IČ: <007 24 971>, DIČ <CZ00724971>, IČO naší firmy <12345678>"),
        ("pl", "Firma z Czech, IČO <04176111>"),
        ("et", "ICO <00596183>"),
        ("en", "our ICO is <04552733>"),
    ],
    "isikukood": [
        ("et", "Kood <37406080321>, isikukoodi <47010229299> küsiti"),
        ("pl", "isikukood <48403141361>"),
        ("cs", "<48110213789> váš web nebere"),
        ("en", "my personal code <47106072028>"),
    ],
    "order_number": [
        ("pl", "nr zamówienia <ZAM/2024/00871>, faktury <20240011>, <20240012> i <20240013>"),
        ("pl", "zam. <77120>, do zamówienia #<883120>, faktura korygująca nr <12/2024>"),
        ("cs", "Objednávka č. <2024118830>, obj.č. <998877>, variabilní symbol <8812034417>"),
        ("et", "Tellimuse nr <20241188>, arve <A20240311>, tellimuse numbriga <998877>"),
        ("en", "order no.<12345>, booking <BK7Q2X91>, my order number with you is <12345>"),
    ],
    "customer_number": [
        ("pl", "nr klienta <00482913>, umowa kredytowa nr <12/2024/KR>"),
        ("cs", "zákaznické číslo <30088127>, č. smlouvy <1234567890>"),
        ("et", "kliendinumber <30088127>, lepingu number <L-9920031>"),
        ("en", "account number <77812200>, policy no <POL-8831207>"),
    ],
    "address": [
        ("pl", "przy <ul. Długiej 5/12, 00-950 Warszawa>, na <al. Jerozolimskie 100 lok. 14>"),
        ("pl", "mieszkam na <Kwiatowej 15> w Pcimiu, wcześniej adres <Kwiatowa 15 A>"),
        ("cs", "bydlím na <Dlouhé 12> v Kolíně, moje adresa: <Dlouhá 12 b>, kousek odsud"),
        ("pl", "mieszkam na <Puławskiej 143 m 2, Warszawa>, <ul polna 7>, <ul. 3 Maja 11>"),
        ("cs", "bydlím <Na Příkopě 12, 110 00 Praha 1>, doručit <Vinohradská třída 112>"),
        ("cs", "<Lhota č.p. 114, 25401 Jílové>. Byt <Sokolovská 1234/56a>"),
        ("et", "elan <Tallinna mnt 5-12, 10115 Tallinn>, pood <Pärnu mnt. 10>, <Kase tn 8, Tartu>"),
        ("en", "at <Flat 3, 45 Station Road, Leeds LS1 4AB>, live at <14 Sunny Bank>"),
    ],
    "name": [
        (
            "pl",
            "Pani <Katarzyna Wójcik-Nowak>, panu <Markowi>, pani doktor <Nowak>, Dr <Kucharski>",
        ),
        ("pl", "nazywam się <anna nowak> i czekam. Pozdrawiam\n<A. Nowak>"),
        ("pl", "Nic nie działa.\n<Jan Kowalski>"),
        ("et", "Pakk kadus!\n<Hannes Vilu>\n"),
        ("cs", "Čekám na zprávu.\n\n<Ladislav Novotný>"),
        ("cs", "pane <Nováku>, tady <Michal Veselý>. S pozdravem, <Jan Novák>"),
        ("et", "härra <Tamm>, pr <Mägi-Saarega>, minu nimi on <Liis Vaher>"),
        ("en", "Mr <O'Brien>, Ms. <van der Berg>'s, dear <John Smith>, I'm <Jane Doe>"),
    ],
}
_NONE = [
    ("pl", "zapłaciłam 601 234 567 zł, 1 250 000 zł, 12.05.2024 o 18:30, rabat 20%, 24/7"),
    ("pl", "REGON 123456785, kod produktu 5901234123457, kod 12345678, pokój 1204, WAN2425EPL"),
    ("pl", "zamówienie 3 sztuk, z 12.03.2024, za 1250 zł, w 2023, faktura 1250 zł, 00-950"),
    ("pl", "Na ulicy stoi 5 aut, ul. Długa, na ul. Długiej 3 razy, w Krakowie, 17-letni"),
    ("pl", "Pani doktor, Pan Kierowca, Państwa Sklep, Kasia pomogła. Pozdrawiam cały zespół"),
    ("pl", "PANI W OKIENKU BYŁA NIEMIŁA. Witam serdecznie, część Santo Domingo"),
    ("cs", "Objednávka 15. 3. za 2 490 Kč, tramvaj 22 v 7:45, verze 4.12.3, PSČ 110 00"),
    ("cs", "Paní doktorka, Pan Ředitel, pane vedoucí. Dobrý den, Praha 1, Dlouhá ulice"),
    ("et", "Tellimus 3 tk maksis 146,50 eurot, 3.10.2023, buss 148, hind 5000-6000, üle 10"),
    ("et", "Kuller pani Tallinnas paki kappi. Proua müüja, härra direktor. Palun tee 5 minutiga"),
    ("et", "registrikood 12345678, kood 12345678, tänavu 1. augustil, postiindeks 10115"),
    ("en", "5-7 working days, day 19 of 2026, 10:30, £129.99, version 10.0.19045.3803, SW1A 1AA"),
    ("en", "an order of 1500 units, order for £1500, BA1326, 192.168.100.200, 5 Star Service"),
    ("en", "Dear Customer Services, Hi Amazon Team, Mr Driver, Dr Martens, Katie was great"),
    ("en", "my name is not important, I live on Baker Street, kind regards to the whole team"),
    ("pl", "Byłem wczoraj.\nSuper Obsługa\nRychlé Dodání\nWill Return"),
    ("en", "meet @ six, or @home, e-mail without a domain: jan@firma"),
]


def _cases() -> list[tuple[str, str, str]]:
    return [(kind, language, text) for kind, own in _MARKED.items() for language, text in own]


@pytest.mark.parametrize(("kind", "language", "text"), _cases())
def test_each_type_is_found_to_the_character(kind: str, language: str, text: str) -> None:
    plain = text.replace("<", "").replace(">", "")
    expected = "".join(
        f"[{kind}]" + part.split(">")[1] if ">" in part else part for part in text.split("<")
    )
    assert mask(plain, find(plain, language)) == expected


@pytest.mark.parametrize("kind", _MARKED)
def test_each_type_is_looked_for_in_every_language(kind: str) -> None:
    assert {language for language, _ in _MARKED[kind]} >= set(LANGUAGES)


@pytest.mark.parametrize(("language", "text"), _NONE)
def test_other_numbers_and_capitals_are_left_alone(language: str, text: str) -> None:
    assert mask(text, find(text, language)) == text
