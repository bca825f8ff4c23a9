"""Names themes: the words that set a group of texts apart, lemmatised, per language."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import simplemma

from models.contracts import LANGUAGES

KEYWORDS = 6
MIN_TEXTS = 2
SEPARATOR = " · "
_LABEL_WORDS = 3
_MIN_LETTERS = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_MORE_ESTONIAN = Path(__file__).with_name("stop_words_et.txt")
"""The packaged Estonian list is short; these are added to it."""


def keywords(
    texts: Sequence[str], languages: Sequence[str], groups: Sequence[int]
) -> dict[int, dict[str, list[str]]]:
    """Words that set each group apart, best first: group -> language -> words.

    Within each language a word's weight in a group is p log(p / q), its part of the
    Kullback-Leibler divergence, where p is the share of the group's texts that hold the word and q
    the share of all texts. A word must stand in `MIN_TEXTS` texts of the group, so that the slips
    and names of one customer do not name a theme.
    """
    result: dict[int, dict[str, list[str]]] = {group: {} for group in sorted(set(groups))}
    for code in LANGUAGES:
        rows = [at for at, language in enumerate(languages) if language == code]
        if rows:
            words = [set(content_words(texts[at], code)) for at in rows]
            for group, best in _telling_words(words, [groups[at] for at in rows]).items():
                result[group][code] = best
    return result


def _telling_words(words: Sequence[set[str]], groups: Sequence[int]) -> dict[int, list[str]]:
    overall = Counter(word for text in words for word in text)
    telling: dict[int, list[str]] = {}
    for group in sorted(set(groups)):
        own = [text for text, other in zip(words, groups, strict=True) if other == group]
        counts = Counter(word for text in own for word in text)
        weights = {
            word: count / len(own) * math.log(count * len(words) / (len(own) * overall[word]))
            for word, count in counts.items()
            if count >= MIN_TEXTS
        }
        best = sorted(weights, key=lambda word: (-weights[word], word))
        if best:
            telling[group] = [word for word in best if weights[word] > 0][:KEYWORDS]
    return telling


def label(words: dict[str, list[str]], concept: str | None = None) -> str:
    """A short name: the concept's if there is one, else keywords, in English if there are any."""
    if concept is not None:
        return concept.replace("_", " ").capitalize()
    for code in ("en", *LANGUAGES):
        if words.get(code):
            return SEPARATOR.join(words[code][:_LABEL_WORDS])
    return "?"


def content_words(text: str, language: str) -> list[str]:
    """Lemmas of a text without stop words and words of fewer than three letters."""
    stop = _stop_words(language)
    lemmas = []
    for word in _WORD.findall(text.casefold()):
        if len(word) < _MIN_LETTERS or word in stop:
            continue
        lemma = _lemma(word, language)
        if len(lemma) >= _MIN_LETTERS and lemma not in stop:
            lemmas.append(lemma)
    return lemmas


@lru_cache(maxsize=100_000)
def _lemma(word: str, language: str) -> str:
    if language not in LANGUAGES:
        return word
    return str(simplemma.lemmatize(word, lang=language)).casefold()


@cache
def _stop_words(language: str) -> frozenset[str]:
    import stopwordsiso

    words = set(stopwordsiso.stopwords(language)) if language in LANGUAGES else set()
    if language == "et":
        words.update(_MORE_ESTONIAN.read_text("utf-8").split())
    words.update({_lemma(word, language) for word in list(words)})
    return frozenset(words)
