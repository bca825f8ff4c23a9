"""Answers in SQL, with their readings and excerpts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from models.contracts import Vectors
from models.folding import fold
from pipelines.contracts import Answer, Person, Understanding
from pipelines.ports import Received, VectorPoint
from service.storage.answer_tables import (
    UNDERSTANDING_FORMAT,
    ExcerptRow,
    Feedback,
    Reading,
    Respondent,
)
from service.storage.base import Base, new_id
from service.storage.customers import known_by
from service.storage.queue_tables import FeedbackWords
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
            answers.append(_feedback(one, self._workspace, respondent_id))
            readings.append(_reading(one, self._workspace))
            indexed.extend(_excerpts(one.feedback_id, one.understanding, self._workspace))
            readings.append(_words(one.feedback_id, one.understanding, self._workspace))
        # Rows go in the order of their foreign keys.
        for rows in (answers, [*readings, *(row for row, _ in indexed)]):
            self._session.add_all(rows)
            self._session.flush()
        return [_point(row, vector) for row, vector in indexed]

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


def to_bytes(vector: Vectors) -> bytes:
    """A neutral vector as stored: half precision, which loses nothing (see `NeutralSpace`)."""
    return vector.astype("<f2").tobytes()


def from_bytes(content: bytes) -> Vectors:
    """The vector that `to_bytes` stored."""
    return np.frombuffer(content, "<f2").astype(np.float32)


def _feedback(one: Received, workspace: str, respondent_id: str | None) -> Feedback:
    answer = one.answer
    return Feedback(
        id=one.feedback_id,
        workspace_id=workspace,
        dedupe_key=one.dedupe_key,
        external_id=answer.external_id,
        survey=answer.survey,
        scale=asdict(answer.scale),
        score=answer.score,
        text=answer.text,
        language_hint=answer.language_hint,
        attributes=dict(answer.attributes),
        respondent_id=respondent_id,
        occurred_at=answer.occurred_at,
        received_at=one.received_at,
    )


def _reading(one: Received, workspace: str) -> Reading:
    read = one.understanding
    mood = read.sentiment
    return Reading(
        feedback_id=one.feedback_id,
        workspace_id=workspace,
        language=read.language.code,
        language_confidence=read.language.confidence,
        segment=one.segment,
        sentiment_label=mood.label if mood else None,
        sentiment_score=mood.score if mood else None,
        sentiment_confidence=mood.confidence if mood else None,
        signals=list(read.signals),
        pii=[asdict(found) for found in read.pii],
        is_mixed=read.is_mixed,
        mismatch=asdict(read.mismatch) if read.mismatch else None,
        cuts=[asdict(cut) for cut in read.cuts],
        priority=_priority(one),
        bucket=one.bucket,
        model_version=read.model,
        format=UNDERSTANDING_FORMAT,
        read_at=one.received_at,
    )


def _words(feedback_id: str, read: Understanding, workspace: str) -> FeedbackWords:
    """What search by words looks at of an answer."""
    said = fold(" ".join(excerpt.shown for excerpt in read.excerpts))
    return FeedbackWords(feedback_id=feedback_id, workspace_id=workspace, words=said)


def _priority(one: Received) -> dict[str, Any]:
    record = asdict(one.priority)
    record["respond_by"] = one.priority.respond_by.isoformat()
    record["reasons"] = [asdict(reason) for reason in one.priority.reasons]
    return record


def _excerpts(
    feedback_id: str, read: Understanding, workspace: str
) -> list[tuple[ExcerptRow, Vectors]]:
    return [
        (
            ExcerptRow(
                workspace_id=workspace,
                feedback_id=feedback_id,
                start=excerpt.start,
                end=excerpt.end,
                text=excerpt.shown,
                language=read.language.code,
                sentiment_label=excerpt.sentiment.label,
                sentiment_score=excerpt.sentiment.score,
                sentiment_confidence=excerpt.sentiment.confidence,
                signals=[
                    asdict(hit) | {"text": words}
                    for hit, words in zip(excerpt.signals, excerpt.evidence, strict=True)
                ],
                theme_id=excerpt.theme.id if excerpt.theme else None,
                theme_confidence=excerpt.theme.confidence if excerpt.theme else None,
                second_theme_id=excerpt.second.id if excerpt.second else None,
                map_x=excerpt.place[0] if excerpt.place else None,
                map_y=excerpt.place[1] if excerpt.place else None,
                vector=to_bytes(vector),
            ),
            vector,
        )
        for excerpt, vector in zip(read.excerpts, read.vectors, strict=True)
    ]


def _point(row: ExcerptRow, vector: Vectors) -> VectorPoint:
    return VectorPoint(row.id, row.workspace_id, row.feedback_id, row.language, vector)
