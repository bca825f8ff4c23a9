"""Clusters excerpts with BERTopic: several layouts by UMAP, and the HDBSCAN they agree on most."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator, Sequence
from itertools import combinations
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from models.contracts import Vectors
from models.themes.reduction import neighbours, reducer

SMALLEST = 5
"""Excerpts of the smallest cluster that is looked for."""
SIZES = (0.2, 0.25, 0.35, 0.6)
"""Smallest clusters that are tried, as factors on the root of the number of excerpts."""
AS_STEADY = 0.02
"""How much less layouts may agree on a smaller size, which tells more apart, than on the best."""
COMPONENTS = 5
LAYOUTS = 5
"""Layouts that are made of few excerpts; of more, fewer, and two at least."""
LARGEST = 0.5
"""Share of the excerpts that one group may hold: a layout of one cloud and a few specks is like any
other of that kind, and tells nothing."""
_LAID_OUT = 10_000
"""Excerpts that all layouts together lay out, which bounds the time they take."""


def cluster(
    texts: Sequence[str], vectors: Vectors, guides: NDArray[np.int64] | None, seed: int
) -> tuple[NDArray[np.int64], int]:
    """Group of each of (n, d) vectors, -1 where there is none, and the smallest size it chose.

    Args:
        texts: n excerpts, which BERTopic asks for.
        vectors: their theme vectors.
        guides: (n,) number of the concept each seems to be about, -1 for none.
        seed: of the first layout; each further one has the next.
    """
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import CountVectorizer

    steadiest = Steadiest()
    topics = BERTopic(
        umap_model=Layouts(seed),
        hdbscan_model=steadiest,
        vectorizer_model=CountVectorizer(analyzer=str.split),  # names are made elsewhere
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, about each other
        topics.fit(list(texts), vectors, y=_frequent(guides, len(vectors)))
    return steadiest.labels_, steadiest.smallest


class Layouts:
    """Several UMAP layouts side by side, each with a seed of its own, as BERTopic takes a reducer.

    One layout is a lottery: with another seed a third of the groups are others.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def fit_transform(self, vectors: Vectors, y: NDArray[np.int64] | None = None) -> Vectors:
        """(n, d) vectors -> (n, m * `COMPONENTS`), m layouts."""
        count = int(np.clip(_LAID_OUT // len(vectors), 2, LAYOUTS))
        known = neighbours(vectors)
        found = np.empty((len(vectors), count * COMPONENTS), np.float32)
        gc.freeze()  # so that collecting looks at what is made here, and at no dictionary
        try:
            for at in range(count):
                own = reducer(
                    vectors, components=COMPONENTS, seed=self._seed + at, known=known, min_dist=0.0
                )
                found[:, at * COMPONENTS : (at + 1) * COMPONENTS] = own.fit_transform(vectors, y)
                del own
                gc.collect()  # a UMAP model refers to itself, and holds a copy of the vectors
        finally:
            gc.unfreeze()
        return found


class Steadiest:
    """HDBSCAN with the size of its clusters chosen by the data, as BERTopic takes a cluster model.

    Of `SIZES` the smallest is taken whose groups are about as alike from layout to layout as any
    size's (adjusted mutual information, Vinh et al. 2010), and of its layouts the one most like the
    others. HDBSCAN's own estimate of DBCV differs more between layouts than between sizes.

    Attributes:
        labels_: (n,) group of each row, -1 for none.
        smallest: the size that was taken.
    """

    labels_: NDArray[np.int64]
    smallest: int

    def fit(self, layouts: Vectors, y: object = None) -> Steadiest:
        """Cluster (n, m * `COMPONENTS`) layouts; `y` is BERTopic's and says nothing here."""
        sizes = _sizes(len(layouts))
        by_layout = [_groups(own, sizes) for own in _apart(layouts)]
        tried = list(zip(*by_layout, strict=True))
        alike = np.stack([_likeness(groups) for groups in tried])
        steady = alike.mean(axis=1) >= alike.mean(axis=1).max() - AS_STEADY
        chosen = int(steady.argmax())
        self.smallest = sizes[chosen]
        self.labels_ = tried[chosen][int(alike[chosen].argmax())]
        return self


def _sizes(count: int) -> list[int]:
    """Smallest clusters that are tried on so many excerpts, rising."""
    return sorted({max(SMALLEST, round(factor * count**0.5)) for factor in SIZES})


def _apart(layouts: Vectors) -> Iterator[Vectors]:
    for start in range(0, layouts.shape[1], COMPONENTS):
        yield np.ascontiguousarray(layouts[:, start : start + COMPONENTS])


def _groups(layout: Vectors, sizes: Sequence[int]) -> list[NDArray[np.int64]]:
    """Groups of one layout by each smallest size; the tree, most of the work, is grown once."""
    from hdbscan import HDBSCAN

    with TemporaryDirectory() as trees:
        found = (HDBSCAN(min_cluster_size=size, min_samples=3, memory=trees) for size in sizes)
        return [np.asarray(one.fit_predict(layout), np.int64) for one in found]


def _likeness(tried: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """How like the others each of m ways to group is: (m,), -1 where one group is too large."""
    from sklearn.metrics import adjusted_mutual_info_score

    alike = np.zeros((len(tried), len(tried)))
    for one, other in combinations(range(len(tried)), 2):
        alike[one, other] = adjusted_mutual_info_score(tried[one], tried[other])
    means = (alike + alike.T).sum(axis=1) / max(len(tried) - 1, 1)
    return np.where([_falls_apart(groups) for groups in tried], means, -1.0)


def _falls_apart(groups: NDArray[np.int64]) -> bool:
    """Whether there are two groups or more and none is larger than `LARGEST`."""
    counts = np.bincount(groups + 1)[1:]
    return len(counts) > 1 and bool(counts.max() <= LARGEST * len(groups))


def _frequent(guides: NDArray[np.int64] | None, count: int) -> NDArray[np.int64] | None:
    """Guides; a concept too rare to be a theme guides nothing, and nothing guides where none is."""
    if guides is None:
        return None
    known, counts = np.unique(guides, return_counts=True)
    rare = known[counts < _sizes(count)[0]]
    kept = np.where(np.isin(guides, rare), -1, guides)
    return kept if (kept >= 0).any() else None
