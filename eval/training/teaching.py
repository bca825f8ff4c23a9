"""How the adapter is taught: several teachers learn from labels, and one student from them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from eval.training.lessons import Course, Lesson
from eval.training.sources import SEED, say
from eval.training.student import Reading, Student, device

TEACHERS = tuple(
    Course(rank=0, rate=rate, epochs=6, seed=SEED + at)
    for at, rate in enumerate((1e-4, 1e-4, 1.5e-4, 1.5e-4, 2e-4, 2e-4, 2.5e-4))
)
SHIPPED = Course(rank=64, rate=1.2e-3, epochs=9, seed=SEED)


def teach(
    encoder: Any,
    depths: Sequence[int],
    lessons: Sequence[Lesson],
    teachers: Sequence[Course] = TEACHERS,
    shipped: Course = SHIPPED,
) -> Student:
    """Train the teachers, then the one that ships from what they read together.

    Args:
        encoder: the packaged transformers model, which stays as it is.
        depths: its layers that are pooled.
        lessons: what there is to learn.
        teachers: how each of them is taught.
        shipped: how the last one is.
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
    return scholar


def read_both_ways(teacher: Student, lessons: Sequence[Lesson]) -> Reading:
    """What it reads of lessons; of those with a translation, the mean of what it reads of both."""
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
