"""Cases, answers and themes as notices tell of them; words are masked excerpts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from pipelines.cases import OPEN, TO_CONTACT
from pipelines.notices.facts import AnswerFact, CaseFact, Quote
from pipelines.notices.recipients import Occasion
from pipelines.notices.writing import SpikeFact
from pipelines.words import shortened
from service.storage.answer_tables import ExcerptRow, Feedback, Reading
from service.storage.case_tables import CaseAnswer, CaseRow
from service.storage.customers import customer_names
from service.storage.notice_tables import OccasionRow
from service.storage.replies import is_unread
from service.storage.theme_tables import ThemeIncident, ThemeRow

_KEYS_A_QUERY = 500
_WORDS = 240


class NoticeFacts:
    """What notices of one workspace are about."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def cases(self, ids: Sequence[str]) -> dict[str, CaseFact]:
        """Cases by id; one that was erased is not among them."""
        found: dict[str, CaseFact] = {}
        for start in range(0, len(ids), _KEYS_A_QUERY):
            chunk = self._cases(CaseRow.id.in_(ids[start : start + _KEYS_A_QUERY]))
            found.update((case.id, case) for case in chunk)
        return found

    def customers(self, case_ids: Sequence[str]) -> dict[str, str]:
        """Names of the customers of cases, for pages."""
        return customer_names(self._session, self._workspace, case_ids)

    def is_unread(self, reply_id: str) -> bool:
        """Whether nobody has looked at something that came back."""
        return is_unread(self._session, reply_id)

    def day_cases(self, person: str, since: datetime) -> list[CaseFact]:
        """What a daily digest may tell of: a person's open cases, and P1s opened since."""
        return self._cases(
            or_(
                and_(CaseRow.owner == person, CaseRow.state.in_(OPEN)),
                and_(
                    CaseRow.opened_at >= since,
                    CaseRow.level == "P1",
                    CaseRow.state.in_(TO_CONTACT),
                ),
            )
        )

    def week_cases(self, since: datetime) -> list[CaseFact]:
        """Cases of people, for a weekly digest: resolved since, and open ones."""
        return self._cases(
            or_(
                CaseRow.resolved_at >= since,
                and_(CaseRow.owner.is_not(None), CaseRow.state.in_(OPEN)),
            )
        )

    def answers(self, since: datetime, quoted_since: datetime) -> list[AnswerFact]:
        """Answers since a moment; the words of those that are older than another are left out."""
        query = (
            select(
                *(Feedback.id, Feedback.occurred_at, Feedback.attributes, Reading.segment),
                *(CaseAnswer.case_id, CaseRow.state),
            )
            .join(Reading, Reading.feedback_id == Feedback.id)
            .outerjoin(CaseAnswer, CaseAnswer.feedback_id == Feedback.id)
            .outerjoin(CaseRow, CaseRow.id == CaseAnswer.case_id)
        )
        mine = (Feedback.workspace_id == self._workspace) & (Feedback.occurred_at >= since)
        quotes: dict[str, list[Quote]] = defaultdict(list)
        excerpts = (
            select(
                *(ExcerptRow.feedback_id, ExcerptRow.text, ExcerptRow.language),
                *(ExcerptRow.sentiment_score, ExcerptRow.theme_id),
                *(CaseAnswer.case_id, Feedback.occurred_at),
            )
            .join(Feedback, Feedback.id == ExcerptRow.feedback_id)
            .outerjoin(CaseAnswer, CaseAnswer.feedback_id == Feedback.id)
            .where(mine)
        )
        for row in self._session.execute(excerpts):
            text = shortened(row.text, _WORDS) if row.occurred_at >= quoted_since else ""
            quotes[row.feedback_id].append(
                Quote(text, row.language, row.sentiment_score, row.theme_id, row.case_id)
            )
        return [
            AnswerFact(
                *(row.occurred_at, row.segment, row.attributes, tuple(quotes[row.id])),
                *(row.case_id, row.state),
            )
            for row in self._session.execute(query.where(mine))
        ]

    def quotes(self, theme_id: str, since: date, most: int) -> list[Quote]:
        """The worst words about a theme in the week that begins on a day and later."""
        query = (
            select(ExcerptRow, CaseAnswer.case_id)
            .join(Feedback, Feedback.id == ExcerptRow.feedback_id)
            .outerjoin(CaseAnswer, CaseAnswer.feedback_id == Feedback.id)
            .where(ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id == theme_id)
            .where(Feedback.occurred_at >= datetime.fromisoformat(f"{since}T00:00:00+00:00"))
            .order_by(ExcerptRow.sentiment_score, ExcerptRow.id)
            .limit(most)
        )
        return [
            Quote(shortened(one.text, _WORDS), one.language, one.sentiment_score, theme_id, case_id)
            for one, case_id in self._session.execute(query)
        ]

    def spike(self, key: str) -> SpikeFact | None:
        """The latest week of the incident that an occasion is of."""
        incident = self._incident(key)
        if incident is None or not incident.weeks:
            return None
        week: Mapping[str, Any] = incident.weeks[-1]
        return SpikeFact(
            incident.theme_id,
            date.fromisoformat(week["week"]),
            int(week["count"]),
            float(week["expected"]),
        )

    def theme_names(self, language: str) -> dict[str, str]:
        """Names of all themes in a language."""
        query = select(ThemeRow).where(ThemeRow.workspace_id == self._workspace)
        return {row.id: row.name_in(language) for row in self._session.scalars(query)}

    def occasions(self, rows: Iterable[OccasionRow], earliest_week: date) -> list[Occasion | None]:
        """What happened, in order; None for what is gone, and for spikes of older weeks."""
        rows = list(rows)
        cases = self.cases([row.case_id for row in rows if row.case_id])
        found: list[Occasion | None] = []
        for row in rows:
            if row.case_id is None:
                found.append(self._spiked(row, earliest_week))
                continue
            case = cases.get(row.case_id)
            found.append(
                Occasion(
                    kind=row.kind,  # type: ignore[arg-type]
                    key=row.key,
                    case_id=case.id,
                    owner=case.owner if row.owner in (None, case.owner) else None,
                    by=row.by,
                    level=case.level,
                    themes=frozenset(case.themes),
                    places={name: (value,) for name, value in case.attributes.items()},
                )
                if case
                else None
            )
        return found

    def _spiked(self, row: OccasionRow, earliest_week: date) -> Occasion | None:
        incident = self._incident(row.key)
        if incident is None or incident.last_week < earliest_week:
            return None
        theme = self._session.get_one(ThemeRow, (self._workspace, incident.theme_id))
        start = datetime.fromisoformat(f"{incident.first_week}T00:00:00+00:00")
        query = (
            select(Feedback.attributes)
            .join(ExcerptRow, ExcerptRow.feedback_id == Feedback.id)
            .where(ExcerptRow.workspace_id == self._workspace)
            .where(ExcerptRow.theme_id == theme.id, Feedback.occurred_at >= start)
        )
        places: dict[str, set[Any]] = defaultdict(set)
        for attributes in self._session.scalars(query):
            for name, value in attributes.items():
                places[name].add(value)
        return Occasion(
            "spike",
            row.key,
            theme_id=theme.id,
            owner=theme.owner,
            themes=frozenset({theme.id}),
            places=places,
        )

    def _incident(self, key: str) -> ThemeIncident | None:
        query = select(ThemeIncident).where(
            ThemeIncident.workspace_id == self._workspace,
            ThemeIncident.id == key.partition(" ")[0],
        )
        return self._session.scalar(query)

    def _cases(self, wanted: ColumnElement[bool]) -> list[CaseFact]:
        rows = self._session.execute(
            select(CaseRow, Feedback.attributes)
            .join(Feedback, Feedback.id == CaseRow.feedback_id)
            .where(CaseRow.workspace_id == self._workspace)
            .where(wanted)
        ).all()
        excerpts = self._excerpts([row.CaseRow.feedback_id for row in rows])
        return [
            _case(row.CaseRow, row.attributes, excerpts[row.CaseRow.feedback_id]) for row in rows
        ]

    def _excerpts(self, feedback_ids: Sequence[str]) -> dict[str, list[Any]]:
        """Text and theme of the excerpts of answers, the worst first."""
        found: dict[str, list[Any]] = defaultdict(list)
        for start in range(0, len(feedback_ids), _KEYS_A_QUERY):
            query = (
                select(ExcerptRow.feedback_id, ExcerptRow.text, ExcerptRow.theme_id)
                .where(ExcerptRow.feedback_id.in_(feedback_ids[start : start + _KEYS_A_QUERY]))
                .order_by(ExcerptRow.sentiment_score, ExcerptRow.id)
            )
            for row in self._session.execute(query):
                found[row.feedback_id].append(row)
        return found


def _case(case: CaseRow, attributes: Mapping[str, Any], excerpts: Sequence[Any]) -> CaseFact:
    return CaseFact(
        id=case.id,
        state=case.state,
        owner=case.owner,
        level=case.level,
        respond_by=case.respond_by,
        opened_at=case.opened_at,
        resolved_at=case.resolved_at,
        words=shortened(excerpts[0].text, _WORDS) if excerpts else "",
        language=case.language,
        themes=tuple(dict.fromkeys(row.theme_id for row in excerpts if row.theme_id)),
        attributes=attributes,
    )
