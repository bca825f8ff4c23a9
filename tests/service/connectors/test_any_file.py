from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.connectors.files import FileFormatError, Row, read_rows
from tests.service.connectors.written import (
    book,
    parquet_of,
    write,
)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "id,text\n" + f"1,{'words ' * 100}\n" * 6_000)
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_rows(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 6_000
    assert peak < path.stat().st_size / 2


HEADS = [b"", b"a,b\n", b'{"a": 1}\n', b"PAR1", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"]
SUFFIXES = [".csv", ".tsv", ".jsonl", ".xlsx", ".parquet", ".bin"]
quietly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_or_refuse(path: Path) -> None:
    try:
        file = read_rows(path)
        items = list(file)
    except FileFormatError:
        return
    assert all(
        tuple(item.values) == file.columns if isinstance(item, Row) else item.reason
        for item in items
    )
    numbers = [item.number for item in items]
    assert numbers == sorted(set(numbers))
    if file.kind != "xlsx":
        assert file.total == len(items)


@quietly
@given(head=st.sampled_from(HEADS), body=st.binary(max_size=300), suffix=st.sampled_from(SUFFIXES))
def test_any_bytes_give_rows_or_a_format_error(
    tmp_path: Path, head: bytes, body: bytes, suffix: str
) -> None:
    read_or_refuse(write(tmp_path, "a" + suffix, head + body))


@quietly
@given(body=st.text(alphabet='ab,;"\n\r\t{}[]:1\0ž', max_size=80))
def test_any_play_of_quotes_and_line_ends_gives_rows_or_a_format_error(
    tmp_path: Path, body: str
) -> None:
    read_or_refuse(write(tmp_path, "a.csv", "x,y\n" + body))
    read_or_refuse(write(tmp_path, "a.jsonl", '{"x": 1}\n' + body))


@quietly
@given(place=st.floats(0, 1), size=st.integers(1, 30), data=st.data())
def test_damaged_workbooks_and_parquet_give_rows_or_a_format_error(
    tmp_path: Path, place: float, size: int, data: st.DataObject
) -> None:
    for name in ("whole.xlsx", "whole.parquet"):
        path = tmp_path / name
        if not path.exists():
            book(tmp_path, [["text", "score"], ["a", 1], ["b", 2]], name="whole.xlsx")
            parquet_of(tmp_path / "whole.parquet", {"text": ["a", "b"], "score": [1, 2]})
        whole = bytearray(path.read_bytes())
        start = int(place * len(whole))
        whole[start : start + size] = data.draw(st.binary(max_size=size))
        read_or_refuse(write(tmp_path, "damaged" + path.suffix, bytes(whole)))


@quietly
@given(sheet=st.text(alphabet='<>/="crvt rows123A0is', max_size=60))
def test_any_sheet_xml_gives_rows_or_a_format_error(tmp_path: Path, sheet: str) -> None:
    path = tmp_path / "base.xlsx"
    if not path.exists():
        book(tmp_path, [["text"], ["a"]], name="base.xlsx")
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", sheet.encode() + b"</sheetData>")
    with zipfile.ZipFile(tmp_path / "any.xlsx", "w") as target:
        for part, data in parts.items():
            target.writestr(part, data)
    read_or_refuse(tmp_path / "any.xlsx")


typed = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"))


@quietly
@given(
    rows=st.lists(
        st.tuples(typed.filter(bool), typed),
        max_size=8,
    )
)
def test_what_csv_and_json_writers_write_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str]]
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(["left", "right"])
    writer.writerows(rows)
    file = read_rows(write(tmp_path, "a.csv", stream.getvalue()))
    assert [tuple(item.values.values()) for item in file if isinstance(item, Row)] == rows
    lines = "\n".join(json.dumps({"left": left, "right": right}) for left, right in rows)
    if rows:
        again = read_rows(write(tmp_path, "a.jsonl", lines))
        assert [tuple(item.values.values()) for item in again if isinstance(item, Row)] == rows
