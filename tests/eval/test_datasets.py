from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import datasets
from eval.datasets import Dataset, DatasetError


def written(folder: Path, content: bytes, name: str = "topics_x.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_rows_are_read_with_quotes_line_breaks_and_a_byte_order_mark(tmp_path: Path) -> None:
    content = '\ufefftext,label\n"Żółć, ""ano""\nnext line",positive\r\nok,\n'.encode()
    read = datasets.read(written(tmp_path, content), ("text", "label"))
    assert read.name == "topics_x"
    assert read.column("text") == ['Żółć, "ano"\nnext line', "ok"]
    assert read.column("label") == ["positive", ""]


def test_short_rows_are_filled_and_cells_past_the_header_are_left_out(tmp_path: Path) -> None:
    read = datasets.read(written(tmp_path, b"a,b\n1\n1,2,3,4\n"))
    assert read.rows == [{"a": "1", "b": ""}, {"a": "1", "b": "2"}]


def test_a_comment_of_any_length_is_read(tmp_path: Path) -> None:
    content = b"text\n" + b"x" * 300_000 + b"\n"
    assert len(datasets.read(written(tmp_path, content)).rows[0]["text"]) == 300_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"text\nx\n", "lacks the column label"),
        (b"", "lacks the column text, label"),
        (b"text,label\n\xff\xfe\x00,a\n", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(
    content: bytes, said: str, tmp_path: Path
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(DatasetError, match=said) as caught:
        datasets.read(path, ("text", "label"))
    assert str(path) in str(caught.value)


def test_a_missing_file_is_a_dataset_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be read"):
        datasets.read(tmp_path / "gone.csv")


def test_files_of_a_kind_are_found_in_name_order(tmp_path: Path) -> None:
    for name in ("topics_b.csv", "topics_a.csv", "sentiment_pl_x.csv", "topics_c.txt"):
        written(tmp_path, b"", name)
    assert [path.name for path in datasets.find(tmp_path, "topics_*.csv")] == [
        "topics_a.csv",
        "topics_b.csv",
    ]


def test_train_rows_are_not_scored_where_there_are_others() -> None:
    rows = [{"split": split, "n": str(at)} for at, split in enumerate(["train", "test", "dev", ""])]
    assert [row["n"] for row in datasets.scored_rows(Dataset("d", rows))] == ["1", "2"]


@pytest.mark.parametrize("rows", [[{"split": "train"}] * 3, [{"text": "a"}] * 3, []])
def test_all_rows_are_scored_where_no_other_split_is(rows: list[dict[str, str]]) -> None:
    assert datasets.scored_rows(Dataset("d", rows)) == rows


@given(st.text(max_size=50), st.integers(1, 20))
def test_a_text_is_always_in_the_same_bucket(text: str, count: int) -> None:
    found = datasets.bucket(text, count)
    assert 0 <= found < count
    assert datasets.bucket(text, count) == found
    assert datasets.is_held_out(text, count) == (found == 0)


def test_buckets_do_not_change_from_release_to_release() -> None:
    """What training has seen would otherwise be scored by a later release."""
    assert [datasets.bucket(text, 10) for text in ("", "ok", "Żółć")] == [0, 3, 1]


def test_the_held_out_part_is_about_as_large_as_asked() -> None:
    held = sum(datasets.is_held_out(f"comment number {at}", 5) for at in range(5000))
    assert 850 < held < 1150


def test_a_label_is_read_from_either_column_in_any_case() -> None:
    assert datasets.sentiment_label({"label": " Positive "}) == "positive"
    assert datasets.sentiment_label({"sentiment": "NEGATIVE"}) == "negative"
    assert datasets.sentiment_label({"label": "", "sentiment": "neutral"}) == "neutral"
    assert datasets.sentiment_label({"text": "x"}) == ""


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("sentiment_pl_hotels", "pl"),
        ("feedback_en_nhs", "en"),
        ("sentiment_et", "et"),
        ("topics_sib200", ""),
        ("pairs", ""),
    ],
)
def test_the_language_is_read_from_the_files_name(name: str, code: str) -> None:
    assert datasets.language_of(name) == code
