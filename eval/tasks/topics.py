"""Task `topics`: do texts about one topic cluster together, whatever their language?"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import datasets, metrics
from eval.results import Result
from models import themes
from models.contracts import TooFewTextsError, Vectors
from pipelines.understanding import Reader

NAME = "topics"


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure every `topics_*` file, all languages together."""
    for path in datasets.find(data, "topics_*.csv") if data else ():
        dataset = datasets.read(path, ("id", "language", "label", "text"))
        rows = datasets.scored_rows(dataset)
        labels = [row["label"] for row in rows]
        languages = [row["language"] for row in rows]
        raw = reader.encoder.encode([row["text"] for row in rows]).vectors
        vectors = reader.theme_vectors(raw, languages)
        found = metrics.kmeans(vectors, len(set(labels))).tolist()
        values = {
            "v_measure": metrics.v_measure(labels, found),
            "language_nmi": metrics.nmi(languages, found),
            "pair_agreement": metrics.pair_agreement([row["id"] for row in rows], found),
        }
        with suppress(TooFewTextsError):  # a small file has no fit to measure
            values |= _fit_metrics(reader, rows, raw, vectors)
        yield Result(NAME, dataset.name, "all", len(rows), values)


def _fit_metrics(
    reader: Reader, rows: list[dict[str, str]], raw: Vectors, vectors: Vectors
) -> dict[str, float]:
    """The product's own fit, and default BERTopic, where each id is in one language only."""
    chosen = one_language_each(rows)
    own = [rows[at] for at in chosen]
    texts = [row["text"] for row in own]
    guides = reader.concepts.guess(vectors[chosen])
    model = themes.fit(texts, [row["language"] for row in own], vectors[chosen], guides)
    matches = [match.id if match else None for match in model.assign(vectors[chosen])]
    plain = default_bertopic(texts, raw[chosen])
    return engine_metrics(own, matches, "engine") | engine_metrics(own, plain, "bertopic")


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


def default_bertopic(texts: list[str], vectors: Vectors) -> list[str | None]:
    """Topics of default BERTopic on raw vectors; its outliers have none. Seeded, to repeat."""
    from bertopic import BERTopic
    from umap import UMAP

    reducer = UMAP(
        n_neighbors=15,
        n_components=5,
        min_dist=0.0,
        metric="cosine",
        random_state=metrics.SEED,
        n_jobs=1,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        topics, _ = BERTopic(umap_model=reducer).fit_transform(texts, vectors)
    return [None if topic < 0 else str(topic) for topic in topics]
