"""What a task reports: one result a dataset and language, with named metrics and mistakes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

WORST = 50
"""Mistakes of a language that are listed for a person to read."""


@dataclass(frozen=True)
class Mistake:
    """A row that was read wrongly, and how sure the reader was of its answer."""

    task: str
    dataset: str
    language: str
    text: str
    truth: str
    answer: str
    confidence: float


@dataclass(frozen=True)
class Result:
    """Metrics of one task on one dataset.

    Attributes:
        name: of the task.
        dataset: the file's stem, or the name of the repository's own suite.
        language: a code, or "all" where languages are measured together.
        n: rows scored.
        metrics: values by name; names are fixed by the issues.
        mistakes: rows read wrongly, where the task keeps them.
    """

    name: str
    dataset: str
    language: str
    n: int
    metrics: Mapping[str, float]
    mistakes: Sequence[Mistake] = ()


def write_worst(results: Iterable[Result], folder: Path) -> list[Path]:
    """Write the surest mistakes of each task and language to `worst_<task>_<language>.csv`."""
    found: dict[tuple[str, str], list[Mistake]] = {}
    for result in results:
        for mistake in result.mistakes:
            found.setdefault((mistake.task, mistake.language), []).append(mistake)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for (task, language), own in sorted(found.items()):
        path = folder / f"worst_{task}_{re.sub(r'[^a-zA-Z]', '_', language)}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [field.name for field in fields(Mistake)])
            writer.writeheader()
            worst = sorted(own, key=lambda one: -one.confidence)[:WORST]
            writer.writerows(asdict(one) for one in worst)
        paths.append(path)
    return paths
