"""How the small loop goes: what is late, how soon customers are reached, how many won back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from pipelines.cases import OPEN, TO_CONTACT


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """What of a case counts in the figures; moments are aware.

    Attributes:
        started_at: when its clock began.
        respond_by: until when the next step is due.
        is_second_level: whether the customer was still unhappy once the case had been handled.
    """

    state: str
    owner: str | None
    themes: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    started_at: datetime
    contacted_at: datetime | None
    resolved_at: datetime | None
    respond_by: datetime
    due_soon_at: datetime | None
    is_second_level: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """Hours of several cases: the median, and what nine in ten keep to."""

    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class LoopFigures:
    """Figures of a person, a place or a theme; shares are 0-1, None where there is nothing yet.

    Attributes:
        cases: all of them.
        open: not resolved, verified or closed.
        due_soon: of the open ones, due soon and not late.
        late: of the open ones, past what was due.
        first_contact: hours from the answer to the first contact, as they pass.
        to_resolve: hours from the answer until the case was resolved.
        closed_share: of all, those that are resolved, verified or closed.
        recovered_share: of those whose customer said whether it worked, where it did.
    """

    name: str
    cases: int
    open: int
    due_soon: int
    late: int
    first_contact: Spread | None
    to_resolve: Spread | None
    closed_share: float
    recovered_share: float | None


def by_owner(case: CaseTimes) -> Sequence[str]:
    """A case counts for whoever has it; for "" where nobody does."""
    return (case.owner or "",)


def by_theme(case: CaseTimes) -> Sequence[str]:
    """A case counts for each of its themes."""
    return case.themes


def by_attribute(name: str) -> Callable[[CaseTimes], Sequence[str]]:
    """A case counts for its value of an attribute, such as a place."""
    return lambda case: [value for key, value in case.attributes if key == name]


def figures(
    cases: Iterable[CaseTimes], part: Callable[[CaseTimes], Sequence[str]], now: datetime
) -> list[LoopFigures]:
    """Figures of each part, those with most open cases first; the first, "all", is of all."""
    cases = list(cases)
    parts: dict[str, list[CaseTimes]] = defaultdict(list)
    for case in cases:
        for name in part(case):
            parts[name].append(case)
    rows = [_figures(name, own, now) for name, own in parts.items()]
    rows.sort(key=lambda row: (-row.open, -row.cases, row.name))
    return [_figures("all", cases, now), *rows]


def _figures(name: str, cases: Sequence[CaseTimes], now: datetime) -> LoopFigures:
    opened = [case for case in cases if case.state in OPEN]
    timed = [case for case in opened if case.state in (*TO_CONTACT, "contacting", "snoozed")]
    late = [case for case in timed if case.respond_by <= now]
    soon = [
        case for case in timed if case.due_soon_at and case.due_soon_at <= now < case.respond_by
    ]
    verified = sum(case.state == "verified" for case in cases)
    unhappy = sum(case.is_second_level and case.state != "verified" for case in cases)
    said = verified + unhappy
    return LoopFigures(
        name,
        len(cases),
        len(opened),
        len(soon),
        len(late),
        _spread([(case.started_at, case.contacted_at) for case in cases]),
        _spread([(case.started_at, case.resolved_at) for case in cases]),
        (len(cases) - len(opened)) / len(cases) if cases else 0.0,
        verified / said if said else None,
    )


def _spread(times: Iterable[tuple[datetime, datetime | None]]) -> Spread | None:
    hours = [(end - start).total_seconds() / 3600 for start, end in times if end is not None]
    if not hours:
        return None
    return Spread(float(np.median(hours)), float(np.quantile(hours, 0.9)))
