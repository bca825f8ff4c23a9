"""Measures that several tasks share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score, v_measure_score

from models.contracts import Vectors

STARTS = 10
SEED = 0
BINS = 10


def kmeans(vectors: Vectors, k: int) -> NDArray[np.int64]:
    """Cluster of each row by k-means with `STARTS` starts and a fixed seed."""
    found: NDArray[np.int64] = KMeans(k, n_init=STARTS, random_state=SEED).fit_predict(vectors)
    return found


def v_measure(labels: Sequence[Hashable], clusters: Sequence[Hashable]) -> float:
    """V-measure (Rosenberg and Hirschberg 2007), 0-1; 0 for no rows."""
    return float(v_measure_score(_numbers(labels), _numbers(clusters))) if len(labels) else 0.0


def nmi(left: Sequence[Hashable], right: Sequence[Hashable]) -> float:
    """Normalised mutual information, arithmetic mean, 0-1; 0 for no rows."""
    if not len(left):
        return 0.0
    return float(normalized_mutual_info_score(_numbers(left), _numbers(right)))


def pair_agreement(ids: Sequence[Hashable], clusters: Sequence[Hashable]) -> float:
    """Share of pairs with the same id (translations of each other) that share a cluster."""
    by_id: dict[Hashable, list[Hashable]] = defaultdict(list)
    for one, cluster in zip(ids, clusters, strict=True):
        by_id[one].append(cluster)
    agreed = [a == b for group in by_id.values() for a, b in combinations(group, 2)]
    return float(np.mean(agreed)) if agreed else 0.0


def _numbers(values: Sequence[Hashable]) -> list[int]:
    order = {value: at for at, value in enumerate(dict.fromkeys(values))}
    return [order[value] for value in values]


def calibration_error(
    confidences: Sequence[float] | NDArray[np.floating], right: Sequence[bool] | NDArray[np.bool_]
) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017); 0 for no rows."""
    sure, hits = np.asarray(confidences, np.float64), np.asarray(right, np.float64)
    if not len(sure):
        return 0.0
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        abs(hits[bins == one].mean() - sure[bins == one].mean()) * (bins == one).mean()
        for one in np.unique(bins)
    ]
    return float(sum(gaps))


def accuracy_at(
    confidences: Sequence[float] | NDArray[np.floating],
    right: Sequence[bool] | NDArray[np.bool_],
    coverage: float,
) -> float:
    """Accuracy over the surest share `coverage` of rows: what is left when the rest abstains."""
    sure, hits = np.asarray(confidences), np.asarray(right, np.float64)
    count = max(1, round(len(sure) * coverage))
    chosen = np.argsort(-sure, kind="stable")[:count]
    return float(hits[chosen].mean()) if len(sure) else 0.0
