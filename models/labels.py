"""The words of a text: lemmas, stop words, and the phrases that may name what it is about."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import simplemma

from models.accents import accented
from models.contracts import LANGUAGES
from models.folding import fold

_LONGEST = 4
"""Words of a phrase, small words inside it included."""
_MIN_LETTERS = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?;,:()\n]+")
_MASK = re.compile(r"\[[^\W\d]\w*\]")
"""What stands for personal data: no word of the customer's."""
_INSIDE = re.compile(r"(?<=[\w,;]\s)[^\W\d_]+(?:['’-][^\W\d_]+)*")
"""A word that does not open a sentence."""

_MORE_ESTONIAN = Path(__file__).with_name("stop_words_et.txt")
"""The packaged Estonian list is short; these are added to it."""
_WEAK = Path(__file__).with_name("weak_words.toml")
"""Words that name no topic, and whole answers that say nothing."""


def content_words(text: str, language: str) -> list[str]:
    """Lemmas of a text without stop words and words of fewer than three letters."""
    stop = _stop_words(language)
    lemmas = []
    for word in _words(text):
        lemma = _telling_lemma(word, language, stop)
        if lemma is not None:
            lemmas.append(lemma)
    return lemmas


def says_nothing(text: str) -> bool:
    """Whether a text is a stock answer in any language ("brak", "n/a", "test"), or has no words.

    A short answer is too little to tell its language by, so that all languages' answers count.
    """
    words = _words(text.replace("’", "'"))
    return not any(len(word) > 1 for word in words) or " ".join(words) in _answers()


def holds_phrase(text: str, language: str, phrase: str) -> bool:
    """Whether a text says a phrase, in whatever form its words stand, with accents or without."""
    own, wanted = senses(text, language), senses(phrase, language)
    return bool(wanted) and any(
        all(said & meant for said, meant in zip(own[at:], wanted, strict=False))
        for at in range(len(own) - len(wanted) + 1)
    )


def senses(text: str, language: str) -> list[frozenset[str]]:
    """What each word may stand for: itself and its dictionary forms, all without accents."""
    return [_sense(word, language) for word in _words(text)]


@lru_cache(maxsize=100_000)
def _sense(word: str, language: str) -> frozenset[str]:
    lemmas = (_lemma(one, language) for one in (word, *accented(word, language)))
    return frozenset({fold(word), *map(fold, lemmas)})


def _words(text: str) -> list[str]:
    """Words in lower case, without masks of personal data."""
    return _WORD.findall(_MASK.sub(" ", text).casefold())


def phrases(text: str, language: str) -> dict[tuple[str, ...], str]:
    """Runs of words that may name what a text is about: lemmas -> written.

    A run has at most `_LONGEST` words, and begins and ends with one that is neither a stop word
    nor weak; the negation before it belongs to what is written.
    """
    stop = _stop_words(language) | _weak_words(language)
    found: dict[tuple[str, ...], str] = {}
    for part in _SENTENCE.split(_MASK.sub(".", text)):
        words = _WORD.findall(part.casefold())
        lemmas = [_telling_lemma(word, language, stop) for word in words]
        for first, opening in enumerate(lemmas):
            if opening is None:
                continue
            for last in range(first, min(first + _LONGEST, len(words))):
                if lemmas[last] is not None:
                    key = tuple(one for one in lemmas[first : last + 1] if one is not None)
                    opened = _with_negation(words, first)
                    found.setdefault(key, " ".join(words[opened : last + 1]))
    return found


def _with_negation(words: list[str], first: int) -> int:
    """Where a run begins if the negations right before it belong to it."""
    while first and words[first - 1].replace("’", "'") in _negations():
        first -= 1
    return first


def _telling_lemma(word: str, language: str, stop: frozenset[str]) -> str | None:
    if len(word) < _MIN_LETTERS or word in stop:
        return None
    lemma = _lemma(word, language)
    return lemma if len(lemma) >= _MIN_LETTERS and lemma not in stop else None


@lru_cache(maxsize=100_000)
def _lemma(word: str, language: str) -> str:
    if language not in LANGUAGES:
        return word
    return str(simplemma.lemmatize(word, lang=language)).casefold()


def proper_names(texts: Sequence[str], language: str) -> frozenset[str]:
    """Dictionary forms of words that are mostly written with a capital inside a sentence.

    Companies, people and streets; what begins with capitals (SMS, ID-kaart) is no proper name.
    """
    capital: Counter[str] = Counter()
    for text in texts:
        for word in _INSIDE.findall(_MASK.sub(" ", text)):
            if not word[:2].isupper():
                capital[_lemma(word.casefold(), language)] += 1 if word[0].isupper() else -1
    return frozenset(lemma for lemma, more in capital.items() if more > 0)


def base_form(word: str, language: str) -> str | None:
    """The dictionary form of a word in lower case; None where no dictionary knows it."""
    is_known = language in LANGUAGES and simplemma.is_known(word, lang=language)
    return _lemma(word, language) if is_known else None


def opens_in_base_form(phrase: str, language: str) -> bool:
    """Whether a phrase begins as it would in a dictionary, or with a negation, and is all known.

    "ramka na zdjęcie" and "nikt nie odbiera" can be read as names, "ramki na zdjęcie" cannot.
    """
    words = _words(phrase)
    bases = [base_form(word, language) for word in words]
    opens = bool(words) and (words[0] in _negations() or bases[0] == words[0])
    return opens and None not in bases


def is_stop_word(word: str, language: str) -> bool:
    """Whether a word says nothing by itself."""
    return word.casefold() in _stop_words(language)


def is_weak_word(word: str, language: str) -> bool:
    """Whether a word is a stop word or names no topic: politeness, time, number, plain verbs."""
    lower = word.casefold()
    is_listed = {lower, _lemma(lower, language)} & _weak_words(language)
    return bool(is_listed) or is_stop_word(word, language)


@cache
def _weak_words(language: str) -> frozenset[str]:
    return frozenset(_weak().get(language, "").split())


@cache
def _answers() -> frozenset[str]:
    lines = _weak()["answers"].splitlines()
    return frozenset(answer for line in lines for answer in line.split("|") if answer)


@cache
def _negations() -> frozenset[str]:
    return frozenset(_weak()["negations"].split())


@cache
def _weak() -> dict[str, str]:
    return tomllib.loads(_WEAK.read_text("utf-8"))


@cache
def _stop_words(language: str) -> frozenset[str]:
    import stopwordsiso

    words = set(stopwordsiso.stopwords(language)) if language in LANGUAGES else set()
    if language == "et":
        words.update(_MORE_ESTONIAN.read_text("utf-8").split())
    words.update({_lemma(word, language) for word in list(words)})
    return frozenset(words - set(_weak()["telling"].split()))
