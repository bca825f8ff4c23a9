"""A daily digest: what a person has to do today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipelines.cases import OPEN, TO_CONTACT
from pipelines.notices.facts import CaseFact, Few
from pipelines.rules.team import Area, Member

_TIMED = (*TO_CONTACT, "contacting", "snoozed")


@dataclass(frozen=True)
class Day:
    """A person's day: no case is told of twice.

    Attributes:
        person: whose.
        since: from when on a P1 is new.
        breached: of theirs, past their time.
        due_today: of theirs, due until midnight.
        new_p1: come in since then, theirs, in their area or nobody's, not told above.
        open: the others that they have.
    """

    person: str
    day: date
    since: datetime
    breached: Few
    due_today: Few
    new_p1: Few
    open: Few

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not any(one.count for one in self._lists)

    @property
    def case_ids(self) -> list[str]:
        """Of all cases that are told of."""
        return [case.id for one in self._lists for case in one.cases]

    @property
    def _lists(self) -> tuple[Few, ...]:
        return self.breached, self.due_today, self.new_p1, self.open


def day_of(
    name: str,
    member: Member,
    cases: Sequence[CaseFact],
    since: datetime,
    now: datetime,
    zone: ZoneInfo,
) -> Day:
    """A person's day.

    Args:
        name: of the person.
        member: what the team's document says of them.
        cases: that are open.
        since: from when on a P1 is new.
        now: aware.
        zone: whose midnight ends the day.
    """
    today = now.astimezone(zone).date()
    mine = [case for case in cases if case.owner == name and case.state in OPEN]
    breached = [one for one in mine if one.state in _TIMED and one.respond_by <= now]
    due = [
        one
        for one in mine
        if one.state in _TIMED
        and one not in breached
        and one.respond_by.astimezone(zone).date() == today
    ]
    news = [
        one
        for one in cases
        if one.level == "P1"
        and one.state in TO_CONTACT
        and one.opened_at >= since
        and (one.owner in (None, name) or member.lead or _holds(member.area, one))
        and one not in breached
        and one not in due
    ]
    rest = [one for one in mine if one not in breached and one not in due and one not in news]
    return Day(name, today, since, *map(Few.of, (breached, due, news, rest)))


def _holds(area: Area, case: CaseFact) -> bool:
    return area.holds(case.themes, {name: (value,) for name, value in case.attributes.items()})
