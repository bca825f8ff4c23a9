"""Task `topics`: do texts about one topic cluster together, whatever their language?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import datasets, metrics
from eval.fits import Corpus, bertopic_themes, fit, themes_of
from eval.results import Result
from models.contracts import TooFewTextsError
from pipelines.understanding import Reader

NAME = "topics"


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure every `topics_*` file, all languages together."""
    for path in datasets.find(data, "topics_*.csv") if data else ():
        dataset = datasets.read(path, ("id", "language", "label", "text"))
        rows = datasets.scored_rows(dataset)
        labels = [row["label"] for row in rows]
        languages = [row["language"] for row in rows]
        corpus = Corpus.of_texts(reader, [row["text"] for row in rows], languages)
        found = metrics.kmeans(corpus.vectors, len(set(labels))).tolist()
        values = {
            "v_measure": metrics.v_measure(labels, found),
            "language_nmi": metrics.nmi(languages, found),
            "pair_agreement": metrics.pair_agreement([row["id"] for row in rows], found),
        }
        with suppress(TooFewTextsError):  # a small file has no fit to measure
            chosen = one_language_each(rows)
            own = [rows[at] for at in chosen]
            values |= both_fits(reader, own, corpus.of(chosen))
        yield Result(NAME, dataset.name, "all", len(rows), values)


def both_fits(
    reader: Reader, rows: list[dict[str, str]], corpus: Corpus, label: str = "label"
) -> dict[str, float]:
    """Metrics of the product's own fit, and of default BERTopic's."""
    ours = themes_of(fit(reader, corpus), corpus)
    return engine_metrics(rows, ours, "engine", label) | engine_metrics(
        rows, bertopic_themes(corpus), "bertopic", label
    )


def one_language_each(rows: list[dict[str, str]]) -> NDArray[np.int64]:
    """Rows of a corpus in which each id appears in one of its languages only, by a hash."""
    by_id: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        by_id.setdefault(row["id"], []).append(at)
    chosen = [
        sorted(group, key=lambda at: rows[at]["language"])[datasets.bucket(key, len(group))]
        for key, group in by_id.items()
    ]
    return np.array(sorted(chosen))


def engine_metrics(
    rows: list[dict[str, str]], found: list[str | None], prefix: str, label: str = "label"
) -> dict[str, float]:
    """V-measure and language NMI over the rows with a theme, and the share without one."""
    themed = [(row, theme) for row, theme in zip(rows, found, strict=True) if theme is not None]
    clusters = [theme for _, theme in themed]
    return {
        f"{prefix}_v_measure": metrics.v_measure([row[label] for row, _ in themed], clusters),
        f"{prefix}_language_nmi": metrics.nmi([row["language"] for row, _ in themed], clusters),
        f"{prefix}_unthemed_share": 1 - len(themed) / max(len(rows), 1),
    }
