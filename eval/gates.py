"""The least that a release must reach: `gates.toml`, held against measured results."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.results import Result

FILE = Path(__file__).parent / "gates.toml"


@dataclass(frozen=True)
class Gate:
    """A bound on one metric of a task, for a dataset and language or for all of them.

    Attributes:
        dataset: the result's dataset; empty for every one.
        language: the result's language; empty for every one.
        least: the value must not be lower; None for no such bound.
        most: the value must not be higher; None for no such bound.
    """

    task: str
    metric: str
    dataset: str = ""
    language: str = ""
    least: float | None = None
    most: float | None = None

    def concerns(self, result: Result) -> bool:
        """Whether the gate bounds this result."""
        return (
            result.name == self.task
            and self.metric in result.metrics
            and self.dataset in ("", result.dataset)
            and self.language in ("", result.language)
        )


def load(path: Path = FILE) -> list[Gate]:
    """The gates of a file."""
    return [Gate(**table) for table in tomllib.loads(path.read_text("utf-8"))["gate"]]


def failures(gates: Sequence[Gate], results: Iterable[Result]) -> list[str]:
    """A sentence for each result that does not pass a gate; what was not measured passes."""
    found = []
    for result in results:
        for gate in gates:
            if not gate.concerns(result):
                continue
            value = result.metrics[gate.metric]
            where = f"{result.name} {result.dataset} {result.language}: {gate.metric}"
            if gate.least is not None and not value >= gate.least:
                found.append(f"{where} is {value:.3f}, at least {gate.least:g} is required.")
            if gate.most is not None and not value <= gate.most:
                found.append(f"{where} is {value:.3f}, at most {gate.most:g} is allowed.")
    return found
