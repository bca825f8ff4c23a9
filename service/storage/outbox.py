"""Deliveries of all workspaces: which is due, whose turn it is, and what came of each try."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from pipelines.messages import N_
from service.storage.conflicts import NotFoundError
from service.storage.notice_tables import AttemptRow, DeliveryRow

Outcome: TypeAlias = Literal["sent", "failed", "dropped", "dead"]
"""`failed` is tried again, `dropped` need not be told any more, `dead` was tried often enough."""
LEASE = timedelta(minutes=10)
"""A process that takes a delivery has so long; after that it may be another's turn."""
WAITS = tuple(timedelta(minutes=count) for count in (1, 5, 15, 60, 240, 720, 1440))
"""How long is waited after each failed try."""
TRIES = len(WAITS) + 1
_DETAIL = 500


@dataclass(frozen=True)
class Trouble:
    """A delivery that failed, with what was said the last time."""

    delivery: DeliveryRow
    detail: str
    at: datetime


class Outbox:
    """What is on its way."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self, now: datetime, channels: Collection[str]) -> DeliveryRow | None:
        """The next delivery that is due, with its notice; nobody else has it for `LEASE`."""
        query = (
            select(DeliveryRow)
            .where(DeliveryRow.ended_at.is_(None), DeliveryRow.due_at <= now)
            .where(DeliveryRow.channel.in_(channels))
            .options(joinedload(DeliveryRow.notice, innerjoin=True))
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=DeliveryRow)
        )
        delivery = self._session.scalar(query)
        if delivery is not None:
            delivery.due_at, delivery.tries = now + LEASE, delivery.tries + 1
        return delivery

    def hold(self, delivery_id: int, until: datetime) -> None:
        """Try later, without counting it as a try."""
        delivery = self._session.get_one(DeliveryRow, delivery_id)
        delivery.due_at, delivery.tries = until, delivery.tries - 1

    def record(self, delivery_id: int, outcome: Outcome, detail: str, at: datetime) -> Outcome:
        """Keep what came of a try; the last failed one is `dead`."""
        delivery = self._session.get_one(DeliveryRow, delivery_id)
        if outcome == "failed" and delivery.tries >= TRIES:
            outcome = "dead"
        if outcome == "failed":
            delivery.due_at = at + WAITS[delivery.tries - 1]
        else:
            delivery.outcome, delivery.ended_at = outcome, at
        said = detail.replace("\x00", "")[:_DETAIL]
        self._session.add(AttemptRow(delivery_id=delivery.id, at=at, outcome=outcome, detail=said))
        return outcome

    def troubles(self, workspace: str, since: datetime, limit: int) -> list[Trouble]:
        """Deliveries of a workspace that failed and are tried again, or were given up."""
        query = (
            select(DeliveryRow, AttemptRow)
            .join(AttemptRow, AttemptRow.delivery_id == DeliveryRow.id)
            .where(DeliveryRow.workspace_id == workspace, AttemptRow.at >= since)
            .where(AttemptRow.outcome.in_(("failed", "dead")))
            .where(or_(DeliveryRow.ended_at.is_(None), DeliveryRow.outcome == "dead"))
            .options(joinedload(DeliveryRow.notice))
            .order_by(AttemptRow.id.desc())
            .limit(limit * TRIES)
        )
        found: dict[int, Trouble] = {}
        for delivery, attempt in self._session.execute(query):
            found.setdefault(delivery.id, Trouble(delivery, attempt.detail, attempt.at))
        return list(found.values())[:limit]

    def try_again(self, workspace: str, delivery_id: int, now: datetime) -> None:
        """Begin anew with one that was given up.

        Raises:
            NotFoundError: there is none in this workspace.
        """
        query = select(DeliveryRow).where(
            DeliveryRow.workspace_id == workspace,
            DeliveryRow.id == delivery_id,
            DeliveryRow.outcome == "dead",
        )
        delivery = self._session.scalar(query)
        if delivery is None:
            raise NotFoundError(N_("There is no delivery here that was given up."))
        delivery.outcome = delivery.ended_at = None
        delivery.due_at, delivery.tries = now, 0
