"""Messages as processes that send them take them out: one at a time, each at most once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pipelines.clock import Clock
from pipelines.contracts import ENGINE
from pipelines.followup.outgoing import STEPS, MessageStep
from service.storage.contacts import count_as_contact
from service.storage.draft_tables import MessageRow
from service.storage.messages import note_step, take_step

LEASE: Final = timedelta(minutes=5)
"""A process that hands a message in has so long; after that nobody knows what became of it."""
WAITS: Final = tuple(timedelta(minutes=count) for count in (1, 5, 15, 60, 240))
"""How long is waited after each try at which a message was surely not taken."""


class Outgoing:
    """Messages of all workspaces, as processes that send them take them out."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lose(self, now: datetime) -> list[str]:
        """Mark what a process began to hand in and never ended as uncertain; gives their ids."""
        query = (
            select(MessageRow)
            .where(MessageRow.state == "sending", MessageRow.due_at <= now)
            .with_for_update(skip_locked=True)
        )
        lost = list(self._session.scalars(query))
        for message in lost:
            said = "The process that was sending it ended before it knew."
            take_step(self._session, message, "lost", ENGINE, now, said)
        return [message.id for message in lost]

    def claim(self, now: datetime, ways: Collection[str]) -> MessageRow | None:
        """The next message that is due, with its draft; nobody else takes it.

        From the end of this transaction on it is being handed in, and never is so again by itself.
        """
        query = (
            select(MessageRow)
            .where(MessageRow.state == "waiting", MessageRow.due_at <= now)
            .where(MessageRow.way.in_(ways))
            .options(joinedload(MessageRow.draft, innerjoin=True))
            .order_by(MessageRow.due_at, MessageRow.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=MessageRow)
        )
        message = self._session.scalar(query)
        if message is not None:
            take_step(self._session, message, "take", ENGINE, now)
            message.due_at, message.tries = now + LEASE, message.tries + 1
        return message

    def end(
        self, message_id: str, step: MessageStep, detail: str, now: datetime, clock: Clock
    ) -> None:
        """Keep what came of handing a message in; the last put-off try is refused.

        One that was taken counts as contact with the customer. Where it came back already, or a
        person decided meanwhile, that stands, and what came of it is noted.
        """
        message = self._session.get_one(MessageRow, message_id, with_for_update=True)
        if step == "put_off" and message.tries > len(WAITS):
            step = "refused"
        if message.state not in STEPS[step]:
            note_step(self._session, message, step, ENGINE, now, detail)
            return
        take_step(self._session, message, step, ENGINE, now, detail)
        if step == "put_off":
            message.due_at = now + WAITS[message.tries - 1]
        if message.state == "sent":
            count_as_contact(self._session, message, clock, now)

    def hold(self, message_id: str, until: datetime, detail: str, now: datetime) -> None:
        """Try later, without counting it as a try."""
        message = self._session.get_one(MessageRow, message_id, with_for_update=True)
        take_step(self._session, message, "put_off", ENGINE, now, detail)
        message.due_at, message.tries = until, message.tries - 1
