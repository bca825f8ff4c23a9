"""Turns a customer's words into what the encoder reads: no shouting or stretching, with accents."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from models.accents import accented
from models.contracts import LANGUAGES
from models.folding import fold

_STRETCHED = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile(r"([!?.,])\1{3,}")
_SHOUTED_SHARE = 0.7
_SHOUTED_LETTERS = 6
_LONGEST_WORD = 60


def reading_form(text: str, language: str) -> str:
    """What the encoder reads in place of `text`.

    Args:
        text: an excerpt, clear (`models.clear_text`) and with personal data masked.
        language: one of `LANGUAGES`, whose dictionary tells "good" from "goood"; another is
            shortened to one letter.

    Returns:
        One line without letters stretched ("suuuper") or shouting in capitals. In text without a
        single accent, words that the dictionary knows with accents only get them back, where
        there is one way. Text that needs none of it comes back as it is.
    """
    text = _MARKS.sub(r"\1\1\1", text)
    if _is_shouted(text):
        text = text.lower()
    if _STRETCHED.search(text):
        text = _WORD.sub(lambda word: _unstretched(word[0], language), text)
    if _lacks_accents(text):
        text = _WORD.sub(lambda word: _accented(word[0], language), text)
    return " ".join(text.split())


def _is_shouted(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(map(str.isupper, letters))
    return len(letters) >= _SHOUTED_LETTERS and capitals >= _SHOUTED_SHARE * len(letters)


def _unstretched(word: str, language: str) -> str:
    """The word with each stretched letter once, or twice where only that is in the dictionary."""
    if len(set(word.lower())) == 1:  # AAA batteries, www
        return word[:_LONGEST_WORD]
    if len(word) > _LONGEST_WORD:
        return _STRETCHED.sub(r"\1", word)
    once, twice = _STRETCHED.sub(r"\1", word), _STRETCHED.sub(r"\1\1", word)
    knows = _dictionary(language)
    return twice if knows and knows(twice.lower()) else once


def _lacks_accents(text: str) -> bool:
    letters = "".join(filter(str.isalpha, text))
    return fold(letters) == letters.lower()


def _accented(word: str, language: str) -> str:
    spellings = accented(word.lower(), language) if len(word) <= _LONGEST_WORD else ()
    if len(spellings) != 1 or len(spellings[0]) != len(word):
        return word
    return "".join(
        new.upper() if old.isupper() else new for old, new in zip(word, spellings[0], strict=True)
    )


@lru_cache(maxsize=len(LANGUAGES))
def _dictionary(language: str) -> Callable[[str], bool] | None:
    if language not in LANGUAGES:
        return None
    import simplemma

    def knows(word: str) -> bool:
        return bool(simplemma.is_known(word, lang=language))

    return knows
