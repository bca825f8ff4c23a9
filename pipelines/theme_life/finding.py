"""Finds clusters in all excerpts and names them: the slow part of a refit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.concepts import NO_CONCEPT, ConceptSpace
from models.contracts import LANGUAGES, Vectors
from models.themes import Atlas, Clusters, ThemeModel, find_clusters, fit_atlas
from models.themes.fit import SEED
from models.themes.keyphrases import keyphrases
from models.themes.naming import VARIOUS, known_names, names_of, unlike
from models.themes.terms import terms_of
from pipelines.ports import StoredExcerpt
from pipelines.theme_life.touchpoints import MOSTLY, PARTLY, Taxonomy

_NAMING_SHARE = 0.6
"""Share of a cluster's excerpts that must be about a known concept for it to be named so."""
_PARTLY_KNOWN = 0.5
"""The same for a concept to stand before terms."""
_NAMING_SURE = 0.4
"""Cosine with the concept from which on an excerpt counts for that."""
_OFTEN = 5
"""Excerpts of a language from which on it should have a phrase that says what they are about."""
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
    """Find and name clusters; seconds to minutes. What nothing can be said of is no cluster.

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
    shown = [texts[at] for at in clusters.rows]
    codes = [languages[at] for at in clusters.rows]
    phrases = keyphrases(shown, codes, core, clusters.centroids, read, near)
    terms = terms_of(shown, codes, core, near, clusters.centroids, read)
    every = range(len(clusters.centroids))
    about = concepts.guess(own, sure=_NAMING_SURE)
    said = [
        _Said(
            phrases.get(at, {}),
            terms[at],
            _known(about[core == at], concepts, _NAMING_SHARE),
            _known(about[core == at], concepts, _PARTLY_KNOWN),
            Counter(codes[row] for row in np.flatnonzero(core == at)),
            clusters.centroids[at],
            own[core == at],
            taxonomy,
        )
        for at in every
    ]
    kept = [at for at in every if said[at].can_be_named] or list(every)
    clusters, said = clusters.of(own, kept), [said[at] for at in kept]
    names = _names(said, np.bincount(clusters.groups, minlength=len(said)))
    keywords = tuple(one.phrases for one in said)
    before = model.atlas if model is not None and model.dimensions == own.shape[1] else None
    atlas = fit_atlas(own, clusters.groups, seed=seed, before=before)
    return Found(clusters, own, names, keywords, atlas, len(excerpts))


@dataclass(frozen=True)
class _Said:
    """What may name a cluster.

    Attributes:
        phrases: its phrases by language, best first.
        terms: names of the terms that set it apart, by language, best first.
        known: the concept that it is about.
        partly: the concept that a good part of it is about.
        spoken: how many of its excerpts are in each language.
        centroid: (d,) its middle.
        excerpts: (n, d) of its own.
        taxonomy: the touchpoints there are.
    """

    phrases: dict[str, list[str]]
    terms: list[dict[str, str]]
    known: str | None
    partly: str | None
    spoken: Counter[str]
    centroid: Vectors
    excerpts: Vectors
    taxonomy: Taxonomy | None

    @cached_property
    def places(self) -> list[Mapping[str, str]]:
        """Names of the touchpoints near it, the nearest first."""
        return self.taxonomy.names(self.centroid) if self.taxonomy else []

    @property
    def can_be_named(self) -> bool:
        """Whether it is about anything: a concept, a place, terms, or what languages all say."""
        often = [code for code in LANGUAGES if self.spoken[code] >= _OFTEN]
        says = self.phrases and all(code in self.phrases for code in often)
        return bool(self.known or self._near or len(self.terms) > 1 or (says and self.names()))

    def names(self) -> dict[str, str]:
        """Names in every language; of what says nothing of its own, the place it lies near."""
        place, near = self._place(MOSTLY), self._near
        return names_of(self.phrases, self.known, place, near, self.terms) or dict(near or {})

    @property
    def _near(self) -> Mapping[str, str] | None:
        """What stands before its terms: a touchpoint, a concept, or beside one term the nearest."""
        partly = self._place(PARTLY) or known_names().get(self.partly or "")
        return partly or (next(iter(self.places), None) if len(self.terms) == 1 else None)

    def _place(self, share: float) -> Mapping[str, str] | None:
        if self.taxonomy is None:
            return None
        return self.taxonomy.place(self.centroid, self.excerpts, share)


def _known(about: NDArray[np.int64], concepts: ConceptSpace, share: float) -> str | None:
    """The concept that so large a share of a cluster's excerpts are about."""
    numbers, counts = np.unique(about[about != NO_CONCEPT], return_counts=True)
    clear = len(counts) and counts.max() >= share * len(about)
    return concepts.names[numbers[counts.argmax()]] if clear else None


def _names(said: Sequence[_Said], sizes: NDArray[np.int64]) -> tuple[dict[str, str], ...]:
    """A name of its own for each cluster; of those alike the largest has it plain."""
    found: dict[int, dict[str, str]] = {}
    for at in np.argsort(-sizes, kind="stable").tolist():
        one = said[at]
        found[at] = unlike(
            one.names() or VARIOUS, one.phrases, list(found.values()), one.places, one.terms
        )
    return tuple(found[at] for at in range(len(said)))
