"""How the adapter is taught: several teachers learn from labels, and one student from them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from eval.training.lessons import Course, Lesson
from eval.training.sources import SEED, say
from eval.training.student import Reading, Student, device
from models.contracts import LANGUAGES

TEACHERS = tuple(
    Course(rank=0, rate=rate, epochs=3, seed=SEED + at)
    for at, rate in enumerate((1e-4, 1e-4, 1.5e-4, 1.5e-4, 2e-4, 2e-4, 2.5e-4, 3e-4))
)
SHIPPED = Course(rank=64, rate=1.2e-3, epochs=7, seed=SEED)
REVISION = Course(
    rank=64,
    rate=4e-4,
    epochs=3,
    seed=SEED,
    tokens=2_560,
    often={
        **{f"signals.{code}": 1.0 for code in LANGUAGES},
        **{f"posts.{code}": 0.5 for code in LANGUAGES},
        "feedback_en_nhs": 0.5,
        "sentiment_et_valence": 0.8,
        "sentiment_pl_hotels": 0.15,
        "sentiment_pl_medicine": 0.15,
        "aspects_pl_products": 0.3,
        "emotions_xed.cs": 0.1,
        "emotions_xed.et": 0.1,
    },
)
"""What the one that ships goes through once more, with labels alone: most of all signals."""
WAY_BACK = 0.65
"""How far it then goes back to what it was: that reads moods better, the revised one signals."""


def teach(
    encoder: Any,
    depths: Sequence[int],
    lessons: Sequence[Lesson],
    teachers: Sequence[Course] = TEACHERS,
    shipped: Course = SHIPPED,
    revision: Course = REVISION,
) -> Student:
    """Train the teachers, from what they read together the one that ships, and that one alone.

    Args:
        encoder: the packaged transformers model, whose weights stay as they are; it may be moved
            to the graphics card.
        depths: its layers that are pooled.
        lessons: what there is to learn.
        teachers: how each of them is taught.
        shipped: how the last one is.
        revision: how it goes through labelled texts afterwards, without teachers; its rank and
            dropout are those of `shipped`.
    """
    scholar = Student(encoder, depths, shipped).to(device())
    vectors = scholar.standardise(lessons)
    readings = []
    for at, course in enumerate(teachers):
        say(f"adapter: teacher {at + 1} of {len(teachers)}")
        teacher = Student(encoder, depths, course).to(device())
        teacher.mean, teacher.scale = scholar.mean, scholar.scale
        teacher.learn(lessons, vectors, None)
        readings.append(read_both_ways(teacher, lessons))
    say("adapter: the one that ships")
    scholar.learn(lessons, vectors, together(readings))
    before = {name: weight.clone() for name, weight in scholar.state_dict().items()}
    scholar.course = revision
    scholar.learn(lessons, vectors, None)
    scholar.blend(before, WAY_BACK)
    return scholar


def read_both_ways(teacher: Student, lessons: Sequence[Lesson]) -> Reading:
    """What it reads of lessons; where there is an English translation, the mean with that."""
    found = teacher.read(lessons)
    at = [place for place, lesson in enumerate(lessons) if lesson.translation]
    if at:
        other = teacher.read(
            [replace(lessons[i], versions=(lessons[i].translation,), lengths=(1,)) for i in at]
        )
        found.moods[at] = (found.moods[at] + other.moods) / 2
        found.signals[at] = (found.signals[at] + other.signals) / 2
    return found


def together(readings: Sequence[Reading]) -> Reading:
    """The mean of several readings."""
    return Reading(
        np.mean([one.moods for one in readings], axis=0),
        np.mean([one.signals for one in readings], axis=0),
    )
