"""Files as people write them, and what was read of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from service.connectors.files import BadRow, Row, RowFile

POLISH = [
    "Kurier nie przyjechał, a na infolinii nikt nie odbiera.",
    "Świetna obsługa, polecam każdemu!",
    "Źle zapakowana paczka, szkło było stłuczone.",
]
CZECH = [
    "Zásilka přišla rozbitá a nikdo mi neodpověděl.",
    "Všechno proběhlo skvěle, děkuji.",
    "Na výdejně byla dlouhá fronta, ale paní se usmála.",
]
ESTONIAN = [
    "Pakk ei jõudnud õigeks päevaks kohale.",
    "Väga hea teenindus, aitäh!",
    "Šokolaad oli sulanud ja kellelgi polnud mu küsimusele vastust.",
]
ENGLISH = ["It’s a £5 charge for nothing…", "Great café, couldn’t be nicer."]


def write(folder: Path, name: str, data: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
    return path


def csv_of(texts: list[str], delimiter: str = ",") -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(["id", "comment"])
    writer.writerows(enumerate(texts, start=1))
    return stream.getvalue()


def texts_of(file: RowFile, column: str = "comment") -> list[object]:
    return [item.values[column] for item in file if isinstance(item, Row)]


def bad_of(file: RowFile) -> list[BadRow]:
    return [item for item in file if isinstance(item, BadRow)]


def book(folder: Path, rows: list[list[Any]], *, name: str = "a.xlsx") -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    workbook.create_sheet("second").append(["not", "this"])
    workbook.save(folder / name)
    return folder / name


def parquet_of(path: Path, columns: dict[str, Any]) -> Path:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(columns), path)
    return path
