"""Task `aspects`: do sentences about one aspect lie together, and apart from their polarity?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from eval import datasets, metrics
from eval.fits import Corpus
from eval.results import Result
from eval.tasks.topics import both_fits
from models.contracts import TooFewTextsError, Vectors
from pipelines.understanding import Reader

NAME = "aspects"
CLUSTERS = 25
_FEWEST = 20
"""Sentences that a language needs for another's to be judged by it."""


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure every `aspects_*` file with the column `categories`, all languages together."""
    for path in datasets.find(data, "aspects_*.csv") if data else ():
        if "categories" not in datasets.columns(path):
            continue
        dataset = datasets.read(path, ("text", "language", "categories"))
        rows = [
            {**row, "label": category}
            for row in dataset.rows
            if row["text"].strip() and (category := only_category(row["categories"]))
        ]
        if len(rows) < CLUSTERS:
            continue
        labels = [row["label"] for row in rows]
        languages = [row["language"] for row in rows]
        corpus = Corpus.of_texts(reader, [row["text"] for row in rows], languages)
        found = metrics.kmeans(corpus.vectors, CLUSTERS).tolist()
        values = {
            "v_measure": metrics.v_measure(labels, found),
            "language_nmi": metrics.nmi(languages, found),
            "raw_v_measure": metrics.v_measure(
                labels, metrics.kmeans(corpus.raw, CLUSTERS).tolist()
            ),
        }
        transfer = transfer_accuracy(corpus.vectors, languages, labels)
        if transfer is not None:
            values["transfer_accuracy"] = transfer
        with suppress(TooFewTextsError):
            values |= both_fits(reader, rows, corpus)
        yield Result(NAME, dataset.name, "all", len(rows), values)


def only_category(categories: str) -> str:
    """The one category of `CATEGORY#ASPECT=polarity|...`; empty where there are several."""
    found = {one.partition("=")[0] for one in categories.split("|") if one}
    return found.pop() if len(found) == 1 else ""


def transfer_accuracy(vectors: Vectors, languages: list[str], labels: list[str]) -> float | None:
    """How often a language's sentences lie nearest to the right category's middle of another.

    Returns:
        The mean over pairs of languages; None where there are not two.
    """
    codes = [code for code in sorted(set(languages)) if languages.count(code) >= _FEWEST]
    spoken, named = np.array(languages), np.array(labels)
    found = []
    for known in codes:
        for tried in codes:
            if known == tried:
                continue
            own = spoken == known
            shared = sorted(set(named[own]) & set(named[spoken == tried]))
            rows = (spoken == tried) & np.isin(named, shared)
            middles = np.stack([vectors[own & (named == one)].mean(axis=0) for one in shared])
            middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-12)
            best = np.array(shared)[(vectors[rows] @ middles.T).argmax(axis=1)]
            found.append(float((best == named[rows]).mean()))
    return float(np.mean(found)) if found else None
