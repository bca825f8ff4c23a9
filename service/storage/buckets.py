"""Answers outside the queue, by the bucket that says why, and what people decided of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, joinedload

from pipelines.contracts import BUCKETS
from service.storage.answer_tables import Feedback, Reading
from service.storage.case_tables import CaseAnswer
from service.storage.queue_tables import BucketMove

OUTSIDE: tuple[str, ...] = tuple(bucket for bucket in BUCKETS if bucket != "queue")
"""Buckets besides the queue."""


class BucketRepository:
    """Buckets of one workspace: an answer with a case is in the queue, any other in one of them."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def counts(self) -> dict[str, int]:
        """How many answers are in the queue and in each bucket; together they are all answers."""
        found: dict[str, int] = dict.fromkeys(BUCKETS, 0)
        outside = (
            select(Reading.bucket, func.count())
            .where(Reading.workspace_id == self._workspace)
            .where(Reading.bucket.in_(OUTSIDE), ~_has_case())
            .group_by(Reading.bucket)
        )
        for bucket, count in self._session.execute(outside):
            found[bucket] = int(count)
        everything = select(func.count()).where(Feedback.workspace_id == self._workspace)
        found["queue"] = int(self._session.scalar(everything) or 0) - sum(found.values())
        return found

    def answers(self, bucket: str, *, limit: int, offset: int) -> list[Feedback]:
        """One page of a bucket, the newest first, with readings and respondents."""
        query = (
            select(Feedback)
            .join(Reading, Reading.feedback_id == Feedback.id)
            .where(Feedback.workspace_id == self._workspace)
            .where(Reading.bucket == bucket, ~_has_case())
            .options(joinedload(Feedback.reading), joinedload(Feedback.respondent))
            .order_by(Feedback.received_at.desc(), Feedback.id)
            .limit(limit)
            .offset(offset)
        )
        return list(self._session.scalars(query))

    def keep(self, feedback_id: str, bucket: str, *, who: str, at: datetime) -> None:
        """Keep that a person wanted an answer of a bucket in the queue."""
        self._session.add(
            BucketMove(
                feedback_id=feedback_id,
                workspace_id=self._workspace,
                bucket=bucket,
                who=who,
                at=at,
            )
        )

    def moved(self) -> list[BucketMove]:
        """What people have moved out of buckets, the newest first."""
        query = select(BucketMove).where(BucketMove.workspace_id == self._workspace)
        return list(self._session.scalars(query.order_by(BucketMove.at.desc())))


def _has_case() -> ColumnElement[bool]:
    return exists().where(CaseAnswer.feedback_id == Reading.feedback_id)
