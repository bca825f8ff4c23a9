"""Reads evaluation files: named by kind, shaped as the data folder's README says."""

from __future__ import annotations

import csv
import sys
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class DatasetError(Exception):
    """An evaluation file cannot be used; the message says why."""


@dataclass(frozen=True)
class Dataset:
    """Rows of one file; `name` is the file's stem."""

    name: str
    rows: list[dict[str, str]]

    def column(self, name: str) -> list[str]:
        """The values of one column, in row order."""
        return [row[name] for row in self.rows]


def read(path: Path, needed: Iterable[str] = ()) -> Dataset:
    """Read a CSV file.

    Raises:
        DatasetError: it cannot be read or lacks a needed column.
    """
    limit = csv.field_size_limit(sys.maxsize)  # a setting of the whole process, so given back
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = reader.fieldnames or ()
            rows = [{key: value or "" for key, value in row.items() if key} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path} cannot be read: {error}") from error
    finally:
        csv.field_size_limit(limit)
    missing = [name for name in needed if name not in columns]
    if missing:
        raise DatasetError(f"{path} lacks the column {', '.join(missing)}.")
    return Dataset(path.stem, rows)


def columns(path: Path) -> list[str]:
    """Names of a file's columns; none where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def find(folder: Path, pattern: str) -> list[Path]:
    """Files of one kind, in name order."""
    return sorted(folder.glob(pattern))


def bucket(text: str, count: int) -> int:
    """One of `count` buckets, by a stable hash of the text."""
    return zlib.crc32(text.encode("utf-8")) % count


def is_held_out(text: str, one_in: int) -> bool:
    """Whether a text belongs to the part that training never sees."""
    return bucket(text, one_in) == 0


def scored_rows(dataset: Dataset) -> list[dict[str, str]]:
    """Rows to score: those of a `split` other than train, where there is such a column."""
    rest = [row for row in dataset.rows if row.get("split", "") not in ("", "train")]
    return rest or dataset.rows


def sentiment_label(row: dict[str, str]) -> str:
    """The row's sentiment, from the column `label` or `sentiment`."""
    return (row.get("label") or row.get("sentiment") or "").strip().lower()


def language_of(dataset_name: str) -> str:
    """The language in a file's name, as in `sentiment_pl_hotels`; empty where there is none."""
    parts = dataset_name.split("_")
    return parts[1] if len(parts) > 1 and len(parts[1]) == 2 else ""
