from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from pipelines.insight.history import MOST_VALUES, Said, history

TUESDAY = date(2025, 1, 7)
MONDAY = date(2025, 1, 6)


def test_answers_are_counted_by_week_stratum_and_theme() -> None:
    said = {
        "a": Said(TUESDAY, "pl", "delivery"),
        "b": Said(TUESDAY + timedelta(days=5), "en", "delivery"),
        "c": Said(TUESDAY + timedelta(days=14), "pl", "delivery"),
    }
    found = history(said, [("t1", "a"), ("t1", "c"), ("t2", "b")])
    assert found.weeks == tuple(MONDAY + timedelta(weeks=at) for at in range(3))
    assert found.answers.tolist() == [[1, 1], [0, 0], [0, 1]]  # en, pl
    assert found.counts["t1"].tolist() == [[0, 1], [0, 0], [0, 1]]
    assert found.counts["t2"].tolist() == [[1, 0], [0, 0], [0, 0]]


def test_nothing_said_is_no_history() -> None:
    found = history({}, [])
    assert (found.weeks, found.counts, found.answers.size) == ((), {}, 0)


@pytest.mark.parametrize(
    ("others", "strata"),
    [
        (Said(TUESDAY, "pl", "NPS", "web"), 1),
        (Said(TUESDAY, "cs", "NPS", "web"), 2),
        (Said(TUESDAY, "pl", "CSAT", "web"), 2),
        (Said(TUESDAY, "pl", "NPS", "phone"), 2),
        (Said(TUESDAY, "pl", "nps 2025-W03", "Web "), 1),
        (Said(TUESDAY, "pl", "12 - NPS", "web"), 1),
        (Said(TUESDAY, "pl", "csat5", "web"), 2),
    ],
)
def test_a_stratum_is_a_language_a_survey_without_its_number_and_a_channel(
    others: Said, strata: int
) -> None:
    found = history({"a": Said(TUESDAY, "pl", "NPS", "web"), "b": others}, [])
    assert found.answers.shape == (1, strata)
    assert found.answers.sum() == 2


def test_a_name_of_more_values_than_anybody_runs_is_no_stratum() -> None:
    letters = [f"{one}{other}" for one in "abcdefgh" for other in "abcdefgh"]

    def strata(count: int) -> int:
        said = {name: Said(TUESDAY, "pl", survey=name, channel="web") for name in letters[:count]}
        return int(np.asarray(history(said, []).answers).shape[1])

    assert strata(MOST_VALUES) == MOST_VALUES
    assert strata(MOST_VALUES + 1) == 1
