"""Folds case and diacritics away without moving a single offset."""

from __future__ import annotations

import unicodedata

_ALIKE = {"ł": "l", "đ": "d", "ø": "o", "’": "'", "‘": "'", "`": "'", "´": "'"} | dict.fromkeys(
    "“”„«»", '"'
)


def _fold_character(character: str) -> str:
    if character.isspace():
        return character if character in "\n\r" else " "
    lower = character.lower()[:1]
    base = unicodedata.normalize("NFD", lower)[:1]
    return _ALIKE.get(base, base)


class _Folded(dict[int, str]):
    """Folds each code point once, when it is first seen."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


_TABLE = _Folded()


def fold(text: str) -> str:
    """Return `text` in lower case, without diacritics, with plain quotes and spaces.

    The answer has the length of `text`, so offsets found in one hold in the other. A letter that
    was typed as two code points (letter and combining mark) stays two.
    """
    return text.translate(_TABLE)
