"""The queue: cases by what is asked of them, in the order in which they should be answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import ColumnElement, Select, Text, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.folding import fold
from pipelines.cases import STATES, TO_CONTACT
from pipelines.triage import UNSURE
from service.storage.answer_tables import ExcerptRow, Feedback, Respondent
from service.storage.case_tables import CaseAnswer, CaseEvent, CaseRow
from service.storage.cases import WHOLE
from service.storage.customers import sought_words
from service.storage.draft_tables import ReplyRow
from service.storage.queue_order import Sort, Today, is_for, is_late, order_of
from service.storage.queue_tables import FeedbackWords
from service.storage.replies import is_new

Only: TypeAlias = Literal["late", "unsure", "came_back"]
ONLY: tuple[Only, ...] = ("late", "unsure", "came_back")
"""Cases past their time; cases that were lifted because they were read with little certainty; cases
in which something came back that nobody has looked at."""
SearchBy: TypeAlias = Literal["words", "meaning"]
TO_ANSWER = "to_answer"
"""Cases that nobody has contacted yet, taken by somebody or not."""
_ARRIVALS = ("open", "reopen", "wake")
NOBODY = "nobody"
"""As an owner: cases that nobody has."""


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue to show; None shows all of a kind.

    Attributes:
        asked: what is searched for, by words or by meaning.
        near: of a search by meaning, ids of the answers that it found, nearest first.
    """

    state: str | None = TO_ANSWER
    segment: str | None = None
    level: str | None = None
    language: str | None = None
    theme: str | None = None
    owner: str | None = None
    only: Only | None = None
    asked: str | None = None
    by: SearchBy = "words"
    near: tuple[str, ...] = ()
    sort: Sort = "priority"


class QueueRepository:
    """The queue of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def queue(
        self, wanted: QueueFilter, *, today: Today, limit: int, offset: int = 0
    ) -> tuple[list[CaseRow], int]:
        """One page of cases with their answers, in order, and how many there are in all."""
        ids = self._filtered(wanted, today.now)
        total = self._session.scalar(select(func.count()).select_from(ids.subquery()))
        # What is shown is joined to the page alone, so that sorting carries nothing but ids.
        page = ids.order_by(*order_of(wanted.sort, wanted.near, today)).limit(limit).offset(offset)
        order = {case_id: at for at, case_id in enumerate(self._session.scalars(page))}
        rows = self._session.scalars(
            select(CaseRow).where(CaseRow.id.in_(order)).options(*WHOLE)
        ).unique()
        return sorted(rows, key=lambda row: order[row.id]), int(total or 0)

    def opened_since(self, since: datetime, most: int) -> list[CaseRow]:
        """The newest cases with their answers, as their pages show them."""
        query = (
            select(CaseRow)
            .where(CaseRow.workspace_id == self._workspace, CaseRow.opened_at >= since)
            .options(*WHOLE)
            .order_by(CaseRow.opened_at.desc(), CaseRow.id)
            .limit(most)
        )
        return list(self._session.scalars(query).unique())

    def counts(self, state: str | None) -> dict[str, dict[str, int]]:
        """How many cases of a state there are by segment, level, language and owner.

        `state` among the results counts all cases by their state.
        """
        columns = (
            *(CaseRow.state, CaseRow.segment, CaseRow.level),
            *(CaseRow.language, CaseRow.owner),
        )
        query = (
            select(*columns, func.count())
            .where(CaseRow.workspace_id == self._workspace)
            .group_by(*columns)
        )
        names = ("state", "segment", "level", "language", "owner")
        counted: dict[str, Counter[str]] = {name: Counter() for name in names}
        wanted = TO_CONTACT if state == TO_ANSWER else STATES if state is None else (state,)
        for found, *values, number in self._session.execute(query):
            counted["state"][found] += number
            if found in wanted:
                for name, value in zip(names[1:], values, strict=True):
                    if value is not None:
                        counted[name][value] += number
        return {name: dict(numbers) for name, numbers in counted.items()}

    def newest_event(self) -> int:
        """Number of the newest event of any case; those that come later have higher ones."""
        return int(self._session.scalar(select(func.max(CaseEvent.id))) or 0)

    def arrived(self, wanted: QueueFilter, after: int, now: datetime) -> set[str]:
        """Ids of the cases that fit and came in, or came back, after an event."""
        came = select(CaseEvent.case_id).where(CaseEvent.id > after, CaseEvent.move.in_(_ARRIVALS))
        return set(self._session.scalars(self._filtered(wanted, now).where(CaseRow.id.in_(came))))

    def for_today(self, today: Today) -> tuple[int, int]:
        """How many cases that nobody has contacted yet are past their time, and for today."""
        asked = (
            func.count().filter(CaseRow.respond_by < today.now),
            func.count().filter(is_for(today)),
        )
        row = self._session.execute(select(*asked).where(*self._of_state(TO_ANSWER))).one()
        return int(row[0]), int(row[1])

    def _of_state(self, state: str | None) -> list[ColumnElement[bool]]:
        conditions = [CaseRow.workspace_id == self._workspace]
        if state == TO_ANSWER:
            conditions.append(CaseRow.state.in_(TO_CONTACT))
        elif state is not None:
            conditions.append(CaseRow.state == state)
        return conditions

    def _filtered(self, wanted: QueueFilter, now: datetime) -> Select[str]:
        query = select(CaseRow.id).where(*self._of_state(wanted.state))
        for name in ("segment", "level", "language"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(getattr(CaseRow, name) == value)
        if wanted.owner == NOBODY:
            query = query.where(CaseRow.owner.is_(None))
        elif wanted.owner is not None:
            query = query.where(CaseRow.owner == wanted.owner)
        if wanted.theme is not None:
            about = select(ExcerptRow.feedback_id).where(
                ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id == wanted.theme
            )
            query = query.where(CaseRow.feedback_id.in_(about))
        if wanted.only == "late":
            query = query.where(is_late(now))
        elif wanted.only == "unsure":
            code = f'"code": "{UNSURE}"'
            query = query.where(cast(CaseRow.reasons, Text).contains(code, autoescape=True))
        elif wanted.only == "came_back":
            news = select(ReplyRow.case_id).where(ReplyRow.workspace_id == self._workspace)
            query = query.where(CaseRow.id.in_(news.where(is_new())))
        if wanted.asked is not None:
            found = select(CaseAnswer.case_id).where(self._answers_that_say(wanted))
            query = query.where(CaseRow.id.in_(found))
        return query

    def _answers_that_say(self, wanted: QueueFilter) -> ColumnElement[bool]:
        """The answers that a search found.

        By meaning they are near; by words they have every word in them, or their customer is
        known by all of them.
        """
        if wanted.by == "meaning":
            return CaseAnswer.feedback_id.in_(wanted.near)
        asked = wanted.asked or ""
        said = select(FeedbackWords.feedback_id).where(
            FeedbackWords.workspace_id == self._workspace,
            *_has_each(FeedbackWords.words, fold(asked).split()),
        )
        customers = select(Respondent.id).where(
            Respondent.workspace_id == self._workspace,
            *_has_each(Respondent.known_by, sought_words(asked)),
        )
        theirs = select(Feedback.id).where(Feedback.respondent_id.in_(customers))
        return CaseAnswer.feedback_id.in_(said.union_all(theirs))


def _has_each(
    column: InstrumentedAttribute[str], words: Iterable[str]
) -> Iterator[ColumnElement[bool]]:
    return (column.contains(word, autoescape=True) for word in words)
