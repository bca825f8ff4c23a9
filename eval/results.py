"""What a task reports: one result a dataset and language, with named metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """Metrics of one task on one dataset.

    Attributes:
        name: of the task.
        dataset: the file's stem.
        language: a code, or "all" where languages are measured together.
        n: rows scored.
        metrics: values by name; names are fixed by the issues.
    """

    name: str
    dataset: str
    language: str
    n: int
    metrics: Mapping[str, float]
