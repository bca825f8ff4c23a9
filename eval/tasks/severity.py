"""Task `severity`: does priority, from the text alone, follow how severe people found a comment?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from eval import datasets
from eval.results import Result
from eval.tasks.priorities import priorities
from pipelines.understanding import Reader

NAME = "severity"
_TOP = 0.1


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure files of comments with a criticality from -5 (worst) to 5; no score is given."""
    for path in datasets.find(data, "severity_*.csv") if data else ():
        dataset = datasets.read(path, ("text", "criticality"))
        rows = [row for row in dataset.rows if row["criticality"].strip()]
        language = datasets.language_of(dataset.name)
        try:
            severe = -np.array([float(row["criticality"]) for row in rows])
        except ValueError as error:
            raise datasets.DatasetError(f"{path}: a criticality is no number: {error}") from error
        if not len(rows):
            continue
        said = priorities(reader, [row["text"] for row in rows], [None] * len(rows), language)
        scores = np.array([float(one.score) for one in said])
        yield Result(NAME, dataset.name, language, len(rows), measures(scores, severe))


def measures(scores: NDArray[np.float64], severe: NDArray[np.float64]) -> dict[str, float]:
    """How an order by score follows severity (greater is worse).

    `top_tenth_severity` is the mean severity of the tenth that comes first; of comments with the
    same score, the mean of every order they may come in. `top_tenth_best` is the best there is.
    """
    bad = severe > 0
    top = max(1, round(len(scores) * _TOP))
    return {
        "spearman": _spearman(scores, severe),
        "spearman_negatives": _spearman(scores[bad], severe[bad]),
        "top_tenth_severity": _mean_of_first(scores, severe, top),
        "top_tenth_best": float(np.sort(severe)[::-1][:top].mean()),
    }


def _spearman(scores: NDArray[np.float64], severe: NDArray[np.float64]) -> float:
    """Spearman's rank correlation; 0 where either is the same throughout."""
    if len(scores) < 2 or len(set(scores)) < 2 or len(set(severe)) < 2:
        return 0.0
    return float(spearmanr(scores, severe).statistic)


def _mean_of_first(scores: NDArray[np.float64], severe: NDArray[np.float64], top: int) -> float:
    edge = np.sort(scores)[::-1][top - 1]
    over, tied = severe[scores > edge], severe[scores == edge]
    return float((over.sum() + tied.mean() * (top - len(over))) / top)
