"""Reads excerpts of a few plain words, of which the encoder has too little to go by."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.contracts import LANGUAGES, POLARITIES, Sentiment
from models.folding import fold
from models.sentiment import to_sentiment

FILE = Path(__file__).with_suffix(".toml")
MOST_WORDS = 5
"""Words of an excerpt that is looked up."""

CONFIDENCE = 0.95
"""How sure an answer is; of held-out lines, 97 of 97 were read right so (docs/decisions/0005)."""

_AROUND, _THING, _TURN = "around", "thing", "turn"
_TURNED = {"positive": "negative", "negative": "positive"}
_BETWEEN_WORDS = re.compile(r"[\s.,!?;:()'\"/…–—-]+")
_LONGEST_PHRASE = 4


def read(text: str, language: str) -> Sentiment | None:
    """The mood of an excerpt that is made of plain words only.

    Args:
        text: an excerpt.
        language: the code that it is taken for. A word or two tell little of their language, so
            that where this one does not know them, those that do are asked.

    Returns:
        None where it is longer, has a word that is not listed, or words or languages disagree.
    """
    words = [word for word in _BETWEEN_WORDS.split(fold(text).replace("'", "")) if word]
    if not 0 < len(words) <= MOST_WORDS:
        return None
    moods = {code: _mood(words, _words(code)) for code in LANGUAGES}
    said = moods.get(language)
    others = {mood for mood in moods.values() if mood is not None}
    if said is None and len(others) == 1:
        (said,) = others
    return None if said is None else _ANSWERS[said]


def fingerprint() -> str:
    """A hash that changes with any word."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()


def _answer(mood: str) -> Sentiment:
    row = np.full(len(POLARITIES), (1 - CONFIDENCE) / (len(POLARITIES) - 1), np.float32)
    row[POLARITIES.index(mood)] = CONFIDENCE
    return to_sentiment(row)


_ANSWERS: Mapping[str, Sentiment] = {mood: _answer(mood) for mood in POLARITIES}


def _mood(words: Sequence[str], known: Mapping[str, str]) -> str | None:
    moods: set[str] = set()
    is_turned, at = False, 0
    while at < len(words):
        phrases = ("_".join(words[at : at + size]) for size in range(_LONGEST_PHRASE, 0, -1))
        phrase = next((one for one in phrases if one in known), None)
        if phrase is None:
            return None
        at += phrase.count("_") + 1
        said = known[phrase]
        if said == _TURN:
            is_turned = True
        elif said != _AROUND:
            moods.add(_TURNED.get(said, said) if is_turned else said)
    if moods == {_THING}:
        return None if is_turned else "neutral"
    moods.discard(_THING)
    return moods.pop() if len(moods) == 1 else None


@lru_cache(maxsize=len(LANGUAGES))
def _words(language: str) -> dict[str, str]:
    """What each word or phrase of a language says, with every ending of those that take one."""
    table = tomllib.loads(FILE.read_text("utf-8"))[language]
    kinds = {"around": _AROUND, "things": _THING, "turns": _TURN}
    known: dict[str, str] = {}
    for kind in ("around", "things", "turns", *POLARITIES):
        for word in table[kind].split():
            stem, takes_endings = word.removesuffix("~"), word.endswith("~")
            for ending in table["endings"].split() if takes_endings else [""]:
                known[stem + ending] = kinds.get(kind, kind)
    return known
