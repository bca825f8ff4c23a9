"""Finds the days that a message speaks of, so that none is promised that cannot be kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["date", "ahead", "weekday"]
_WORDS = tomllib.loads(Path(__file__).with_name("day_words.toml").read_text("utf-8"))
_ISO = re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
_NUMBERS = (
    r"(?<![\d.,:/€£$])(?P<day>\d{1,2})(?P<mark>[./])\s?(?P<month>\d{1,2})(?:(?P=mark)\s?(?P<year>20\d\d)?)?"
    r"(?![\d%€£$:])(?! ?(?:zł|kč|eur|pln|czk|h\b))"
)
_ROUND_THE_CLOCK = "24/7"
_HALF_A_YEAR = timedelta(days=183)
_DAYS_EACH = (1.0, 1 / 24, 7.0)
"""Of the units in `within`: days, hours, weeks."""


@dataclass(frozen=True, slots=True)
class DayNamed:
    """A day that a text speaks of.

    Attributes:
        words: as it is written.
        kind: "date" names the day, "ahead" counts from the day it is read on, "weekday" may be
            this week's or another's.
        day: for "date" the day itself; for the others what it is when read on the day given, None
            where none was given.
    """

    words: str
    kind: Kind
    day: date | None


def days_named(
    text: str, language: str, *, near: date, today: date | None = None, month_first: bool = False
) -> list[DayNamed]:
    """The days that a text speaks of, each wording once.

    Args:
        text: of a message.
        language: `pl`, `cs`, `et` or `en`.
        near: dates without a year are of the year that brings them nearest to it.
        today: from which words like "tomorrow" are counted.
        month_first: 11/24 is in November, as Americans write.
    """
    found = [*_dates(text, language, near, month_first=month_first)]
    rest = text
    for one in found:
        rest = rest.replace(one.words, " ")
    found += [*_ahead(rest, language, today), *_weekdays(rest, language, today)]
    return list({one.words.casefold(): one for one in found}.values())


def _dates(text: str, language: str, near: date, *, month_first: bool) -> Iterator[DayNamed]:
    for pattern in _patterns(language):
        for hit in pattern.finditer(text):
            parts = hit.groupdict()
            is_in_numbers = "mark" in parts
            if is_in_numbers and _is_none(hit[0], text[: hit.start()], language):
                continue
            number = parts.get("month") or _month(parts["name"], language)
            month, day = int(number), int(parts["day"])
            if month_first and parts.get("mark") == "/":
                month, day = day, month
            named = _date(month, day, parts.get("year"), near)
            if named is not None:
                yield DayNamed(hit[0].strip(), "date", named)


def _is_none(words: str, before: str, language: str) -> bool:
    """Whether numbers that look like a date are a time, or say that something is always open."""
    return words.strip() == _ROUND_THE_CLOCK or bool(
        re.search(rf"\b(?:{_WORDS[language]['clock']})\s$", before, re.IGNORECASE)
    )


def _date(month: int, day: int, year: str | None, near: date) -> date | None:
    years = [int(year)] if year else [near.year - 1, near.year, near.year + 1]
    found = []
    for one in years:
        try:
            found.append(date(one, month, day))
        except ValueError:
            continue
    best = min(found, key=lambda one: abs(one - near), default=None)
    return best if best is None or year or abs(best - near) <= _HALF_A_YEAR else None


def _ahead(text: str, language: str, today: date | None) -> Iterator[DayNamed]:
    for words, days in _WORDS[language]["ahead"].items():
        for hit in re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE):
            yield DayNamed(hit[0], "ahead", today and today + timedelta(days=days))
        text = re.sub(rf"\b(?:{words})\b", " ", text, flags=re.IGNORECASE)
    for hit in re.finditer(rf"\b{_WORDS[language]['within']}\b", text, re.IGNORECASE):
        unit = next(at for at, word in enumerate(hit.groups()[1:]) if word)
        days = min(float(hit[1]) * _DAYS_EACH[unit], 3_650)
        yield DayNamed(hit[0], "ahead", today and today + timedelta(days=days))


def _weekdays(text: str, language: str, today: date | None) -> Iterator[DayNamed]:
    for number, words in enumerate(_WORDS[language]["weekdays"]):
        for hit in re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE):
            ahead = (number - today.weekday()) % 7 if today else 0
            yield DayNamed(hit[0], "weekday", today and today + timedelta(days=ahead))


def weekday_of(words: str, language: str) -> int | None:
    """Which day of the week, from 0 for Monday, a word names; None where it names none."""
    return next(
        (
            number
            for number, form in enumerate(_WORDS[language]["weekdays"])
            if re.fullmatch(form, words, re.IGNORECASE)
        ),
        None,
    )


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    names = "|".join(_WORDS[language]["months"])
    year = r"(?:,? (?P<year>20\d\d))?"
    worded = [rf"\b(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?(?: of)? (?P<name>{names})\b{year}"]
    if language == "en":
        worded.append(rf"\b(?P<name>{names}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){year}")
    patterns = [*worded, _NUMBERS]
    return (_ISO, *(re.compile(one, re.IGNORECASE) for one in patterns))


def _month(name: str, language: str) -> int:
    months = _WORDS[language]["months"]
    return next(at for at, form in enumerate(months, 1) if re.fullmatch(form, name, re.IGNORECASE))
