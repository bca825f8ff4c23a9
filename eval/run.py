"""Runs the evaluation tasks: on the repository's own suites, and on what files a folder has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.datasets import DatasetError
from eval.results import Result
from eval.tasks import (
    alignment,
    aspects,
    baselines,
    drafts,
    labels,
    language,
    mismatch,
    pii,
    robustness,
    sample,
    sentiment,
    severity,
    signals,
    stability,
    topics,
    triage,
    vocatives,
)
from pipelines.understanding import Reader


@dataclass(frozen=True)
class Bench:
    """What is measured, and on what.

    Attributes:
        data: folder with evaluation files, or None for the own suites alone.
        sample: folder of the sample workspace.
        weights: folder of the packaged encoder, for the baselines.
    """

    reader: Reader
    data: Path | None
    sample: Path
    weights: Path


Task = Callable[[Bench], Iterator[Result]]

TASKS: dict[str, Task] = {
    topics.NAME: lambda bench: topics.run(bench.reader, bench.data),
    sentiment.NAME: lambda bench: sentiment.run(bench.reader, bench.data),
    robustness.NAME: lambda bench: robustness.run(bench.reader, bench.data),
    mismatch.NAME: lambda bench: mismatch.run(bench.reader, bench.data),
    severity.NAME: lambda bench: severity.run(bench.reader, bench.data),
    drafts.NAME: lambda bench: drafts.run(),
    vocatives.NAME: lambda bench: vocatives.run(bench.data),
    triage.NAME: lambda bench: triage.run(bench.reader, bench.data),
    signals.NAME: lambda bench: signals.run(bench.reader, bench.data),
    language.NAME: lambda bench: language.run(bench.reader, bench.data),
    pii.NAME: lambda bench: pii.run(bench.reader, bench.data),
    alignment.NAME: lambda bench: alignment.run(bench.reader, bench.data),
    aspects.NAME: lambda bench: aspects.run(bench.reader, bench.data),
    labels.NAME: lambda bench: labels.run(bench.reader, bench.sample),
    stability.NAME: lambda bench: stability.run(bench.reader, bench.data),
    sample.NAME: lambda bench: sample.run(bench.reader, bench.sample),
    baselines.NAME: lambda bench: baselines.run(bench.data, bench.weights),
}


def run(bench: Bench, names: Sequence[str] = (), *, say: Callable[[str], object]) -> list[Result]:
    """Results of the named tasks, or of all.

    Raises:
        DatasetError: an unknown task, a missing folder, or a file that cannot be used.
    """
    for name in names:
        if name not in TASKS:
            raise DatasetError(f"There is no task {name!r}. Tasks are: {', '.join(TASKS)}.")
    if bench.data is not None and not bench.data.is_dir():
        raise DatasetError(
            f"{bench.data} is no folder. Give one with files as docs/evaluation.md says."
        )
    results: list[Result] = []
    for name, task in TASKS.items():
        if not names or name in names:
            results.extend(_said(name, task(bench), say))
    return results


def _said(name: str, results: Iterable[Result], say: Callable[[str], object]) -> Iterable[Result]:
    say(f"{name} ...")
    for one in results:
        say(f"{name} {one.dataset} {one.language}: done, {one.n} rows")
        yield one


def to_json(results: Sequence[Result]) -> dict[str, Any]:
    """The results in the shape that `--json` writes."""
    return {
        "tasks": [
            {
                "name": one.name,
                "dataset": one.dataset,
                "language": one.language,
                "n": one.n,
                "metrics": {name: round(value, 4) for name, value in one.metrics.items()},
            }
            for one in results
        ]
    }
