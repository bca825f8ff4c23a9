"""Finds postal addresses: a street and a house number, with the flat, postcode and town around.

A house number is where the search starts. It makes an address together with a word for a street,
a postcode and a town, a large town, or words that say where somebody lives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.personal_data.address_tails import after_flat, after_town, before_town, has_postcode
from models.personal_data.address_words import (
    NOT_IN_A_STREET,
    STREET_ENGLISH,
    STREET_ENGLISH_ANY_CASE,
    UNITS,
)
from models.personal_data.contracts import Claim
from models.personal_data.letters import CAPITAL, WORD
from models.personal_data.reading import Reading
from models.personal_data.streets import is_no_street, lives_before, street_before

_SMALL_WORD = r" (?:[aiou] (?!w |ve? |m)|[kswvz] )"
"""A preposition or an "and" of one letter, which is no part of the number ("15 w Krakowie")."""
_HOUSE = re.compile(
    r"(?:(?<=[^\W\d_][ .])|(?<=[^\W\d_]\. ))(?:c\.? ?p\.? ?|no\.? ?|nr\.? ?)?(?<!\d)\d{1,4}"
    rf"(?:(?!{_SMALL_WORD}) ?[a-z](?![^\W_]|\.? ?\d))?(?: ?[/\\-] ?\d{{1,4}}[a-z]?(?!\w))?"
    r"(?![\w%€£]|[.,:]\d|-[^\W\d_])"
)
_UNITS = re.compile(UNITS)
_ORDINAL = re.compile(r"\. ?[a-z]")
_ENGLISH_HOUSE = re.compile(
    r"(?<![\w.,:/£€$-])(?:(?:flat|apartment|apt|unit|suite)\.? [a-z\d]{1,4},? )?"
    r"(?!\d\d-\d{3}(?!\d))[1-9]\d{0,3}[a-z]?(?:[/-]\d{1,4})?,? (?=[^\W\d_])"
)
_ENGLISH = re.compile(rf"((?:{CAPITAL}{WORD}\.? ){{1,3}})(?:{STREET_ENGLISH})\.?(?![^\W_])")
_ENGLISH_ANY_CASE = re.compile(
    rf"((?:(?!(?:{NOT_IN_A_STREET})\b)[^\W\d_]{{3,15}} ){{1,2}})(?:{STREET_ENGLISH_ANY_CASE})"
    r"(?=[,.;!?)\n]|\Z| in )"
)
_ENGLISH_PLAIN = re.compile(rf"({CAPITAL}{WORD}(?: {CAPITAL}{WORD}){{0,3}})(?!\w)")
_BOX = re.compile(
    r"(?<!\w)(?:p\. ?o\. ?|po )box \d{1,6}(?!\w)|skr\w{0,5}\.? poczt\w{0,3}\.? \d{1,5}"
)


def addresses(reading: Reading) -> Iterator[Claim]:
    """Addresses of four countries; neither a town, a street nor a postcode alone is one."""
    floor = 0
    for house in _HOUSE.finditer(reading.folded):
        if house.start() >= floor and (claim := _continental(reading, house, floor)):
            floor = claim.end
            yield claim
    for house in _ENGLISH_HOUSE.finditer(reading.folded):
        if claim := _english(reading, house):
            yield claim
    for box in _BOX.finditer(reading.folded):
        yield Claim("address", box.start(), box.end())


def _continental(reading: Reading, house: re.Match[str], floor: int) -> Claim | None:
    """An address whose house number follows the street; its town may start at `floor`."""
    end = after_flat(reading, house.end())
    street = street_before(reading, house.start(), end)
    if street is None or _UNITS.match(reading.folded, end):
        return None
    if reading.language in ("et", "cs") and _ORDINAL.match(reading.folded, end):
        return None  # "2. kilomeetril", "5. března"
    return Claim("address", before_town(reading, street, floor), after_town(reading, end))


def _english(reading: Reading, house: re.Match[str]) -> Claim | None:
    """An address whose house number stands before the street."""
    end = house.end()
    street = _ENGLISH.match(reading.plain, end) or _ENGLISH_ANY_CASE.match(reading.folded, end)
    if street and not _is_counted(street[1]):
        return Claim("address", house.start(), after_town(reading, street.end()))
    street = _ENGLISH_PLAIN.match(reading.plain, end)
    if street and not _is_counted(street[1]):
        lives = lives_before(reading, house.start())
        if lives or has_postcode(reading, street.end()):
            return Claim("address", house.start(), after_town(reading, street.end()))
    return None


def _is_counted(words: str) -> bool:
    """Whether the number counts what follows, as in "5 Star Service" and "4 Wheel Drive"."""
    return any(map(is_no_street, words.lower().split()))
