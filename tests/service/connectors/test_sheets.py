from __future__ import annotations

import builtins
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.connectors.files import BadRow, FileFormatError, Row, read_rows
from tests.service.connectors.written import book, parquet_of, write


def test_a_workbook_gives_its_first_sheet_with_types(tmp_path: Path) -> None:
    day = datetime(2021, 12, 31, 14, 5)  # noqa: DTZ001 - a sheet knows no time zone
    path = book(tmp_path, [["text", "score", "day"], ["žluť", 9, day], [], ["=1+1", 9.5, None]])
    file = read_rows(path)
    assert (file.kind, file.total) == ("xlsx", 3)
    assert list(file) == [
        Row(2, {"text": "žluť", "score": 9, "day": day}),
        Row(4, {"text": None, "score": 9.5, "day": None}),
    ]


def test_escaped_line_ends_of_a_workbook_are_line_ends(tmp_path: Path) -> None:
    (row,) = read_rows(book(tmp_path, [["text"], ["a_x000D_\nb"]]))
    assert row == Row(2, {"text": "a\r\nb"})


def test_a_sheet_that_claims_to_be_endless_is_not_read_endlessly(tmp_path: Path) -> None:
    path = book(tmp_path, [["text"], ["a"]])
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    with zipfile.ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)
    assert b"XFD1048576" in parts[sheet]
    assert list(read_rows(path)) == [Row(2, {"text": "a"})]


def test_parquet_rows_are_read_in_batches_with_types(tmp_path: Path) -> None:
    day = datetime(2021, 12, 31, 14, 5, tzinfo=UTC)
    count = 1_234
    path = parquet_of(
        tmp_path / "a.parquet",
        {"text": ["õun"] * count, "score": [None, *[3] * (count - 1)], "day": [day] * count},
    )
    file = read_rows(path)
    items = list(file)
    assert file.total == len(items) == count
    assert items[0] == Row(1, {"text": "õun", "score": None, "day": day})
    assert items[-1].number == count


def test_a_value_that_python_cannot_hold_costs_only_its_row(tmp_path: Path) -> None:
    import pyarrow

    days = pyarrow.array([0, 2**60], pyarrow.timestamp("ms"))
    good, bad = read_rows(parquet_of(tmp_path / "a.parquet", {"day": days}))
    assert isinstance(good, Row)
    assert isinstance(bad, BadRow)


def test_missing_pyarrow_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = parquet_of(tmp_path / "a.parquet", {"text": ["a"]})
    original = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return original(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(FileFormatError, match="needs the package pyarrow"):
        read_rows(path)


def zip_of(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xef\xbb\xbf", "nothing but blanks"),
        ("a.csv", b"\n\n", "nothing but blanks"),
        ("a.csv", b"\n1,2\n", "Row 1 is empty"),
        ("a.csv", b"5,Great service,2021-12-31\n", "'5' is a value"),
        ("a.csv", b"a,b,a\n", "stand twice: 'a'"),
        ("a.csv", b"a,,c\n", "Column 2 has no name"),
        ("a.csv", bytes(range(256)) * 20, "binary"),
        ("a.xlsx", bytes(range(128, 256)) * 20, "XLSX|told"),
        ("a.dat", b"just words\nand more\n", "suffix '.dat'"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(100), "password"),
        ("a.xlsx", zip_of(readme=b"x"), "no XLSX workbook"),
        ("a.xlsx", b"PK\x03\x04 cut short", "cannot be read"),
        ("a.xlsx", zip_of(**{"xl/workbook.xml": b"<a/>"}), "cannot be read"),
        ("a.parquet", b"PAR1 cut short", "cannot be read"),
        ("a.json", b'[\n{"a": 1}]', "one object per line"),
        ("a.jsonl", b"1\n2\n", "No line is a JSON object"),
        ("a.csv", b"<html><table>", "HTML"),
        ("a.csv", b"%PDF-1.7", "PDF"),
        ("a.csv", b"\xff\xfea\x00b", "utf-16"),
    ],
)
def test_the_error_says_what_is_wrong(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    with pytest.raises(FileFormatError, match=said):
        list(read_rows(write(tmp_path, name, data)))
