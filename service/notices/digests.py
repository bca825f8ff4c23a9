"""Digests: composed for one person as of a moment, and told on the mornings when they are due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from pipelines.notices.choices import DIGESTS, Digest
from pipelines.notices.day import Day, day_of
from pipelines.notices.facts import AnswerFact, CaseFact
from pipelines.notices.quiet import digest_due
from pipelines.notices.week import WEEK, WEEKS_BEFORE, Part, Week, parts_of, week_of
from pipelines.work_calendar import WorkCalendar
from service.notices.people import Recipient, people
from service.storage.notice_facts import NoticeFacts
from service.storage.notices import NoticeRepository
from service.wiring import Odzew

_MOST_PLACES = 60
_LONGEST_BREAK = 14
"""Days; what came in before is no news."""


class DigestRoom:
    """Composes digests of one workspace as of one moment; what all share is read once."""

    def __init__(
        self, session: Session, workspace: str, calendar: WorkCalendar, now: datetime
    ) -> None:
        self._facts = NoticeFacts(session, workspace)
        self._calendar, self._now = calendar, now
        self._week: tuple[list[AnswerFact], list[CaseFact]] | None = None

    def day(self, person: Recipient) -> Day:
        """A person's day; P1s are new since the working day before."""
        since = self._now - timedelta(days=self._days_since_work())
        cases = self._facts.day_cases(person.name, since)
        zone = self._calendar.zone
        return day_of(person.name, person.member, cases, since, self._now, zone)

    def week(self, person: Recipient, parts: Sequence[Part] = ()) -> Week:
        """A person's week, of their places and themes if no others are named."""
        chosen = parts or parts_of(person.member.area)
        zone = self._calendar.zone
        return week_of(person.name, chosen, *self._read_week(), self._now, zone)

    def places(self) -> dict[str, list[str]]:
        """Values of each attribute by which answers of these weeks can be told apart."""
        found: dict[str, set[str]] = defaultdict(set)
        for answer in self._read_week()[0]:
            for name, value in answer.attributes.items():
                found[name].add(str(value))
        return {
            name: sorted(values)
            for name, values in sorted(found.items())
            if 1 < len(values) <= _MOST_PLACES
        }

    def compose(self, kind: Digest, person: Recipient) -> Day | Week:
        """A digest of either kind."""
        return self.day(person) if kind == "daily" else self.week(person)

    def _read_week(self) -> tuple[list[AnswerFact], list[CaseFact]]:
        if self._week is None:
            zone = self._calendar.zone
            today = self._now.astimezone(zone).date()
            midnight = datetime.combine(today, time.min, zone).astimezone(UTC)
            since = midnight - WEEK - timedelta(hours=2)  # clocks may have been changed meanwhile
            answers = self._facts.answers(since - WEEKS_BEFORE * WEEK, since)
            self._week = answers, self._facts.week_cases(since)
        return self._week

    def _days_since_work(self) -> int:
        today = self._now.astimezone(self._calendar.zone).date()
        days = range(1, _LONGEST_BREAK)
        worked = (back for back in days if not self._calendar.is_free(today - timedelta(days=back)))
        return next(worked, _LONGEST_BREAK)


def write_digests(odzew: Odzew, workspace: str, now: datetime) -> int:
    """Tell everybody whose hour has come of their digest; gives how many were made.

    One that has nothing to say is kept without being told, so that it is not looked at again.
    """
    rules = odzew.rules(workspace)
    calendar = rules.clock.calendar
    today = now.astimezone(calendar.zone).date()
    is_mailing = odzew.settings.mail_server is not None
    found: list[tuple[Recipient, Digest, bool]] = []
    with odzew.database.snapshot() as session:
        known = NoticeRepository(session, workspace).known(DIGESTS, [today.isoformat()])
        room = DigestRoom(session, workspace, calendar, now)
        for person in people(session, workspace, rules).values():
            for kind in DIGESTS:
                if (person.name, kind, today.isoformat()) in known:
                    continue
                if not _is_due(kind, person, calendar, now, is_mailing=is_mailing):
                    continue
                found.append((person, kind, room.compose(kind, person).is_empty))
    if not found:
        return 0
    with odzew.database.transaction() as session:
        notices = NoticeRepository(session, workspace)
        known = notices.known(DIGESTS, [today.isoformat()])
        for person, kind, is_empty in found:
            if (person.name, kind, today.isoformat()) not in known:
                channel = person.channel(kind, today, is_mailing=is_mailing)
                notices.add(
                    *(person.name, kind, today.isoformat()),
                    at=now,
                    is_shown=not is_empty and person.choices.wants(kind, "app"),
                    channel=None if is_empty else channel,
                )
    return sum(not is_empty for _, _, is_empty in found)


def _is_due(
    kind: Digest, person: Recipient, calendar: WorkCalendar, now: datetime, *, is_mailing: bool
) -> bool:
    day = digest_due(kind, person.choices, calendar, now)
    if day is None or person.member.is_absent(day):
        return False
    channel = person.channel(kind, day, is_mailing=is_mailing)
    return person.choices.wants(kind, "app") or channel is not None
