from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.contracts import Answer, Person
from pipelines.intake import read_answer
from pipelines.resending import refusal, what_differs
from pipelines.segments import NPS, parse_scale

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
STORED = Answer(
    "Late again.",
    3,
    NPS,
    "delivery",
    NOW - timedelta(days=9),
    external_id="7",
    language_hint="en",
    respondent=Person("r-1", tier="plus"),
    attributes={"shop": "Brno", "visits": 5},
)


def test_what_is_sent_again_as_it_was_is_the_same() -> None:
    assert what_differs(STORED, replace(STORED)) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "On time."),
        ("score", 9),
        ("scale", parse_scale("0-20")),
        ("survey", "returns"),
        ("respondent", Person("r-2")),
        ("occurred_at", NOW),
        ("attributes", {"shop": "Praha"}),
        ("attributes", {"till": 2}),
    ],
)
def test_another_content_is_named_by_its_field(field: str, value: object) -> None:
    again = replace(STORED, **{field: value})  # type: ignore[arg-type]
    assert what_differs(STORED, again) == (field,)


@pytest.mark.parametrize("again", [5, 5.0, "5", "5.0", "5.00"])
def test_a_number_is_the_same_however_it_is_written(again: float | str) -> None:
    for stored in (5, 5.0, "5"):
        first = replace(STORED, attributes={"visits": stored})
        other = replace(STORED, score=3.0, attributes={"visits": again})
        is_text = isinstance(stored, str) and isinstance(again, str) and stored != again
        assert what_differs(first, other) == (("attributes",) if is_text else ())


@pytest.mark.parametrize(
    ("stored", "again"),
    [
        ("010", 10),
        ("010", "10"),
        (5, 5.5),
        (True, 1),
        (False, 0.0),
        ("five", 5),
        (5, "5 "),
        (1, ""),
    ],
)
def test_what_only_looks_alike_is_other_content(stored: float | str, again: float | str) -> None:
    first = replace(STORED, attributes={"visits": stored})
    assert what_differs(first, replace(STORED, attributes={"visits": again})) == ("attributes",)


def test_what_is_left_out_or_known_of_the_respondent_is_no_other_content() -> None:
    record = {"text": "Late again.", "score": 3, "external_id": "7"}
    again = read_answer(record, scale=NPS, survey="file", now=NOW, timezone=UTC)
    assert again.filled_in == {"survey", "occurred_at"}
    assert what_differs(STORED, again) == ()
    later = replace(
        STORED,
        occurred_at=STORED.occurred_at.replace(hour=0),
        respondent=Person("r-1", tier="gold"),
        attributes={"visits": "5"},
    )
    assert what_differs(STORED, later) == (), "an export has days and text where a form has more"


def test_the_refusal_names_both_and_says_what_to_do() -> None:
    said = str(refusal(STORED, "fb_1", ("text", "score")))
    assert "external_id 7 is stored already as fb_1 with other content (text, score)" in said
    assert "under an external_id of its own" in said
