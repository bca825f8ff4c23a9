"""What the adapter learns from: texts in the versions people might type, and their batches."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.contracts import LANGUAGES, Vectors
from models.encoder import MAX_TOKENS

PERTURBED_SHARE = 0.4
"""How often a text is shown as people might have typed it."""
SOURCES = {
    "sentiment_pl_hotels": (1.0, 1.0),
    "sentiment_pl_medicine": (1.0, 1.0),
    "sentiment_et_valence": (2.0, 1.5),
    "feedback_en_nhs": (1.5, 1.5),
    "aspects_pl_products": (1.0, 1.0),
    "emotions_xed.pl": (0.2, 0.2),
    "emotions_xed.cs": (0.5, 0.4),
    "emotions_xed.et": (0.5, 0.4),
    "emotions_xed.en": (0.2, 0.2),
    **{f"posts.{code}": (1.5, 1.5) for code in LANGUAGES},
    **{f"signals.{code}": (1.5, 0.4) for code in LANGUAGES},
    **{f"corrections.{code}": (3.0, 1.0) for code in LANGUAGES},
    **{f"pairs.{code}": (0.25, 1.0) for code in LANGUAGES},
    **{f"concepts.{code}": (1.0, 0.5) for code in LANGUAGES},
}
"""Of each source how often a row comes in an epoch, and how much its sentiment counts."""
WIDTHS = (16, 24, 32, 48, 64, 96, 144, MAX_TOKENS)
"""Tokens to which batches are padded; few, for each new shape makes new kernels."""
_NEAR = 4_096
"""Lessons that are sorted by length together."""


@dataclass(frozen=True)
class Course:
    """How a network is taught.

    Attributes:
        rank: of the low-rank changes; 0 where every weight of the layers may change.
        rate: of the layers, at its height.
        epochs: how often it goes through the lessons.
        seed: of the heads, the changes and the order of the lessons.
        head_rate: of the heads.
        tokens: of a batch, padding included.
        signals: how much the loss of signals counts beside that of sentiment.
        vectors: how much the distance from the packaged sentence vectors counts.
        taught: how much teachers count where there is a label too.
        inside: dropout of the layers' outputs; `dropout` that of the heads.
        smoothing: of what is learned of sentiment, label or teachers'.
        decay: of the layers' weights.
        warm_up: share of the steps in which rates rise; then they fall as a cosine does.
        often: how often a row of a source comes in an epoch, where that is not as `SOURCES` says;
            one that is not named does not come.
    """

    rank: int
    rate: float
    epochs: int
    seed: int
    head_rate: float = 1e-3
    tokens: int = 8_192
    signals: float = 24.0
    vectors: float = 4.0
    taught: float = 0.5
    inside: float = 0.1
    dropout: float = 0.2
    smoothing: float = 0.05
    decay: float = 0.01
    warm_up: float = 0.06
    often: Mapping[str, float] | None = None


Parts = tuple[NDArray[np.int32], ...]
"""Token ids of a text's excerpts."""


@dataclass(frozen=True)
class Lesson:
    """A text to learn from.

    Attributes:
        source: a key of `SOURCES`.
        versions: its excerpts as it was and as people might have typed it.
        lengths: of its excerpts in characters.
        shares: (3,) of `POLARITIES`, or None where nobody labelled its mood.
        signals: (s,) float32 of 0 and 1, or None where nobody labelled them.
        translation: excerpts of its English translation, where there is one.
    """

    source: str
    versions: tuple[Parts, ...]
    lengths: tuple[int, ...]
    shares: Vectors | None = None
    signals: Vectors | None = None
    translation: Parts = field(default=())

    @property
    def longest(self) -> int:
        """Tokens of its longest excerpt in any version."""
        return max(len(part) for parts in self.versions for part in parts)


def epoch(lessons: Sequence[Lesson], course: Course, chance: random.Random) -> list[list[int]]:
    """Places of lessons in batches of like length in chance order, as often as their source says.

    Args:
        lessons: what there is to learn.
        course: how often each source comes, and how much goes into a batch.
        chance: what decides.
    """
    drawn: list[int] = []
    for at, lesson in enumerate(lessons):
        if course.often is None:
            often = SOURCES[lesson.source][0]
        else:
            often = course.often.get(lesson.source, 0.0)
        drawn += [at] * (int(often) + (chance.random() < often - int(often)))
    chance.shuffle(drawn)
    found: list[list[int]] = []
    for start in range(0, len(drawn), _NEAR):
        some = drawn[start : start + _NEAR]
        near = [
            [some[at] for at in batch]
            for batch in batches([lessons[at] for at in some], course.tokens)
        ]
        chance.shuffle(near)
        found += near
    return found


def batches(lessons: Sequence[Lesson], tokens: int) -> Iterator[list[int]]:
    """Places, shortest first, of as many as `tokens` has room for when padded."""
    batch: list[int] = []
    parts = 0
    for at in sorted(range(len(lessons)), key=lambda at: lessons[at].longest):
        own = len(lessons[at].lengths)
        parts += own  # the newest is the longest, so it says how wide
        if batch and parts * width_of(lessons[at].longest) > tokens:
            yield batch
            batch, parts = [], own
        batch.append(at)
    if batch:
        yield batch


def width_of(longest: int) -> int:
    """Tokens to which a batch is padded whose longest text has so many."""
    return next(width for width in WIDTHS if width >= longest)


Choice = Callable[[Lesson], Parts]
"""Which version of a lesson is shown."""


def as_it_was(lesson: Lesson) -> Parts:
    """The text as it was."""
    return lesson.versions[0]


def as_typed(chance: random.Random) -> Choice:
    """At times as people might have typed it."""

    def choose(lesson: Lesson) -> Parts:
        if chance.random() < PERTURBED_SHARE:
            return chance.choice(lesson.versions[1:])
        return lesson.versions[0]

    return choose
