"""Task `sentiment`: three classes and polarity of whole comments, as the product reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from eval import datasets
from eval.reading import whole_layers
from eval.results import Result
from eval.train import TRAINED_ON, is_feedback_held_out
from models.contracts import POLARITIES
from pipelines.understanding import Reader

NAME = "sentiment"
_BATCH = 512


def run(reader: Reader, data: Path) -> Iterator[Result]:
    """Measure every `sentiment_*` and `feedback_*` file that has labels."""
    for pattern in ("sentiment_*.csv", "feedback_*.csv"):
        for path in datasets.find(data, pattern):
            dataset = datasets.read(path, ("text",))
            rows = [
                row
                for row in unseen_rows(dataset)
                if datasets.sentiment_label(row) in POLARITIES and row["text"].strip()
            ]
            if rows:
                language = datasets.language_of(dataset.name) or "all"
                values = measure(reader, rows, language)
                yield Result(NAME, dataset.name, language, len(rows), values)


def unseen_rows(dataset: datasets.Dataset) -> list[dict[str, str]]:
    """Rows that training has not seen: by the split column, or by the hash training used."""
    rows = datasets.scored_rows(dataset)
    if dataset.name in TRAINED_ON and len(rows) == len(dataset.rows):
        return [row for row in rows if is_feedback_held_out(row["text"])]
    return rows


def measure(reader: Reader, rows: list[dict[str, str]], language: str) -> dict[str, float]:
    """Metrics over rows with a text and one of the three labels."""
    shares = np.concatenate(
        [
            reader.sentiment.probabilities(
                whole_layers(
                    reader.encoder, [row["text"] for row in rows[start : start + _BATCH]], language
                )
            )
            for start in range(0, len(rows), _BATCH)
        ]
    )
    truth = np.array([POLARITIES.index(datasets.sentiment_label(row)) for row in rows])
    guesses = shares.argmax(axis=1)
    polar = truth != POLARITIES.index("neutral")
    is_positive = shares[:, 2] > shares[:, 0]
    values = {
        "macro_f1": float(
            f1_score(truth, guesses, labels=np.unique(truth), average="macro", zero_division=0)
        ),
        "accuracy": float((guesses == truth).mean()),
    }
    if polar.any():
        values["polarity_accuracy"] = float((is_positive == (truth == 2))[polar].mean())
    return values
