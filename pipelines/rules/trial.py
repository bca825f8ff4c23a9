"""What other weights would have done to the cases of the last weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.contracts import LEVELS, Answer, Level, Priority, Segment, Understanding
from pipelines.rules import Rules
from pipelines.triage import Standing, prioritise


@dataclass(frozen=True)
class Judged:
    """A case as it stood when it was opened."""

    case_id: str
    understanding: Understanding
    segment: Segment | None
    answer: Answer
    standing: Standing
    opened_at: datetime


@dataclass(frozen=True)
class Shift:
    """A case's place and priority by the rules in use and by those that are tried.

    Attributes:
        before: priority by the rules in use; `after` by the others.
        place_before: from 1, in a queue of all of them; `place_after` by the others.
    """

    case_id: str
    before: Priority
    after: Priority
    place_before: int
    place_after: int


@dataclass(frozen=True)
class Trial:
    """What a change of rules does.

    Attributes:
        shifts: every case, in the order of the rules that are tried.
        levels: how many cases go from which level to which; all sixteen pairs.
    """

    shifts: tuple[Shift, ...]
    levels: dict[tuple[Level, Level], int]

    @property
    def moved(self) -> int:
        """How many cases get another level."""
        return sum(count for (old, new), count in self.levels.items() if old != new)


def try_rules(judged: Sequence[Judged], in_use: Rules, tried: Rules) -> Trial:
    """Judge cases by both rules, each as of the moment it was opened."""
    both = [(_judge(one, in_use), _judge(one, tried)) for one in judged]
    places_before, places_after = (_places([pair[at] for pair in both]) for at in (0, 1))
    shifts = [
        Shift(one.case_id, before, after, places_before[at], places_after[at])
        for at, (one, (before, after)) in enumerate(zip(judged, both, strict=True))
    ]
    counted = Counter((before.level, after.level) for before, after in both)
    return Trial(
        tuple(sorted(shifts, key=lambda shift: shift.place_after)),
        {(old, new): counted[old, new] for old in LEVELS for new in LEVELS},
    )


def _judge(one: Judged, rules: Rules) -> Priority:
    return prioritise(
        one.understanding,
        one.segment,
        one.answer,
        rules,
        now=one.opened_at,
        standing=one.standing,
    )


def _places(priorities: Sequence[Priority]) -> list[int]:
    """Place of each in a queue, from 1; of equals the one that is due first goes first."""

    def order_of(at: int) -> tuple[str, int, datetime]:
        one = priorities[at]
        return one.level, -one.score, one.respond_by

    order = sorted(range(len(priorities)), key=order_of)
    places = [0] * len(priorities)
    for place, at in enumerate(order, 1):
        places[at] = place
    return places
