"""Comments split into sentences and contrasting clauses, with exact offsets."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contracts import LANGUAGES, OTHER, Excerpt
from models.excerpts import split


def texts(comment: str, language: str) -> list[str]:
    return [excerpt.text for excerpt in split(comment, language)]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("pl", ["Kurier był miły,", "ale paczka dotarła tydzień po terminie."]),
        ("pl", ["Doszło dzień przed czasem.", "Niestety karton był rozdarty."]),
        ("pl", ["Obsługa na miejscu sympatyczna,", "za to na infolinii nikt nie odbiera"]),
        ("pl", ["obsluga byla bardzo mila", "ale czekalem ponad godzine"]),
        ("pl", ["Płacę od lat,", "choć nikt mi za to nie podziękował."]),
        ("cs", ["Řidič byl ochotný,", "bohužel krabice dorazila promáčená."]),
        ("cs", ["Dovolal jsem se hned,", "paní mi ale poradit neuměla."]),
        ("cs", ["ridic byl ochotny", "ale krabice prisla promacena"]),
        ("cs", ["Peníze mi vrátili,", "trvalo to však dva měsíce."]),
        ("et", ["Kuller oli väga viisakas,", "kuid pakk oli märg."]),
        ("et", ["Pakk tuli õigel päeval", "aga karp oli läbimärg"]),
        ("et", ["Hind on hea,", "kahjuks ei vasta keegi telefonile."]),
        ("en", ["The driver was lovely", "but the box was soaked through"]),
        ("en", ["It came on time,", "however the glass was broken."]),
        ("en", ["Still like the service", "though it is getting dear"]),
    ],
)
def test_clauses_part_at_contrast_words(language: str, parts: list[str]) -> None:
    expected = [part.rstrip(",") for part in parts]
    assert texts(" ".join(parts), language) == expected


@pytest.mark.parametrize(
    ("language", "comment"),
    [
        ("pl", "Nie tylko przyjechał na czas, ale też wniósł paczkę na piętro."),
        ("pl", "Drogo, ale warto"),
        ("pl", "Obsługa była niestety bardzo nieuprzejma i opryskliwa"),
        ("pl", "Żeby chociaż paczka dotarła do nas w całości"),
        ("cs", "Všechno, ale úplně všechno bylo špatně."),
        ("cs", "Nejenže přijel včas, ale také balík vynesl."),
        ("cs", "Bez aplikace se k tomu ale nedostanu vůbec"),
        ("et", "Automaat ei võtnud kasti vastu, kuigi tuli mulle samas kastis tagasi."),
        ("et", "Mitte ainult kiire, vaid ka väga sõbralik, aga ka odav teenus."),
        ("en", "Not only was he on time, but he also carried it upstairs."),
        ("en", "There was nobody but the cleaner in the shop"),
        ("en", "The parcel has not been delivered to my house yet"),
        ("en", "Lovely staff in the shop though"),
        (OTHER, "Der Fahrer war nett, aber das Paket war leider kaputt, but nobody cared about it"),
    ],
)
def test_what_is_one_thing_stays_whole(language: str, comment: str) -> None:
    assert texts(comment, language) == [comment]


@pytest.mark.parametrize(
    ("language", "comment"),
    [
        ("pl", "Mam np. ok. 40 paczek, m.in. opony przy ul. Długiej 5 u dr. Nowaka"),
        ("pl", "Byłem 3. lutego o 15.30 i zapłaciłem 12.50 zł"),
        ("pl", "Spółka Modrzew sp. z o.o. czeka na fakturę"),
        ("cs", "Přišlo to např. 5. ledna v 9.15 na č. p. 14"),
        ("cs", "Doručeno s. r. o. a tzv. expres atd. bez zvonku"),
        ("et", "Pakk tuli 3. kuupäeval kell 20.15, nr. 14, vrd. eelmine jne. ja oli märg"),
        ("en", "Mr. Akhtar rang at 5.30 p.m. about e.g. the invoice no. 12"),
        ("en", "see www.example.com or mail me at a.b@example.com please"),
        ("pl", "no... jakoś poszło"),
    ],
)
def test_a_full_stop_inside_a_sentence_ends_nothing(language: str, comment: str) -> None:
    assert texts(comment, language) == [comment]


@pytest.mark.parametrize(
    ("comment", "parts"),
    [
        ("Szybko.Polecam wszystkim", ["Szybko.", "Polecam wszystkim"]),
        ("Super 😀 polecam", ["Super 😀", "polecam"]),
        ("Super! 😀 Polecam", ["Super! 😀", "Polecam"]),
        ("dobrze :) dziękuję", ["dobrze :)", "dziękuję"]),
        ("- tanio\n- szybko\n\n• miło", ["tanio", "szybko", "miło"]),
        ("Serio??? Nie wierzę...", ["Serio???", "Nie wierzę..."]),
        ("Skandal!!!nigdy więcej", ["Skandal!!!", "nigdy więcej"]),
        (
            "Zamknięte na cztery spusty..... nikt nic nie wie",
            ["Zamknięte na cztery spusty.....", "nikt nic nie wie"],
        ),
        ("Napisali „sprawa w toku”. Czekam.", ["Napisali „sprawa w toku”.", "Czekam."]),
        ("byłem o 18. Zamknięte", ["byłem o 18.", "Zamknięte"]),
        ("1. Drogo. 2. Wolno.", ["1. Drogo.", "2. Wolno."]),
        ("brak kontaktu. nikt nie odbiera", ["brak kontaktu.", "nikt nie odbiera"]),
    ],
)
def test_sentences_part_where_a_reader_would_part_them(comment: str, parts: list[str]) -> None:
    assert texts(comment, "pl") == parts


@pytest.mark.parametrize("comment", ["", "   ", "-", "?", "...", "7", "\n- \n"])
def test_nothing_to_read_gives_no_excerpt(comment: str) -> None:
    assert split(comment, "pl") == []


@pytest.mark.parametrize("comment", ["ok", "a", "👍", "❤️", "10"])
def test_one_word_gives_one_excerpt(comment: str) -> None:
    assert split(comment, "en") == [Excerpt(comment, 0, len(comment))]


def test_leading_dashes_and_outer_spaces_are_trimmed_and_offsets_still_hold() -> None:
    comment = "  – Kurier był miły,  ale spóźnił się o dwa dni. "
    found = split(comment, "pl")
    assert [one.text for one in found] == ["Kurier był miły", "ale spóźnił się o dwa dni."]
    assert [comment[one.start : one.end] for one in found] == [one.text for one in found]


def test_a_lone_letter_joins_its_neighbour() -> None:
    assert texts("Dobra obsługa!\nx\nPolecam", "pl") == ["Dobra obsługa!\nx", "Polecam"]


def test_a_run_without_punctuation_is_cut_at_a_space() -> None:
    found = split("slowo " * 400, "pl")
    assert all(len(one.text) <= 600 for one in found)
    assert all(set(one.text.split()) == {"slowo"} for one in found)
    assert sum(len(one.text.split()) for one in found) == 400


_LIKELY = st.sampled_from(
    [
        *'aZ9 ,.!?…-–;:()"\n•😀',
        " ale ",
        ", však ",
        " aga ",
        " but ",
        "np. ",
        "👍🏽",
        ":) ",
        "słowo ",
    ]
)


@given(
    st.one_of(st.text(max_size=300), st.lists(_LIKELY, max_size=80).map("".join)),
    st.sampled_from([*LANGUAGES, OTHER]),
)
def test_excerpts_are_exact_ordered_trimmed_and_lose_no_letter(comment: str, language: str) -> None:
    end = 0
    covered = [False] * len(comment)
    for one in split(comment, language):
        assert comment[one.start : one.end] == one.text
        assert one.text == one.text.strip()
        assert one.text
        assert one.start >= end
        end = one.end
        covered[one.start : one.end] = [True] * len(one.text)
    missed = [letter for letter, kept in zip(comment, covered, strict=True) if not kept]
    assert not any(map(str.isalpha, missed))


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        "ale ",
        ", však ",
        ". ",
        "1. ",
        "a.b",
        "😀 ",
        "\n",
        ":) ",
        '!?"',
        "; ",
        "J. ",
        "A.B",
        "(",
    ],
)
def test_time_grows_with_the_length_and_not_its_square(unit: str) -> None:
    comment = (unit * 20_000)[:20_000]
    started = time.perf_counter()
    for language in ("pl", "cs"):
        split(comment, language)
    assert time.perf_counter() - started < 1.5
