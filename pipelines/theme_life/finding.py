"""Finds clusters in all excerpts and names them: the slow part of a refit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.concepts import NO_CONCEPT, ConceptSpace
from models.contracts import Vectors
from models.themes import Atlas, Clusters, ThemeModel, find_clusters, fit_atlas
from models.themes.fit import SEED
from models.themes.naming import keyphrases, names_of
from pipelines.ports import StoredExcerpt
from pipelines.theme_life.touchpoints import Taxonomy

_NAMING_SHARE = 0.5
"""Share of a cluster's excerpts that must be about a known concept for it to be named so."""
_NOTHING = "nothing_to_improve"
"""The concept of answers that say nothing, which never make a theme."""


@dataclass(frozen=True)
class Found:
    """Clusters with their names, before they meet the themes there are.

    Attributes:
        clusters: c clusters.
        vectors: (m, d) of the excerpts that shaped them.
        names: of each cluster, by language; two may be alike.
        keywords: of each cluster, by language.
        atlas: the map.
        excerpts: how many there were in all.
    """

    clusters: Clusters
    vectors: Vectors
    names: tuple[dict[str, str], ...]
    keywords: tuple[dict[str, list[str]], ...]
    atlas: Atlas
    excerpts: int


def find(
    excerpts: Sequence[StoredExcerpt],
    vectors: Vectors,
    concepts: ConceptSpace,
    model: ThemeModel | None = None,
    taxonomy: Taxonomy | None = None,
    *,
    read: Callable[[list[str], list[str]], Vectors] | None = None,
    seed: int = SEED,
) -> Found:
    """Find and name clusters; seconds to minutes.

    Args:
        excerpts: all n.
        vectors: their (n, d) theme vectors.
        concepts: guides the search and names what it knows.
        model: the model in use, whose map the new one begins from.
        taxonomy: names the place of what is no known concept.
        read: gives phrases of some languages their theme vectors, to choose names by.
        seed: the same input and seed give the same clusters.

    Raises:
        TooFewTextsError: there is too little to find themes in.
    """
    guides = concepts.guess(vectors) if len(excerpts) else np.zeros(0, np.int64)
    texts, languages = [one.text for one in excerpts], [one.language for one in excerpts]
    clusters = find_clusters(
        texts,
        languages,
        vectors,
        guides,
        boilerplate=concepts.number_of(_NOTHING),
        seed=seed,
    )
    own = vectors[clusters.rows]
    words = keyphrases(
        [texts[at] for at in clusters.rows],
        [languages[at] for at in clusters.rows],
        clusters.groups,
        clusters.centroids,
        read,
    )
    keywords = tuple(words.get(at, {}) for at in range(len(clusters.centroids)))
    known = _known(clusters, guides, concepts)
    places = [None] * len(keywords) if taxonomy is None else taxonomy.names(clusters.centroids)
    names = tuple(names_of(*one) for one in zip(keywords, known, places, strict=True))
    before = model.atlas if model is not None and model.dimensions == own.shape[1] else None
    atlas = fit_atlas(own, clusters.groups, seed=seed, before=before)
    return Found(clusters, own, names, keywords, atlas, len(excerpts))


def _known(
    clusters: Clusters, guides: NDArray[np.int64], concepts: ConceptSpace
) -> list[str | None]:
    """The concept that `_NAMING_SHARE` of each cluster's excerpts are about."""
    chosen = guides[clusters.rows]
    found: list[str | None] = []
    for at in range(len(clusters.centroids)):
        own = chosen[clusters.groups == at]
        numbers, counts = np.unique(own[own != NO_CONCEPT], return_counts=True)
        clear = len(counts) and counts.max() >= _NAMING_SHARE * len(own)
        found.append(concepts.names[numbers[counts.argmax()]] if clear else None)
    return found
