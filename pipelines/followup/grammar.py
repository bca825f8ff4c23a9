"""Salutations, Polish forms of address, deadlines and typography of the four languages.

Czech vocatives come from `vokativ` (MIT), Polish ones from `polish-inflection` (BSD-2-Clause, data
of SGJP, BSD-2-Clause). Either is believed only where it is sure; a neutral form stands elsewhere.
"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import takewhile
from typing import Final, Literal, TypeAlias

from babel.dates import format_date, format_time
from polish_inflection import MĘSKI, WOŁACZ, odmien_warianty, podaj
from vokativ import sex, vokativ

from pipelines.followup.names import FullName
from pipelines.followup.words import words

Gender: TypeAlias = Literal["f", "m"]
NBSP: Final = "\N{NO-BREAK SPACE}"

POLISH_ADDRESS: Final = {
    "f": {
        "you": "Pani",
        "you_gen": "Pani",
        "you_dat": "Pani",
        "you_acc": "Panią",
        "you_inst": "Panią",
    },
    "m": {
        "you": "Pan",
        "you_gen": "Pana",
        "you_dat": "Panu",
        "you_acc": "Pana",
        "you_inst": "Panem",
    },
    None: {
        "you": "Państwo",
        "you_gen": "Państwa",
        "you_dat": "Państwu",
        "you_acc": "Państwa",
        "you_inst": "Państwem",
    },
}
_WEEKDAY = {
    "pl": ("poniedziałku", "wtorku", "środy", "czwartku", "piątku", "soboty", "niedzieli"),
    "cs": (
        *("v pondělí", "v úterý", "ve středu", "ve čtvrtek"),
        *("v pátek", "v sobotu", "v neděli"),
    ),
}
_CONSONANT = r"(?=[^\W\d_aeiouyáéíóúůýěąę])"
_VOCALISED = {
    language: {
        preposition: re.compile(begins.replace("+", _CONSONANT), re.IGNORECASE)
        for preposition, begins in rules.items()
    }
    for language, rules in {
        "pl": {"w": "[wf]+", "z": "[szśźż]+|w[sz]"},
        "cs": {
            **{"s": "[szšž]|v[szš]+|ct|mz|ps", "z": "[szšž]|v[szš]|dv"},
            **{"v": "[vf]|[sšzžcčtd]+", "k": "[kg]|[sšzžtdvm]+"},
        },
    }.items()
}
"""Beginnings of words before which a preposition takes a vowel, by the rules of schools."""

_POLISH_VOCATIVE = {"Aleksander": "Aleksandrze", "Urszula": "Urszulo", "Kamila": "Kamilo"}
_POLISH_UNSURE = words("polish_unsure")
_POLISH_SURNAME = re.compile(r".*(?:[sc]|dz)k(?P<end>[ia])")
_CZECH_MEN = words("czech_men")
_CZECH_LETTERS = re.compile("[a-záčďéěíňóřšťúůýžĺľôŕäöüąćęłńśźżő -]+", re.IGNORECASE)
_CZECH_ACADEMIC = {
    "professor": ("profesorko", "profesore"),
    "docent": ("docentko", "docente"),
    "doctor": ("doktorko", "doktore"),
    "engineer": ("inženýrko", "inženýre"),
    "master": ("magistro", "magistře"),
}


def gender_of(name: FullName | None, language: str) -> Gender | None:
    """Grammatical gender that the name shows beyond doubt, for Polish and Czech; else None."""
    if name is None or language not in {"pl", "cs"}:
        return None
    if "woman" in name.titles or "man" in name.titles:
        return "f" if "woman" in name.titles else "m"
    return _polish_gender(name) if language == "pl" else _czech_gender(_in_czech_order(name))


def salutation(name: FullName | None, gender: str | None, language: str) -> str:
    """The line that opens the letter, with its punctuation; neutral where the name is unsure."""
    if language == "pl":
        return _polish_salutation(name, gender)
    if language == "cs":
        return _czech_salutation(name and _in_czech_order(name), gender)
    if language == "et":
        return f"Tere, {name.words}!" if name else "Tere!"
    return _english_salutation(name)


def locale_of(language: str, english: str = "en_GB") -> str:
    """How a language writes its dates; `english` is "en_GB" or "en_US"."""
    return english if language == "en" else language


def vocalised(phrase: str, preposition: str, language: str) -> str:
    """A Czech or Polish preposition before its phrase: se zásilkou, ve středu, we wtorek."""
    rule = _VOCALISED.get(language, {}).get(preposition)
    vowel = "e" if rule is not None and rule.match(phrase) else ""
    return f"{preposition}{vowel} {phrase}"


def small(phrase: str) -> str:
    """A phrase that begins with a small letter, so that it can stand within a sentence."""
    return phrase[:1].lower() + phrase[1:]


def deadline(moment: datetime, locale: str) -> str:
    """When at the latest, as an adverbial that can end a sentence; `moment` in local time."""
    language, day = locale[:2], moment.weekday()
    time = format_time(moment, "short", locale=locale)
    if language == "pl":
        date = format_date(moment, f"d'{NBSP}'MMMM", locale=locale)
        return f"do {_WEEKDAY['pl'][day]} {date}, do godz.{NBSP}{time}"
    if language == "cs":
        date = format_date(moment, f"d.'{NBSP}'MMMM", locale=locale)
        return f"nejpozději {_WEEKDAY['cs'][day]} {date} do{NBSP}{time}"
    if language == "et":
        weekday = format_date(moment, "EEEE", locale=locale)
        date = format_date(moment, f"d.'{NBSP}'MMMM", locale=locale)
        return f"hiljemalt {weekday}al, {_adessive(date)} kell{NBSP}{time.replace(':', '.')}"
    order = f"EEEE, MMMM'{NBSP}'d" if locale == "en_US" else f"EEEE d'{NBSP}'MMMM"
    # Babel sets off "p.m." by a narrow space, which not every mail program has a glyph for.
    time = time.replace("\N{NARROW NO-BREAK SPACE}", NBSP)
    return f"by {time} on {format_date(moment, order, locale=locale)}"


def typeset(text: str, language: str) -> str:
    """Single spaces, no stray full stop after a quote, no one-letter word left at a line's end."""
    text = re.sub(r"[ \t]{2,}", " ", text).strip()
    if language != "pl":
        text = re.sub(r"([?…][“”])\.", r"\1", text)
    if language in {"pl", "cs"}:
        letters = "aiouwz" if language == "pl" else "aikosuvz"
        text = re.sub(
            rf"(?<![\w'’.-])([{letters}]) (?=\S)", rf"\1{NBSP}", text, flags=re.IGNORECASE
        )
    return text


def _adessive(date: str) -> str:
    # jaanuaril, märtsil, mail (a bare -l after a vowel), novembril (the stem loses its e)
    date = re.sub("ber$", "br", date)
    return f"{date}l" if date[-1] in "aeiou" else f"{date}il"


def _polish_salutation(name: FullName | None, gender: str | None) -> str:
    if gender not in {"f", "m"}:
        return "Szanowni Państwo,"
    woman = gender == "f"
    if name and "professor" in name.titles:
        return "Szanowna Pani Profesor," if woman else "Szanowny Panie Profesorze,"
    if name and "doctor" in name.titles:
        return "Szanowna Pani Doktor," if woman else "Szanowny Panie Doktorze,"
    vocative = name and _polish_vocative(name.given, woman=woman)
    if vocative:
        return f"Pani {vocative}," if woman else f"Panie {vocative},"
    return "Szanowna Pani," if woman else "Szanowny Panie,"


def _polish_vocative(given: str, *, woman: bool) -> str | None:
    genders = _polish_genders(given)
    wanted = "f" if woman else "m"
    if wanted not in genders or _POLISH_SURNAME.fullmatch(given):
        return None
    if woman and not given.endswith("a"):
        return given if genders == {"f"} else None
    if given in _POLISH_VOCATIVE:
        return _POLISH_VOCATIVE[given]
    forms = [form for form in odmien_warianty(given, WOŁACZ) if form != given]
    if not forms:
        return given if given[-1] in "iye" and not woman else None
    if given.endswith("aja"):  # Maja, Kaja: a vowel before -ja takes -u
        return f"{given[:-1]}u"
    regular = [form for form in forms if not form.endswith("wiu")]
    return regular[0] if len(regular) == 1 else None


def _polish_genders(word: str) -> set[str]:
    found = [a for a in podaj(word, "sg") if a.lemat == word and a.przypadek == "nom"]
    return {analysis.rodzaj for analysis in found}


def _polish_gender(name: FullName) -> Gender | None:
    genders = _polish_genders(name.given)
    surname = _POLISH_SURNAME.fullmatch(name.family or "")
    if name.given in _POLISH_UNSURE or _POLISH_SURNAME.fullmatch(name.given) or not genders:
        return None
    by_name: Gender = "f" if genders == {"f"} or name.given.endswith("a") else "m"
    if by_name == "f" and "f" not in genders:
        return None
    if surname:
        return by_name if (surname["end"] == "a") == (by_name == "f") else None
    # A family name written first: Nowak Anna.
    swapped = by_name == "m" and _polish_genders(name.family or "") == {"f"}
    return None if swapped or (by_name == "m" and MĘSKI not in genders) else by_name


def _in_czech_order(name: FullName) -> FullName:
    if name.family is None:
        return name
    woman_first = name.given.endswith("ová") and not name.family.endswith("ová")
    man_first = name.family in _CZECH_MEN and name.given not in _CZECH_MEN
    if woman_first or man_first:
        return FullName(name.words, name.family, name.given, name.titles)
    return name


def _czech_gender(name: FullName) -> Gender | None:
    family = name.family or ""
    if family.endswith("ová"):
        return "f"
    if family.endswith("á"):
        return "f" if sex(name.given) == "w" else None
    return "m" if name.given in _CZECH_MEN and family and sex(family) == "m" else None


def _czech_salutation(name: FullName | None, gender: str | None) -> str:
    if gender not in {"f", "m"}:
        return "Dobrý den,"
    woman = gender == "f"
    address = "Vážená paní" if woman else "Vážený pane"
    if name is None:
        return f"{address},"
    for title, forms in _CZECH_ACADEMIC.items():
        if title in name.titles:
            return f"{address} {forms[0] if woman else forms[1]},"
    surname = name.family and _czech_surname(name.family, woman=woman)
    return f"{address} {surname}," if surname else f"{address},"


def _czech_surname(family: str, *, woman: bool) -> str | None:
    if woman:
        return family
    if family.endswith("á") or not _CZECH_LETTERS.fullmatch(family):
        return None
    return re.sub(r"[^ -]+", lambda part: _recased(part[0]), family)


def _recased(part: str) -> str:
    called = str(vokativ(part, woman=False, last_name=True))
    pairs = zip(part.lower(), called, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return part[:shared] + called[shared:]


def _english_salutation(name: FullName | None) -> str:
    if name is None or "other" in name.titles:
        return "Hello,"
    if name.family and {"doctor", "professor"} & set(name.titles):
        return f"Dear {'Professor' if 'professor' in name.titles else 'Dr'} {name.family},"
    return f"Dear {name.words},"
