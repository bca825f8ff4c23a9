"""Turns a customer's raw words into what the encoder reads: no markup, shouting or stretching."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from models.contracts import LANGUAGES

_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b\u200c"
    "\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffc\ud800-\udfff]"
)
"""Controls, soft hyphens, zero-width and direction marks, lone surrogates: nobody sees them."""
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\([^()\s]{1,500}\)")
_MARKDOWN = re.compile(
    r"(?m)^\s{0,3}(?:#{1,6}\s+|[*+-]\s+)|(?<!\w)[*_~`]{1,3}(?=\w)|(?<=\S)[*_~`]{1,3}(?!\w)"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,10});")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile(r"([!?.,])\1{3,}")
_SHOUTED_SHARE = 0.7
_SHOUTED_LETTERS = 6
_LONGEST_WORD = 60


def reading_form(text: str, language: str) -> str:
    """What the encoder reads in place of `text`.

    Args:
        text: an excerpt, personal data masked.
        language: one of `LANGUAGES`, whose dictionary tells "good" from "goood"; another is
            shortened to one letter.

    Returns:
        One line without markup, invisible characters, letters stretched ("suuuper") or words
        written in capitals throughout. Text that needs none of it comes back as it is.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if any(mark in text for mark in "*_`~#[-+"):
        text = _MARKDOWN.sub("", _LINK.sub(r"\1", text))
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    text = _MARKS.sub(r"\1\1\1", text)
    if _is_shouted(text):
        text = text.lower()
    if _STRETCHED.search(text):
        text = _WORD.sub(lambda word: _unstretched(word[0], language), text)
    return " ".join(text.split())


def reading_forms(texts: Sequence[str], language: str) -> list[str]:
    """The reading form of each text."""
    return [reading_form(text, language) for text in texts]


def _is_shouted(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(map(str.isupper, letters))
    return len(letters) >= _SHOUTED_LETTERS and capitals >= _SHOUTED_SHARE * len(letters)


def _unstretched(word: str, language: str) -> str:
    """The word with each stretched letter once, or twice where only that is in the dictionary."""
    if len(set(word.lower())) == 1:  # AAA batteries, www
        return word[:_LONGEST_WORD]
    if len(word) > _LONGEST_WORD or not _STRETCHED.search(word):
        return word if len(word) <= _LONGEST_WORD else _STRETCHED.sub(r"\1", word)
    once, twice = _STRETCHED.sub(r"\1", word), _STRETCHED.sub(r"\1\1", word)
    knows = _dictionary(language)
    return twice if knows and knows(twice.lower()) else once


@lru_cache(maxsize=len(LANGUAGES))
def _dictionary(language: str) -> Callable[[str], bool] | None:
    if language not in LANGUAGES:
        return None
    import simplemma

    def knows(word: str) -> bool:
        return bool(simplemma.is_known(word, lang=language))

    return knows
