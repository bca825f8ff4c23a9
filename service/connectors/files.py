"""Reads feedback files row by row: CSV, TSV, JSON Lines, XLSX and Parquet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from service.connectors import delimited, encoding, json_lines, parquet, workbook
from service.connectors.lines import bounded, opened
from service.connectors.rows import BadRow, FileFormatError, Item, Row

__all__ = ["BadRow", "FileFormatError", "FileKind", "Item", "Row", "RowFile", "read_rows"]

FileKind: TypeAlias = Literal["csv", "jsonl", "xlsx", "parquet"]

_TEXT_SUFFIXES = {".csv", ".tsv", ".tab", ".txt", ".jsonl", ".ndjson", ".json"}
_JSON_SUFFIXES = {".jsonl", ".ndjson", ".json"}
_KNOWN = "Known are CSV, TSV, JSONL, XLSX and Parquet"
_OTHERS = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old .xls workbook or one protected by a password: save it as XLSX without a password",
    ),
    (b"%PDF", "a PDF: export the table itself as XLSX or CSV"),
    (b"\x1f\x8b", "packed with gzip: unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\x89PNG", "a picture: export the table as XLSX or CSV"),
    (b"\xff\xd8\xff", "a picture: export the table as XLSX or CSV"),
    (b"SQLite format 3", "a SQLite database: export the table as CSV"),
    (b"{\\rtf", "a text document (RTF): export the table as XLSX or CSV"),
)
_JSON_LIST = re.compile(r"\s*\[\s*[{\[]")
_MANY_CONTROLS, _CONTROL_SHARE = 8, 0.05


@dataclass(frozen=True)
class RowFile:
    """A feedback file that was looked at; its rows are read as they are asked for.

    Attributes:
        columns: names, in the file's order.
        rows: each item once, numbered as a person sees it in the file (a header is row 1; the
            first row of a Parquet file, which has none, is 1 too). Memory stays at one batch.
            May raise FileFormatError where a file turns out to be damaged halfway.
        kind: the format found; a TSV is a "csv" with a tab.
        total: how many items there are, for a progress bar; None where the file does not tell.
            Exact but for XLSX, where it is what the sheet says of itself.
        encoding: of CSV and JSONL, the codec's name.
        delimiter: of CSV; None also where there is one column only.
    """

    columns: tuple[str, ...]
    rows: Iterator[Item]
    kind: FileKind
    total: int | None
    encoding: str | None = None
    delimiter: str | None = None

    def __iter__(self) -> Iterator[Item]:
        return self.rows


def read_rows(path: Path, *, encoding: str | None = None) -> RowFile:
    """Open a feedback file, whatever of the known formats it has.

    Args:
        path: the file; its content decides, its suffix where the content leaves it open.
        encoding: of a text file, where the detection would be wrong.

    Raises:
        FileFormatError: the file cannot be read; the message says why and what to do.
        OSError: there is no such file, or it may not be read.
    """
    with path.open("rb") as stream:
        head = stream.read(16)
        size = stream.seek(0, 2)
    if size == 0:
        raise FileFormatError("The file is empty: export it again, with a row of column names.")
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise FileFormatError(f"The file is {what}.")
    if head.startswith(b"PK"):
        sheet = workbook.look(path)
        return RowFile(sheet.columns, sheet.rows(), "xlsx", sheet.total)
    if head.startswith(b"PAR1"):
        batches = parquet.look(path)
        return RowFile(batches.columns, batches.rows(), "parquet", batches.total)
    return _read_text(path, encoding)


def _read_text(path: Path, explicit: str | None) -> RowFile:
    found = encoding.detect(path, explicit)
    first, beginning = _beginning(path, found)
    _refuse_junk(beginning, path.suffix)
    suffix = path.suffix.lower()
    if _JSON_LIST.match(beginning):
        raise FileFormatError("The file is a JSON list: write one object per line (JSONL).")
    if suffix in _JSON_SUFFIXES or json_lines.starts_with_object(first):
        objects = json_lines.look(path, found)
        return RowFile(objects.columns, objects.rows(), "jsonl", objects.total, found.name)
    table = delimited.look(path, found, prefer="\t" if suffix in {".tsv", ".tab"} else ",")
    if suffix not in _TEXT_SUFFIXES and table.delimiter is None:
        raise FileFormatError(
            f"Neither the suffix {path.suffix!r} nor the content tells the format. {_KNOWN}: "
            "export it as one of them and name it so."
        )
    return RowFile(table.columns, table.rows(), "csv", table.count(), found.name, table.delimiter)


def _beginning(path: Path, found: encoding.Encoding) -> tuple[str, str]:
    """The first line that is not blank (short of the limit), and the first characters."""
    with opened(path, found) as stream:
        beginning = stream.read(4096)
    with opened(path, found) as stream:
        first = next((line for line in bounded(stream) if line is None or line.strip()), None)
    return first or "", beginning


def _refuse_junk(beginning: str, suffix: str) -> None:
    if not beginning.strip():
        raise FileFormatError("The file begins with nothing but blanks: row 1 must hold the names.")
    controls = sum(
        (letter < " " and letter not in "\t\n\r\f") or "\x7f" <= letter <= "\x9f"
        for letter in beginning
    )
    if controls >= _MANY_CONTROLS and controls > _CONTROL_SHARE * len(beginning):
        raise FileFormatError(
            f"The file is binary and none of the known formats, whatever its suffix {suffix!r} "
            f"says. {_KNOWN}: export it as one of them."
        )
    if beginning.lstrip().startswith("<"):
        raise FileFormatError("The file is HTML or XML: save the table as XLSX or CSV.")
