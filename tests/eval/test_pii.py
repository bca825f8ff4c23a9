"""The task `pii` counts spans as it says, reads what others write, and names what it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.datasets import DatasetError
from eval.tasks import pii
from eval.tasks.pii import Line, Span, is_covered, measure
from models.contracts import LANGUAGES
from models.personal_data import PERSONAL_TYPES, PersonalSpan
from tests.eval.data_folder import write


def file_of(folder: Path, spans: object, name: str = "pii_pl.csv") -> Path:
    text = "Pisz na jan@example.com, dobrze?"
    written = spans if isinstance(spans, str) else json.dumps(spans)
    write(folder / name, [{"text": "ok", "spans": "[]"}, {"text": text, "spans": written}])
    return folder / name


def test_half_of_the_characters_is_enough_and_less_is_not() -> None:
    assert is_covered(Span("name", 0, 10), [PersonalSpan("name", 5, 30)])
    assert not is_covered(Span("name", 0, 10), [PersonalSpan("name", 6, 30)])
    assert is_covered(
        Span("name", 0, 10), [PersonalSpan("name", 0, 3), PersonalSpan("name", 8, 10)]
    )


def test_a_span_that_swallows_a_sentence_finds_but_is_not_right() -> None:
    line = Line("x" * 100, "pl", (Span("phone", 0, 9),), (PersonalSpan("phone", 0, 90),))
    assert measure([line]) == {
        "recall": 1.0,
        "precision": 0.0,
        "f1": 0.0,
        "type_accuracy": 1.0,
        "recall_phone": 1.0,
    }


def test_a_wrong_type_is_found_all_the_same() -> None:
    line = Line("x" * 9, "pl", (Span("phone", 0, 9),), (PersonalSpan("card", 0, 9),))
    values = measure([line])
    assert (values["recall"], values["precision"], values["type_accuracy"]) == (1.0, 1.0, 0.0)


def test_lines_without_personal_data_count_by_what_is_found_in_them() -> None:
    assert measure([Line("x", "pl", (), ())]) == {"recall": 1.0, "precision": 1.0, "f1": 1.0}
    assert measure([Line("x", "pl", (), (PersonalSpan("card", 0, 1),))])["precision"] == 0.0


@pytest.mark.parametrize(
    "spans",
    [[{"type": "Email", "start": 8, "end": 23}], [{"start": 8, "end": 23}], [[8, 23, "email"]]],
)
def test_both_forms_of_spans_are_read(spans: object, tmp_path: Path) -> None:
    empty, line = pii.read(file_of(tmp_path, spans), None)
    assert empty.true == ()
    assert line.language == "pl"
    assert measure([line])["recall"] == 1.0


@pytest.mark.parametrize(
    "spans", ["[{", "7", '{"start": 1}', "[[8]]", '[["8", "23", "email"]]', '[{"end": 3}]', "[3]"]
)
def test_spans_that_cannot_be_read_are_named_by_file_and_row(spans: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"pii_pl\.csv, row 3: spans must be"):
        pii.read(file_of(tmp_path, spans), None)


@pytest.mark.parametrize("span", [[8, 99, "email"], [5, 5, "email"], [-1, 3, "email"]])
def test_a_span_outside_the_text_is_named_by_file_and_row(span: object, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"row 3: the span .* is not inside the text"):
        pii.read(file_of(tmp_path, [span]), None)


def test_the_language_column_goes_before_the_name_of_the_file(tmp_path: Path) -> None:
    rows = [{"text": "Kuller pani Tallinnas paki ära", "spans": "[]", "language": "et"}]
    write(tmp_path / "pii_pl.csv", rows)
    assert [(line.language, line.found) for line in pii.read(tmp_path / "pii_pl.csv", None)] == [
        ("et", ())
    ]


def test_the_own_suite_has_a_hundred_lines_a_language_and_is_read_as_the_issue_asks() -> None:
    results = {(one.dataset, one.language): one for one in pii.run_own()}
    assert [results["suite", code].n for code in LANGUAGES] == [100] * 4
    whole = results["suite", "all"]
    assert {f"recall_{kind}" for kind in PERSONAL_TYPES} <= set(whole.metrics)
    for one in results.values():
        assert one.metrics["recall"] >= 0.98
        assert one.metrics["precision"] >= 0.95


def test_a_line_that_is_read_wrongly_is_kept_as_a_mistake(tmp_path: Path) -> None:
    line = pii.read(file_of(tmp_path, []), None)[1]
    (result,) = pii._results("pii_pl", [line])
    assert [(one.truth, one.answer) for one in result.mistakes] == [("", "email:jan@example.com")]
