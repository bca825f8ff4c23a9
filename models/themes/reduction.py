"""UMAP as it is used here: seeded, over exact neighbours, which small samples can afford."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contracts import Vectors

NEIGHBOURS = 15
EPOCHS = 200
"""Rounds of the layout; UMAP's own 500 for small samples place clusters no better."""
_AT_ONCE = 1_000


def reducer(
    vectors: Vectors,
    *,
    components: int,
    seed: int,
    known: tuple[NDArray[np.int32], Vectors] | None = None,
    **settings: Any,
) -> Any:
    """A UMAP model for these very (n, d) vectors; the same input and seed give the same layout.

    Neighbours are found exactly: approximate ones take longer on a few thousand rows, and their
    search is compiled anew in every process.
    """
    from umap import UMAP

    found, distances = known or neighbours(vectors)
    return UMAP(
        n_neighbors=found.shape[1],
        n_components=components,
        metric="cosine",
        precomputed_knn=(found, distances),
        random_state=seed,
        n_jobs=1,
        **{"n_epochs": EPOCHS, **settings},
    )


def neighbours(vectors: Vectors, most: int = NEIGHBOURS) -> tuple[NDArray[np.int32], Vectors]:
    """The nearest of each of (n, d) unit rows by cosine, itself first.

    Returns:
        (n, count) places and (n, count) float32 distances, 1 less the cosine.
    """
    count = min(most, len(vectors) - 1)
    found = np.empty((len(vectors), count), np.int32)
    distances = np.empty((len(vectors), count), np.float32)
    for start in range(0, len(vectors), _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, len(vectors)))
        far = np.clip(1 - vectors[rows] @ vectors.T, 0, None)
        far[rows - start, rows] = -1  # itself, whatever else is alike
        nearest = np.argpartition(far, count - 1, axis=1)[:, :count]
        own = np.take_along_axis(far, nearest, axis=1)
        order = np.argsort(own, axis=1, kind="stable")
        found[rows] = np.take_along_axis(nearest, order, axis=1)
        distances[rows] = np.clip(np.take_along_axis(own, order, axis=1), 0, None)
    return found, distances
