"""Finds clusters of excerpts, the same ones in whatever order the excerpts come."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contracts import TooFewTextsError, Vectors
from models.labels import content_words, says_nothing
from models.themes.clustering import cluster

MIN_TEXTS = 30
SEED = 42
SAMPLE = 10_000
"""Excerpts that shape clusters; of more, so many are drawn, which keeps every language's share."""
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
        rows: m places of excerpts that shaped them, in an order that hangs on the excerpts alone.
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

    Half of a cluster's members are of it in any case. The same excerpts give the same clusters in
    whatever order they come.

    Args:
        texts: n excerpts.
        languages: n codes.
        vectors: (n, d) float32 theme vectors.
        guides: (n,) number of the known concept each text seems to be about, -1 for none; they
            guide the search (semi-supervised UMAP) and do not bind it.
        boilerplate: the concept whose texts ("nothing to add") never shape a cluster.
        seed: of the draw and of UMAP; the same excerpts and seed give the same clusters.

    Raises:
        TooFewTextsError: fewer than `MIN_TEXTS` texts say something.
    """
    looked_at = _by_mark(texts, languages, vectors, seed)[: 2 * SAMPLE]
    telling = is_telling([texts[at] for at in looked_at], [languages[at] for at in looked_at])
    if guides is not None and boilerplate is not None:
        telling &= guides[looked_at] != boilerplate
    rows = looked_at[telling]
    if len(rows) < MIN_TEXTS:
        raise TooFewTextsError(
            f"Themes need at least {MIN_TEXTS} different excerpts that say something; "
            f"there are {len(rows)}. Import more feedback first."
        )
    rows = rows[:SAMPLE]
    own = vectors[rows]
    shown = [texts[row] for row in rows.tolist()]
    groups, smallest = cluster(shown, own, None if guides is None else guides[rows], seed)
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


def _by_mark(
    texts: Sequence[str], languages: Sequence[str], vectors: Vectors, seed: int
) -> NDArray[np.int64]:
    """Places of excerpts in the order of a hash of what they say.

    Any first so many are drawn as if by chance, and most of them again when others come in.
    """
    marks = [
        _digest(f"{seed} {language} {text}".encode()) + _digest(vector.tobytes())
        for text, language, vector in zip(texts, languages, vectors, strict=True)
    ]
    return np.array(sorted(range(len(marks)), key=marks.__getitem__), np.int64)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=8).digest()


def _means(vectors: Vectors, groups: NDArray[Any]) -> Vectors:
    kept = [group for group in np.unique(groups) if group >= 0]
    if not kept:  # one giant cloud: it is one theme
        kept, groups = [0], np.zeros(len(vectors), np.int64)
    return np.stack([unit_mean(vectors[groups == group]) for group in kept])
