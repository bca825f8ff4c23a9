"""Makes up texts in many languages to train on: crops of real ones, and words drawn from lists."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from eval.language.transliteration import CYRILLIC, HABITS, to_latin
from eval.language.words import Word, WordList
from models.contracts import LANGUAGES
from models.language.letters import Letters

NOISE = "zxx"
"""Code of letters that are no language (ISO 639-2)."""
_SHARES = {
    **{"pl": 0.115, "cs": 0.135, "et": 0.13, "en": 0.12, "sk": 0.1, "fi": 0.045, "lv": 0.04},
    **{"lt": 0.04, "sl": 0.045, "ru": 0.04, "sh": 0.02, "uk": 0.015, "de": 0.015, "es": 0.011},
    **{"fr": 0.011, "it": 0.011, "sv": 0.011, "hu": 0.01, "ro": 0.01, "da": 0.01, "nb": 0.01},
    **{"nl": 0.01, "pt": 0.01, NOISE: 0.004},
}
"""Shares of the texts; the languages not named share the rest equally."""
_LENGTHS = [1] * 7 + [2] * 15 + [3] * 17 + [4] * 14 + [5] * 12 + [6] * 8 + [7] * 6
_LENGTHS += [8] * 5 + [10] * 8 + [14] * 8
"""Numbers of words, short texts being the hard ones."""
_REAL, _COMMENT, _CROPPED = 0.7, 0.35, 0.75
_PLAIN = 0.35
_LISTED, _CUSTOMER, _ANYWHERE, _MIXED = 0.12, 0.15, 0.05, 0.08
_LONGEST = 200
_DRAWN_AT_ONCE = 20_000


@dataclass
class TextMaker:
    """Draws made-up texts; the same seed gives the same texts.

    Attributes:
        lists: word lists by language.
        anywhere: words met in any language.
        sentences: real texts of the four, as words.
        comments: customer comments of the four, as words.
        seed: of everything that is drawn.
    """

    lists: Mapping[str, WordList]
    anywhere: Sequence[Word]
    sentences: Mapping[str, Sequence[Sequence[Word]]]
    comments: Mapping[str, Sequence[Sequence[Word]]]
    seed: int
    _drawn: dict[str, Iterator[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311
        self._numbers = np.random.default_rng(self.seed)
        self.codes = (*LANGUAGES, *sorted({*self.lists, NOISE} - set(LANGUAGES)))

    @property
    def shares(self) -> list[float]:
        """Share of each of `codes` among the texts."""
        given = [_SHARES.get(code, 0.0) for code in self.codes]
        unnamed = given.count(0.0)
        shares = [one or (1.0 - sum(_SHARES.values())) / unnamed for one in given]
        return [share / sum(shares) for share in shares]

    def texts(self, count: int) -> tuple[list[Letters], list[int]]:
        """Texts and the place of each one's language among `codes`."""
        classes = self._numbers.choice(len(self.codes), count, p=self.shares).tolist()
        return [self._text(self.codes[one]) for one in classes], classes

    def _text(self, code: str) -> Letters:
        length = self._random.choice(_LENGTHS)
        words = [word for word in self._words(code, length) if word[0]] or [("ok", "ok")]
        if len(words) > 1:
            words = [
                self._random.choice(self.anywhere) if self._random.random() < _ANYWHERE else word
                for word in words
            ]
        if code in LANGUAGES and code != "en" and length > 3 and self._random.random() < _MIXED:
            for _ in range(len(words) // 4):
                words.insert(self._random.randint(0, len(words)), self._word("en"))
        plain = " ".join(word for word, _ in words)
        written = " ".join(word for _, word in words)
        if self._random.random() < _PLAIN:
            written = plain
        return Letters(f" {plain[:_LONGEST].strip()} ", f" {written[:_LONGEST].strip()} ", 1.0)

    def _words(self, code: str, length: int) -> list[Word]:
        if code == NOISE:
            return [self._noise() for _ in range(min(length, 4))]
        if code in LANGUAGES and self._random.random() < _REAL:
            return self._crop(code, length)
        words = [self._word(code) for _ in range(length)]
        if code in CYRILLIC:
            habit = self._random.randrange(HABITS)
            latin = [to_latin(word, code, habit) for word, _ in words]
            words = [(word, word) for word in latin]
        return words

    def _crop(self, code: str, length: int) -> list[Word]:
        is_comment = self._random.random() < _COMMENT
        source = self.comments[code] if is_comment else self.sentences[code]
        words = self._random.choice(source)
        if self._random.random() >= _CROPPED:
            return list(words)
        start = self._random.randint(0, max(0, len(words) - length))
        return list(words[start : start + length])

    def _word(self, code: str) -> Word:
        own = self.lists[code]
        if own.customer and self._random.random() < _CUSTOMER:
            return self._random.choice(own.customer)
        if own.listed and (not own.counted or self._random.random() < _LISTED):
            return self._random.choice(own.listed)
        return own.counted[self._draw(code)]

    def _draw(self, code: str) -> int:
        for at in self._drawn.get(code, iter(())):
            return at
        own = self.lists[code]
        drawn = self._numbers.choice(len(own.counted), _DRAWN_AT_ONCE, p=own.odds)
        self._drawn[code] = iter(drawn.tolist())
        return self._draw(code)

    def _noise(self) -> Word:
        letters = self._random.choices("abcdefghijklmnopqrstuvwxyz", k=self._random.randint(3, 9))
        return "".join(letters), "".join(letters)
