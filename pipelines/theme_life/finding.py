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
from models.themes.naming import ELSEWHERE, keyphrases, names_of, unlike
from pipelines.ports import StoredExcerpt
from pipelines.theme_life.touchpoints import Taxonomy

_NAMING_SHARE = 0.7
"""Share of a cluster's excerpts that must be about a known concept for it to be named so."""
_NAMING_SURE = 0.4
"""Cosine with the concept from which on an excerpt counts for that."""
_NOTHING = "nothing_to_improve"
"""The concept of answers that say nothing, which never make a theme."""


@dataclass(frozen=True)
class Found:
    """Clusters with their names, before they meet the themes there are.

    Attributes:
        clusters: c clusters.
        vectors: (m, d) of the excerpts that shaped them.
        names: of each cluster, by language; no two are alike.
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
    near = (own * clusters.centroids[clusters.groups]).sum(axis=1)
    core = np.where(near >= clusters.thresholds[clusters.groups], clusters.groups, -1)
    words = keyphrases(
        [texts[at] for at in clusters.rows],
        [languages[at] for at in clusters.rows],
        core,
        clusters.centroids,
        read,
        near,
    )
    keywords = tuple(words.get(at, {}) for at in range(len(clusters.centroids)))
    about = concepts.guess(own, sure=_NAMING_SURE)
    known = _known(core, about, concepts, len(keywords))
    names = _names(clusters, keywords, known, taxonomy)
    before = model.atlas if model is not None and model.dimensions == own.shape[1] else None
    atlas = fit_atlas(own, clusters.groups, seed=seed, before=before)
    return Found(clusters, own, names, keywords, atlas, len(excerpts))


def _known(
    groups: NDArray[np.int64], about: NDArray[np.int64], concepts: ConceptSpace, count: int
) -> list[str | None]:
    """The concept that `_NAMING_SHARE` of each of so many groups is about."""
    found: list[str | None] = []
    for at in range(count):
        own = about[groups == at]
        numbers, counts = np.unique(own[own != NO_CONCEPT], return_counts=True)
        clear = len(counts) and counts.max() >= _NAMING_SHARE * len(own)
        found.append(concepts.names[numbers[counts.argmax()]] if clear else None)
    return found


def _names(
    clusters: Clusters,
    keywords: Sequence[dict[str, list[str]]],
    known: Sequence[str | None],
    taxonomy: Taxonomy | None,
) -> tuple[dict[str, str], ...]:
    """A name of its own for each cluster; of those alike the largest has it plain."""
    count = len(keywords)
    places = [[] for _ in range(count)] if taxonomy is None else taxonomy.names(clusters.centroids)
    sizes = np.bincount(clusters.groups, minlength=count)
    found: dict[int, dict[str, str]] = {}
    for at in np.argsort(-sizes, kind="stable").tolist():
        place = None if taxonomy is None else next(iter(places[at]), ELSEWHERE)
        names = names_of(keywords[at], known[at], place)
        found[at] = unlike(names, keywords[at], list(found.values()), places[at][1:])
    return tuple(found[at] for at in range(count))
