"""Reduces a comment to its words in Latin letters, with and without diacritics."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

READ_CHARACTERS = 2000
"""How much of a comment is looked at."""
READ_LETTERS = 300
"""How many of its letters and spaces are read; more gain nothing measurable."""

_ALIKE = {
    **{"ł": "l", "đ": "d", "ð": "d", "ø": "o", "œ": "o", "æ": "a", "ß": "s", "þ": "t"},
    **{"ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n", "ə": "e", "ĸ": "k"},
}
"""Letters without a decomposition, and the plain letter that they are typed as."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S*@\S+")
_FACE = re.compile(r"(?<!\w)(?:[:;=8xX]-?[dDpPoO3]+|[xX]+[dD]+)(?!\w)")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True, slots=True)
class Letters:
    """The words of a text; both forms have the same length, so that offsets hold in both.

    Attributes:
        plain: a-z and single spaces, with a space before and after; one space for no words.
        written: the same with diacritics.
        latin_share: Latin letters among all letters, 0-1; 1 where there are none.
    """

    plain: str
    written: str
    latin_share: float


class _Table(dict[int, str]):
    """What each code point becomes, found out once, when it is first seen."""

    def __init__(self, *, keep_marks: bool) -> None:
        super().__init__()
        self._keep_marks = keep_marks

    def __missing__(self, code: int) -> str:
        self[code] = found = self._become(chr(code))
        return found

    def _become(self, character: str) -> str:
        if unicodedata.category(character) in ("Cf", "Mn", "Me"):
            return ""
        lower = character.lower()[:1]
        base = unicodedata.normalize("NFD", lower)[:1]
        base = _ALIKE.get(base, base)
        if not "a" <= base <= "z":
            return " "
        return lower if self._keep_marks else base


_PLAIN = _Table(keep_marks=False)
_WRITTEN = _Table(keep_marks=True)


def letters(text: str) -> Letters:
    """Words of the beginning of a text, without addresses, drawn-out letters and faces."""
    head = " ".join(text.lstrip()[: 50 * READ_CHARACTERS].split())[:READ_CHARACTERS]
    if "@" in head or "www." in head or "://" in head:
        head = _ADDRESS.sub(" ", head)
    is_ascii = head.isascii()
    if not is_ascii:
        head = unicodedata.normalize("NFKC", head)
    head = _DRAWN_OUT.sub(r"\1", _FACE.sub(" ", head))
    plain = _words(head, _PLAIN)
    if is_ascii:
        return Letters(plain, plain, 1.0)
    return Letters(plain, _words(head, _WRITTEN), _latin_share(head))


def _words(head: str, table: _Table) -> str:
    return f" {' '.join(head.translate(table).split())[:READ_LETTERS].rstrip()} ".replace("  ", " ")


def _latin_share(head: str) -> float:
    found = [_PLAIN[ord(one)] != " " for one in head if one.isalpha()]
    return sum(found) / len(found) if found else 1.0
