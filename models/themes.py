"""Finds themes with BERTopic in the neutral space and assigns texts to them by centroid."""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models import labels
from models.contracts import ArtifactError, ThemeMatch, TooFewTextsError, Vectors

FORMAT = 1
MIN_TEXTS = 30
SEED = 42
_ABSTAIN_SHARE = 0.05
"""Share of a theme's own members that its threshold leaves out."""
_LETTERS = re.compile(r"[^\W\d_]")
_NAMING_SHARE = 0.4
_MIN_LETTERS = 8
"""Texts of fewer letters ("ok", "nothing") never shape a theme."""


@dataclass(frozen=True)
class Theme:
    """One theme: its id, English-first label and keywords by language."""

    id: str
    label: str
    keywords: dict[str, list[str]]


@dataclass(frozen=True)
class ThemeModel:
    """Centroids with what is needed to assign and to abstain.

    Attributes:
        version: a hash of the content; the same content has the same version.
        themes: t themes.
        centroids: (t, d) float32, rows of unit length.
        thresholds: (t,) float32, cosine below which a text is left without the theme.
        sharpness: factor on cosines before the softmax that gives confidences.
    """

    version: str
    themes: tuple[Theme, ...]
    centroids: Vectors
    thresholds: Vectors
    sharpness: float

    def assign(self, vectors: Vectors) -> list[ThemeMatch | None]:
        """Theme of each of (n, d) vectors, None where the model is unsure."""
        if not len(vectors) or not self.themes:
            return [None] * len(vectors)
        cosines = vectors @ self.centroids.T
        best: list[int] = cosines.argmax(axis=1).tolist()
        shares = _softmax(cosines * self.sharpness)
        matches: list[ThemeMatch | None] = []
        for row, at in enumerate(best):
            theme = self.themes[at]
            sure = cosines[row, at] >= self.thresholds[at]
            confidence = round(float(shares[row, at]), 4)
            matches.append(ThemeMatch(theme.id, theme.label, confidence) if sure else None)
        return matches

    def to_bytes(self) -> bytes:
        """The model as an .npz archive; holds no pickled object."""
        head = {
            "format": FORMAT,
            "version": self.version,
            "sharpness": self.sharpness,
            "themes": [[theme.id, theme.label, theme.keywords] for theme in self.themes],
        }
        file = io.BytesIO()
        np.savez_compressed(
            file,
            head=np.array(json.dumps(head, ensure_ascii=False)),
            centroids=self.centroids,
            thresholds=self.thresholds,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> ThemeModel:
        """Read what `to_bytes` wrote.

        Raises:
            ArtifactError: it is damaged or of another format.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as data:
                head = json.loads(str(data["head"]))
                centroids, thresholds = data["centroids"], data["thresholds"]
            found = head["format"]
            version, sharpness = str(head["version"]), float(head["sharpness"])
            themes = tuple(Theme(*fields) for fields in head["themes"])
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            EOFError,
            BadZipFile,
            zlib.error,
        ) as error:
            raise ArtifactError(f"A stored theme model is damaged ({error}). Refit it.") from error
        if found != FORMAT:
            raise ArtifactError(
                f"A stored theme model has format {found}, this code reads {FORMAT}. "
                "Refit it: odzew themes refit"
            )
        return cls(version, themes, centroids, thresholds, sharpness)


def fit(
    texts: Sequence[str],
    languages: Sequence[str],
    vectors: Vectors,
    guides: NDArray[np.int64] | None = None,
    guide_names: Sequence[str] = (),
    *,
    seed: int = SEED,
) -> ThemeModel:
    """Find themes.

    Args:
        texts: n excerpts.
        languages: n codes.
        vectors: (n, d) float32 theme vectors.
        guides: (n,) number of the known concept each text seems to be about, -1 for none; they
            guide the search (semi-supervised UMAP) and do not bind it.
        guide_names: names of the known concepts by number; a theme that mostly is about one is
            named after it, every other by its own words.
        seed: of UMAP; the same input and seed give the same model.

    Raises:
        TooFewTextsError: fewer than `MIN_TEXTS` texts say something.
    """
    rows: list[int] = np.flatnonzero(_distinct_and_telling(texts)).tolist()
    if len(rows) < MIN_TEXTS:
        raise TooFewTextsError(
            f"Themes need at least {MIN_TEXTS} different excerpts that say something; "
            f"there are {len(rows)}. Import more feedback first."
        )
    chosen = [texts[row] for row in rows]
    groups = _cluster(chosen, vectors[rows], _frequent(guides, rows), seed)
    centroids = _centroids(vectors[rows], groups)
    best = (vectors[rows] @ centroids.T).argmax(axis=1)
    centroids = _centroids(vectors[rows], best)
    cosines = vectors[rows] @ centroids.T
    best = cosines.argmax(axis=1)
    words = labels.keywords(chosen, [languages[row] for row in rows], best.tolist())
    known = _main_guides(guides, rows, best, len(centroids))
    themes = tuple(
        Theme(
            _theme_id(centroid),
            labels.label(words.get(at, {}), _name(guide_names, known[at])),
            words.get(at, {}),
        )
        for at, centroid in enumerate(centroids)
    )
    version = hashlib.sha256(centroids.tobytes()).hexdigest()[:12]
    return ThemeModel(version, themes, centroids, _thresholds(cosines, best), _sharpness(cosines))


def _distinct_and_telling(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts may shape themes: long enough, and the first of those that are alike."""
    seen: set[str] = set()
    keep = np.zeros(len(texts), bool)
    for at, text in enumerate(texts):
        letters = "".join(_LETTERS.findall(text.casefold()))
        keep[at] = len(letters) >= _MIN_LETTERS and letters not in seen
        seen.add(letters)
    return keep


def min_cluster_size(count: int) -> int:
    """Smallest group that counts as a theme: grows with the root of the number of texts."""
    return max(5, round(0.25 * math.sqrt(count)))


def _frequent(guides: NDArray[np.int64] | None, rows: Sequence[int]) -> NDArray[np.int64] | None:
    """Guides of the chosen rows; a concept too rare to be a theme guides nothing."""
    if guides is None:
        return None
    chosen = guides[rows]
    known, counts = np.unique(chosen, return_counts=True)
    rare = known[counts < min_cluster_size(len(rows))]
    return np.where(np.isin(chosen, rare), -1, chosen)


def _name(names: Sequence[str], number: int) -> str | None:
    return names[number] if 0 <= number < len(names) else None


def _main_guides(
    guides: NDArray[np.int64] | None, rows: Sequence[int], groups: NDArray[Any], count: int
) -> list[int]:
    """The concept that `_NAMING_SHARE` of each group's texts are about, -1 where there is none."""
    found = [-1] * count
    if guides is None:
        return found
    chosen = guides[rows]
    for group in range(count):
        own = chosen[groups == group]
        numbers, counts = np.unique(own[own >= 0], return_counts=True)
        if len(counts) and counts.max() >= _NAMING_SHARE * len(own):
            found[group] = int(numbers[counts.argmax()])
    return found


def _cluster(
    texts: Sequence[str], vectors: Vectors, guides: NDArray[np.int64] | None, seed: int
) -> NDArray[np.int64]:
    """Group of each text by BERTopic (UMAP, then HDBSCAN); -1 where it finds none."""
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    reducer = UMAP(
        n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed, n_jobs=1
    )
    clusterer = HDBSCAN(min_cluster_size=min_cluster_size(len(texts)), min_samples=3)
    topics = BERTopic(
        umap_model=reducer,
        hdbscan_model=clusterer,
        vectorizer_model=CountVectorizer(analyzer=str.split),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, about each other
        groups, _ = topics.fit_transform(list(texts), vectors, guides)
    return np.asarray(groups, np.int64)


def _centroids(vectors: Vectors, groups: NDArray[Any]) -> Vectors:
    kept = [group for group in np.unique(groups) if group >= 0]
    if not kept:  # one giant cloud: it is one theme
        kept, groups = [0], np.zeros(len(vectors), np.int64)
    means = np.stack([vectors[groups == group].mean(axis=0) for group in kept])
    centroids: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
    return centroids


def _thresholds(cosines: Vectors, best: NDArray[Any]) -> Vectors:
    return np.array(
        [
            np.quantile(cosines[best == at, at], _ABSTAIN_SHARE) if (best == at).any() else 1.0
            for at in range(cosines.shape[1])
        ],
        np.float32,
    )


def _sharpness(cosines: Vectors) -> float:
    """Factor at which a typical member's theme has a share of one half or more."""
    if cosines.shape[1] == 1:
        return 1.0
    ordered = np.sort(cosines, axis=1)
    gap = float(np.median(ordered[:, -1] - ordered[:, -2]))
    return round(float(np.log(cosines.shape[1]) / max(gap, 0.01)), 3)


def _softmax(values: Vectors) -> Vectors:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    shares: Vectors = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _theme_id(centroid: Vectors) -> str:
    return "thm_" + hashlib.sha256(np.round(centroid, 4).tobytes()).hexdigest()[:12]
