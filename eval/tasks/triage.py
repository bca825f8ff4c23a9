"""Task `triage`: do the cases that people call urgent come first?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import ndcg_score

from eval import datasets, written
from eval.results import Mistake, Result
from eval.tasks.priorities import priorities
from models.contracts import LANGUAGES
from pipelines.contracts import LEVELS
from pipelines.understanding import Reader

NAME = "triage"
_FIRST = 20
_ONE_IN = 5
GAINS: dict[str, int] = {level: len(LEVELS) - 1 - at for at, level in enumerate(LEVELS)}
"""Relevance of a level in the ranking: 3 for P1, 0 for P4."""


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure the own cases, the held-out fifth of them beside all, then files of labelled cases.

    Weights may be set by looking at the own cases, but never at the held-out fifth.
    """
    everything = []
    for code in LANGUAGES:
        rows = datasets.read(written.FOLDER / NAME / f"{code}.csv", ("text", "score", "level")).rows
        everything.append((code, rows))
        yield _measure(reader, "own_cases", code, [(code, rows)])
    yield _measure(reader, "own_cases", "all", everything)
    held_out = [
        (code, [row for row in rows if datasets.is_held_out(row["text"], _ONE_IN)])
        for code, rows in everything
    ]
    yield _measure(reader, "own_held_out", "all", held_out)
    for path in datasets.find(data, "triage_*.csv") if data else ():
        dataset = datasets.read(path, ("text", "score", "level"))
        by_language: dict[str, list[dict[str, str]]] = {}
        for row in dataset.rows:
            by_language.setdefault(row.get("language") or "all", []).append(row)
        yield _measure(reader, dataset.name, "all", list(by_language.items()))


def _measure(
    reader: Reader, name: str, language: str, parts: Sequence[tuple[str, list[dict[str, str]]]]
) -> Result:
    rows = [row for _, part in parts for row in part]
    unknown = {row["level"] for row in rows} - {*LEVELS}
    if unknown:
        raise datasets.DatasetError(
            f"{name}: {', '.join(sorted(unknown))} is no level; levels are {', '.join(LEVELS)}."
        )
    said = [
        priority
        for code, part in parts
        for priority in priorities(
            reader,
            [row["text"] for row in part],
            [float(row["score"]) if row["score"].strip() else None for row in part],
            code,
        )
    ]
    truth = np.array([row["level"] == "P1" for row in rows])
    named = np.array([one.level == "P1" for one in said])
    gains = np.array([[GAINS[row["level"]] for row in rows]])
    both = int((truth & named).sum())
    values = {
        "p1_recall": both / max(1, int(truth.sum())),
        "p1_precision": both / max(1, int(named.sum())),
        "same_level": float(
            np.mean([o.level == r["level"] for o, r in zip(said, rows, strict=True)])
        ),
    }
    if len(rows) > 1:
        scores = [[one.score for one in said]]
        values = {"ndcg_at_20": float(ndcg_score(gains, scores, k=_FIRST)), **values}
    mistakes = [
        Mistake(
            NAME,
            name,
            language,
            row["text"],
            row["level"],
            f"{one.level} {one.score}: " + "; ".join(reason.code for reason in one.reasons),
            abs(GAINS[row["level"]] - GAINS[one.level]) / (len(LEVELS) - 1),
        )
        for row, one in zip(rows, said, strict=True)
        if row["level"] != one.level and language != "all"
    ]
    return Result(NAME, name, language, len(rows), values, mistakes)
