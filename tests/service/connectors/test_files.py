from __future__ import annotations

from pathlib import Path

import pytest

from service.connectors.files import BadRow, FileFormatError, Row, read_rows
from tests.service.connectors.written import (
    CZECH,
    ENGLISH,
    ESTONIAN,
    POLISH,
    csv_of,
    texts_of,
    write,
)


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
