"""Four causes in a corpus that grows, and a store whose themes were fitted to them."""

from __future__ import annotations

import numpy as np

from pipelines.theme_life import changes
from pipelines.theme_life.changes import Refit
from pipelines.theme_life.finding import Found
from pipelines.theme_life.touchpoints import Taxonomy, Touchpoint
from tests.models.made_up_texts import DIMENSIONS, Corpus
from tests.pipelines.theme_life.fake_store import FakeThemeStore, found_in, heap, heaps

CAUSES = ("courier", "refund", "locker", "invoice")
NEIGHBOUR = "loud neighbour"
"""A few of the excerpts about an invoice say this."""
PARTIAL = "partial refund"
"""A part of the excerpts about a refund, which lies to one side of the others."""
WEATHER = 9
"""An axis that no theme lies on."""
WHO = "Ewa"
KEYS = [f"about_{cause}" for cause in CAUSES]


def corpus_of(count: int, seed: int) -> Corpus:
    """So many excerpts of each cause, a few that hold a phrase, and some about nothing."""
    return heaps(
        *(heap(cause, at, count, seed + at) for at, cause in enumerate(CAUSES)),
        heap(NEIGHBOUR, 3, max(count // 5, 3), seed + 10),
        heap(PARTIAL, 1, max(count // 3, 3), seed + 12, towards=12, tilt=0.8),
        heap("", WEATHER, max(count // 10, 1), seed + 11),
    )


FIRST = corpus_of(30, 1)
FIFTH_MORE = corpus_of(6, 100)
THRICE = corpus_of(70, 200)
NOTHING = Corpus([], [], np.zeros((0, DIMENSIONS), np.float32), [])


def found_again(content: Corpus) -> Found:
    """A fit finds the four causes again."""
    return found_in(content, **{NEIGHBOUR: "invoice", PARTIAL: "refund"})


def taxonomy() -> Taxonomy:
    """A touchpoint on the axis of each cause."""
    return Taxonomy(
        tuple(Touchpoint(f"about_{cause}", {"en": cause}, {"en": cause}) for cause in CAUSES),
        np.eye(DIMENSIONS, dtype=np.float32)[: len(CAUSES)],
    )


def refitted(store: FakeThemeStore) -> Refit:
    return changes.install(store, found_again(store.content), taxonomy(), who="odzew")


def fitted_store() -> FakeThemeStore:
    """A store after its first fit."""
    store = FakeThemeStore(FIRST)
    refitted(store)
    return store


def ids(store: FakeThemeStore) -> dict[str, str]:
    """Ids of themes by the name that the fit gave them."""
    return {theme.names["en"]: theme.id for theme in store.model.themes}


def rows_of(cause: str, count: int, content: Corpus = FIRST) -> list[int]:
    return [at for at, own in enumerate(content.causes) if own == cause][:count]
