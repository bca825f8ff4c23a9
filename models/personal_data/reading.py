"""A comment as the finders read it: composed letters, plain dashes and spaces, and folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from models.folding import fold
from models.personal_data.contracts import Claim

_TAKEN = "\0"
"""Stands for every character of a claimed part; no pattern matches it."""
_PLAIN = (
    dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
    | dict.fromkeys(map(ord, "\t\u00a0\u2007\u2009\u202f"), " ")
    | dict.fromkeys(map(ord, "\u2018\u2019\u00b4`"), "'")
    | dict.fromkeys(map(ord, "\uff0b"), "+")
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """Two views of one comment, of equal length.

    Attributes:
        plain: the comment with one code point a letter, ASCII dashes, spaces and apostrophes.
        folded: the same in lower case without diacritics.
        language: one of `models.contracts.LANGUAGES`, or anything else for an unknown one.
        is_shouted: whether every letter is a capital, so that capitals mark nothing.
    """

    plain: str
    folded: str
    language: str
    is_shouted: bool

    def without(self, claims: Iterable[Claim]) -> Reading:
        """The reading with claimed parts blotted out, so that they are not found twice."""
        plain, folded = list(self.plain), list(self.folded)
        for _, start, end in claims:
            plain[start:end] = folded[start:end] = _TAKEN * (end - start)
        return Reading("".join(plain), "".join(folded), self.language, self.is_shouted)


@dataclass(frozen=True, slots=True)
class Offsets:
    """Leads from offsets of a reading to offsets of the comment."""

    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty part of the reading stands in the comment."""
        return self.starts[start], self.ends[end - 1]


def read(text: str, language: str) -> tuple[Reading, Offsets | None]:
    """Read a comment; offsets are None where reading and comment have the same."""
    offsets = None
    if not text.isascii():
        if not unicodedata.is_normalized("NFC", text) or _INVISIBLE.search(text):
            text, offsets = _composed(text)
        text = text.translate(_PLAIN)
    text = text.replace("\t", " ")
    return Reading(text, fold(text), language, text.isupper()), offsets


def _composed(text: str) -> tuple[str, Offsets]:
    """Join letters with their marks and leave out what cannot be seen."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, letter in enumerate(text):
        if _INVISIBLE.match(letter):
            continue
        if letters and unicodedata.combining(letter):
            joined = unicodedata.normalize("NFC", letters[-1] + letter)
            if len(joined) == 1:
                letters[-1], ends[-1] = joined, at + 1
                continue
        letters.append(letter)
        starts.append(at)
        ends.append(at + 1)
    return "".join(letters), Offsets(starts, ends)
