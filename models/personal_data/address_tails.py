"""Reads what follows a street and its number: flat, postcode and town."""

from __future__ import annotations

import re

from models.personal_data.address_words import CITIES
from models.personal_data.letters import CAPITAL, WORD
from models.personal_data.reading import Reading

LARGE_TOWNS = frozenset(CITIES.split())
_FLAT = re.compile(
    r",? ?(?:m|lok|lokal|mieszk\w{0,6}|byt|kr|krt|korter\w{0,3}|apt|flat|unit)\.? ?(?:c\. ?|nr ?)?"
    r"\d{1,4}[a-z]?(?!\w)",
    re.IGNORECASE,
)
_UK_POSTCODE = r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}(?![\w-])"
_POSTCODE = (
    rf"(?:(?:(?:PL|CZ|EE)-)?(?:\d\d-\d{{3}}|\d{{3}} ?\d\d)(?![\w-])|[A-Z]{{2}} \d{{5}}(?!\w)"
    rf"|{_UK_POSTCODE})"
)
_CITY = (
    rf"{CAPITAL}{WORD}(?:(?: ?- ?| )"
    rf"(?:{CAPITAL}{WORD}|nad|pod|upon|on|v|u|[1-9]\d?(?!\w|[.,:]\d))){{0,3}}"
)
_TAIL = re.compile(
    rf"[, \n]{{1,3}}{_POSTCODE}[, ]{{1,2}}{_CITY}"
    rf"|(?:[, \n]{{1,3}}{_CITY}){{1,3}}[, \n]{{1,3}}{_POSTCODE}"
    rf"|[, \n]{{1,3}}{_POSTCODE}"
)
_TOWN = re.compile(rf"(?:,|,? (?:w|ve?|in)) ?({_CITY})(?!\w)")
_TOWN_FIRST = re.compile(
    rf"(?:({_POSTCODE})[, ]{{1,2}})?(?<![^\W_])({CAPITAL}{WORD})(?:[ -]{CAPITAL}{WORD})?"
    r"(?: [1-9]\d?)?, ?\Z"
)
_TOWN_LENGTH = 50
_PART_END = re.compile(r" ?(?:[.,;!?)\n]|\Z)")


def after_flat(reading: Reading, end: int) -> int:
    """Where the number of a flat ends, if one follows; else `end`."""
    flat = _FLAT.match(reading.plain, end)
    return flat.end() if flat else end


def has_postcode(reading: Reading, end: int) -> bool:
    """Whether a postcode follows, with a town unless it is a British one."""
    tail = _TAIL.match(reading.plain, end)
    return tail is not None and any(map(str.isalpha, tail[0]))


def has_large_town(reading: Reading, end: int) -> bool:
    """Whether a comma or "in" and one of `LARGE_TOWNS` follow."""
    town = _TOWN.match(reading.plain, end)
    return town is not None and _is_large(reading, town)


def after_town(reading: Reading, end: int) -> int:
    """Where postcode and town end, if they follow; else `end`."""
    if tail := _TAIL.match(reading.plain, end):
        return tail.end()
    town = _TOWN.match(reading.plain, end)
    if not town:
        return end
    is_last = town[0].startswith(",") and _PART_END.match(reading.plain, town.end())
    return town.end() if is_last or _is_large(reading, town) else end


def before_town(reading: Reading, start: int, floor: int) -> int:
    """Where a town starts that is written before its street, if it is known for one."""
    town = _TOWN_FIRST.search(reading.plain, max(floor, start - _TOWN_LENGTH), start)
    if town and (town[1] or reading.folded[slice(*town.span(2))] in LARGE_TOWNS):
        return town.start()
    return start


def _is_large(reading: Reading, town: re.Match[str]) -> bool:
    return reading.folded[slice(*town.span(1))].split()[0] in LARGE_TOWNS
