"""Reads CSV and TSV: finds the delimiter, and keeps one broken record from taking others along."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.connectors.encoding import Encoding
from service.connectors.lines import MAX_LINE, bounded, opened
from service.connectors.rows import BadRow, FileFormatError, Item, check_columns, make_row

DELIMITERS = (",", ";", "\t", "|")
_NO_DELIMITER = "\x1f"  # for a file of one column, whose comments may hold any of the others
_SAMPLE, _SAMPLE_RECORDS = 1 << 16, 50
_REREAD = 5_000_000
"""Characters of broken records that are read again at most: hostile files stay linear."""
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|:^~])"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited file that was looked at; `header_row` is 2 below Excel's `sep=` line."""

    path: Path
    encoding: Encoding
    delimiter: str | None
    header_row: int
    columns: tuple[str, ...]

    def rows(self) -> Iterator[Item]:
        """Rows in the file's order; blank ones are counted but not given."""
        for number, record in self._records():
            if isinstance(record, str):
                yield BadRow(number, record)
            elif (item := make_row(number, self.columns, record)) is not None:
                yield item

    def count(self) -> int:
        """How many items `rows` gives; reads the file once."""
        return sum(1 for _ in self.rows())

    def _records(self) -> Iterator[tuple[int, list[str] | str]]:
        with opened(self.path, self.encoding) as stream:
            lines = bounded(stream)
            for _ in range(self.header_row - 1):
                next(lines, None)
            first = self.header_row
            records = _records(lines, self.delimiter or _NO_DELIMITER, len(self.columns))
            for number, record in enumerate(records, start=first):
                if number > first:
                    yield number, record


def look(path: Path, encoding: Encoding, *, prefer: str = ",") -> Table:
    """Find the delimiter and the header; `prefer` wins where two delimiters fit alike.

    Raises:
        FileFormatError: there is no header, or its names are blank or doubled.
    """
    with opened(path, encoding) as stream:
        sample = stream.read(_SAMPLE)
    told = _SEPARATOR_LINE.match(sample)
    header_row = 2 if told else 1
    delimiter = told[1] if told else _delimiter(sample, prefer)
    header = _header(path, encoding, delimiter, header_row)
    return Table(path, encoding, delimiter, header_row, check_columns(header, row=header_row))


def _header(path: Path, encoding: Encoding, delimiter: str | None, row: int) -> list[str]:
    with opened(path, encoding) as stream:
        lines = bounded(stream)
        for _ in range(row - 1):
            next(lines, None)
        header = next(_records(lines, delimiter or _NO_DELIMITER, width=None), [])
    if isinstance(header, str):
        raise FileFormatError(f"Row {row} must hold the column names, but it {header}.")
    return header


def _delimiter(sample: str, prefer: str) -> str | None:
    fits = {delimiter: _fit(sample, delimiter) for delimiter in DELIMITERS}
    best = max(fits, key=lambda delimiter: (*fits[delimiter], delimiter == prefer))
    return best if fits[best] > (0, 0) else None


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """Share of records as wide as the header, and the header's width; zeros where it is one."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        records = list(itertools.islice(reader, _SAMPLE_RECORDS))
    except csv.Error:
        return (0, 0)
    if not records or len(records[0]) < 2:
        return (0, 0)
    if len(records) > 2 and len(sample) >= _SAMPLE:
        records.pop()  # the sample may end inside it
    filled = [record for record in records if record]
    width = len(records[0])
    return (sum(len(record) == width for record in filled) / len(filled), width)


class _BrokenRecordError(Exception):
    """A record that ran on past its limit or the file's end."""


class _Lines:
    """Hands lines to csv.reader and can take back those that a broken record swallowed."""

    def __init__(self, lines: Iterator[str | None]) -> None:
        self._lines = lines
        self._returned: deque[str | None] = deque()
        self.taken: list[str | None] = []
        self.mending = False
        self.size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._returned:
            line, self.mending = self._returned.popleft(), True
        else:
            try:
                line = next(self._lines)
            except StopIteration:
                if self.taken:
                    raise _BrokenRecordError("opens a quote that is never closed") from None
                raise
        self.taken.append(line)
        self.size += MAX_LINE if line is None else len(line)
        if line is None or self.size > MAX_LINE:
            raise _BrokenRecordError(f"is longer than {MAX_LINE:,} characters")
        return line

    def begin(self) -> None:
        """A new record starts here."""
        self.taken, self.size, self.mending = [], 0, False

    def give_back(self) -> None:
        """Let all lines of the record but its first be read again."""
        self._returned.extendleft(reversed(self.taken[1:]))


def _records(
    source: Iterator[str | None], delimiter: str, width: int | None
) -> Iterator[list[str] | str]:
    """Records in order; a string says what is wrong with one.

    A quote that is opened and not closed swallows the lines that follow. Such a record is told by
    what it runs into (a quote in the wrong place, a wrong width, the end); only its first line is
    given up, and the others are read again.
    """
    lines, budget = _Lines(source), _REREAD
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.begin()
        try:
            record: list[str] | str = next(reader)
        except StopIteration:
            return
        except (_BrokenRecordError, csv.Error) as error:
            record = _told(error)
        mending, several = lines.mending, len(lines.taken) > 1
        if several and not isinstance(record, str):
            record = _strictly(lines.taken, delimiter, width) or record
        if isinstance(record, str) and several:
            if budget > 0:
                budget -= lines.size
                lines.give_back()
            else:
                record += f"; its {len(lines.taken)} lines were left out together"
        elif mending and not isinstance(record, str) and record and len(record) != width:
            record = "belongs to a broken row above it"
        yield record


def _strictly(taken: list[str | None], delimiter: str, width: int | None) -> str | None:
    """What is wrong with a record of several lines, None if nothing is."""
    try:
        again = next(csv.reader([line or "" for line in taken], delimiter=delimiter, strict=True))
    except csv.Error:
        return "opens a quote that is not closed where the cell ends: double the quotes inside it"
    if width is not None and len(again) > width:
        return f"runs over {len(taken)} lines and has {len(again)} cells: a quote is not closed"
    return None


def _told(error: Exception) -> str:
    if isinstance(error, _BrokenRecordError):
        return str(error)
    return f"cannot be read as CSV ({error}): check its quotes and the length of its cells"
