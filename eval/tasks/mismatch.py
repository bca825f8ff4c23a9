"""Task `mismatch`: are scores that contradict their text found, and only those?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import precision_recall_fscore_support

from eval import datasets, metrics, written
from eval.results import Mistake, Result
from eval.tasks.sentiment import unseen_rows
from models.contracts import LANGUAGES, POLARITIES
from pipelines.contracts import Scale
from pipelines.mismatch import contradiction
from pipelines.page import Comment
from pipelines.understanding import Reader

NAME = "mismatch"
_PATIENTS = Scale(1, 5, higher_is_better=False)
"""Of `score_1_best`."""
_POLARITY = {name: name for name in POLARITIES}


@dataclass(frozen=True)
class Case:
    """An answer and whether its score contradicts its text."""

    text: str
    score: float
    scale: Scale
    is_mismatch: bool


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure the own lines, then files of feedback with `score_1_best` and a rated sentiment.

    In those a row is a mismatch where a score at the good end has a text rated negative, or one at
    the bad end a text rated positive.
    """
    for code in LANGUAGES:
        path = written.FOLDER / NAME / f"{code}.csv"
        rows = datasets.read(
            path, ("text", "score", "min", "max", "higher_is_better", "mismatch")
        ).rows
        yield _measure(reader, "own_lines", code, [_own(row) for row in rows])
    for path in datasets.find(data, "feedback_*.csv") if data else ():
        dataset = datasets.read(path, ("text",))
        cases = [case for row in unseen_rows(dataset) if (case := _rated(row)) is not None]
        if cases:
            yield _measure(reader, dataset.name, datasets.language_of(dataset.name), cases)


def _own(row: dict[str, str]) -> Case:
    scale = Scale(float(row["min"]), float(row["max"]), row["higher_is_better"] == "1")
    return Case(row["text"], float(row["score"]), scale, row["mismatch"] == "1")


def _rated(row: dict[str, str]) -> Case | None:
    score, mood = row.get("score_1_best", ""), datasets.sentiment_label(row)
    if not score.isdecimal() or mood not in _POLARITY:
        return None
    return Case(
        row["text"],
        float(score),
        _PATIENTS,
        contradiction(_POLARITY[mood], float(score), _PATIENTS) is not None,
    )


def _measure(reader: Reader, dataset: str, language: str, cases: Sequence[Case]) -> Result:
    hint = language if language in LANGUAGES else None
    read = reader.read(
        [Comment(one.text, language_hint=hint, score=one.score, scale=one.scale) for one in cases],
        None,
    )
    truth = np.array([one.is_mismatch for one in cases])
    named = np.array([one.mismatch is not None for one in read])
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, named, average="binary", zero_division=0
    )
    sure = [one.mismatch.confidence for one in read if one.mismatch is not None]
    values = {
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(f1),
        "ece": metrics.calibration_error(sure, truth[named]),
        "share": float(truth.mean()),
    }
    mistakes = [
        Mistake(
            NAME,
            dataset,
            language,
            case.text,
            f"{case.score:g}, mismatch {case.is_mismatch}",
            said.sentiment.label if said.sentiment else "",
            said.sentiment.confidence if said.sentiment else 0.0,
        )
        for case, said, wrong in zip(cases, read, truth != named, strict=True)
        if wrong
    ]
    return Result(NAME, dataset, language, len(cases), values, mistakes)
