"""Counts answers by week, theme and stratum: what spikes are looked for in.

A stratum is a language, a survey and a channel together, for each has its own themes. Where one is
not told it is blank; where it has more values than anybody runs, such as one a respondent, it tells
nothing and is left out. A survey's name counts without what numbers it, so that waves are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

MOST_VALUES = 30
"""Surveys, or channels, above which a name of theirs is no stratum."""
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Said:
    """When and where one answer came in."""

    on: date
    language: str
    survey: str = ""
    channel: str = ""


@dataclass(frozen=True)
class History:
    """Answers of w weeks and s strata.

    Attributes:
        weeks: Mondays without a gap.
        counts: theme -> (w, s) answers that speak of it.
        answers: (w, s), whatever they speak of.
    """

    weeks: tuple[date, ...]
    counts: Mapping[str, NDArray[np.int64]]
    answers: NDArray[np.int64]


def history(said: Mapping[str, Said], themes: Iterable[tuple[str, str]]) -> History:
    """Count answers.

    Args:
        said: each answer by its id.
        themes: pairs of a theme and an answer that speaks of it, each pair once.
    """
    if not said:
        return History((), {}, np.zeros((0, 0), np.int64))
    strata = _strata(said)
    columns = {stratum: at for at, stratum in enumerate(sorted(set(strata.values())))}
    days = [one.on for one in said.values()]
    first = min(days) - timedelta(days=min(days).weekday())
    weeks = tuple(first + timedelta(weeks=at) for at in range((max(days) - first).days // 7 + 1))
    cells = {
        answer: ((one.on - first).days // 7, columns[strata[answer]])
        for answer, one in said.items()
    }
    answers = np.zeros((len(weeks), len(columns)), np.int64)
    for cell in cells.values():
        answers[cell] += 1
    counts: dict[str, NDArray[np.int64]] = {}
    for theme, answer in themes:
        counts.setdefault(theme, np.zeros_like(answers))[cells[answer]] += 1
    return History(weeks, counts, answers)


def _strata(said: Mapping[str, Said]) -> dict[str, tuple[str, str, str]]:
    surveys = {answer: _name(one.survey) for answer, one in said.items()}
    channels = {answer: one.channel.strip().casefold() for answer, one in said.items()}
    telling = [len(set(names.values())) <= MOST_VALUES for names in (surveys, channels)]
    return {
        answer: (
            one.language,
            surveys[answer] if telling[0] else "",
            channels[answer] if telling[1] else "",
        )
        for answer, one in said.items()
    }


def _name(survey: str) -> str:
    """A survey's name without the words that number it: "NPS 2025-W03" is "nps"."""
    words = _BETWEEN.split(survey.casefold())
    lasting = [word for word in words if not any(sign.isdigit() for sign in word)]
    return " ".join(lasting).strip() or survey.casefold()
