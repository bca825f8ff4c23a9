"""Another mix of languages and surveys is no change of a theme, and hides none."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from pipelines.insight.spikes import Spike, find_spikes

MONDAY = date(2025, 1, 6)
WEEKS = 52
THEMES = tuple(f"theme {number}" for number in range(20))
STRATA = 4
LATE = 40


def weeks_of(count: int = WEEKS) -> list[date]:
    return [MONDAY + timedelta(weeks=at) for at in range(count)]


def rates(seed: int) -> NDArray[np.float64]:
    """How often each theme is spoken of in each stratum: (t, s), far apart."""
    return np.random.default_rng(seed).gamma(0.5, 0.06, (len(THEMES), STRATA)).clip(0.001, 0.5)


def counts_of(answers: NDArray[np.int64], seed: int) -> dict[str, NDArray[np.int64]]:
    """Counts of themes that change by chance alone, whatever answers come in: theme -> (w, s)."""
    random = np.random.default_rng(seed)
    return {
        theme: random.binomial(answers, own) for theme, own in zip(THEMES, rates(seed), strict=True)
    }


def usual(each: int = 80) -> NDArray[np.int64]:
    return np.full((WEEKS, STRATA), each)


def raised(counts: dict[str, NDArray[np.int64]], answers: NDArray[np.int64]) -> list[Spike]:
    return find_spikes(weeks_of(len(answers)), counts, answers)


def pooled(counts: dict[str, NDArray[np.int64]], answers: NDArray[np.int64]) -> list[Spike]:
    """What is raised where strata are not told apart."""
    whole = {theme: own.sum(axis=1) for theme, own in counts.items()}
    return find_spikes(weeks_of(len(answers)), whole, answers.sum(axis=1))


def one_large_import() -> NDArray[np.int64]:
    answers = usual()
    answers[LATE, 3] = 3_000
    return answers


def one_import_of_what_never_was() -> NDArray[np.int64]:
    answers = usual()
    answers[:, 3] = 0
    answers[LATE, 3] = 3_000
    return answers


def one_import_of_what_hardly_was() -> NDArray[np.int64]:
    answers = usual()
    answers[:, 3] = 1
    answers[LATE, 3] = 3_000
    return answers


def another_mix_from_then_on() -> NDArray[np.int64]:
    answers = usual()
    answers[LATE:] = [5, 5, 400, 20]
    return answers


def one_that_ends() -> NDArray[np.int64]:
    answers = usual()
    answers[LATE:, 0] = 0
    return answers


MIXES = [
    one_large_import,
    one_import_of_what_never_was,
    one_import_of_what_hardly_was,
    another_mix_from_then_on,
    one_that_ends,
]


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("seed", range(5))
def test_another_mix_raises_nothing(mix: object, seed: int) -> None:
    assert callable(mix)
    answers = mix()
    assert raised(counts_of(answers, seed), answers) == []


@pytest.mark.parametrize("mix", [*MIXES[:4]])
def test_without_strata_the_same_mix_raises_many_at_once(mix: object) -> None:
    assert callable(mix)
    answers = mix()
    assert len({one.theme for one in pooled(counts_of(answers, 0), answers)}) >= 4


@pytest.mark.parametrize("mix", MIXES)
def test_a_spike_in_the_week_of_another_mix_is_found_alone(mix: object) -> None:
    assert callable(mix)
    answers = mix()
    counts = counts_of(answers, 1)
    usually = {theme: int(counts[theme][:LATE].sum()) for theme in THEMES}
    some = sorted(THEMES, key=usually.__getitem__)[len(THEMES) // 2]
    counts[some][LATE, 1] += 60
    answers[LATE, 1] += 60
    found = raised(counts, answers)
    assert {one.theme for one in found} == {some}
    assert MONDAY + timedelta(weeks=LATE) in {one.week for one in found}


def test_what_is_told_of_a_spike_leaves_out_what_has_no_past() -> None:
    answers, own = np.full((WEEKS, 2), [400, 0]), np.full((WEEKS, 2), [12, 0])
    answers[LATE, 1], own[LATE, 1] = 500, 250
    assert raised({"courier": own}, answers) == []
    own[LATE, 0] = 60
    (found,) = raised({"courier": own}, answers)
    assert (found.count, found.expected) == (60, 12.0)


def test_what_is_expected_follows_the_mix() -> None:
    answers, own = np.full((WEEKS, 2), [100, 100]), np.full((WEEKS, 2), [2, 20])
    answers[LATE], own[LATE] = [20, 200], [2, 120]
    (found,) = raised({"courier": own}, answers)
    assert found.count == 122
    assert found.expected == pytest.approx(20 * 0.02 + 200 * 0.2, rel=0.05)


def test_a_hole_is_found_in_each_mix() -> None:
    answers, own = np.full((WEEKS, 2), [100, 100]), np.full((WEEKS, 2), [4, 20])
    answers[LATE], own[LATE] = [300, 100], [0, 0]
    (found,) = raised({"courier": own}, answers)
    assert (found.direction, found.count, found.expected) == ("vanishing", 0, 32.0)


def test_one_stratum_says_the_same_as_none() -> None:
    random = np.random.default_rng(3)
    counts = {theme: random.poisson(12, WEEKS) for theme in THEMES}
    counts[THEMES[4]][LATE] = 70
    answers = np.full(WEEKS, 400)
    by_stratum = {theme: own[:, None] for theme, own in counts.items()}
    plain = find_spikes(weeks_of(), counts, answers)
    assert plain == raised(by_stratum, answers[:, None])
    assert [one.week for one in plain] == [MONDAY + timedelta(weeks=LATE)]


def alarms_in(histories: int, *, evenness: float, bursts: bool = False) -> tuple[int, int]:
    """How many shuffled histories raise anything, and how many where strata are not told apart.

    Args:
        histories: how many there are; each week of each has another mix.
        evenness: 1 for any mix at all, more for mixes that differ less.
        bursts: whether counts have twice Poisson's variance.
    """
    alarms = [0, 0]
    for number in range(histories):
        random = np.random.default_rng(500 + number)
        answers = random.multinomial(400, random.dirichlet(np.full(STRATA, evenness), WEEKS))
        expected = rates(number)[:, None, :] * answers
        drawn = (
            random.negative_binomial(np.maximum(expected, 1e-9), 0.5)
            if bursts
            else random.poisson(expected)
        )
        order = random.permutation(WEEKS)
        counts = dict(zip(THEMES, drawn[:, order], strict=True))
        for at, looked in enumerate((raised, pooled)):
            alarms[at] += bool(looked(counts, answers[order]))
    return alarms[0], alarms[1]


@pytest.mark.parametrize("evenness", [1, 20])
def test_at_most_one_in_twenty_shuffled_histories_of_changing_mix_raises_an_alarm(
    evenness: float,
) -> None:
    assert alarms_in(50, evenness=evenness)[0] <= 0.05 * 50


def test_of_histories_in_bursts_and_of_changing_mix_fewer_raise_an_alarm_than_without_strata() -> (
    None
):
    by_stratum, together = alarms_in(50, evenness=1, bursts=True)
    assert by_stratum <= together / 2
    assert by_stratum <= 5


def test_strata_cost_hardly_any_power() -> None:
    """Fifteen answers more of a theme that has two: as often found as without strata, or nearly."""
    found = {"strata": 0, "none": 0}
    for seed in range(40):
        random = np.random.default_rng(seed)
        answers = random.multinomial(400, np.full(STRATA, 1 / STRATA), WEEKS)
        counts = {theme: random.poisson(answers * 0.005) for theme in THEMES}
        counts[THEMES[0]][LATE] += random.multinomial(15, np.full(STRATA, 1 / STRATA))
        planted = (THEMES[0], MONDAY + timedelta(weeks=LATE))
        for name, looked in (("strata", raised), ("none", pooled)):
            found[name] += planted in {(one.theme, one.week) for one in looked(counts, answers)}
    assert found["none"] >= 25
    assert found["strata"] >= found["none"] - 4
