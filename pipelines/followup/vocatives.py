"""Vocatives of Polish given names and of Czech given and family names, or None where unsure.

Czech ones come from `vokativ` (MIT), Polish ones from `polish-inflection` (BSD-2-Clause, data of
SGJP, BSD-2-Clause). Either is believed only where it is sure.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Literal, TypeAlias

from polish_inflection import WOŁACZ, odmien_warianty, podaj
from vokativ import vokativ

from pipelines.followup.words import words

Gender: TypeAlias = Literal["f", "m"]
POLISH_SURNAME = re.compile(r".*(?:[sc]|dz)k(?P<end>[ia])")
_POLISH_GIVEN = words("polish_given")
CZECH_MEN = words("czech_men")
CZECH_WOMEN = words("czech_women")
_VOWELS = re.compile("i?[aeyouąęó]|i")
_CZECH_LETTERS = re.compile("[a-záčďéěíňóřšťúůýžĺľôŕäöüąćęłńśźżő -]+", re.IGNORECASE)
_NOT_CZECH = re.compile(r"[qwx]|[tsg]h|[^k]o$|[eiu]$|[ií][aá]$|-$")
_WITHOUT_MARKS = re.compile(r"[a-z]*ar", re.IGNORECASE)
"""Kolar may be Kolár or, far oftener, Kolář; their vocatives differ."""


def vocative(word: str, language: str, gender: Gender, *, is_family: bool = False) -> str | None:
    """How a person of that name is called, None where that is not sure.

    Args:
        word: one name in the nominative, as it is written.
        language: "pl" or "cs".
        gender: of the person.
        is_family: the word is a family name, which in Polish is never called.
    """
    if language == "pl":
        return None if is_family else _polish_given(word, is_woman=gender == "f")
    if is_family:
        return _czech_family(word, is_woman=gender == "f")
    return _czech_given(word, is_woman=gender == "f")


def polish_genders(word: str) -> set[str]:
    """Genders that the Polish dictionary knows the word in, as a singular; empty if in none."""
    found = [a for a in podaj(word, "sg") if a.lemat == word and a.przypadek == "nom"]
    return {analysis.rodzaj for analysis in found}


def is_polish_given(word: str) -> bool:
    """Whether the dictionary knows the word, and not rather as a family name."""
    genders = polish_genders(word)
    is_both = len(genders) > 1 and word not in _POLISH_GIVEN
    return bool(genders) and not is_both and not POLISH_SURNAME.fullmatch(word)


def _polish_given(given: str, *, is_woman: bool) -> str | None:
    genders = polish_genders(given)
    if ("f" if is_woman else "m") not in genders or not is_polish_given(given):
        return None
    if is_woman and not given.endswith("a"):
        return given if genders == {"f"} else None
    listed = odmien_warianty(given, WOŁACZ)
    forms = [form for form in listed if form != given]
    if not is_woman and given.endswith("o") and given in listed:  # Bruno, Iwo: left as they are
        return given
    if not forms:
        return given if given[-1] in "iye" and not is_woman else None
    if given.endswith("óg"):  # Chwalibóg: usage is divided over the o
        return None
    is_long = given.endswith("la") and _syllables(given) > 2
    is_long_soft = is_long and given.endswith(("ula", "ila"))
    if len(forms) == 1 and not is_long_soft:  # Fabiolu is listed, but Fabiolo is said as well
        return None if is_long and forms[0].endswith("lu") else forms[0]
    preferred = _polish_woman(given) if is_woman else _polish_man(given, forms)
    return preferred if preferred in forms or is_long_soft else None


def _polish_woman(given: str) -> str | None:
    """The form that usage prefers where there are several.

    A vowel before -ja takes -u (Maju). After l, long names and those in -lla take -o (Danielo).
    """
    if given.endswith("aja"):
        return f"{given[:-1]}u"
    is_long = _syllables(given) > 2 or given.endswith("lla")
    return f"{given[:-1]}o" if given.endswith("ia") or (given.endswith("la") and is_long) else None


def _polish_man(given: str, forms: list[str]) -> str | None:
    """The form that usage prefers where there are several: Boguszu, Samuelu, Aleksandrze."""
    if given.endswith(("ster", "der")):
        return f"{given[:-2]}rze"
    if given.endswith(("sz", "cz", "rz", "ż", "el")):
        return f"{given}u"
    keeps_stem = all(form.startswith(given) for form in forms)
    return f"{given}ie" if keeps_stem and given.endswith(("w", "p", "b", "m", "n", "f")) else None


def _syllables(word: str) -> int:
    return len(_VOWELS.findall(word.casefold()))


def _czech_given(given: str, *, is_woman: bool) -> str | None:
    if given not in (CZECH_WOMEN if is_woman else CZECH_MEN):
        return None
    return _recased(given, is_woman=is_woman, is_family=False)


def _czech_family(family: str, *, is_woman: bool) -> str | None:
    if is_woman:  # Nováková, Malá, Smith; a family name in -a is called in more ways than one
        return None if family.endswith("a") else family
    if family.endswith("á") or not _CZECH_LETTERS.fullmatch(family):
        return None
    if _NOT_CZECH.search(family.casefold()) or _WITHOUT_MARKS.fullmatch(family):
        return None
    if family.endswith("s") and _syllables(family) == 1:  # Kos is called Kose and Kosi
        return None
    return re.sub(r"[^ -]+", lambda part: _recased(part[0], is_woman=False, is_family=True), family)


def _recased(part: str, *, is_woman: bool, is_family: bool) -> str:
    """What `vokativ` gives, which is in small letters, with the letters of the name kept."""
    called = str(vokativ(part, woman=is_woman, last_name=is_family))
    pairs = zip(part.lower(), called, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return part[:shared] + called[shared:]
