"""Answers in SQL, with their readings and excerpts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from models.contracts import Vectors
from pipelines.contracts import Answer, Person
from pipelines.ports import Received, VectorPoint
from service.storage.answer_rows import (
    excerpt_rows,
    feedback_row,
    from_bytes,
    reading_row,
    vector_point,
    words_row,
)
from service.storage.answer_tables import (
    ExcerptRow,
    Feedback,
    Reading,
    Respondent,
)
from service.storage.base import Base, new_id
from service.storage.customers import known_by
from service.storage.readings import answer_of

_KEYS_A_QUERY = 500


class FeedbackRepository:
    """Answers of one workspace; implements `pipelines.ports.FeedbackStore`."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def known(self, dedupe_keys: Iterable[str]) -> dict[str, str]:
        """See `FeedbackStore.known`."""
        keys = list(dict.fromkeys(dedupe_keys))
        found: dict[str, str] = {}
        for start in range(0, len(keys), _KEYS_A_QUERY):
            query = select(Feedback.dedupe_key, Feedback.id).where(
                Feedback.workspace_id == self._workspace,
                Feedback.dedupe_key.in_(keys[start : start + _KEYS_A_QUERY]),
            )
            found.update((row.dedupe_key, row.id) for row in self._session.execute(query))
        return found

    def said(self, dedupe_keys: Iterable[str]) -> dict[str, Answer]:
        """See `FeedbackStore.said`."""
        keys = list(dict.fromkeys(dedupe_keys))
        found: dict[str, Answer] = {}
        for start in range(0, len(keys), _KEYS_A_QUERY):
            query = (
                select(Feedback)
                .where(
                    Feedback.workspace_id == self._workspace,
                    Feedback.dedupe_key.in_(keys[start : start + _KEYS_A_QUERY]),
                )
                .options(joinedload(Feedback.respondent))
            )
            found.update((row.dedupe_key, answer_of(row)) for row in self._session.scalars(query))
        return found

    def add(self, received: Sequence[Received]) -> list[VectorPoint]:
        """See `FeedbackStore.add`."""
        people = self._respondents(
            [one.answer.respondent for one in received if one.answer.respondent]
        )
        answers: list[Base] = []
        readings: list[Base] = []
        indexed: list[tuple[ExcerptRow, Vectors]] = []
        for one in received:
            person = one.answer.respondent
            respondent_id = people[person.external_id] if person else None
            answers.append(feedback_row(one, self._workspace, respondent_id))
            readings.append(reading_row(one, self._workspace))
            indexed.extend(excerpt_rows(one.feedback_id, one.understanding, self._workspace))
            readings.append(words_row(one.feedback_id, one.understanding, self._workspace))
        # Rows go in the order of their foreign keys.
        for rows in (answers, [*readings, *(row for row, _ in indexed)]):
            self._session.add_all(rows)
            self._session.flush()
        return [vector_point(row, vector) for row, vector in indexed]

    def get(self, feedback_id: str) -> Feedback | None:
        """One answer with its respondent, reading, excerpts and their themes."""
        query = (
            select(Feedback)
            .where(Feedback.workspace_id == self._workspace, Feedback.id == feedback_id)
            .options(
                joinedload(Feedback.respondent),
                joinedload(Feedback.reading)
                .selectinload(Reading.excerpts)
                .joinedload(ExcerptRow.theme),
            )
        )
        return self._session.scalars(query).unique().one_or_none()

    def of_respondent(self, respondent_id: str, most: int) -> list[Feedback]:
        """The newest answers of a respondent, with their readings."""
        query = (
            select(Feedback)
            .where(
                Feedback.workspace_id == self._workspace, Feedback.respondent_id == respondent_id
            )
            .options(joinedload(Feedback.reading), joinedload(Feedback.respondent))
            .order_by(Feedback.occurred_at.desc())
            .limit(most)
        )
        return list(self._session.scalars(query))

    def several(self, feedback_ids: Sequence[str]) -> dict[str, Feedback]:
        """Answers by id, with their respondents and readings."""
        query = (
            select(Feedback)
            .where(Feedback.workspace_id == self._workspace, Feedback.id.in_(feedback_ids))
            .options(selectinload(Feedback.respondent), joinedload(Feedback.reading))
        )
        return {row.id: row for row in self._session.scalars(query)}

    def moments(self, feedback_ids: Collection[str]) -> dict[str, datetime]:
        """When each of some answers was given."""
        query = select(Feedback.id, Feedback.occurred_at).where(
            Feedback.workspace_id == self._workspace
        )
        rows = self._session.execute(query)
        return {row.id: row.occurred_at for row in rows if row.id in feedback_ids}

    def detractors(self, external_ids: Collection[str]) -> set[str]:
        """Which of some respondents, by their external ids, gave a detractor's score before."""
        wanted, found = list(external_ids), set[str]()
        for start in range(0, len(wanted), _KEYS_A_QUERY):
            query = (
                select(Respondent.external_id)
                .join(Feedback, Feedback.respondent_id == Respondent.id)
                .join(Reading, Reading.feedback_id == Feedback.id)
                .where(
                    Respondent.workspace_id == self._workspace,
                    Respondent.external_id.in_(wanted[start : start + _KEYS_A_QUERY]),
                    Reading.segment == "detractor",
                )
            )
            found.update(self._session.scalars(query))
        return found

    def counts_of(self, external_ids: Collection[str]) -> dict[str, int]:
        """How many answers some respondents gave, by their external ids; none is left out."""
        wanted, found = list(external_ids), dict[str, int]()
        for start in range(0, len(wanted), _KEYS_A_QUERY):
            query = (
                select(Respondent.external_id, func.count())
                .join(Feedback, Feedback.respondent_id == Respondent.id)
                .where(
                    Respondent.workspace_id == self._workspace,
                    Respondent.external_id.in_(wanted[start : start + _KEYS_A_QUERY]),
                )
                .group_by(Respondent.external_id)
            )
            found |= {person: count for person, count in self._session.execute(query)}
        return found

    def count_before(self, row: Feedback) -> int:
        """How many answers its customer had given before one, by when they came in."""
        if row.respondent_id is None:
            return 0
        earlier = select(func.count()).where(
            Feedback.respondent_id == row.respondent_id, Feedback.received_at < row.received_at
        )
        return int(self._session.scalar(earlier) or 0)

    def was_detractor(self, feedback_ids: Sequence[str]) -> set[str]:
        """Which of some answers came from a respondent who had been a detractor before."""
        earlier, earlier_reading = aliased(Feedback), aliased(Reading)
        found: set[str] = set()
        for start in range(0, len(feedback_ids), _KEYS_A_QUERY):
            query = (
                select(Feedback.id)
                .join(earlier, earlier.respondent_id == Feedback.respondent_id)
                .join(earlier_reading, earlier_reading.feedback_id == earlier.id)
                .where(
                    Feedback.workspace_id == self._workspace,
                    Feedback.id.in_(feedback_ids[start : start + _KEYS_A_QUERY]),
                    earlier.received_at < Feedback.received_at,
                    earlier_reading.segment == "detractor",
                )
            )
            found.update(self._session.scalars(query))
        return found

    def count(self) -> int:
        """How many answers there are."""
        query = select(func.count()).where(Feedback.workspace_id == self._workspace)
        return int(self._session.scalar(query) or 0)

    def language_counts(self) -> dict[str, dict[str, int]]:
        """How many comments of each survey are in each language."""
        query = (
            select(Feedback.survey, Reading.language, func.count())
            .join(Reading, Reading.feedback_id == Feedback.id)
            .where(Feedback.workspace_id == self._workspace, Feedback.text != "")
            .group_by(Feedback.survey, Reading.language)
        )
        counts: dict[str, dict[str, int]] = {}
        for survey, language, count in self._session.execute(query):
            counts.setdefault(survey, {})[language] = int(count)
        return counts

    def excerpt_ids(self) -> set[int]:
        """Ids of all excerpts."""
        query = select(ExcerptRow.id).where(ExcerptRow.workspace_id == self._workspace)
        return set(self._session.scalars(query))

    def points(self, ids: Sequence[int]) -> list[VectorPoint]:
        """What the vector index should hold for these excerpts."""
        found: list[VectorPoint] = []
        for start in range(0, len(ids), _KEYS_A_QUERY):
            query = select(
                ExcerptRow.id, ExcerptRow.feedback_id, ExcerptRow.language, ExcerptRow.vector
            ).where(
                ExcerptRow.workspace_id == self._workspace,
                ExcerptRow.id.in_(ids[start : start + _KEYS_A_QUERY]),
            )
            found.extend(
                VectorPoint(
                    row.id, self._workspace, row.feedback_id, row.language, from_bytes(row.vector)
                )
                for row in self._session.execute(query)
            )
        return found

    def _respondents(self, people: Sequence[Person]) -> dict[str, str]:
        """Ids of respondents by external id; new ones are added, known facts brought up to date."""
        wanted = {person.external_id: person for person in people}
        known: dict[str, Respondent] = {}
        keys = list(wanted)
        for start in range(0, len(keys), _KEYS_A_QUERY):
            query = select(Respondent).where(
                Respondent.workspace_id == self._workspace,
                Respondent.external_id.in_(keys[start : start + _KEYS_A_QUERY]),
            )
            known.update((row.external_id, row) for row in self._session.scalars(query))
        for external_id, person in wanted.items():
            row = known.get(external_id)
            if row is None:
                row = Respondent(
                    id=new_id("rsp"), workspace_id=self._workspace, external_id=external_id
                )
                known[external_id] = row
                self._session.add(row)
            for field in ("name", "gender", "email", "phone", "tier", "account"):
                value = getattr(person, field)
                if value is not None:
                    setattr(row, field, value)
            row.known_by = known_by(external_id, row.name, row.email, row.phone, row.account)
        self._session.flush()
        return {external_id: row.id for external_id, row in known.items()}
