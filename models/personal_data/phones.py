"""Finds telephone numbers: with a country code anywhere, without one by country and context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from phonenumbers import NumberParseException, is_possible_number, is_valid_number, parse

from models.personal_data.contracts import Claim
from models.personal_data.label_words import UNITS
from models.personal_data.reading import Reading

_REGIONS = {"pl": "PL", "cs": "CZ", "et": "EE", "en": "GB"}
_LENGTHS = {"PL": (9,), "CZ": (9,), "EE": (7, 8), "GB": (10, 11)}
"""Digits of a number as it is dialled inside each country."""
_CODES = ("48", "420", "372", "44")
_CANDIDATE = re.compile(
    r"(?<![\w@\0])(?<!\d[.,/-])(?<![^\W_][/-])"
    r"(?:\(?(?:\+|00) ?)?\(?\d(?:[ ().\-/]{0,3}\d){6,40}(?!\w)"
)
_GROUP = re.compile(r"\d+")
_MOST_GROUPS = 8
_DATE = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])[./-] ?(?:0?[1-9]|1[0-2])[./-] ?(?:19|20)\d\d"
    r"|(?:19|20)\d\d([./-])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])"
    r"|(?<![-/])(?<!\d )\d{1,3}00 ?- ?\d{1,3}00(?! ?[-/]?\d)"
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d)(?!\d)"
)
"""Dates and ranges, which have as many digits as a telephone number."""
_MARK = re.compile(
    r"(?<![^\W_])(?:tel|fon|phone|mob|kom(?:\.|:|ork| )|(?:za|od)?dzwon|numer|numbe?r"
    r"|cislo|vol(?:ej|at|al)|zavol|call|ring|rang|text|sms|whatsapp|helista|lauatel|landline"
    r"|kontakt|contact|pevna|linka|infolini|reach me)[^\d\n\0]{0,25}\Z"
)
"""Words of four languages, folded, after which any number of that length is one to dial."""
_CONTEXT = 45
_IN_NUMBER_BEFORE = re.compile(r"\d[.,-]\(?\Z")
_IN_NUMBER_AFTER = re.compile(r"[.-]\d")
"""A version or an address of a computer goes on with a dot where a telephone number would end."""
_AMOUNT_BEFORE = re.compile(r"[€$£] ?\Z")
_AMOUNT_AFTER = re.compile(UNITS)


def phones_abroad(reading: Reading) -> Iterator[Claim]:
    """Numbers with a country code, as in "+48 600 000 123" or "00420 ...", wherever they stand."""
    if "+" in reading.plain or "00" in reading.plain:
        yield from _find(reading, is_coded=True)


def phones(reading: Reading) -> Iterator[Claim]:
    """Numbers as they are dialled inside a country, of the comment's language before others."""
    yield from _find(reading, is_coded=False)


def _find(reading: Reading, *, is_coded: bool) -> Iterator[Claim]:
    for found in _CANDIDATE.finditer(reading.plain):
        groups = _groups(reading.plain, found.start(), found.end())
        first = 0
        while first < len(groups):
            some = groups[first : first + _MOST_GROUPS]
            size = _coded(reading, some, first) if is_coded else _local(reading, some)
            if size:
                end = groups[first + size - 1][1]
                start = _opening(reading.plain, found.start(), groups[first][0], end)
                yield Claim("phone", start, end)
            first += max(size, 1)


def _groups(text: str, start: int, end: int) -> list[tuple[int, int]]:
    dates = [one.span() for one in _DATE.finditer(text, start, end)]
    return [
        one.span()
        for one in _GROUP.finditer(text, start, end)
        if not any(low <= one.start() < high for low, high in dates)
    ]


def _opening(text: str, floor: int, start: int, end: int) -> int:
    """Where the number starts with its plus, and with a bracket if that closes inside it."""
    for sign in (*"+", *"(" * (")" in text[start:end]), "+"):
        start -= start > floor and text[start - 1] == sign
    return start


def _coded(reading: Reading, groups: Sequence[tuple[int, int]], first: int) -> int:
    """How many groups from the first make a number with a country code; 0 for none."""
    text, start = reading.plain, groups[0][0]
    has_plus = "+" in text[max(0, start - 2) : start]
    if not has_plus and (first or not text.startswith("00", start)):
        return 0
    for size in range(len(groups), 0, -1):
        written = text[start : groups[size - 1][1]].replace("(0)", "")
        digits = "".join(_GROUP.findall(written))
        if 9 <= len(digits) <= 17 and _is_possible("+" + (digits if has_plus else digits[2:])):
            return size
    return 0


def _local(reading: Reading, groups: Sequence[tuple[int, int]]) -> int:
    """How many groups from the first make a number dialled inside a country; 0 for none."""
    start = groups[0][0]
    if _IN_NUMBER_BEFORE.search(reading.plain[max(0, start - 3) : start]):
        return 0
    if _AMOUNT_BEFORE.search(reading.plain[max(0, start - 2) : start]):
        return 0
    own = _REGIONS.get(reading.language, "PL")
    marked = _MARK.search(reading.folded[max(0, start - _CONTEXT) : start]) is not None
    for fits in (_is_dialled, _is_long_enough) if marked else (_is_dialled,):
        for size in range(len(groups), 0, -1):
            sizes = [high - low for low, high in groups[:size]]
            if not 7 <= sum(sizes) <= 12 or min(sizes[1:], default=2) < 2:
                continue
            digits = "".join(reading.plain[low:high] for low, high in groups[:size])
            is_amount = _AMOUNT_AFTER.match(reading.folded, groups[size - 1][1])
            is_cut = _IN_NUMBER_AFTER.match(reading.plain, groups[size - 1][1])
            if fits(digits, sizes, own) and not is_amount and not is_cut:
                return size
    return 0


def _is_dialled(digits: str, sizes: Sequence[int], own: str) -> bool:
    if len(digits) in _LENGTHS[own] and _is_valid(digits, own):
        return True
    if digits[0] == "0" and len(digits) in (10, 11) and digits[1] != "0":
        return own == "GB" or len(sizes) > 1
    if digits.startswith(_CODES) and len(digits) > 9 and _is_valid("+" + digits, own):
        return True
    return list(sizes) == [3, 3, 3] and (_is_valid(digits, "PL") or _is_valid(digits, "CZ"))


def _is_long_enough(digits: str, sizes: Sequence[int], own: str) -> bool:
    return len(digits) >= 7 and len(sizes) <= 5


@lru_cache(4096)
def _is_valid(digits: str, region: str) -> bool:
    try:
        return is_valid_number(parse(digits, region))
    except NumberParseException:
        return False


@lru_cache(4096)
def _is_possible(number: str) -> bool:
    try:
        return is_possible_number(parse(number))
    except NumberParseException:
        return False
