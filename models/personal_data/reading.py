"""A comment as the finders read it: composed letters, plain dashes and spaces, and folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.clear_text import ClearText
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


def read(text: str, language: str) -> tuple[Reading, ClearText]:
    """Read a comment; the clear text leads from the reading's offsets to the comment's."""
    clear = ClearText.of(text, markup=False)
    plain = clear.text if clear.text.isascii() else clear.text.translate(_PLAIN)
    plain = plain.replace("\t", " ")
    return Reading(plain, fold(plain), language, plain.isupper()), clear
