"""Task `signals`: are they named where they are, and only there, in excerpts training never saw?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import precision_recall_fscore_support

from eval import datasets, metrics, written
from eval.results import Mistake, Result
from eval.training.layers import ReadTexts
from models.contracts import LANGUAGES, Vectors
from models.signals import NAMES, hits_of
from pipelines.page import Comment
from pipelines.understanding import Reader

NAME = "signals"
GRAVE = ("legal_threat", "safety", "churn_risk")
"""Signals whose false alarms cost most; their precision has a figure of its own."""

LEAST_SHARE = 0.1
"""Calibration is measured from here; most signals are surely absent from most texts."""


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure the held-out examples, all together and by language, and every `signals_*` file.

    A file has the columns text, language and signals (names joined by `|`).
    """
    examples = written.signal_examples("held_out")
    texts = [one.text for one in examples]
    codes = [one.language for one in examples]
    truth = [one.signals for one in examples]
    yield _measure(reader, "held_out", "all", texts, codes, truth)
    for code in LANGUAGES:
        rows = [at for at, one in enumerate(codes) if one == code]
        yield _measure(
            reader,
            "held_out",
            code,
            [texts[at] for at in rows],
            [code] * len(rows),
            [truth[at] for at in rows],
        )
    for path in datasets.find(data, "signals_*.csv") if data else ():
        rows_of = datasets.read(path, ("text", "language", "signals")).rows
        named = [frozenset(filter(None, row["signals"].split("|"))) for row in rows_of]
        yield _measure(
            reader,
            path.stem,
            "all",
            [row["text"] for row in rows_of],
            [row["language"] for row in rows_of],
            named,
        )


def _measure(
    reader: Reader,
    dataset: str,
    language: str,
    texts: Sequence[str],
    codes: Sequence[str],
    truth: Sequence[frozenset[str]],
) -> Result:
    comments = [Comment(text, language_hint=code) for text, code in zip(texts, codes, strict=True)]
    found = [
        {hit.name: hit.confidence for excerpt in read.excerpts for hit in excerpt.signals}
        for read in reader.read(comments, None)
    ]
    is_there = np.array([[name in own for name in NAMES] for own in truth])
    is_named = np.array([[name in own for name in NAMES] for own in found])
    precision, recall, f1, _ = precision_recall_fscore_support(
        is_there, is_named, average=None, zero_division=0
    )
    sure, right = _confidences(reader, texts, codes, is_there)
    values = {
        "macro_f1": float(f1.mean()),
        "macro_precision": float(precision.mean()),
        "macro_recall": float(recall.mean()),
        "ece": metrics.calibration_error(sure, right),
    }
    for name in GRAVE:
        values[f"precision_{name}"] = float(precision[NAMES.index(name)])
    values |= {f"f1_{name}": float(value) for name, value in zip(NAMES, f1, strict=True)}
    mistakes = [
        Mistake(
            NAME,
            dataset,
            code,
            text,
            "|".join(name for name in NAMES if name in own),
            "|".join(name for name in NAMES if name in answer),
            max((answer[name] for name in answer if name not in own), default=0.0),
        )
        for text, code, own, answer in zip(texts, codes, truth, found, strict=True)
        if set(answer) != set(own)
    ]
    return Result(NAME, dataset, language, len(texts), values, mistakes)


def _confidences(
    reader: Reader, texts: Sequence[str], codes: Sequence[str], is_there: np.ndarray
) -> tuple[Vectors, np.ndarray]:
    """Each text's probabilities of at least `LEAST_SHARE`, and whether they hold."""
    read = ReadTexts.of(reader.encoder, texts, codes)
    _, hits = hits_of(reader.signals.patterns, read.words, [codes[at] for at in read.owners])
    shares = read.largest(reader.signals.model.probabilities(read.words, read.layers, hits))
    likely = shares >= LEAST_SHARE
    return shares[likely], is_there[likely]
