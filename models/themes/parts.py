"""Finds groups inside a theme, and groups among excerpts that have none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.contracts import Vectors
from models.themes.fit import SEED

MOST_PARTS = 4
LEAST_SILHOUETTE = 0.06
"""Below it a theme is a round heap, and its parts would be chance."""
LEAST_LIKENESS = 0.3
"""Mean cosine of two excerpts of a group, below which they may lie together by chance."""
_JUDGED_BY = 1_500
"""Excerpts that tell how well it falls apart."""
_LOOKED_AT = 4_000
"""Excerpts that are looked at; of more, every so-manieth, and the others go to the nearest."""


def parts_of(vectors: Vectors) -> NDArray[np.int64]:
    """The part of a theme that each of its excerpts is in: (n, d) float32 -> (n,) numbers.

    k-means with the number of parts, from two to `MOST_PARTS`, whose silhouette is best (Rousseeuw
    1987); all in one where there are too few to part or the best is below `LEAST_SILHOUETTE`.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    seen = vectors[:: -(-len(vectors) // _LOOKED_AT)] if len(vectors) else vectors
    if len(np.unique(seen, axis=0)) < 2 * MOST_PARTS:
        return np.zeros(len(vectors), np.int64)
    tried = []
    for count in range(2, MOST_PARTS + 1):
        found = KMeans(count, n_init=3, random_state=SEED).fit(seen)
        worth = (
            silhouette_score(seen[:_JUDGED_BY], found.labels_[:_JUDGED_BY])
            if (len(np.unique(found.labels_[:_JUDGED_BY])) > 1)
            else -1.0
        )
        tried.append((float(worth), -count, found))
    worth, _, best = max(tried, key=lambda one: one[:2])
    if worth < LEAST_SILHOUETTE:
        return np.zeros(len(vectors), np.int64)
    return np.asarray(best.predict(vectors), np.int64)


def dense_groups(vectors: Vectors, smallest: int) -> NDArray[np.int64]:
    """Groups of excerpts that lie close together: (n, d) float32 -> (n,) numbers, -1 for none.

    Average linkage up to a mean cosine of `LEAST_LIKENESS`, so that a group is one by its own
    closeness, whether there are others or not.
    """
    from sklearn.cluster import AgglomerativeClustering

    none = np.full(len(vectors), -1, np.int64)
    if len(vectors) < smallest:
        return none
    found = AgglomerativeClustering(
        n_clusters=None,
        metric="cosine",
        linkage="average",
        distance_threshold=1 - LEAST_LIKENESS,
    ).fit_predict(vectors)
    numbers, counts = np.unique(found, return_counts=True)
    large = numbers[counts >= smallest]
    return np.where(np.isin(found, large), np.searchsorted(large, found), none)
