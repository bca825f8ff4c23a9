from __future__ import annotations

import builtins
import csv
import io
import json
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from service.connectors.files import BadRow, FileFormatError, Row, RowFile, read_rows

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


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        *[(POLISH, name) for name in ("cp1250", "iso8859-2")],
        *[(CZECH, name) for name in ("cp1250", "iso8859-2")],
        *[(ESTONIAN, name) for name in ("cp1257", "cp1252")],
        (ENGLISH, "cp1252"),
        (POLISH + CZECH, "cp1250"),
        (CZECH + POLISH, "iso8859-2"),
        *[
            (POLISH + CZECH + ESTONIAN + ENGLISH, name)
            for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
        ],
    ],
)
def test_letters_come_out_right_whatever_the_encoding(
    tmp_path: Path, texts: list[str], encoding: str
) -> None:
    path = write(tmp_path, "a.csv", csv_of(texts), encoding)
    assert texts_of(read_rows(path)) == texts
    assert texts_of(read_rows(path, encoding=encoding)) == texts


@pytest.mark.parametrize("texts", [[text] for text in POLISH + CZECH])
def test_one_comment_is_enough_to_tell_the_code_page(tmp_path: Path, texts: list[str]) -> None:
    for encoding in ("cp1250", "iso8859-2"):
        assert texts_of(read_rows(write(tmp_path, "a.csv", csv_of(texts), encoding))) == texts


def test_letters_far_behind_a_plain_beginning_still_count(tmp_path: Path) -> None:
    texts = ["plain words only " * 10] * 8_000 + POLISH
    path = write(tmp_path, "a.csv", csv_of(texts), "cp1250")
    assert texts_of(read_rows(path))[-3:] == POLISH


def test_a_bad_byte_in_good_utf8_costs_only_its_row(tmp_path: Path) -> None:
    data = csv_of([*POLISH, "X"]).encode().replace(b"X", b"X\xff")
    file = read_rows(write(tmp_path, "a.csv", data))
    items = list(file)
    assert [item.number for item in items if isinstance(item, BadRow)] == [5]
    assert len(items) == 4


def test_a_wrong_encoding_is_named_in_the_error(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", csv_of(POLISH), "cp1250")
    with pytest.raises(FileFormatError, match="not utf-8"):
        read_rows(path, encoding="utf-8")


@pytest.mark.parametrize("name", ["rot13", "hex", "no-such", "unicode_escape", "undefined", "\0"])
def test_what_is_no_text_encoding_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileFormatError, match="no encoding"):
        read_rows(write(tmp_path, "a.csv", "a\nb\n"), encoding=name)


def test_a_foreign_alphabet_in_an_8_bit_code_page_is_not_guessed(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", csv_of(["Поштомат знову забитий"] * 3), "cp1251")
    with pytest.raises(FileFormatError, match="encoding cannot be told"):
        read_rows(path)
    assert len(texts_of(read_rows(path, encoding="cp1251"))) == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_though_the_comments_hold_the_others(
    tmp_path: Path, delimiter: str
) -> None:
    texts = ["raz, dwa; trzy | cztery", "9,5; super", "a\nb", 'mówi "nie"']
    file = read_rows(write(tmp_path, "a.csv", csv_of(texts, delimiter)))
    assert file.delimiter == delimiter
    assert texts_of(file) == texts


def test_a_single_column_needs_no_delimiter(tmp_path: Path) -> None:
    file = read_rows(write(tmp_path, "a.csv", "comment\nSuper, polecam\nA; b\n"))
    assert file.delimiter is None
    assert texts_of(file) == ["Super, polecam", "A; b"]


def test_excels_separator_line_is_not_the_header(tmp_path: Path) -> None:
    file = read_rows(write(tmp_path, "a.csv", "sep=;\r\nid;comment\r\n1;dobrze\r\n"))
    assert list(file) == [Row(3, {"id": "1", "comment": "dobrze"})]


def test_rows_are_numbered_as_a_sheet_shows_them_and_blank_ones_count(tmp_path: Path) -> None:
    file = read_rows(write(tmp_path, "a.csv", 'id,comment\n1,"a\nb"\n\n,\n4,c\n'))
    assert list(file) == [
        Row(2, {"id": "1", "comment": "a\nb"}),
        Row(5, {"id": "4", "comment": "c"}),
    ]
    assert file.total == 2


def test_long_rows_are_rejected_and_short_ones_filled(tmp_path: Path) -> None:
    file = read_rows(write(tmp_path, "a.csv", "a,b\n1,2,3\n1\n"))
    first, second = file
    assert isinstance(first, BadRow)
    assert "3 cells" in first.reason
    assert second == Row(3, {"a": "1", "b": None})


def test_a_nul_byte_costs_only_its_row(tmp_path: Path) -> None:
    file = read_rows(write(tmp_path, "a.csv", "a,b\n1,x\0y\n2,z\n"))
    bad, good = file
    assert isinstance(bad, BadRow)
    assert "NUL" in bad.reason
    assert isinstance(good, Row)


@pytest.mark.parametrize("length", [200_000, 3_000_000])
def test_a_huge_cell_costs_only_its_row(tmp_path: Path, length: int) -> None:
    file = read_rows(write(tmp_path, "a.csv", "a,b\n1," + "x" * length + "\n2,z\n"))
    items = list(file)
    assert [type(item) for item in items] == [BadRow, Row]
    assert items[1].number == 3


@pytest.mark.parametrize("rest", [5, 3_000])
def test_a_quote_that_is_not_closed_costs_only_its_row(tmp_path: Path, rest: int) -> None:
    lines = "".join(
        f"{n},fine answer number {n} with enough words to fill it\n" for n in range(rest)
    )
    items = list(read_rows(write(tmp_path, "a.csv", 'a,b\n0,"open\n' + lines)))
    assert isinstance(items[0], BadRow)
    assert "never closed" in items[0].reason or "CSV" in items[0].reason
    assert sum(isinstance(item, Row) for item in items) == rest


def test_two_rows_are_not_merged_by_a_quote_that_is_not_closed(tmp_path: Path) -> None:
    data = 'score,text,day\n5,"fatalnie,1.1.\n4,"ok",2.1.\n3,x,3.1.\n'
    bad, second, third = read_rows(write(tmp_path, "a.csv", data))
    assert isinstance(bad, BadRow)
    assert second == Row(3, {"score": "4", "text": "ok", "day": "2.1."})
    assert third == Row(4, {"score": "3", "text": "x", "day": "3.1."})


def test_broken_quotes_on_every_line_stay_cheap(tmp_path: Path) -> None:
    items = list(read_rows(write(tmp_path, "a.csv", "a,b\n" + 'b"x,"y\n' * 20_000)))
    assert items
    assert all(isinstance(item, BadRow) for item in items)


def test_json_lines_keep_types_and_report_bad_lines(tmp_path: Path) -> None:
    lines = [
        '{"text": "ok", "score": 9}',
        "{broken",
        "",
        '{"text": "později", "shop": {"id": 1}}',
        "[1]",
        '{"text": "\\ud800"}',
        '{"text": "a", "text": "b"}',
        '{"score": NaN}',
        "[" * 100_000,
        '{"text": "\\u0000"}',
    ]
    file = read_rows(write(tmp_path, "a.jsonl", "\n".join(lines)))
    assert file.columns == ("text", "score", "shop")
    items = list(file)
    assert file.total == len(items) == 9
    assert items[0] == Row(1, {"text": "ok", "score": 9, "shop": None})
    assert items[2] == Row(4, {"text": "později", "score": None, "shop": {"id": 1}})
    assert [item.number for item in items if isinstance(item, BadRow)] == [2, 5, 6, 7, 8, 9, 10]


def test_content_goes_before_the_suffix(tmp_path: Path) -> None:
    assert read_rows(write(tmp_path, "a.csv", '{"text": "ok"}\n')).kind == "jsonl"
    assert read_rows(write(tmp_path, "a.xlsx", "id,text\n1,ok\n")).kind == "csv"
    assert read_rows(write(tmp_path, "export", "id;text\n1;ok\n")).delimiter == ";"


def book(folder: Path, rows: list[list[Any]], *, name: str = "a.xlsx") -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    workbook.create_sheet("second").append(["not", "this"])
    workbook.save(folder / name)
    return folder / name


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


def parquet_of(path: Path, columns: dict[str, Any]) -> Path:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(columns), path)
    return path


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
