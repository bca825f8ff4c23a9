"""Puts back the accents that a word was typed without, where a dictionary knows what it may be."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import prod

import simplemma

_ACCENTED = {
    "pl": {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "źż"},
    "cs": {
        **{"a": "á", "c": "č", "d": "ď", "e": "éě", "i": "í", "n": "ň", "o": "ó", "r": "ř"},
        **{"s": "š", "t": "ť", "u": "úů", "y": "ý", "z": "ž"},
    },
    "et": {"a": "ä", "o": "öõ", "u": "ü", "s": "š", "z": "ž"},
}
_MOST = 600
"""Spellings that are tried; a word that may have more is left as it is."""


@lru_cache(maxsize=20_000)
def accented(word: str, language: str) -> tuple[str, ...]:
    """Words of a language that are this one but for missing accents; none where it is a word."""
    letters = [letter + _ACCENTED.get(language, {}).get(letter, "") for letter in word]
    count = prod(map(len, letters))
    if not 1 < count <= _MOST or simplemma.is_known(word, lang=language):
        return ()
    spellings = map("".join, product(*letters))
    return tuple(one for one in spellings if simplemma.is_known(one, lang=language))
