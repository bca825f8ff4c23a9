"""How a customer is greeted: salutations of the four languages, and the gender a name shows."""

from __future__ import annotations

from dataclasses import replace

from polish_inflection import MĘSKI
from vokativ import sex

from pipelines.followup.names import FullName
from pipelines.followup.vocatives import (
    CZECH_MEN,
    CZECH_WOMEN,
    POLISH_SURNAME,
    Gender,
    is_polish_given,
    polish_genders,
    vocative,
)
from pipelines.followup.words import words

_POLISH_UNSURE = words("polish_unsure")
_POLISH_TITLES = {
    "professor": ("Profesor", "Profesorze"),
    "doctor": ("Doktor", "Doktorze"),
    "docent": ("Docent", "Docencie"),
    "counsel": ("Mecenas", "Mecenasie"),
}
_CZECH_TITLES = {
    "professor": ("profesorko", "profesore"),
    "docent": ("docentko", "docente"),
    "doctor": ("doktorko", "doktore"),
    "engineer": ("inženýrko", "inženýre"),
    "master": ("magistro", "magistře"),
}
"""Titles by rank, as a woman and a man are called; the highest is said."""
_ENGLISH_TITLES = {"professor": "Professor", "doctor": "Dr"}


def gender_of(name: FullName | None, language: str) -> Gender | None:
    """Grammatical gender that the name shows beyond doubt, for Polish and Czech; else None."""
    if name is None or language not in {"pl", "cs"} or "other" in name.titles:
        return None
    if "woman" in name.titles or "man" in name.titles:
        return "f" if "woman" in name.titles else "m"
    return _polish_gender(name) if language == "pl" else _czech_gender(_in_czech_order(name))


def salutation(name: FullName | None, gender: str | None, language: str) -> str:
    """The line that opens the letter, with its punctuation; neutral where the name is unsure."""
    if language == "et":
        return f"Tere, {name.words}!" if name and not _is_bare_family(name) else "Tere!"
    if language == "en":
        return _english_salutation(name)
    known: Gender | None = "f" if gender == "f" else "m" if gender == "m" else None
    if language == "pl":
        return _polish_salutation(name, known)
    return _czech_salutation(name and _in_czech_order(name), known)


def _polish_salutation(name: FullName | None, gender: Gender | None) -> str:
    if gender is None:
        return "Szanowni Państwo,"
    lead, call = ("Szanowna Pani", "Pani") if gender == "f" else ("Szanowny Panie", "Panie")
    if title := _title(name, gender, _POLISH_TITLES):
        return f"{lead} {title},"
    called = name and vocative(name.given, "pl", gender)
    return f"{call} {called}," if called else f"{lead},"


def _polish_gender(name: FullName) -> Gender | None:
    genders = polish_genders(name.given)
    surname = POLISH_SURNAME.fullmatch(name.family or "")
    if name.given in _POLISH_UNSURE or not is_polish_given(name.given):
        return None
    by_name: Gender = "f" if genders == {"f"} or name.given.endswith("a") else "m"
    if by_name == "f" and "f" not in genders:
        return None
    if surname:
        return by_name if (surname["end"] == "a") == (by_name == "f") else None
    # A family name written first: Nowak Anna.
    swapped = by_name == "m" and polish_genders(name.family or "") == {"f"}
    return None if swapped or (by_name == "m" and MĘSKI not in genders) else by_name


def _czech_salutation(name: FullName | None, gender: Gender | None) -> str:
    if gender is None:
        return "Dobrý den,"
    lead = "Vážená paní" if gender == "f" else "Vážený pane"
    if title := _title(name, gender, _CZECH_TITLES):
        return f"{lead} {title},"
    called = name and _czech_called(name, gender)
    return f"{lead} {called}," if called else f"{lead},"


def _czech_called(name: FullName, gender: Gender) -> str | None:
    """By the family name; by the given one where no other is known."""
    if name.family is not None or _is_bare_family(name):
        return vocative(name.family or name.given, "cs", gender, is_family=True)
    return vocative(name.given, "cs", gender)


def _in_czech_order(name: FullName) -> FullName:
    if name.family is None:
        return name
    woman_first = name.given.endswith("ová") and not name.family.endswith("ová")
    given = CZECH_MEN | CZECH_WOMEN
    given_last = name.family in given and name.given not in given
    if woman_first or given_last:
        return replace(name, given=name.family, family=name.given)
    return name


def _czech_gender(name: FullName) -> Gender | None:
    family = name.family or ""
    if family.endswith("ová"):
        return "f"
    if family.endswith("á"):
        return "f" if sex(name.given) == "w" else None
    if name.given in CZECH_WOMEN:
        return None if family in CZECH_MEN else "f"
    return "m" if name.given in CZECH_MEN and (not family or sex(family) == "m") else None


def _english_salutation(name: FullName | None) -> str:
    if name is None or "other" in name.titles:
        return "Hello,"
    title = next((said for kind, said in _ENGLISH_TITLES.items() if kind in name.titles), None)
    if title:
        return f"Dear {title} {name.family or name.words},"
    return "Hello," if _is_bare_family(name) else f"Dear {name.words},"


def _is_bare_family(name: FullName) -> bool:
    """One word that a title stood before, as in Mr Smith: hardly a given name."""
    return name.family is None and bool(name.titles)


def _title(name: FullName | None, gender: Gender, titles: dict[str, tuple[str, str]]) -> str | None:
    held = name.titles if name else ()
    forms = next((forms for kind, forms in titles.items() if kind in held), None)
    return None if forms is None else forms[gender == "m"]
