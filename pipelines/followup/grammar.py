"""Polish forms of address, prepositions, deadlines and typography of the four languages."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_time

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
_ESTONIAN_DAYS = "ETKNRLP"
"""Days of the week by the letters that calendars have, from Monday."""
_MONTH_IN: Final = {
    "pl": (
        *("styczniu", "lutym", "marcu", "kwietniu", "maju", "czerwcu"),
        *("lipcu", "sierpniu", "wrześniu", "październiku", "listopadzie", "grudniu"),
    ),
    "cs": (
        *("lednu", "únoru", "březnu", "dubnu", "květnu", "červnu"),
        *("červenci", "srpnu", "září", "říjnu", "listopadu", "prosinci"),
    ),
    "et": (
        *("jaanuaris", "veebruaris", "märtsis", "aprillis", "mais", "juunis"),
        *("juulis", "augustis", "septembris", "oktoobris", "novembris", "detsembris"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
"""Months as they stand after "in" (pl, cs: locative; et: inessive, which needs no preposition)."""
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
            # r and l make a syllable (v srpnu) or flow on (k vrácení): no vowel is needed then.
            **{"v": "[vf]|[sšzžcč](?![rl]+)+|[td](?![rl])+"},
            **{"k": "[kg]|[sšzž](?![rl]+)+|[tdvm](?![rl])+"},
        },
    }.items()
}
"""Beginnings of words before which a preposition takes a vowel, by the rules of schools."""


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


def month(day: date, today: date, language: str) -> str:
    """In which month a day was, as an adverbial: w marcu, v březnu, märtsis, in March.

    The year stands with it where it is another than today's.
    """
    name = _MONTH_IN[language][day.month - 1]
    if day.year != today.year:
        name = f"{day.year}. aasta {name}" if language == "et" else f"{name}{NBSP}{day.year}"
    if language == "et":
        return name
    return vocalised(name, {"pl": "w", "cs": "v", "en": "in"}[language], language)


def deadline(moment: datetime, locale: str, *, is_short: bool = False) -> str:
    """When at the latest, as an adverbial that can end a sentence.

    Args:
        moment: in local time.
        locale: see `locale_of`.
        is_short: in figures, for text messages.
    """
    language = locale[:2]
    # Babel sets off "p.m." by a narrow space, which not every mail program has a glyph for.
    time = format_time(moment, "short", locale=locale).replace("\N{NARROW NO-BREAK SPACE}", NBSP)
    if language == "et":
        time = time.replace(":", ".")
    return (_said_short if is_short else _said)(moment, time, locale)


def _said(moment: datetime, time: str, locale: str) -> str:
    language, day = locale[:2], moment.weekday()
    if language == "pl":
        date = format_date(moment, f"d'{NBSP}'MMMM", locale=locale)
        return f"do {_WEEKDAY['pl'][day]} {date}, do godz.{NBSP}{time}"
    if language == "cs":
        date = format_date(moment, f"d.'{NBSP}'MMMM", locale=locale)
        return f"nejpozději {_WEEKDAY['cs'][day]} {date} do{NBSP}{time}"
    if language == "et":
        weekday = format_date(moment, "EEEE", locale=locale)
        date = format_date(moment, f"d.'{NBSP}'MMMM", locale=locale)
        return f"hiljemalt {weekday}al, {_adessive(date)} kell{NBSP}{time}"
    order = f"EEEE, MMMM'{NBSP}'d" if locale == "en_US" else f"EEEE d'{NBSP}'MMMM"
    return f"by {time} on {format_date(moment, order, locale=locale)}"


def _said_short(moment: datetime, time: str, locale: str) -> str:
    # Without the weekday where letters make a text message hold 70 signs only.
    language = locale[:2]
    if language == "pl":
        return f"do {moment.day}.{moment.month}, {time}"
    if language == "cs":
        return f"do {moment.day}. {moment.month}. {time}"
    if language == "et":
        return (
            f"hiljemalt {_ESTONIAN_DAYS[moment.weekday()]} {moment.day}.{moment.month} kell {time}"
        )
    order = "EEE, MMM d" if locale == "en_US" else "EEE d MMM"
    return f"by {time} on {format_date(moment, order, locale=locale)}"


def typeset(text: str, language: str) -> str:
    """Single spaces, no stray full stop after a quote, no one-letter word left at a line's end."""
    text = re.sub(r"[ \t]{2,}", " ", text).strip()
    text = re.sub(r"(?<!\.)\.\.(?!\.)", ".", text)  # after a company's "s.r.o."
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
