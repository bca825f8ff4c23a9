"""What the adapter learns from: texts as the product reads them, in batches of like length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.perturbations import KINDS
from eval.training.sources import Row, pairs_by_language, sentiment_rows
from models.contracts import LANGUAGES, POLARITIES, Vectors
from models.encoder import MAX_TOKENS, PREFIX
from models.language import LanguageDetector
from models.reading_form import reading_form
from models.signals import NAMES
from pipelines.page import Comment, Page

PERTURBED_SHARE = 0.4
PERTURBED = (
    *("no_diacritics", "no_diacritics", "typos", "typos"),
    *("careless", "stretched", "emoji", "code_switching"),
)
SOURCES = {
    "sentiment_pl_hotels": (1.0, 1.0),
    "sentiment_pl_medicine": (0.8, 1.0),
    "sentiment_et_valence": (2.0, 1.8),
    "feedback_en_nhs": (2.0, 1.5),
    "emotions_xed.pl": (0.1, 0.2),
    "emotions_xed.cs": (0.5, 0.4),
    "emotions_xed.et": (0.4, 0.3),
    "emotions_xed.en": (0.1, 0.2),
    "pairs.cs": (0.5, 0.5),
    "pairs.et": (1.0, 0.5),
    **{f"posts.{code}": (2.0, 1.5) for code in LANGUAGES},
    **{f"signals.{code}": (2.0, 0.3) for code in LANGUAGES},
}
"""Of each source how often a row comes in an epoch, and how much its sentiment counts."""
SHAPES = {16: 160, 24: 112, 32: 80, 48: 64, 64: 48, 96: 32, 144: 16, MAX_TOKENS: 16}
"""Rows of a batch by its width in tokens; few shapes, for each new one makes new kernels."""
_NEAR = 2_560
"""Lessons that are sorted by length together."""


@dataclass(frozen=True)
class Lesson:
    """A text to learn from.

    Attributes:
        forms: reading forms of its excerpts, with their token ids and lengths in characters.
        shares: of each of `POLARITIES`; none yet for a sentence that only its translation tells.
        signals: (s,) float32 of 0 and 1, or None where nobody labelled them.
        translation: token ids of its English translation, if that is what tells its polarity.
        vectors: (excerpts, d) float16, the packaged encoder's sentence vectors.
    """

    row: Row
    forms: tuple[str, ...]
    parts: tuple[list[int], ...]
    lengths: tuple[int, ...]
    shares: tuple[float, ...] = ()
    signals: Vectors | None = None
    translation: list[int] | None = None
    vectors: NDArray[np.float16] | None = None

    @property
    def longest(self) -> int:
        """Tokens of its longest part."""
        return max(map(len, self.parts))


def collect(data: Path, tokenizer: Any) -> list[Lesson]:
    """Every labelled text that is not held out, and the pairs of `SOURCES`."""
    lessons = [to_lesson(row, tokenizer) for row in sentiment_rows(data) if not row.is_held_out]
    detector = LanguageDetector()
    for code, (texts, translations) in pairs_by_language(data, held_out=False).items():
        source = f"pairs.{code}"
        if source not in SOURCES:
            continue
        read = detector.detect_many(translations)
        for text, translation, language in zip(texts, translations, read, strict=True):
            if language.code == "en":  # others of XED are Danish
                lesson = to_lesson(Row(source, code, text, "", False), tokenizer)
                ids = tokens([reading_form(translation, "en") or translation], tokenizer)[0]
                lessons.append(replace(lesson, translation=ids))
    return lessons


def to_lesson(row: Row, tokenizer: Any) -> Lesson:
    """A row as the product would read it."""
    page = Page.of(Comment(row.text), row.language)
    forms = tuple(page.forms) or (row.text,)
    lengths = tuple(max(one.end - one.start, 1) for one in page.excerpts) or (1,)
    shares = tuple(float(row.label == name) for name in POLARITIES) if row.label else ()
    signals = None
    if row.signals is not None:
        signals = np.array([name in row.signals for name in NAMES], np.float32)
    return Lesson(row, forms, tokens(forms, tokenizer), lengths, shares, signals)


def tokens(forms: Sequence[str], tokenizer: Any) -> tuple[list[int], ...]:
    """Token ids of reading forms, as the encoder is given them."""
    return tuple(tokenizer.encode(PREFIX + form).ids[:MAX_TOKENS] for form in forms)


def perturbed(lesson: Lesson, tokenizer: Any, chance: random.Random) -> Lesson:
    """The lesson, or at times as people might have typed it; its packaged vectors stay."""
    if chance.random() >= PERTURBED_SHARE:
        return lesson
    change, language = KINDS[chance.choice(PERTURBED)], lesson.row.language
    forms = tuple(
        reading_form(change(form, language, chance), language) or form for form in lesson.forms
    )
    return replace(lesson, forms=forms, parts=tokens(forms, tokenizer))


def epoch(lessons: Sequence[Lesson], chance: random.Random) -> list[list[Lesson]]:
    """Batches of texts of like length in chance order; rows come as often as their source."""
    drawn: list[Lesson] = []
    for lesson in lessons:
        often = SOURCES[lesson.row.source][0]
        drawn += [lesson] * (int(often) + (chance.random() < often - int(often)))
    chance.shuffle(drawn)
    found: list[list[Lesson]] = []
    for start in range(0, len(drawn), _NEAR):
        some = drawn[start : start + _NEAR]
        near = [[some[at] for at in batch] for batch in batches(some)]
        chance.shuffle(near)
        found += near
    return found


def batches(lessons: Sequence[Lesson]) -> Iterator[list[int]]:
    """Places, shortest first, with at most as many parts as `SHAPES` has rows for the longest."""
    batch: list[int] = []
    parts = 0
    for at in sorted(range(len(lessons)), key=lambda at: lessons[at].longest):
        parts += len(lessons[at].parts)  # the newest is the longest, so it says how wide
        if batch and parts > SHAPES[width_of(lessons[at].longest)]:
            yield batch
            batch, parts = [], len(lessons[at].parts)
        batch.append(at)
    if batch:
        yield batch


def width_of(longest: int) -> int:
    """Tokens to which a batch is padded whose longest text has so many."""
    return next(width for width in SHAPES if width >= longest)
