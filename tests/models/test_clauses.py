"""Commas part clauses that stand for themselves, and no lists, numbers or subordinate clauses."""

from __future__ import annotations

import time

import pytest

from models.clauses import openings
from models.contracts import LANGUAGES, OTHER
from models.excerpts import split
from models.folding import fold

PARTED = {
    "pl": """
        Kurier miły | paczka rozbita
        Obsługa miła | jedzenie zimne
        Hotel ładny | pokój brudny | śniadania pyszne
        Kurier miły, szybki i sprawny | paczka cała
        Ceny wysokie | jakość słaba
        Świetne jedzenie | okropna obsługa
        Szybka dostawa | miły kurier
        Paczka przyszła na czas | kurier był uprzejmy
        Aplikacja nie działa | infolinia nie odpowiada
        Czekałem godzinę | kurier nie zadzwonił
        Zamówiłyśmy obiad | zupa była zimna
        Pokój był czysty | łóżko bardzo wygodne
        Lekarz kompetentny | poczekalnia ciasna
        Wystrój piękny | porcje małe | ceny wysokie
        Nasz kelner był opryskliwy | obiad zimny
        obsluga ok | kolejki dlugie
    """,
    "cs": """
        Obsluha milá | jídlo studené
        Kurýr ochotný | balík rozbitý
        Pokoj čistý | snídaně výborná | poloha skvělá
        Kurýr milý, rychlý a ochotný | balík v pořádku
        Ceny vysoké | kvalita špatná
        Skvělé jídlo | pomalá obsluha
        Rychlé doručení | milý kurýr
        Balík dorazil včas | kurýr byl příjemný
        Aplikace nefunguje | infolinka neodpovídá
        Čekal jsem hodinu | kurýr nezavolal
        Objednali jsme večeři | polévka byla studená
        Pokoj byl čistý | postel velmi pohodlná
        Doktorka vstřícná | čekárna hlučná
        Prostředí krásné | porce malé | ceny vysoké
        Náš číšník byl protivný | oběd studený
        obsluha super | fronty dlouhe
    """,
    "et": """
        Hind hea | teenindus aeglane
        Kuller viisakas | pakk katki
        Tuba puhas | hommikusöök maitsev | asukoht suurepärane
        Kuller viisakas, kiire ja abivalmis | pakk terve
        Hinnad kõrged | kvaliteet kehv
        Hea toit | aeglane teenindus
        Kiire tarne | viisakas kuller
        Pakk tuli õigel ajal | kuller oli sõbralik
        Rakendus ei tööta | infoliin ei vasta
        Ootasin tund aega | kuller ei helistanud
        Tellisime lõunat | supp oli külm
        Tuba oli puhas | voodi väga mugav
        Arst asjatundlik | järjekord pikk
        Restoran ilus | portsjonid väikesed | hinnad kõrged
        Meie kelner oli ebaviisakas | toit külm
        teenindus ok | jarjekorrad pikad
    """,
    "en": """
        Food great | service slow
        Driver polite | parcel smashed
        Room clean | breakfast delicious | location perfect
        Driver friendly, quick and helpful | parcel intact
        Prices high | quality poor
        Good food | bad service
        Fast delivery | friendly driver
        The parcel came on time | the driver was polite
        The app doesn't load | the helpline never answers
        I waited an hour | the courier never called
        We ordered dinner | the soup was cold
        The room was clean | the bed very comfortable
        Doctor patient | queue long
        Decor beautiful | portions small | prices high
        Our waiter was rude | lunch cold
        service ok | queues long
    """,
}
WHOLE = {
    "pl": """
        miły, szybki i sprawny kurier
        Kurier miły, szybki i sprawny
        Kurier, paczka i obsługa super
        Duży, jasny i czysty pokój
        Obsługa miła, pokoje, łazienka i basen czyste
        Mieszkam przy ul. Długiej 5, Warszawa
        Zapłaciłem 12,50 zł, czyli za drogo
        Szanowna Pani, kurier nie przyjechał
        Dzień dobry, paczka nie dotarła
        Kurier, który przyniósł paczkę, był miły
        Kiedy kurier przyszedł, paczka była rozbita
        Napisali, że paczka dotarła, kurier zadzwoni
        Im wyższa cena, tym lepsza jakość
        Zamówiłem telefon czarny, laptop nowy i głośnik
        Polecam ten hotel, restauracja super
        Dziękuję, obsługa była miła
        Hotel Polonia, pokój 12
    """,
    "cs": """
        milý, rychlý a ochotný kurýr
        Kurýr milý, rychlý a ochotný
        Kurýr, balík i obsluha super
        Velký, čistý a tichý pokoj
        Obsluha milá, pokoje, koupelna i bazén čisté
        Bydlím v Dlouhé 5, Praha
        Zaplatil jsem 12,50 Kč, tedy draho
        Vážená paní, balík nedorazil
        Dobrý den, balík nedorazil
        Kurýr, který přivezl balík, byl milý
        Když kurýr přijel, balík byl rozbitý
        Psali, že balík dorazil, kurýr zavolá
        Čím vyšší cena, tím lepší kvalita
        Objednal jsem telefon nový, stůl velký a lampu
        Děkuji, obsluha byla milá
        Hotel Slavia, pokoj 12
    """,
    "et": """
        viisakas, kiire ja abivalmis kuller
        Kuller viisakas, kiire ja abivalmis
        Kuller, pakk ja teenindus super
        Suur, puhas ja vaikne tuba
        Teenindus hea, toad, vannituba ja bassein puhtad
        Elan Pikk 5, Tallinn
        Maksin 12,50 eurot, seega kallis
        Lugupeetud juhataja, pakk ei tulnud
        Tere, pakk ei tulnud
        Kuller, kes paki tõi, oli viisakas
        Kui kuller tuli, oli pakk katki
        Kirjutati, et pakk saabus, kuller helistab
        Mida kõrgem hind, seda parem kvaliteet
        Tellisin telefon uus, laud suur ja lamp
        Aitäh, teenindus oli hea
        Hotell Viru, tuba 12
    """,
    "en": """
        a friendly, quick and helpful driver
        Driver friendly, quick and helpful
        Food, service and prices great
        A big, clean and quiet room
        Staff friendly, rooms, bathroom and pool clean
        I live at 5 Long Street, Leeds
        Paid 12,50 for it, which is expensive
        Dear manager, the parcel never came
        Hello, the parcel never came
        The driver, who brought the parcel, was polite
        When the driver came, the parcel was broken
        They said the parcel arrived, the driver will call
        The higher the price, the better the quality
        I like the quick delivery, friendly staff and low prices
        Thanks, the service was good
        Hotel Regent, room 12
    """,
}


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.strip().splitlines()]


@pytest.mark.parametrize(
    ("language", "line"), [(code, line) for code in LANGUAGES for line in lines(PARTED[code])]
)
def test_two_clauses_are_two_excerpts(language: str, line: str) -> None:
    parts = line.split(" | ")
    assert [one.text for one in split(", ".join(parts), language)] == parts
    assert [one.text for one in split(",".join(parts), language)] == parts


@pytest.mark.parametrize(
    ("language", "line"), [(code, line) for code in LANGUAGES for line in lines(WHOLE[code])]
)
def test_what_is_one_clause_stays_one_excerpt(language: str, line: str) -> None:
    assert [one.text for one in split(line, language)] == [line]


def test_each_language_is_tried_on_fifteen_of_each() -> None:
    assert all(len(lines(block[code])) >= 15 for block in (PARTED, WHOLE) for code in LANGUAGES)


def test_an_unread_language_is_not_parted() -> None:
    assert openings(fold("Food great, service slow"), 0, 24, OTHER) == []


@pytest.mark.parametrize("unit", [",", ", a", "obsluga,", "obsluga mila, ", "food ", "service a "])
def test_time_grows_with_the_length_and_not_its_square(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.process_time()
    for language in ("pl", "en"):
        openings(text, 0, len(text), language)
    assert time.process_time() - started < 5.0
