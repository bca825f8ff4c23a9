"""Reads Parquet in batches; a value that Python cannot hold costs its row, not the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.connectors.rows import BadRow, FileFormatError, Item, Row, check_columns, checked

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Batches:
    """A Parquet file whose schema was read."""

    path: Path
    columns: tuple[str, ...]
    total: int

    def rows(self) -> Iterator[Item]:
        """Rows in the file's order, the first is number 1: names are not a row here."""
        number = 0
        with _opened(self.path) as file:
            for batch in _batches(file):
                for values in _values(batch):
                    number += 1
                    if isinstance(values, str):
                        yield BadRow(number, values)
                    else:
                        yield checked(Row(number, dict(zip(self.columns, values, strict=True))))


def look(path: Path) -> Batches:
    """Read the schema.

    Raises:
        FileFormatError: pyarrow is missing, or the file is damaged, encrypted or has no columns.
    """
    with _opened(path) as file:
        columns = check_columns(list(file.schema_arrow.names), row=None)
        return Batches(path, columns, int(file.metadata.num_rows))


def _opened(path: Path) -> Any:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise FileFormatError(
            "Reading Parquet needs the package pyarrow: run `make setup`, or save the file as CSV."
        ) from error
    try:
        return parquet.ParquetFile(path)
    except Exception as error:  # pyarrow raises many kinds on damaged files
        raise _damaged(error) from error


def _batches(file: Any) -> Iterator[Any]:
    batches = file.iter_batches(batch_size=_BATCH)
    while True:
        try:
            batch = next(batches, None)
        except Exception as error:  # pyarrow raises many kinds on damaged pages
            raise _damaged(error) from error
        if batch is None:
            return
        yield batch


def _values(batch: Any) -> Iterator[list[object] | str]:
    """Rows of a batch as lists; a string says why one cannot be read."""
    columns = [_column(column) for column in batch.columns]
    for place in range(batch.num_rows):
        row: list[object] = []
        for name, column in zip(batch.schema.names, columns, strict=True):
            try:
                row.append(column[place].as_py())
            except Exception as error:  # bad UTF-8, dates past year 9999, unknown time zones
                yield f"column {name!r} cannot be read ({type(error).__name__})"
                break
        else:
            yield row


def _column(column: Any) -> Any:
    import pyarrow

    kind = column.type
    if pyarrow.types.is_timestamp(kind) and kind.unit == "ns":
        # Nanoseconds would come as pandas objects; no survey is answered in them.
        return column.cast(pyarrow.timestamp("us", kind.tz), safe=False)
    return column


def _damaged(error: Exception) -> FileFormatError:
    return FileFormatError(
        f"The Parquet file cannot be read ({type(error).__name__}): it is damaged, encrypted or "
        "cut short. Export it again, or save it as CSV."
    )
