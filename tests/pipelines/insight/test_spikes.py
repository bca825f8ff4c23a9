from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from pipelines.insight.spikes import Direction, Spike, find_spikes, incidents

MONDAY = date(2025, 1, 6)
WEEKS = 52
ANSWERS = 400
THEMES = ("courier", "refund", "locker", "invoice", "website", "price")


def weeks_of(count: int) -> list[date]:
    return [MONDAY + timedelta(weeks=at) for at in range(count)]


def quiet(seed: int, rate: float = 12.0, count: int = WEEKS) -> NDArray[np.int64]:
    """Counts that vary by chance alone."""
    return np.random.default_rng(seed).poisson(rate, count)


def bursty(seed: int, rate: float = 12.0, count: int = WEEKS) -> NDArray[np.int64]:
    """Counts whose variance is twice their mean."""
    return np.random.default_rng(seed).negative_binomial(rate, 0.5, count)


def spikes_of(series: Sequence[int] | NDArray[np.int64], total: int = ANSWERS) -> list[Spike]:
    """Spikes of one theme where every week has the same number of answers."""
    counts = [int(one) for one in series]
    return find_spikes(weeks_of(len(counts)), {"courier": counts}, [total] * len(counts))


def with_weeks(series: NDArray[np.int64], changed: dict[int, int]) -> NDArray[np.int64]:
    """The series with other counts in some weeks."""
    own = series.copy()
    for week, count in changed.items():
        own[week] = count
    return own


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("week", [20, 35, 51])
def test_a_planted_spike_is_found_in_its_week_as_one_incident(seed: int, week: int) -> None:
    spikes = spikes_of(with_weeks(quiet(seed), {week: 60}))
    (found,) = [one for one in spikes if one.week == MONDAY + timedelta(weeks=week)]
    assert (found.theme, found.direction, found.count) == ("courier", "emerging", 60)
    assert found.expected == pytest.approx(12, abs=4)
    assert found.chance < 1e-6
    (incident,) = [one for one in incidents(spikes) if found in one.spikes]
    assert (incident.reopened, incident.direction) == (0, "emerging")


@pytest.mark.parametrize("week", [29, 31])
def test_a_usual_week_beside_a_spike_is_none(week: int) -> None:
    steady = np.full(WEEKS, 12)
    found = spikes_of(with_weeks(steady, {30: 60, week: 13}))
    assert [one.week for one in found] == [MONDAY + timedelta(weeks=30)]


def test_a_spike_is_found_in_its_theme_alone() -> None:
    counts = {theme: quiet(at).tolist() for at, theme in enumerate(THEMES)}
    counts["locker"][40] = 70
    found = find_spikes(weeks_of(WEEKS), counts, [ANSWERS] * WEEKS)
    assert {one.theme for one in found} == {"locker"}
    assert MONDAY + timedelta(weeks=40) in {one.week for one in found}


def test_two_weeks_that_stand_out_only_together_are_found() -> None:
    steady = np.full(WEEKS, 12)
    alone, both = with_weeks(steady, {30: 25}), with_weeks(steady, {30: 25, 31: 25})
    assert spikes_of(alone) == []
    assert [one.week for one in spikes_of(both)] == [
        MONDAY + timedelta(weeks=30),
        MONDAY + timedelta(weeks=31),
    ]


def test_a_hole_is_found_in_its_week() -> None:
    steady = np.full(WEEKS, 20)
    (found,) = spikes_of(with_weeks(steady, {30: 0}))
    assert (found.week, found.direction) == (MONDAY + timedelta(weeks=30), "vanishing")
    assert (found.count, found.expected) == (0, 20.0)


@pytest.mark.parametrize("seed", range(10))
def test_falling_weeks_are_one_incident_of_what_vanishes(seed: int) -> None:
    series = quiet(seed, 30)
    fallen = with_weeks(series, {40: 12, 41: 6, 42: 2, 43: 0})
    (found,) = [one for one in incidents(spikes_of(fallen)) if one.direction == "vanishing"]
    assert found.last_week >= MONDAY + timedelta(weeks=43)
    assert {one.count for one in found.spikes} >= {6, 2, 0}
    assert not [one for one in spikes_of(fallen) if one.direction == "emerging"]


def test_an_incident_of_several_weeks_is_one() -> None:
    steady = np.full(WEEKS, 12)
    (found,) = incidents(spikes_of(with_weeks(steady, {30: 60, 31: 55, 32: 50})))
    assert len(found.spikes) == 3
    assert found.reopened == 0
    assert found.first_week == MONDAY + timedelta(weeks=30)
    assert found.last_week == MONDAY + timedelta(weeks=32)


def test_a_spike_that_comes_back_soon_reopens_its_incident_and_makes_no_other() -> None:
    steady = np.full(WEEKS, 12)
    (found,) = incidents(spikes_of(with_weeks(steady, {30: 60, 33: 60})))
    assert [one.count for one in found.spikes] == [60, 60]
    assert found.reopened == 1


def test_a_spike_that_comes_back_late_is_another_incident() -> None:
    steady = np.full(WEEKS, 12)
    found = incidents(spikes_of(with_weeks(steady, {30: 60, 36: 60})))
    assert [one.first_week for one in found] == [
        MONDAY + timedelta(weeks=36),
        MONDAY + timedelta(weeks=30),
    ]
    assert [one.reopened for one in found] == [0, 0]


def a_spike(theme: str, week: int, direction: Direction = "emerging") -> Spike:
    return Spike(theme, MONDAY + timedelta(weeks=week), direction, 9, 3.0, 1e-9)


def test_incidents_join_only_one_theme_and_one_direction() -> None:
    found = incidents(
        [a_spike("b", 1), a_spike("a", 1), a_spike("a", 2, "vanishing"), a_spike("a", 3)]
    )
    assert {(one.theme, one.direction, len(one.spikes)) for one in found} == {
        ("a", "emerging", 2),
        ("a", "vanishing", 1),
        ("b", "emerging", 1),
    }


@pytest.mark.parametrize(("gap", "count"), [(1, 1), (2, 1), (4, 1), (5, 2)])
def test_spikes_up_to_four_weeks_apart_are_together(gap: int, count: int) -> None:
    found = incidents([a_spike("a", 10 + gap), a_spike("a", 10)])
    assert len(found) == count
    assert sum(one.reopened for one in found) == int(1 < gap < 5)


def test_the_newest_incident_is_first() -> None:
    found = incidents([a_spike("a", 3), a_spike("b", 9), a_spike("c", 6)])
    assert [one.theme for one in found] == ["b", "c", "a"]
    assert incidents([]) == []


def alarms_in(history: Callable[[int], NDArray[np.int64]], histories: int) -> int:
    """How many shuffled histories of several themes raise anything."""
    alarms = 0
    for number in range(histories):
        order = np.random.default_rng(900 + number).permutation(WEEKS)
        counts = {
            theme: history(len(THEMES) * number + at)[order].tolist()
            for at, theme in enumerate(THEMES)
        }
        alarms += bool(find_spikes(weeks_of(WEEKS), counts, [ANSWERS] * WEEKS))
    return alarms


def test_at_most_one_in_twenty_shuffled_histories_raises_a_false_alarm() -> None:
    assert alarms_in(quiet, 200) <= 0.05 * 200


def test_shuffled_histories_of_themes_that_come_in_bursts_raise_few_false_alarms() -> None:
    assert alarms_in(bursty, 50) <= 0.05 * 50


def test_growth_of_all_answers_alone_raises_nothing() -> None:
    random = np.random.default_rng(7)
    answers = [100] * 26 + [800] * 26
    counts = {
        theme: random.binomial(answers, share).tolist()
        for theme, share in zip(THEMES, (0.02, 0.05, 0.1, 0.15, 0.2, 0.3), strict=True)
    }
    assert find_spikes(weeks_of(WEEKS), counts, answers) == []
    told = find_spikes(weeks_of(WEEKS), counts, [400] * WEEKS)
    assert {one.direction for one in told} == {"emerging"}


def test_fewer_answers_alone_raise_nothing() -> None:
    random = np.random.default_rng(8)
    answers = [800] * 26 + [100] * 26
    counts = {
        theme: random.binomial(answers, share).tolist()
        for theme, share in zip(THEMES, (0.02, 0.05, 0.1, 0.15, 0.2, 0.3), strict=True)
    }
    assert find_spikes(weeks_of(WEEKS), counts, answers) == []


@pytest.mark.parametrize("silent", [[30], [25, 26, 27], list(range(20, 40))])
def test_weeks_without_answers_raise_nothing_and_hide_no_spike(silent: list[int]) -> None:
    answers, series = [ANSWERS] * WEEKS, np.full(WEEKS, 12)
    for week in silent:
        answers[week] = series[week] = 0
    assert find_spikes(weeks_of(WEEKS), {"courier": series.tolist()}, answers) == []
    series[45] = 70
    (found,) = find_spikes(weeks_of(WEEKS), {"courier": series.tolist()}, answers)
    assert found.week == MONDAY + timedelta(weeks=45)


def test_a_history_without_answers_raises_nothing() -> None:
    assert find_spikes(weeks_of(WEEKS), {"courier": [0] * WEEKS}, [0] * WEEKS) == []


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_tiny_volumes_raise_nothing(count: int) -> None:
    assert spikes_of(with_weeks(np.zeros(WEEKS, np.int64), {30: count}), 1_000_000) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_small_survey_raises_nothing_by_chance(seed: int) -> None:
    random = np.random.default_rng(seed)
    answers = random.poisson(4, WEEKS)
    counts = {theme: random.binomial(answers, 0.2).tolist() for theme in THEMES}
    assert find_spikes(weeks_of(WEEKS), counts, answers.tolist()) == []


def test_a_change_of_less_than_double_is_no_spike_however_sure() -> None:
    steady = np.full(WEEKS, 1000)
    assert spikes_of(with_weeks(steady, {30: 1900}), 10_000) == []
    assert spikes_of(with_weeks(steady, {30: 600}), 10_000) == []
    assert len(spikes_of(with_weeks(steady, {30: 2100}), 10_000)) == 1


def test_a_theme_that_always_comes_in_bursts_needs_a_larger_one() -> None:
    steady, waves = np.full(WEEKS, 12), np.array([4, 20] * (WEEKS // 2))
    assert len(spikes_of(with_weeks(steady, {30: 36}))) == 1
    assert spikes_of(with_weeks(waves, {30: 36})) == []
    assert len(spikes_of(with_weeks(waves, {30: 120}))) >= 1


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_short_a_history_says_nothing(count: int) -> None:
    assert spikes_of(np.array([10, 10, 10, 500])[:count]) == []


def test_four_weeks_are_enough_of_a_past() -> None:
    (found,) = spikes_of(np.array([10, 10, 10, 10, 100]))
    assert found.week == MONDAY + timedelta(weeks=4)


def test_a_spike_is_no_part_of_the_past_of_the_next() -> None:
    steady = np.full(20, 10)
    found = spikes_of(with_weeks(steady, {10: 200, 11: 200, 12: 200, 19: 60}))
    assert [one.expected for one in found] == [10.0] * 4


def test_more_themes_need_more_certainty() -> None:
    series = with_weeks(np.full(WEEKS, 12), {30: 31}).tolist()
    few = {"courier": series}
    many = few | {f"theme {at}": [12] * WEEKS for at in range(100)}
    assert len(find_spikes(weeks_of(WEEKS), few, [ANSWERS] * WEEKS)) == 1
    assert find_spikes(weeks_of(WEEKS), many, [ANSWERS] * WEEKS) == []


def test_without_themes_there_is_no_spike() -> None:
    assert find_spikes(weeks_of(WEEKS), {}, [ANSWERS] * WEEKS) == []
