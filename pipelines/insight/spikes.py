"""Finds weeks in which a theme is spoken of far more, or far less, than it used to be.

Counts are compared by share: n answers of N in a week against those of the weeks before. If nothing
had changed and counts varied as Poisson's do, the week's part of both together would be binomial
(the exact conditional test of two rates, Przyborowski and Wilenski 1940). Counts of themes vary
more, by a factor that all of a workspace's themes together tell; so they are taken to be negative
binomial with that factor, and the week's part is beta-binomial. Two weeks in a row are looked at
together as well. All themes, weeks and windows of a year together raise a false alarm once in
fifty years (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import betabinom, binom

Direction: TypeAlias = Literal["emerging", "vanishing"]

BASELINE_WEEKS = 12
"""Weeks before that a week is compared with; those of a spike are left out."""
FEWEST_WEEKS = 4
"""Weeks of a baseline below which nothing is said."""
LEAST_ANSWERS = 5
"""Answers of a week that may be a spike, and answers expected of one that may be a hole."""
LEAST_RATIO = 2.0
"""Times the expected count, or its part, from which on a change is worth an alarm."""
FALSE_ALARMS, YEAR_WEEKS = 0.02, 52
"""Expected false alarms a year over all themes."""
NEW_USUAL_WEEKS = 8
"""Weeks in a row after which a change that stays is what is usual."""
MARKED_BURSTS = 1.6
"""Dispersion of a theme's own baseline that twelve Poisson weeks hardly show by chance."""
_MEDIAN_SQUARE = 0.4549
"""Median of the square of a standard normal variable."""
WINDOWS = (1, 2)
"""Weeks in a row that are looked at together."""
TOGETHER = timedelta(weeks=4)
"""A spike so soon after the last one of its theme and direction is the same incident again."""


@dataclass(frozen=True)
class Spike:
    """One week of one theme.

    Attributes:
        count: answers that speak of it.
        expected: as many as its baseline would have given.
        chance: probability of what its window shows, or more so, if nothing had changed.
    """

    theme: str
    week: date
    direction: Direction
    count: int
    expected: float
    chance: float


@dataclass(frozen=True)
class Incident:
    """Spikes of one theme that belong together.

    Attributes:
        reopened: how often it came back after a quiet week.
    """

    theme: str
    direction: Direction
    spikes: tuple[Spike, ...]
    reopened: int = 0

    @property
    def first_week(self) -> date:
        """When it began."""
        return self.spikes[0].week

    @property
    def last_week(self) -> date:
        """When it last was there."""
        return self.spikes[-1].week


def find_spikes(
    weeks: Sequence[date], counts: Mapping[str, Sequence[int]], answers: Sequence[int]
) -> list[Spike]:
    """Every week that stands out, theme by theme, oldest first.

    Args:
        weeks: w Mondays without a gap.
        counts: theme -> answers that speak of it in each week.
        answers: in each week, whatever they speak of.
    """
    limit = FALSE_ALARMS / (YEAR_WEEKS * len(WINDOWS) * max(len(counts), 1))
    total = np.asarray(answers, float)
    shared = _shared_dispersion(counts, total)
    found = []
    for theme, series in sorted(counts.items()):
        own = np.asarray(series, float)
        usual = np.ones(len(own), bool)
        for end in range(FEWEST_WEEKS, len(own)):
            for length in WINDOWS:
                window = np.arange(end - length + 1, end + 1)
                before = np.flatnonzero(usual[: window[0]])[-BASELINE_WEEKS:]
                judged = _judge(own, total, before, window, shared)
                if judged is None or judged[2] > limit:
                    continue
                direction, rate, chance = judged
                for at in window[usual[window]].tolist():
                    count, expected = int(own[at]), float(rate * total[at])
                    if _stands_out(count, expected, direction):
                        usual[at] = False
                        expected = round(expected, 2)
                        found.append(Spike(theme, weeks[at], direction, count, expected, chance))
            lately = slice(max(end - NEW_USUAL_WEEKS + 1, 0), end + 1)
            if not usual[lately].any():
                usual[lately] = True
    return sorted(found, key=lambda one: (one.theme, one.week))


def incidents(spikes: Sequence[Spike]) -> list[Incident]:
    """Spikes of a theme and direction joined: one incident, reopened where it comes back soon."""
    found: list[Incident] = []
    for spike in sorted(spikes, key=lambda one: (one.theme, one.direction, one.week)):
        last = found[-1] if found else None
        if (
            last is not None
            and (last.theme, last.direction) == (spike.theme, spike.direction)
            and spike.week - last.last_week <= TOGETHER
        ):
            quiet = spike.week - last.last_week > timedelta(weeks=1)
            found[-1] = replace(
                last, spikes=(*last.spikes, spike), reopened=last.reopened + int(quiet)
            )
        else:
            found.append(Incident(spike.theme, spike.direction, (spike,)))
    return sorted(found, key=lambda one: (one.last_week, one.theme), reverse=True)


def _judge(
    own: NDArray[np.floating],
    total: NDArray[np.floating],
    before: NDArray[np.int64],
    window: NDArray[np.int64],
    shared: float,
) -> tuple[Direction, float, float] | None:
    """Direction, usual rate and chance of some weeks in a row, where the change is large enough."""
    exposure, answers = total[before].sum(), total[window].sum()
    if len(before) < FEWEST_WEEKS or not exposure or not answers:
        return None
    rate = float(own[before].sum() / exposure)
    count, expected = float(own[window].sum()), rate * answers
    rises = count > expected
    direction: Direction = "emerging" if rises else "vanishing"
    if max(count, expected) < LEAST_ANSWERS or not _stands_out(count, expected, direction):
        return None
    both, part = count + own[before].sum(), answers / (answers + exposure)
    bursts = _dispersion(own[before], total[before] * rate)
    bursts = max(shared, bursts if bursts >= MARKED_BURSTS else 1.0)
    if bursts <= 1.0:
        model = binom(both, part)
    else:
        size = both / (bursts - 1)
        model = betabinom(both, size * part, size * (1 - part))
    return direction, rate, float(model.sf(count - 1) if rises else model.cdf(count))


def _stands_out(count: float, expected: float, direction: Direction) -> bool:
    """Whether a count is far enough from what was expected to be worth an alarm."""
    if direction == "emerging":
        return count >= LEAST_RATIO * expected
    return count <= expected / LEAST_RATIO


def _shared_dispersion(counts: Mapping[str, Sequence[int]], total: NDArray[np.floating]) -> float:
    """How much counts vary beside Poisson's in the median theme.

    Of each theme the smaller of two estimates by medians, which spikes do not move: from each
    week's distance to the median week, which waves do not mislead, and from its difference to the
    week before (von Neumann 1941), which a change that stays does not.
    """
    known = []
    for series in counts.values():
        own, answers = np.asarray(series, float)[total > 0], total[total > 0]
        both = own[1:] + own[:-1]
        if own.sum() < LEAST_ANSWERS or not both.any():
            continue
        steps = np.diff(own / answers)[both > 0]
        rate = (both / (answers[1:] + answers[:-1]))[both > 0]
        spread = rate * (1 / answers[1:] + 1 / answers[:-1])[both > 0]
        expected = np.maximum(np.median(own / answers) * answers, 1e-9)
        squares = (own - expected) ** 2 / expected
        smaller = min(np.median(steps**2 / spread), np.median(squares))
        known.append(float(smaller) / _MEDIAN_SQUARE)
    return max(1.0, float(np.median(known))) if known else 1.0


def _dispersion(counts: NDArray[np.floating], expected: NDArray[np.floating]) -> float:
    """Pearson's estimate of how much more counts vary than Poisson's, at least 1."""
    known = expected > 0
    squares = (counts[known] - expected[known]) ** 2 / expected[known]
    return max(1.0, float(squares.sum() / (len(squares) - 1))) if len(squares) > 1 else 1.0
