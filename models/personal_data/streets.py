"""Finds the street whose name ends right before a house number, as the continent writes it."""

from __future__ import annotations

import re

from models.personal_data.address_tails import LARGE_TOWNS, has_large_town, has_postcode
from models.personal_data.address_words import (
    LIVES,
    NOT_A_STREET,
    STREET_AFTER,
    STREET_BEFORE,
    STREET_BEFORE_ANY_CASE,
    STREET_ENDINGS,
)
from models.personal_data.letters import CAPITAL, WORD
from models.personal_data.reading import Reading

_LEFT = 64
_LIVES_LEFT = 40
_STREET_WORD = re.compile(rf"(?<![^\W_])(?:{STREET_BEFORE}|{STREET_BEFORE_ANY_CASE})")
_BEFORE = re.compile(
    rf"(?<![^\W_])(?:{STREET_BEFORE})(?:(?<=\.)|(?= )) ?((?:[\w.'-]{{1,25}} ){{1,5}})\Z"
)
_BEFORE_ANY_CASE = re.compile(
    rf"(?<![^\W_])(?:{STREET_BEFORE_ANY_CASE}) ?((?:[\w.'-]{{1,25}} ){{1,4}})\Z"
)
_NAME_START = re.compile(rf"\d{{1,2}}\.? {CAPITAL}|{CAPITAL}|(?:gen|sw|św|ks|dr|plk|prof|im)\. ?")
_AFTER = re.compile(rf"(?:{STREET_AFTER})\Z")
_CAPITALS = re.compile(
    rf"(?:{CAPITAL}\. ?)?(?:{CAPITAL}{WORD}|{CAPITAL}[^\W\d_]{{1,4}}\.|\d{{1,2}}\.?(?= {CAPITAL})) "
    rf"(?:(?:{CAPITAL}{WORD}|[^\W\d_]{{3,15}}(?= \Z)|v|u|na|nad|pod) ){{0,3}}\Z"
)
_LIVES = re.compile(rf"(?<![^\W_])(?:{LIVES})[ :,]{{1,3}}\Z")
_TOWN_BEFORE = re.compile(r"(?<![^\W_])([^\W\d_]{3,20})(?: [1-9]\d?)?, ?\Z")
_NOT_A_STREET = re.compile(NOT_A_STREET)


def street_before(reading: Reading, house: int, end: int) -> int | None:
    """Where the street starts whose number stands at `house`; None where it is no address.

    Args:
        reading: the comment.
        house: where the house number starts.
        end: where it ends, the number of the flat included.
    """
    floor = max(0, house - _LEFT)
    floor = max(reading.plain.rfind("\n", floor, house) + 1, floor)
    named = _after_word(reading, floor, house)
    if named is None:
        named = _before_word(reading, floor, house)
    return _bare(reading, floor, house, end) if named is None else named


def lives_before(reading: Reading, start: int) -> bool:
    """Whether words before `start` say that an address follows, as in "I live at"."""
    return _LIVES.search(reading.folded, max(0, start - _LIVES_LEFT), start) is not None


def is_no_street(word: str) -> bool:
    """Whether a folded word is one that stands before a number and is no street."""
    return _NOT_A_STREET.fullmatch(word.strip(".,' ")) is not None


def _after_word(reading: Reading, floor: int, house: int) -> int | None:
    """A street with a word for it in front, as in "ul. Długa" and "náměstí Míru"."""
    left = reading.folded[floor:house]
    if not _STREET_WORD.search(left):
        return None
    if street := _BEFORE_ANY_CASE.search(left):
        return floor + street.start()
    street = _BEFORE.search(left)
    if street and _NAME_START.match(reading.plain, floor + street.start(1)):
        return floor + street.start()
    return None


def _before_word(reading: Reading, floor: int, house: int) -> int | None:
    """A street with a word for it at the end, as in "Pärnu mnt" and "Vinohradská třída"."""
    words = [(one.start(), one[0]) for one in re.finditer(r"\S+", reading.folded[floor:house])]
    if not words or not _AFTER.fullmatch(words[-1][1]):
        return None
    start = None
    for at, word in words[-2:-5:-1]:
        if not reading.plain[floor + at].isupper() or word[-1] in ",;:" or is_no_street(word):
            break
        start = floor + at
    return start


def _bare(reading: Reading, floor: int, house: int, end: int) -> int | None:
    """A capitalised name that the words around it make a street."""
    name = _CAPITALS.search(reading.plain, floor, house)
    if not name:
        return None
    start = name.start()
    words = reading.folded[start:house].split()
    while words and (is_no_street(words[0]) or reading.plain[start].islower()):
        start += len(words.pop(0)) + 1
    if not words or not reading.plain[start].isalnum() or is_no_street(words[-1]):
        return None
    if lives_before(reading, start):
        return start
    town = _TOWN_BEFORE.search(reading.folded, floor, start)
    if town and town[1] in LARGE_TOWNS:
        return start
    is_street = (
        ("/" in reading.plain[house:end] and words[-1].endswith(STREET_ENDINGS))
        or has_postcode(reading, end)
        or has_large_town(reading, end)
    )
    return start if is_street else None
