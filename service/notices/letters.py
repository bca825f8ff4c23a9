"""What a notice says, as of the moment it is sent: nothing, once the matter is settled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pipelines.cases import OPEN, TO_CONTACT
from pipelines.notices.facts import CaseFact
from pipelines.notices.letter import Letter
from pipelines.notices.week import QUOTES
from pipelines.notices.writing import Writer
from pipelines.work_calendar import WorkCalendar
from service.notices.digests import DigestRoom
from service.notices.people import Recipient
from service.storage.notice_facts import NoticeFacts
from service.storage.notice_tables import NoticeRow


class SettledError(Exception):
    """Nothing is left to tell; the message says why."""


class LetterRoom:
    """Writes the notices of one workspace as of one moment.

    Args:
        session: reads.
        workspace: its id.
        calendar: of the team.
        address: where pages are.
        now: aware.
    """

    def __init__(
        self, session: Session, workspace: str, calendar: WorkCalendar, address: str, now: datetime
    ) -> None:
        self._facts = NoticeFacts(session, workspace)
        self._digests = DigestRoom(session, workspace, calendar, now)
        self._calendar, self._address, self._now = calendar, address, now

    def writer(self, language: str) -> Writer:
        """Who writes in a language."""
        names = self._facts.theme_names(language)
        return Writer(language, names, self._calendar.zone, self._address)

    def letter(self, notice: NoticeRow, person: Recipient) -> Letter:
        """A notice in the person's language.

        Raises:
            SettledError: what it tells of is gone, done, or somebody else's.
        """
        writer = self.writer(person.choices.language)
        if notice.kind in ("daily", "weekly"):
            return self._digest(notice, person, writer)
        if notice.count > 1:
            return writer.of_many(notice.kind, notice.count, notice.person)  # type: ignore[arg-type]
        if notice.case_id is None:
            return self._spike(notice, writer)
        case = self._facts.cases([notice.case_id]).get(notice.case_id)
        if case is None:
            raise SettledError("The case is no longer here.")
        if not self._is_news(notice, case):
            raise SettledError("The case was seen to meanwhile.")
        return writer.of_case(notice.kind, case, self._now)  # type: ignore[arg-type]

    def _digest(self, notice: NoticeRow, person: Recipient, writer: Writer) -> Letter:
        if notice.kind == "daily":
            day = self._digests.day(person)
            if not day.is_empty:
                return writer.of_day(day, self._now)
        else:
            week = self._digests.week(person)
            if not week.is_empty:
                return writer.of_week(week)
        raise SettledError("There is nothing left to say.")

    def _spike(self, notice: NoticeRow, writer: Writer) -> Letter:
        spike = self._facts.spike(notice.key)
        if spike is None:
            raise SettledError("The theme is no longer here.")
        return writer.of_spike(spike, self._facts.quotes(spike.theme, spike.week, QUOTES))

    def _is_news(self, notice: NoticeRow, case: CaseFact) -> bool:
        """Whether what is told of a case still holds."""
        if notice.kind == "assigned":
            return case.owner == notice.person and case.state in OPEN
        if notice.kind == "new_p1":
            return case.state in TO_CONTACT
        if notice.kind in ("replied", "bounced"):
            return self._facts.is_unread(notice.key.rpartition(" ")[2])
        return case.state in OPEN and notice.key.endswith(f" {case.respond_by.isoformat()}")
