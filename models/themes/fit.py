"""Finds clusters of excerpts with BERTopic: UMAP, then HDBSCAN whose size the data choose."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contracts import TooFewTextsError, Vectors
from models.labels import content_words, says_nothing
from models.themes.reduction import reducer

MIN_TEXTS = 30
SEED = 42
SAMPLE = 10_000
"""Excerpts that shape clusters; of more, so many are drawn, which keeps every language's share."""
SMALLEST = 5
"""Excerpts of the smallest cluster that is looked for."""
SIZES = (0.2, 0.35, 0.6)
"""Smallest clusters that are tried, as factors on the root of the number of excerpts."""
ABSTAIN_SHARE = 0.1
"""Share of a cluster's own members that its threshold leaves out."""
CHANCE = 0.8
"""Share of made-up texts about nothing that no theme takes."""
_MADE_UP = 2_000
_SURELY = 0.999
"""Cosine that no threshold is above."""
_LETTERS = re.compile(r"[^\W\d_]")
_MIN_LETTERS = 8
"""Texts of fewer letters ("ok", "nothing") never shape a theme."""


@dataclass(frozen=True)
class Clusters:
    """What was found, before it has ids and names.

    Attributes:
        rows: m places of excerpts that shaped them, rising.
        groups: (m,) cluster of each.
        centroids: (c, d) float32, rows of unit length, in half precision's steps.
        thresholds: (c,) float32, cosine below which an excerpt is not of the cluster.
        sharpness: see `ThemeModel`.
        smallest: the smallest size that was chosen.
    """

    rows: NDArray[np.int64]
    groups: NDArray[np.int64]
    centroids: Vectors
    thresholds: Vectors
    sharpness: float
    smallest: int

    def of(self, vectors: Vectors, kept: Sequence[int]) -> Clusters:
        """Some of them, and the excerpts, whose (m, d) vectors these are, with the nearest."""
        if len(kept) == len(self.centroids):
            return self
        cosines = vectors @ self.centroids[kept].T
        return replace(
            self,
            groups=cosines.argmax(axis=1),
            centroids=self.centroids[kept],
            thresholds=self.thresholds[kept],
            sharpness=sharpness_of(cosines),
        )


def find_clusters(
    texts: Sequence[str],
    languages: Sequence[str],
    vectors: Vectors,
    guides: NDArray[np.int64] | None = None,
    *,
    boilerplate: int | None = None,
    seed: int = SEED,
) -> Clusters:
    """Find clusters; what lies no nearer to one than chance is not of it.

    Half of a cluster's members are of it in any case.

    Args:
        texts: n excerpts.
        languages: n codes.
        vectors: (n, d) float32 theme vectors.
        guides: (n,) number of the known concept each text seems to be about, -1 for none; they
            guide the search (semi-supervised UMAP) and do not bind it.
        boilerplate: the concept whose texts ("nothing to add") never shape a cluster.
        seed: of the draw and of UMAP; the same input and seed give the same clusters.

    Raises:
        TooFewTextsError: fewer than `MIN_TEXTS` texts say something.
    """
    looked_at = _drawn(np.arange(len(texts)), 2 * SAMPLE, seed)
    telling = is_telling([texts[at] for at in looked_at], [languages[at] for at in looked_at])
    if guides is not None and boilerplate is not None:
        telling &= guides[looked_at] != boilerplate
    rows = looked_at[telling]
    if len(rows) < MIN_TEXTS:
        raise TooFewTextsError(
            f"Themes need at least {MIN_TEXTS} different excerpts that say something; "
            f"there are {len(rows)}. Import more feedback first."
        )
    rows = _drawn(rows, SAMPLE, seed)
    own = vectors[rows]
    shown = [texts[row] for row in rows.tolist()]
    groups, smallest = _cluster(shown, own, None if guides is None else guides[rows], seed)
    centroids = _means(own, groups)
    groups = (own @ centroids.T).argmax(axis=1)
    centroids = _means(own, groups)
    cosines = own @ centroids.T
    groups = cosines.argmax(axis=1)
    typical = thresholds_of(own, groups, centroids, 0.5)
    floor = np.minimum(_chance(own, centroids, seed), typical)
    return Clusters(
        rows,
        groups,
        centroids,
        np.maximum(thresholds_of(own, groups, centroids), floor),
        sharpness_of(cosines),
        smallest,
    )


def is_telling(texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts may shape themes: long enough, and the first of those that are nearly alike.

    Two texts are nearly alike where their letters are the same, or the words they are made of once
    stop words and endings are gone.
    """
    seen: set[Any] = set()
    keep = np.zeros(len(texts), bool)
    for at, (text, language) in enumerate(zip(texts, languages, strict=True)):
        letters = "".join(_LETTERS.findall(text.casefold()))
        words = frozenset(content_words(text, language))
        if len(letters) >= _MIN_LETTERS and not says_nothing(text):
            keep[at] = not {letters, words or letters} & seen
            seen |= {letters, words or letters}
    return keep


def thresholds_of(
    vectors: Vectors, groups: NDArray[Any], centroids: Vectors, share: float = ABSTAIN_SHARE
) -> Vectors:
    """Cosine that all but a share of each group's members reach.

    A member is measured against the mean of the others, for a text that is not among them is what
    the threshold will meet.

    Args:
        vectors: (m, d) float32, unit rows.
        groups: (m,) place of each one's centroid.
        centroids: (c, d).
        share: of the members that are left out.

    Returns:
        (c,) float32; 1 for a group without members.
    """
    found = np.ones(len(centroids), np.float32)
    for at in range(len(centroids)):
        own = vectors[groups == at]
        if len(own):
            others = own.sum(axis=0) - own if len(own) > 1 else own
            norms = np.maximum(np.linalg.norm(others, axis=1), 1e-12)
            found[at] = np.quantile((others * own).sum(axis=1) / norms, share)
    found = np.minimum(found, _SURELY)  # centroids are rounded, and may lie beside every member
    return found


def _chance(vectors: Vectors, centroids: Vectors, seed: int) -> np.float32:
    """Cosine with the nearest theme that `CHANCE` of made-up texts about nothing stay below.

    Made up are normal vectors that vary in every direction as much as the (m, d) real ones do.
    """
    apart = vectors - vectors.mean(axis=0)
    _, spread, axes = np.linalg.svd(apart.T @ apart)
    drawn = np.random.default_rng(seed).standard_normal((_MADE_UP, len(spread)))
    made_up = (drawn * np.sqrt(spread)) @ axes
    made_up /= np.maximum(np.linalg.norm(made_up, axis=1, keepdims=True), 1e-12)
    return np.float32(np.quantile((made_up @ centroids.T).max(axis=1), CHANCE))


def sharpness_of(cosines: Vectors) -> float:
    """Factor at which a typical member's theme has a share of one half or more."""
    if cosines.shape[1] == 1:
        return 1.0
    ordered = np.sort(cosines, axis=1)
    gap = float(np.median(ordered[:, -1] - ordered[:, -2]))
    return round(float(np.log(cosines.shape[1]) / max(gap, 0.01)), 3)


def unit_mean(vectors: Vectors) -> Vectors:
    """Mean of (n, d) vectors at unit length, in half precision's steps: (d,) float32."""
    mean = vectors.mean(axis=0)
    found: Vectors = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float16)
    return found.astype(np.float32)


def _drawn(rows: NDArray[np.int64], most: int, seed: int) -> NDArray[np.int64]:
    """At most so many of the rows, drawn by chance."""
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _cluster(
    texts: Sequence[str], vectors: Vectors, guides: NDArray[np.int64] | None, seed: int
) -> tuple[NDArray[np.int64], int]:
    """Group of each vector by BERTopic, -1 where there is none, and the smallest size it chose."""
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import CountVectorizer

    densest = Densest()
    topics = BERTopic(
        umap_model=reducer(vectors, components=5, seed=seed, min_dist=0.0),
        hdbscan_model=densest,
        vectorizer_model=CountVectorizer(analyzer=str.split),  # names are made elsewhere
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, about each other
        topics.fit(list(texts), vectors, y=_frequent(guides, len(vectors)))
    return densest.labels_, densest.smallest


class Densest:
    """HDBSCAN with the size of its clusters chosen by the data, as BERTopic takes a cluster model.

    Of `SIZES` the one is taken whose groups are densest against the space between them (HDBSCAN's
    estimate of DBCV, Moulavi et al. 2014).

    Attributes:
        labels_: (n,) group of each row, -1 for none.
        smallest: the size that was taken.
    """

    labels_: NDArray[np.int64]
    smallest: int

    def fit(self, reduced: Vectors, y: object = None) -> Densest:
        """Cluster (n, k) reduced vectors; `y` is BERTopic's and says nothing here."""
        from hdbscan import HDBSCAN

        best = -np.inf
        count = len(reduced)
        for size in sorted({max(SMALLEST, round(factor * count**0.5)) for factor in SIZES}):
            found = HDBSCAN(min_cluster_size=size, min_samples=3, gen_min_span_tree=True)
            groups = np.asarray(found.fit_predict(reduced), np.int64)
            worth = float(found.relative_validity_) if groups.max() > 0 else -1.0
            if worth > best:
                best, self.labels_, self.smallest = worth, groups, size
        return self


def _frequent(guides: NDArray[np.int64] | None, count: int) -> NDArray[np.int64] | None:
    """Guides; a concept too rare to be a theme guides nothing, and nothing guides where none is."""
    if guides is None:
        return None
    known, counts = np.unique(guides, return_counts=True)
    rare = known[counts < max(SMALLEST, round(SIZES[0] * count**0.5))]
    kept = np.where(np.isin(guides, rare), -1, guides)
    return kept if (kept >= 0).any() else None


def _means(vectors: Vectors, groups: NDArray[Any]) -> Vectors:
    kept = [group for group in np.unique(groups) if group >= 0]
    if not kept:  # one giant cloud: it is one theme
        kept, groups = [0], np.zeros(len(vectors), np.int64)
    return np.stack([unit_mean(vectors[groups == group]) for group in kept])
