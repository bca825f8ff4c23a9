"""Finds weeks in which a theme is spoken of far more, or far less, than it used to be.

Counts are compared by share: n answers of N in a week against those of the weeks before, stratum by
stratum (`history`), so that another mix of languages and surveys is no change of a theme. If
nothing had changed and counts varied as Poisson's do, the week's part of both together would be
binomial in each stratum (the exact conditional test of two rates, Przyborowski and Wilenski 1940),
and their sum is what is tested; a stratum without a past says nothing. Counts of themes vary more,
by a factor that all of a workspace's themes together tell; so they are taken to be negative
binomial with that factor, and the week's part is beta-binomial. Two weeks in a row are looked at
together as well. All themes, weeks and windows of a year together raise a false alarm once in fifty
years (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import betabinom, binom

Direction: TypeAlias = Literal["emerging", "vanishing"]
_Counts: TypeAlias = NDArray[np.float64]

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
        count: answers that speak of it, of those strata that have a past.
        expected: as many as those would have given at the rates before.
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
    weeks: Sequence[date], counts: Mapping[str, ArrayLike], answers: ArrayLike
) -> list[Spike]:
    """Every week that stands out, theme by theme, oldest first.

    Args:
        weeks: w Mondays without a gap.
        counts: theme -> answers that speak of it in each week, (w,) or, by stratum, (w, s).
        answers: in each week, whatever they speak of, shaped alike.
    """
    limit = FALSE_ALARMS / (YEAR_WEEKS * len(WINDOWS) * max(len(counts), 1))
    total = _by_stratum(answers)
    known = {theme: _by_stratum(series) for theme, series in sorted(counts.items())}
    shared = _shared_dispersion(known, total)
    found = []
    for theme, own in known.items():
        usual = np.ones(len(own), bool)
        for end in range(FEWEST_WEEKS, len(own)):
            for length in WINDOWS:
                window = np.arange(end - length + 1, end + 1)
                before = np.flatnonzero(usual[: window[0]])[-BASELINE_WEEKS:]
                if len(before) < FEWEST_WEEKS:
                    continue
                past = _Past(own[before], total[before])
                direction = past.direction(own[window], total[window])
                if direction is None:
                    continue
                chance = past.chance(own[window], total[window], direction, shared)
                if chance > limit:
                    continue
                for at in window[usual[window]].tolist():
                    count, expected = past.compared(own[[at]], total[[at]])
                    if _stands_out(count, expected, direction):
                        usual[at] = False
                        seen = int(count), round(expected, 2), chance
                        found.append(Spike(theme, weeks[at], direction, *seen))
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


class _Past:
    """Weeks of a theme that others are compared with: its counts and all answers, both (b, s)."""

    def __init__(self, own: _Counts, total: _Counts) -> None:
        self._own, self._total = own.sum(axis=0), total.sum(axis=0)
        rates = self._own / np.maximum(self._total, 1)
        self._bursts = _dispersion(own.sum(axis=1), total @ rates)

    def compared(self, own: _Counts, total: _Counts) -> tuple[float, float]:
        """Answers of some weeks and as many as were to be expected, of strata with a past.

        Their ratio is Mantel and Haenszel's (1959), in which a stratum weighs as much as is known
        of it then and now.
        """
        now, answers, known = own.sum(axis=0), total.sum(axis=0), self._total > 0
        weights = 1 / np.maximum(answers + self._total, 1)
        count = float(now[known].sum())
        more, usual = now @ (self._total * weights), self._own @ (answers * weights)
        if more:
            return count, float(count * usual / more)
        return count, float((self._own[known] * answers[known] / self._total[known]).sum())

    def direction(self, own: _Counts, total: _Counts) -> Direction | None:
        """Whether some weeks in a row lie above or below, None where too little for an alarm."""
        count, expected = self.compared(own, total)
        direction: Direction = "emerging" if count > expected else "vanishing"
        if max(count, expected) < LEAST_ANSWERS or not _stands_out(count, expected, direction):
            return None
        return direction

    def chance(self, own: _Counts, total: _Counts, direction: Direction, shared: float) -> float:
        """Probability of what some weeks show, or more so, if nothing had changed.

        Args:
            own: answers of the theme, (k, s).
            total: all answers, (k, s).
            direction: which more so is meant.
            shared: dispersion that the workspace's themes tell.
        """
        now, answers = own.sum(axis=0), total.sum(axis=0)
        known = (self._total > 0) & (answers > 0) & (now + self._own > 0)
        bursts = max(shared, self._bursts if self._bursts >= MARKED_BURSTS else 1.0)
        chances = np.ones(1)
        for at in np.flatnonzero(known).tolist():
            both = int(now[at] + self._own[at])
            part = float(answers[at] / (answers[at] + self._total[at]))
            chances = np.convolve(chances, _shared_out(both, part, bursts))
        count = int(now[known].sum())
        tail = slice(count, None) if direction == "emerging" else slice(count + 1)
        return float(chances[tail].sum())


def _by_stratum(series: ArrayLike) -> _Counts:
    """Counts as (w, s), a plain series as one stratum."""
    own = np.asarray(series, float)
    return own[:, None] if own.ndim == 1 else own


def _shared_out(both: int, part: float, bursts: float) -> _Counts:
    """Chance of each number, from none to all, of answers to be of the weeks looked at."""
    numbers = np.arange(both + 1)
    if bursts <= 1.0:
        found: _Counts = binom.pmf(numbers, both, part)
        return found
    size = both / (bursts - 1)
    found = betabinom.pmf(numbers, both, size * part, size * (1 - part))
    return found


def _stands_out(count: float, expected: float, direction: Direction) -> bool:
    """Whether a count is far enough from what was expected to be worth an alarm."""
    if direction == "emerging":
        return count >= LEAST_RATIO * expected
    return count <= expected / LEAST_RATIO


def _shared_dispersion(counts: Mapping[str, _Counts], total: _Counts) -> float:
    """How much counts vary beside Poisson's in the median theme, given the mix of each week.

    Of each theme the smaller of two estimates by medians, which spikes do not move: from each
    week's distance to the median week, which waves do not mislead, and from its difference to the
    week before (von Neumann 1941), which a change that stays does not.
    """
    known = []
    for series in counts.values():
        usual = total @ (series.sum(axis=0) / np.maximum(total.sum(axis=0), 1))
        own, usual = series.sum(axis=1)[usual > 0], usual[usual > 0]
        both = own[1:] + own[:-1]
        if own.sum() < LEAST_ANSWERS or not both.any():
            continue
        steps = np.diff(own / usual)[both > 0]
        rate = (both / (usual[1:] + usual[:-1]))[both > 0]
        spread = rate * (1 / usual[1:] + 1 / usual[:-1])[both > 0]
        expected = np.maximum(np.median(own / usual) * usual, 1e-9)
        squares = (own - expected) ** 2 / expected
        smaller = min(np.median(steps**2 / spread), np.median(squares))
        known.append(float(smaller) / _MEDIAN_SQUARE)
    return max(1.0, float(np.median(known))) if known else 1.0


def _dispersion(counts: _Counts, expected: _Counts) -> float:
    """Pearson's estimate of how much more counts vary than Poisson's, at least 1."""
    known = expected > 0
    squares = (counts[known] - expected[known]) ** 2 / expected[known]
    return max(1.0, float(squares.sum() / (len(squares) - 1))) if len(squares) > 1 else 1.0
