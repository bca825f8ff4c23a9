from __future__ import annotations

import pytest

from models.contracts import LANGUAGES
from pipelines.followup.address import gender_of, salutation
from pipelines.followup.names import read_name


def greet(raw: str | None, gender: str | None, language: str) -> str:
    return salutation(read_name(raw), gender, language)


@pytest.mark.parametrize(
    ("raw", "gender", "expected"),
    [
        ("Anna Kostrzewa", "f", "Pani Anno,"),
        ("Marek Szulc", "m", "Panie Marku,"),
        ("Aleksander Baran", "m", "Panie Aleksandrze,"),
        ("Stanisław Gołąb", "m", "Panie Stanisławie,"),
        ("Paweł Kotas", "m", "Panie Pawle,"),
        ("Jerzy Stachura", "m", "Panie Jerzy,"),
        ("Kuba", "m", "Panie Kubo,"),
        ("Maja", "f", "Pani Maju,"),
        ("Kamila Strzelec", "f", "Pani Kamilo,"),
        ("Kinga P.", "f", "Pani Kingo,"),
        ("Oleksandr Bondar", "m", "Szanowny Panie,"),
        ("Kirsty Nairn", "f", "Szanowna Pani,"),
        ("Kowalski Jan", "m", "Szanowny Panie,"),
        ("Nowak Jan", "m", "Szanowny Panie,"),
        ("Wrona Ewa", "f", "Szanowna Pani,"),
        ("dr Katarzyna Wnęk", "f", "Szanowna Pani Doktor,"),
        ("prof. Jan Wilk", "m", "Szanowny Panie Profesorze,"),
        ("mgr inż. Bogdan Pluta", "m", "Panie Bogdanie,"),
        ("adw. Ewa Lis", "f", "Szanowna Pani Mecenas,"),
        ("mec. Adam Lis", "m", "Szanowny Panie Mecenasie,"),
        ("doc. Adam Lis", "m", "Szanowny Panie Docencie,"),
        ("prof. Anna Wilk", "f", "Szanowna Pani Profesor,"),
        ("Pani Anna", "f", "Pani Anno,"),
        ("pan Kowalski", "m", "Szanowny Panie,"),
        ("ks. Jan Wilk", None, "Szanowni Państwo,"),
        ("Bruno Schmidt", "m", "Panie Bruno,"),
        ("Daniela Mak", "f", "Pani Danielo,"),
        ("Anna Kostrzewa", None, "Szanowni Państwo,"),
        ("aaa", None, "Szanowni Państwo,"),
        ("aaa", "f", "Szanowna Pani,"),
    ],
)
def test_polish_salutations_are_in_the_vocative(
    raw: str, gender: str | None, expected: str
) -> None:
    assert greet(raw, gender, "pl") == expected


@pytest.mark.parametrize(
    ("raw", "gender", "expected"),
    [
        ("Jana Nováková", "f", "Vážená paní Nováková,"),
        ("Petr Novák", "m", "Vážený pane Nováku,"),
        ("Ladislav Petrů", "m", "Vážený pane Petrů,"),
        ("Adam Němec", "m", "Vážený pane Němče,"),
        ("Svatopluk Janda", "m", "Vážený pane Jando,"),
        ("Karel Černý", "m", "Vážený pane Černý,"),
        ("Jan Novák-Dvořák", "m", "Vážený pane Nováku-Dvořáku,"),
        ("Nováková Jana", "f", "Vážená paní Nováková,"),
        ("Novák Petr", "m", "Vážený pane Nováku,"),
        ("Šárka Dolejší", "f", "Vážená paní Dolejší,"),
        ("Mgr. Alena Pospíchalová", "f", "Vážená paní magistro,"),
        ("MUDr. Josef Hanzlík", "m", "Vážený pane doktore,"),
        ("Ing. Petr Malý, Ph.D.", "m", "Vážený pane doktore,"),
        ("Jana Nováková", None, "Dobrý den,"),
        ("Anonym", None, "Dobrý den,"),
        ("x@y.cz", "m", "Vážený pane,"),
        ("Jana", "f", "Vážená paní Jano,"),
        ("Petr", "m", "Vážený pane Petře,"),
        ("pan Novák", "m", "Vážený pane Nováku,"),
        ("prof. Jana Malá", "f", "Vážená paní profesorko,"),
        ("John Smith", "m", "Vážený pane,"),
        ("Andrea Rossi", "m", "Vážený pane,"),
        ("Taras Ševčenko", "m", "Vážený pane Ševčenko,"),
        ("Jan Kolar", "m", "Vážený pane,"),
        ("Oksana Kravets", "f", "Vážená paní Kravets,"),
        ("Novák Jana", "f", "Vážená paní Novák,"),
        ("Iva Kozáka", "f", "Vážená paní,"),
    ],
)
def test_czech_salutations_are_in_the_vocative(raw: str, gender: str | None, expected: str) -> None:
    assert greet(raw, gender, "cs") == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("Mari Tamm", "et", "Tere, Mari Tamm!"),
        ("prof. Rein Taal", "et", "Tere, Rein Taal!"),
        ("aaa", "et", "Tere!"),
        ("Härra Tamm", "et", "Tere!"),
        ("Mr Smith", "en", "Hello,"),
        ("Dr Smith", "en", "Dear Dr Smith,"),
        (None, "et", "Tere!"),
        ("Anna Smith", "en", "Dear Anna Smith,"),
        ("Dr Anjali Menon", "en", "Dear Dr Menon,"),
        ("Rev. Alan Cuthbert", "en", "Hello,"),
        ("???", "en", "Hello,"),
    ],
)
def test_estonian_and_english_salutations_need_no_gender(
    raw: str | None, language: str, expected: str
) -> None:
    assert {greet(raw, gender, language) for gender in ("f", "m", None)} == {expected}


@pytest.mark.parametrize(
    ("raw", "language", "gender"),
    [
        ("Anna Kostrzewa", "pl", "f"),
        ("Marek Szulc", "pl", "m"),
        ("Marta Zięba", "pl", "f"),
        ("Jerzy Stachura", "pl", "m"),
        ("Kuba", "pl", None),
        ("Nowak Anna", "pl", None),
        ("Nowak Jan", "pl", None),
        ("Wrona Ewa", "pl", None),
        ("Oleksandr Bondar", "pl", None),
        ("Alex Nowak", "pl", None),
        ("Anna Kowalski", "pl", None),
        ("Jana Nováková", "cs", "f"),
        ("Nováková Jana", "cs", "f"),
        ("Petr Svoboda", "cs", "m"),
        ("Zuzana Malá", "cs", "f"),
        ("Karen Smith", "cs", None),
        ("Nikola Novák", "cs", None),
        ("Mari Tamm", "et", None),
        ("Mr John Smith", "pl", "m"),
        ("ks. Jan Wilk", "pl", None),
        ("Jana", "cs", "f"),
        ("Jana Smith", "cs", "f"),
        ("Petr", "cs", "m"),
        ("Nikola", "cs", None),
    ],
)
def test_gender_is_read_off_a_name_only_where_it_is_sure(
    raw: str, language: str, gender: str | None
) -> None:
    assert gender_of(read_name(raw), language) == gender


NOBODY = [
    *(
        None,
        "",
        "   ",
        "unknown",
        "neznámý",
        "tundmatu",
        "nieznany",
        "x",
        "aaa",
        "Anonim",
        "Test Test",
    ),
    *(
        "nie podam",
        "Nie podam",
        "nechci uvést",
        "ei soovi öelda",
        "prefer not to say",
        "n/a",
        "Batman",
    ),
    *("James Bond", "Kaczor Donald", "Asdfgh", "Hahaha", "Kowal Kowal", "12345", "???", "J. K."),
    *("Firma Kowalski sp. z o.o.", "Kowalski s.c.", "Novák s.r.o.", "Tamm OÜ", "Smith & Sons Ltd"),
    *("Apteka Pod Orłem", "Ordinace Novák", "Tartu Ülikool", "Rodzina Nowak", "Anna i Jan Nowak"),
    *(
        "Anna a Petr Novákovi",
        "Mari ja Jaan Tamm",
        "Mr and Mrs Smith",
        "jan@example.org",
        "Jan jan@a.pl",
    ),
    *(
        "Іван Петренко",
        "田中 太郎",
        "Γιώργος",
        "Jаn Nowak",
        "A" * 200,
        "Anna " * 40,
        "Jan\u200bNowak",
    ),
    *(
        "<b>Jan</b> Nowak",
        "<script>alert(1)</script>",
        "{{ company }}",
        "Jan {% raw %} Nowak",
        "${7*7}",
    ),
    *(
        "Jan; DROP TABLE",
        "%(name)s",
        "Jan 🙂",
        "https://a.pl/jan",
        "+48 601 234 567",
        "Jan²",
        "fuck off",
    ),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_persons_name_is_in_no_salutation(language: str) -> None:
    neutral = {"pl": "Szanowni Państwo,", "cs": "Dobrý den,", "et": "Tere!", "en": "Hello,"}
    woman = {**neutral, "pl": "Szanowna Pani,", "cs": "Vážená paní,"}
    for raw in NOBODY:
        name = read_name(raw)
        assert gender_of(name, language) is None, raw
        assert salutation(name, None, language) == neutral[language], raw
        assert salutation(name, "f", language) == woman[language], raw


@pytest.mark.parametrize("raw", ["Donald Smith", "Jennifer Bond", "Mari Kukk", "Ada Adamska"])
def test_names_that_only_look_like_jokes_are_read(raw: str) -> None:
    assert read_name(raw) is not None
