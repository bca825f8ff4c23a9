"""Task `sample`: are the root causes that the sample's writers meant found again?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval import datasets
from eval.fits import Corpus, fit
from eval.results import Result
from eval.tasks.topics import engine_metrics
from pipelines.page import Comment
from pipelines.understanding import Reader

NAME = "sample"


def run(reader: Reader, folder: Path) -> Iterator[Result]:
    """Fit themes on the whole sample, then score the rows with exactly one cause.

    A row's theme is the one that its comment mentions most surely; a row without any counts as
    unthemed. The product never reads the column `cause`.
    """
    rows = [
        row
        for path in datasets.find(folder, "feedback_*.csv")
        for row in datasets.read(path, ("text", "cause")).rows
        if row["text"].strip()
    ]
    comments = [Comment(row["text"]) for row in rows]
    model = fit(reader, Corpus.of_comments(reader, [row["text"] for row in rows]))
    themed = reader.read(comments, model)
    scored, found = [], []
    for row, said in zip(rows, themed, strict=True):
        if row["cause"] and "|" not in row["cause"]:
            scored.append({**row, "language": said.language.code})
            found.append(said.themes[0].id if said.themes else None)
    values = engine_metrics(scored, found, "engine", label="cause")
    plain = {name.removeprefix("engine_"): value for name, value in values.items()}
    plain["themes"] = float(len(model.themes))
    yield Result(NAME, "sample", "all", len(scored), plain)
