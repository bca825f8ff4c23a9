"""What every file reader yields, and the checks that rows of all formats share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

MAX_COLUMNS = 1_000
MAX_NAME = 200

_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_VALUE = re.compile(
    r"[-+]?\d+(?:[.,]\d+)?|\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{4}.*", re.DOTALL
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class FileFormatError(Exception):
    """A file that cannot be read; the message says why and what to do."""


class Row(NamedTuple):
    """One row: its number as a person sees it in the file, and its values by column name."""

    number: int
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read; the rows around it can."""

    number: int
    reason: str


Item: TypeAlias = Row | BadRow


def check_columns(cells: Sequence[object], *, row: int | None = 1) -> tuple[str, ...]:
    """Column names, trimmed.

    Args:
        cells: what stands where the names should be.
        row: the row they stand in, None where the format keeps names apart from rows.

    Raises:
        FileFormatError: no names, a blank one, one twice, too many, or values instead of names.
    """
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    if not any(names):
        raise FileFormatError(f"Row {row or 1} is empty: it must hold the column names.")
    if len(names) > MAX_COLUMNS:
        raise FileFormatError(
            f"The file has {len(names):,} columns, more than {MAX_COLUMNS:,}. "
            "Keep the columns you need, or check the delimiter."
        )
    if row is not None:
        _refuse_values(names, row)
    blank = [str(place) for place, name in enumerate(names, start=1) if not name]
    if blank:
        raise FileFormatError(
            f"Column {', '.join(blank[:10])} has no name (the others: "
            f"{_listed([name for name in names if name])}). Name it, or remove it."
        )
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise FileFormatError(f"Column names stand twice: {_listed(twice)}. Rename one of each.")
    return tuple(names)


def make_row(number: int, columns: Sequence[str], cells: Sequence[object]) -> Item | None:
    """The row of `cells`, None for a blank one; missing cells at the end become None."""
    if all(cell is None or cell == "" for cell in cells):
        return None
    if len(cells) > len(columns):
        return BadRow(
            number,
            f"has {len(cells)} cells where the header has {len(columns)}: put a value that holds "
            "the delimiter in double quotes.",
        )
    padded = [*cells, *[None] * (len(columns) - len(cells))]
    return checked(Row(number, dict(zip(columns, padded, strict=True))))


def checked(row: Row) -> Item:
    """The row, or why it is unfit: NUL, or what no encoding can write."""
    for name, value in row.values.items():
        for text in _strings(value):
            found = _UNREADABLE.search(text)
            if found is None:
                continue
            what = "a NUL byte" if found[0] == "\x00" else "bytes that are no text in its encoding"
            return BadRow(row.number, f"column {name!r} holds {what}: mend it in the source.")
    return row


def _strings(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list | tuple):
            waiting.extend(item)


def _refuse_values(names: Sequence[str], row: int) -> None:
    for name in names:
        if _CONTROL.search(name):
            raise FileFormatError(
                f"Row {row} holds control characters where the column names should stand. "
                "The file is binary or damaged: export it again as CSV, JSONL, XLSX or Parquet."
            )
        if len(name) > MAX_NAME or _VALUE.fullmatch(name):
            raise FileFormatError(
                f"Row {row} must hold the column names, but {name[:40]!r} is a value. "
                "Put a row with the names on top."
            )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:10])
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")
