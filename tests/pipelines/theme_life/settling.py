"""A corpus of four causes and what fits make of it."""

from __future__ import annotations

from functools import cache

import numpy as np

from models.themes import ThemeModel
from pipelines.theme_life.fates import Fate
from pipelines.theme_life.refit import Settled, settle
from pipelines.theme_life.touchpoints import Taxonomy, Touchpoint
from tests.models.made_up_texts import DIMENSIONS, Corpus
from tests.pipelines.theme_life.fake_store import found_in, heap, heaps

CAUSES = ("courier", "refund", "locker", "invoice")
WEATHER = 9
"""An axis that no theme lies on."""


def corpus_of(count: int, seed: int) -> Corpus:
    """So many excerpts of each cause."""
    return heaps(*(heap(cause, at, count, seed + at) for at, cause in enumerate(CAUSES)))


@cache
def first() -> tuple[Corpus, Settled]:
    """A corpus and its first fit."""
    content = corpus_of(30, 1)
    return content, settle(found_in(content), None, None)


def themes_of(model: ThemeModel, content: Corpus) -> list[str | None]:
    return [one.first.id if one.first else None for one in model.assign(content.vectors)]


def leaning(tilt: float, count: int = 30, seed: int = 60) -> tuple[Corpus, Corpus]:
    """Two causes that lean to either side of the courier's axis."""
    return (
        heap("late", 0, count, seed, towards=WEATHER, tilt=tilt),
        heap("rude", 0, count, seed + 1, towards=WEATHER, tilt=-tilt),
    )


def taxonomy() -> Taxonomy:
    """Touchpoints on the axes of courier, refund, locker and invoice."""
    return Taxonomy(
        tuple(Touchpoint(f"about_{cause}", {"en": cause}, {"en": cause}) for cause in CAUSES),
        np.eye(DIMENSIONS, dtype=np.float32)[: len(CAUSES)],
    )


def fates(settled: Settled, kind: str) -> list[Fate]:
    return [fate for fate in settled.fates if fate.kind == kind]
