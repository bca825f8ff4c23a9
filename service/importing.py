"""Imports a file of feedback in batches, counting every row as imported, duplicate or rejected."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipelines import intake
from pipelines.contracts import RejectedError, Scale
from pipelines.reception import Keyed
from service.connectors.files import BadRow, read_rows
from service.wiring import Odzew

BATCH = 256
BATCH_CHARACTERS = 2_000_000
"""A batch of long comments ends before it has 256."""
LISTED = 100
"""Rejections, and omissions, listed in the summary; the file that `--rejected` names has all."""


@dataclass(frozen=True)
class Rejection:
    """A row that was not taken, and why."""

    row: int
    reason: str


@dataclass(frozen=True)
class Omission:
    """What was left out of a row that was taken, and why."""

    row: int
    reason: str


@dataclass
class Summary:
    """What became of a file: imported + duplicates + rejected = rows."""

    rows: int = 0
    imported: int = 0
    duplicates: int = 0
    seconds: float = 0.0
    rejections: list[Rejection] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """How many rows were not taken."""
        return len(self.rejections)

    def to_json(self) -> dict[str, object]:
        """The summary as the command line prints it."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "seconds": round(self.seconds, 2),
            "rows_per_second": round(self.rows / self.seconds, 1) if self.seconds else None,
            "peak_memory_mb": peak_memory_mb(),
            "rejections": [asdict(one) for one in self.rejections[:LISTED]],
            "omitted": len(self.omissions),
            "omissions": [asdict(one) for one in self.omissions[:LISTED]],
        }


def import_file(
    odzew: Odzew,
    workspace: str,
    path: Path,
    *,
    scale: Scale,
    survey: str,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    on_progress: Callable[[int, int | None], None] = lambda rows, total: None,
) -> Summary:
    """Import a file; each batch is stored whole, so that a broken-off import can be repeated.

    Args:
        odzew: the house.
        workspace: id of the workspace.
        path: CSV, TSV, JSONL, XLSX or Parquet.
        scale: of the scores.
        survey: name of the survey where a row names none.
        encoding: of a text file; found out otherwise.
        mapping: columns by field; None takes the columns with the fields' own names.
        on_progress: called with rows done and rows in all, None where that is not known.

    Raises:
        FileFormatError: the file cannot be read as a table.
        RejectedError: the mapping does not fit the file's columns.
    """
    started = time.monotonic()
    file = read_rows(path, encoding=encoding)
    chosen = dict(mapping) if mapping is not None else intake.own_map(file.columns)
    if file.columns:
        intake.check_map(chosen, file.columns)
    identities = intake.RowIdentities()
    summary = Summary()
    batch: list[tuple[int, Keyed]] = []
    characters = 0
    now = datetime.now(UTC)
    for item in file:
        summary.rows += 1
        if isinstance(item, BadRow):
            summary.rejections.append(Rejection(item.number, item.reason))
        else:
            try:
                answer = intake.read_answer(
                    intake.apply_map(chosen, item.values),
                    scale=scale,
                    survey=survey,
                    now=now,
                    timezone=odzew.settings.zone,
                )
                key = intake.dedupe_key(answer, row_identity=identities.of(item.values))
                batch.append((item.number, Keyed(key, answer)))
                characters += len(answer.text)
            except RejectedError as error:
                summary.rejections.append(Rejection(item.number, str(error)))
        if len(batch) == BATCH or characters >= BATCH_CHARACTERS:
            _store(odzew, workspace, batch, summary)
            characters = 0
            on_progress(summary.rows, file.total)
    _store(odzew, workspace, batch, summary)
    summary.rejections.sort(key=lambda one: one.row)
    on_progress(summary.rows, file.total)
    summary.seconds = time.monotonic() - started
    return summary


def _store(odzew: Odzew, workspace: str, batch: list[tuple[int, Keyed]], summary: Summary) -> None:
    if not batch:
        return
    taken = odzew.take_in(workspace, [keyed for _, keyed in batch])
    for (row, keyed), is_new, refused in zip(batch, taken.new, taken.refused, strict=True):
        if refused is not None:
            summary.rejections.append(Rejection(row, str(refused)))
        elif is_new:
            summary.imported += 1
            summary.omissions += [
                Omission(row, f"{why} The answer was taken without it.")
                for why in keyed.answer.unusable
            ]
        else:
            summary.duplicates += 1
    batch.clear()


def peak_memory_mb() -> int:
    """Most memory this process has held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000)
