"""Reads the first sheet of an XLSX workbook in openpyxl's streaming mode."""

from __future__ import annotations

import itertools
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from service.connectors.rows import FileFormatError, Item, check_columns, make_row

MAX_ROWS = 1_048_576
"""Excel's own limit; a file that names a higher row is damaged or hostile."""
MAX_PART_BYTES = 1 << 28
"""Of a part that is held in memory (shared strings, styles); sheets are streamed."""
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """A first sheet that was looked at; `total` is what the file says of itself, if it does."""

    path: Path
    columns: tuple[str, ...]
    total: int | None

    def rows(self) -> Iterator[Item]:
        """Rows in the sheet's order; blank ones are counted but not given."""
        for number, cells in enumerate(_cells(self.path), start=1):
            if number > 1 and (item := make_row(number, self.columns, cells)) is not None:
                yield item


def look(path: Path) -> Sheet:
    """Read the header of the first sheet.

    Raises:
        FileFormatError: it is no workbook, protected, damaged, or has no header.
    """
    _check_archive(path)
    header = next(_cells(path), [])
    return Sheet(path, check_columns(header), _total(path))


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except Exception as error:  # zipfile raises many kinds on damaged archives
        raise _damaged(error) from error
    if any(part.flag_bits & 1 for part in parts):
        raise FileFormatError("The file is protected by a password: save a copy without one.")
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise FileFormatError(
            "The file is a ZIP archive and no XLSX workbook: unpack it and give the file inside, "
            "or save the table as XLSX or CSV."
        )
    for part in parts:
        if part.file_size > MAX_PART_BYTES and "worksheets/" not in part.filename:
            raise FileFormatError(
                f"The workbook's part {part.filename[:60]!r} is too large: save the table as CSV."
            )


def _total(path: Path) -> int | None:
    with _Opened(path) as sheet:
        rows = sheet.max_row
    return max(rows - 1, 0) if isinstance(rows, int) and rows <= MAX_ROWS else None


def _cells(path: Path) -> Iterator[list[object]]:
    with _Opened(path) as sheet:
        # The size that a sheet states is often wrong, and padding rows to it costs dearly.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True, max_row=MAX_ROWS)
        while True:
            batch, error = _next_batch(rows)
            yield from batch
            if error is not None:
                raise _damaged(error) from error
            if not batch:
                return


def _next_batch(rows: Iterator[tuple[Any, ...]]) -> tuple[list[list[object]], Exception | None]:
    """The next rows, and what stopped them short, so that the rows before a damage are kept."""
    batch: list[list[object]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out, formats mostly
        try:
            batch.extend(_plain(row) for row in itertools.islice(rows, _BATCH))
        except Exception as error:  # openpyxl raises whatever damaged XML leads it to
            return batch, error
    return batch, None


def _plain(row: tuple[Any, ...]) -> list[object]:
    cells = [unescape(cell) if isinstance(cell, str) and "_x" in cell else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()  # cells with a format and no value are none to a person
    return cells


class _Opened:
    """The first sheet of a workbook, closed at the end.

    Raises:
        FileFormatError: on entering, when openpyxl cannot make sense of the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: Any = None
        self._book: Any = None

    def __enter__(self) -> Any:
        self._stream = self._path.open("rb")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._book = load_workbook(self._stream, read_only=True, data_only=True)
            return self._book.worksheets[0]
        except Exception as error:  # openpyxl raises whatever a damaged file leads it to
            self.__exit__()
            raise _damaged(error) from error

    def __exit__(self, *_: object) -> None:
        if self._book is not None:
            self._book.close()
        self._stream.close()


def _damaged(error: Exception) -> FileFormatError:
    return FileFormatError(
        f"The workbook cannot be read ({type(error).__name__}): open it in a spreadsheet program "
        "and save it again as XLSX, or as CSV."
    )
