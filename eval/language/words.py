"""Word lists of some forty languages, from installed packages and this folder."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from eval import datasets
from eval.language.transliteration import CYRILLIC
from models.language.letters import letters

FOLDER = Path(__file__).parent
COUNTED = (
    *("ca", "cs", "da", "de", "en", "es", "fi", "fil", "fr", "hu", "id", "is", "it", "lt", "lv"),
    *("ms", "nb", "nl", "pl", "pt", "ro", "sh", "sk", "sl", "sv", "tr", "vi"),
)
"""Languages in Latin letters whose word frequencies wordfreq knows."""
LISTED = {
    **{"cs": "cs", "cy": "cy", "et": "et", "fi": "fi", "ga": "ga", "gl": "gl", "lb": "lb"},
    **{"lt": "lt", "lv": "lv", "nn": "nn", "pl": "pl", "sh": "hbs", "sk": "sk", "sl": "sl"},
    "sq": "sq",
}
"""Languages whose inflected forms simplemma lists, with its name for them."""
_MOST_COUNTED, _MOST_LISTED = 60_000, 60_000
_LONGEST = 16
_TEMPER = 0.85
"""Exponent of frequencies: below 1, rare words are met more often than they are written."""

Word = tuple[str, str]
"""A word plain and as written; in Cyrillic both are as written."""


@dataclass(frozen=True)
class WordList:
    """Words of one language.

    Attributes:
        counted: words by falling frequency.
        odds: their shares, summing to 1.
        listed: inflected forms without a frequency.
        customer: words that customers use.
    """

    counted: Sequence[Word] = ()
    odds: NDArray[np.float64] | None = None
    listed: Sequence[Word] = ()
    customer: Sequence[Word] = ()


def word_lists(estonian: Iterable[str], seed: int) -> dict[str, WordList]:
    """Word lists by language; Estonian, which wordfreq does not know, is counted in `estonian`."""
    counted = {code: _frequencies(code) for code in (*COUNTED, *CYRILLIC)}
    counted["et"] = Counter(word for text in estonian for word in letters(text).written.split())
    vocabulary = {
        row["language"]: row["words"].split()
        for row in datasets.read(FOLDER / "vocabulary.csv", ("language", "words")).rows
    }
    return {
        code: _word_list(
            code, counted.get(code, Counter()), _listed(code, seed), vocabulary.get(code, ())
        )
        for code in sorted({*counted, *LISTED})
    }


def words_anywhere() -> list[Word]:
    """Words met in any language: brands, names, what the internet says."""
    return [_word(word) for word in (FOLDER / "anywhere.txt").read_text("utf-8").split()]


def _word_list(
    code: str, counted: Counter[str], listed: Sequence[str], customer: Sequence[str]
) -> WordList:
    common = counted.most_common(_MOST_COUNTED)
    shares = np.array([count for _, count in common], np.float64) ** _TEMPER
    make = _as_written if code in CYRILLIC else _word
    return WordList(
        counted=[make(word) for word, _ in common],
        odds=shares / shares.sum() if common else None,
        listed=[_word(word) for word in listed],
        customer=[make(word) for word in customer],
    )


def _word(word: str) -> Word:
    read = letters(word)
    return read.plain.strip(), read.written.strip()


def _as_written(word: str) -> Word:
    return word.lower(), word.lower()


def _frequencies(code: str) -> Counter[str]:
    from wordfreq import get_frequency_dict

    return Counter(
        {
            word: share
            for word, share in get_frequency_dict(code, "best").items()
            if word.isalpha() and _is_in(word, latin=code not in CYRILLIC)
        }
    )


def _listed(code: str, seed: int) -> list[str]:
    if code not in LISTED:
        return []
    dictionary = DefaultDictionaryFactory(cache_max_size=1).get_dictionary(LISTED[code])
    drawn = random.Random(seed).sample(  # noqa: S311
        list(dictionary), min(_MOST_LISTED, len(dictionary))
    )
    return [
        word
        for word in drawn
        if len(word) < _LONGEST and word.isalpha() and _is_in(word, latin=True)
    ]


def _is_in(word: str, *, latin: bool) -> bool:
    read = letters(word)
    return bool(read.plain.strip()) and read.latin_share == 1.0 if latin else not read.latin_share
