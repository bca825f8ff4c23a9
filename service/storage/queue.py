"""The queue: cases by what is asked of them, in the order in which they should be answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Select, Text, UnaryExpression, and_, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.folding import fold
from pipelines.cases import STATES, TIMED, TO_CONTACT
from pipelines.triage import UNSURE
from service.storage.cases import WHOLE
from service.storage.customers import sought_words
from service.storage.queue_tables import FeedbackWords
from service.storage.tables import CaseAnswer, CaseRow, ExcerptRow, Feedback, Respondent

Sort: TypeAlias = Literal["priority", "respond_by", "newest", "nearest"]
SORTS: tuple[Sort, ...] = ("priority", "respond_by", "newest", "nearest")
Only: TypeAlias = Literal["late", "unsure"]
ONLY: tuple[Only, ...] = ("late", "unsure")
"""Cases past their time; cases that were lifted because they were read with little certainty."""
SearchBy: TypeAlias = Literal["words", "meaning"]
TO_ANSWER = "to_answer"
"""Cases that nobody has contacted yet, taken by somebody or not."""
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
        self, wanted: QueueFilter, *, now: datetime, limit: int, offset: int = 0
    ) -> tuple[list[CaseRow], int]:
        """One page of cases with their answers, in order, and how many there are in all.

        In the order of priority are first those that are past their time by `now`.
        """
        ids = self._filtered(wanted, now)
        total = self._session.scalar(select(func.count()).select_from(ids.subquery()))
        # What is shown is joined to the page alone, so that sorting carries nothing but ids.
        page = ids.order_by(*_order(wanted, now)).limit(limit).offset(offset)
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

    def overdue(self, now: datetime) -> int:
        """How many cases that nobody has contacted yet are past their time."""
        query = select(func.count()).where(*self._of_state(TO_ANSWER), CaseRow.respond_by < now)
        return int(self._session.scalar(query) or 0)

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
            query = query.where(_is_late(now))
        elif wanted.only == "unsure":
            code = f'"code": "{UNSURE}"'
            query = query.where(cast(CaseRow.reasons, Text).contains(code, autoescape=True))
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


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(CaseRow.state.in_(TIMED), CaseRow.respond_by < now)


def _order(wanted: QueueFilter, now: datetime) -> tuple[UnaryExpression[Any], ...]:
    sort = wanted.sort
    if sort == "nearest" and wanted.near:
        place = {feedback: at for at, feedback in enumerate(wanted.near)}
        near = case(place, value=CaseRow.feedback_id, else_=len(place))
        return (near.asc(), CaseRow.priority_score.desc(), CaseRow.id.asc())
    if sort == "respond_by":
        return (CaseRow.respond_by.asc(), CaseRow.priority_score.desc(), CaseRow.id.asc())
    if sort == "newest":
        return (CaseRow.opened_at.desc(), CaseRow.priority_score.desc(), CaseRow.id.asc())
    late_first = case((_is_late(now), 0), else_=1).asc()
    return (
        late_first,
        CaseRow.priority_score.desc(),
        CaseRow.respond_by.asc(),
        CaseRow.id.asc(),
    )
