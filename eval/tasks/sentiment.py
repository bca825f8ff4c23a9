"""Task `sentiment`: three classes and polarity of whole comments, as the product reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from eval import datasets, metrics, written
from eval.results import Mistake, Result
from eval.training.sources import FEEDBACK_HELD_OUT, TRAINED_ON
from models.contracts import LANGUAGES, POLARITIES
from pipelines.page import Comment
from pipelines.understanding import Reader

NAME = "sentiment"
OWN = "posts"
"""The repository's own suite: held-out posts and survey answers."""
COVERAGE = 0.8


@dataclass(frozen=True)
class Suite:
    """Texts of one dataset and language with their labels, one of `POLARITIES`."""

    dataset: str
    language: str
    texts: Sequence[str]
    labels: Sequence[str]


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure the own posts and every `sentiment_*` and `feedback_*` file that has labels."""
    for suite in suites(data):
        yield measure(reader, suite)


def suites(data: Path | None) -> Iterator[Suite]:
    """What is measured: rows that training has not seen, with a text and one of three labels."""
    posts = written.posts(held_out=True)
    for code in LANGUAGES:
        own = [one for one in posts if one.language == code]
        yield Suite(OWN, code, [one.text for one in own], [one.label for one in own])
    for dataset in labelled_files(data):
        rows = usable(unseen_rows(dataset))
        if rows:
            yield Suite(
                dataset.name,
                datasets.language_of(dataset.name) or "all",
                [row["text"] for row in rows],
                [datasets.sentiment_label(row) for row in rows],
            )


def labelled_files(data: Path | None) -> Iterator[datasets.Dataset]:
    """Every `sentiment_*` and `feedback_*` file of a folder."""
    for pattern in ("sentiment_*.csv", "feedback_*.csv"):
        for path in datasets.find(data, pattern) if data else ():
            yield datasets.read(path, ("text",))


def usable(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Rows with a text and one of the three labels."""
    return [
        row for row in rows if datasets.sentiment_label(row) in POLARITIES and row["text"].strip()
    ]


def unseen_rows(dataset: datasets.Dataset) -> list[dict[str, str]]:
    """Rows that training has not seen: by the split column, or by the hash training used."""
    rows = datasets.scored_rows(dataset)
    if dataset.name in TRAINED_ON and len(rows) == len(dataset.rows):
        return [row for row in rows if datasets.is_held_out(row["text"], FEEDBACK_HELD_OUT)]
    return rows


def measure(reader: Reader, suite: Suite) -> Result:
    """Read a suite as the product does and score it; without words a text counts as neutral."""
    hint = suite.language if suite.language in LANGUAGES else None
    read = reader.read([Comment(text, language_hint=hint) for text in suite.texts], None)
    moods = [one.sentiment for one in read]
    guesses = [mood.label if mood else "neutral" for mood in moods]
    sure = np.array([mood.confidence if mood else 0.0 for mood in moods])
    scores = np.array([mood.score if mood else 0.0 for mood in moods])
    values = class_metrics(suite.labels, guesses, scores)
    right = np.array([a == b for a, b in zip(guesses, suite.labels, strict=True)])
    values["ece"] = metrics.calibration_error(sure, right)
    values["accuracy_at_80"] = metrics.accuracy_at(sure, right, COVERAGE)
    mistakes = [
        Mistake(NAME, suite.dataset, suite.language, text, truth, guess, float(confidence))
        for text, truth, guess, confidence in zip(
            suite.texts, suite.labels, guesses, sure, strict=True
        )
        if truth != guess
    ]
    return Result(NAME, suite.dataset, suite.language, len(read), values, mistakes)


def class_metrics(
    labels: Sequence[str], guesses: Sequence[str], scores: Sequence[float] | np.ndarray
) -> dict[str, float]:
    """Macro F1 over the classes that occur, accuracy, and accuracy of the sign of the score."""
    truth, found = np.array(labels), np.array(guesses)
    polar = truth != "neutral"
    values = {
        "macro_f1": float(
            f1_score(truth, found, labels=np.unique(truth), average="macro", zero_division=0)
        ),
        "accuracy": float((found == truth).mean()),
    }
    if polar.any():
        positive = np.asarray(scores) > 0
        values["polarity_accuracy"] = float((positive == (truth == "positive"))[polar].mean())
    return values
