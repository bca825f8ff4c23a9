"""Runs the evaluation tasks for which a folder has files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.datasets import DatasetError
from eval.results import Result
from eval.tasks import alignment, sample, sentiment, topics
from pipelines.understanding import Reader

DATA_TASKS = {task.NAME: task.run for task in (topics, sentiment, alignment)}
TASKS = (*DATA_TASKS, sample.NAME)


def run(
    reader: Reader,
    data: Path | None,
    names: Sequence[str],
    sample_folder: Path,
    *,
    say: Callable[[str], object],
) -> list[Result]:
    """Results of the named tasks, or of all; without a folder only the sample is measured.

    Raises:
        DatasetError: an unknown task, a missing folder, or a file that cannot be used.
    """
    for name in names:
        if name not in TASKS:
            raise DatasetError(f"There is no task {name!r}. Tasks are: {', '.join(TASKS)}.")
    if data is not None and not data.is_dir():
        raise DatasetError(f"{data} is no folder. Give one with files as docs/evaluation.md says.")
    if data is None and set(names) - {sample.NAME}:
        raise DatasetError("These tasks need a folder with data: --data DIR.")
    results: list[Result] = []
    for name, task in DATA_TASKS.items():
        if data is not None and (not names or name in names):
            results.extend(_said(name, task(reader, data), say))
    if not names or sample.NAME in names:
        results.extend(_said(sample.NAME, sample.run(reader, sample_folder), say))
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
