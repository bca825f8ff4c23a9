"""Reads JSON Lines: one object per line, a bad line being one bad row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from service.connectors.encoding import Encoding
from service.connectors.lines import MAX_LINE, bounded, opened
from service.connectors.rows import (
    MAX_COLUMNS,
    BadRow,
    FileFormatError,
    Item,
    Row,
    check_columns,
    checked,
)


@dataclass(frozen=True, slots=True)
class Objects:
    """A JSON Lines file that was read through once for its keys and its number of items."""

    path: Path
    encoding: Encoding
    columns: tuple[str, ...]
    total: int

    def rows(self) -> Iterator[Item]:
        """Rows in the file's order; every row has every column, None where it has no such key."""
        for item in _items(self.path, self.encoding):
            if isinstance(item, BadRow):
                yield item
            else:
                yield Row(item.number, {name: item.values.get(name) for name in self.columns})


def look(path: Path, encoding: Encoding) -> Objects:
    """Gather the keys of all objects, in the order in which they first come.

    Raises:
        FileFormatError: no line is an object, or there are too many different keys.
    """
    keys: dict[str, None] = {}
    total, first_bad = 0, None
    for item in _items(path, encoding):
        total += 1
        if isinstance(item, BadRow):
            first_bad = first_bad or item
            continue
        keys.update(dict.fromkeys(item.values))
        if len(keys) > MAX_COLUMNS:
            raise FileFormatError(
                f"The objects have more than {MAX_COLUMNS:,} different keys: each line must be "
                "one answer, with the same keys."
            )
    if not keys:
        why = f" (line {first_bad.number} {first_bad.reason})" if first_bad else ""
        raise FileFormatError(f"No line is a JSON object with keys{why}: write one on each line.")
    return Objects(path, encoding, check_columns(list(keys), row=None), total)


def starts_with_object(line: str) -> bool:
    """Whether a file's first line tells it to be JSON Lines."""
    return isinstance(_parse(line), dict)


def _items(path: Path, encoding: Encoding) -> Iterator[Item]:
    with opened(path, encoding) as stream:
        for number, line in enumerate(bounded(stream), start=1):
            if line is None:
                yield BadRow(number, f"is longer than {MAX_LINE:,} characters")
            elif line.strip():
                yield _item(number, line)


def _item(number: int, line: str) -> Item:
    values = _parse(line)
    if isinstance(values, str):
        return BadRow(number, values)
    if not all(name.strip() == name and name for name in values):
        return BadRow(number, "has a key that is blank or has blanks around it")
    return checked(Row(number, values))


def _parse(line: str) -> dict[str, object] | str:
    """The object on a line, or what is wrong with it."""
    try:
        value = json.loads(line, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except RecursionError:
        return "is nested too deep"
    except ValueError as error:
        return f"is no JSON: {error}"
    if isinstance(value, dict):
        return value
    return "is no JSON object: write one object per line, {...}, not a list or a bare value"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return values


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
