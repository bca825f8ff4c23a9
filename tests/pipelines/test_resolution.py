from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipelines.contracts import PipelineError
from pipelines.resolution import Resolution, check_resolution

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHOLE = Resolution(
    "solved",
    ("No note at the reception", "The record gives no reminder"),
    promised="A free wash",
    promised_by=date(2026, 12, 1),
)


def test_a_whole_resolution_is_kept_as_it_was_given() -> None:
    check_resolution(WHOLE, NOW)
    whole = WHOLE.complete(NOW)
    assert whole.verify_on == date(2026, 12, 7)
    assert Resolution.of_json(whole.to_json()) == whole
    assert whole.root_cause == "The record gives no reminder"
    check_resolution(Resolution("not_reached", unknown_because="Nobody answers"), NOW)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outcome": "done"}, "one of solved, explained, compensated, not_solvable, not_reached"),
        ({"causes": ()}, "needs the root cause"),
        ({"unknown_because": "?"}, "not both"),
        ({"causes": ("a", " ")}, "none of them empty"),
        ({"causes": ("a",) * 8}, "up to 7 steps"),
        ({"causes": ("a\x00",)}, "control character"),
        ({"promised": ""}, "no promise"),
        ({"promised": "x" * 2_001}, "at most 2,000"),
        ({"verify_on": date(2026, 11, 22)}, "from today to a year"),
        ({"verify_on": date(2028, 1, 1)}, "from today to a year"),
    ],
)
def test_what_is_missing_is_said(changes: dict[str, object], words: str) -> None:
    with pytest.raises(PipelineError, match=words):
        check_resolution(replace(WHOLE, **changes), NOW)  # type: ignore[arg-type]
