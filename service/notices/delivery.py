"""Sends what is due, one after another: takes it, writes it, sends it, keeps what came of it.

A process that dies in between leaves the delivery to whoever looks after its lease; so a mail may
be handed in twice, with the same Message-ID, and a webhook be posted twice, with the same id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Any

from pipelines.notices.quiet import held_until
from service.carriers.trying import FailedError, GivenUpError, UnreachableError
from service.carriers.webhook import post
from service.notices.letters import LetterRoom, SettledError
from service.notices.mail import message_of, send
from service.notices.payload import content_of
from service.notices.people import person
from service.notices.stopping import Stop, StopLinks
from service.storage.notice_tables import DeliveryRow
from service.storage.outbox import Outbox, Outcome
from service.wiring import Odzew

log = logging.getLogger(__name__)

_Sending = Callable[[], str]


class _HeldError(Exception):
    """It is not the time for it."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"held until {until}")
        self.until = until


class Postman:
    """Delivers what is due, of all workspaces."""

    def __init__(self, odzew: Odzew) -> None:
        self._odzew = odzew
        self._server, self._receiver = odzew.settings.mail_server, odzew.settings.webhook
        self._links = StopLinks(odzew.settings.home)

    def round(self, clock: Callable[[], datetime], ended: Event | None = None) -> int:
        """Deliver all that is due; gives how many were sent.

        A channel that cannot be reached is left alone until the next round.

        Args:
            clock: gives the moment, aware.
            ended: set when the process is to end.
        """
        there = {"mail": self._server, "webhook": self._receiver}
        channels = {name for name, server in there.items() if server is not None}
        sent = 0
        while channels and not (ended and ended.is_set()):
            now = clock()
            with self._odzew.database.transaction() as session:
                delivery = Outbox(session).claim(now, channels)
            if delivery is None:
                break
            try:
                said = self._prepared(delivery, now)()
                sent += 1
                self._record(delivery, "sent", said, clock())
            except _HeldError as held:
                with self._odzew.database.transaction() as session:
                    Outbox(session).hold(delivery.id, held.until)
            except SettledError as error:
                self._record(delivery, "dropped", str(error), clock())
            except GivenUpError as error:
                self._record(delivery, "dead", str(error), clock())
            except FailedError as error:
                self._record(delivery, "failed", str(error), clock())
                if isinstance(error, UnreachableError):
                    channels.discard(delivery.channel)
            except Exception as error:
                log.exception("The notice %s could not be written.", delivery.notice_id)
                self._record(delivery, "failed", type(error).__name__, clock())
        return sent

    def _record(self, delivery: DeliveryRow, outcome: Outcome, said: str, now: datetime) -> None:
        with self._odzew.database.transaction() as session:
            outcome = Outbox(session).record(delivery.id, outcome, said, now)
        if outcome == "dead":
            log.warning("The notice %s was given up: %s", delivery.notice_id, said)

    def _prepared(self, delivery: DeliveryRow, now: datetime) -> _Sending:
        """What sends a delivery; reading is over before it is called."""
        return (self._mail if delivery.channel == "mail" else self._post)(delivery, now)

    def _mail(self, delivery: DeliveryRow, now: datetime) -> _Sending:
        odzew, notice, server = self._odzew, delivery.notice, self._server
        assert server is not None  # noqa: S101 - without one no mail is claimed
        workspace = notice.workspace_id
        rules = odzew.rules(workspace)
        calendar = rules.clock.calendar
        with odzew.database.snapshot() as session:
            told = person(session, workspace, rules, notice.person)
            address = told.address(now.astimezone(calendar.zone).date())
            kind: Any = notice.kind
            if address is None or not told.is_member:
                raise SettledError("They have no address here any more, or are away.")
            if not told.choices.wants(kind, "mail"):
                raise SettledError("They want no mail of this kind any more.")
            if not (kind == "new_p1" and told.choices.quiet.p1_always):
                until = held_until(now, told.choices.quiet, calendar)
                if until > now:
                    raise _HeldError(until)
            pages = odzew.settings.pages
            room = LetterRoom(session, workspace, calendar, pages, now)
            letter = room.letter(notice, told)
            token = self._links.token(Stop(workspace, told.name, kind))
            stop = f"{pages}/notices/stop?token={token}"
            writer = room.writer(told.choices.language)
        message = message_of(
            writer.with_foot(letter, kind, stop),
            server,
            notice_id=notice.id,
            name=told.name,
            address=address,
            stop=stop,
            now=now,
        )
        return lambda: send(message, server)

    def _post(self, delivery: DeliveryRow, now: datetime) -> _Sending:
        notice, receiver = delivery.notice, self._receiver
        assert receiver is not None  # noqa: S101 - without one nothing to post is claimed
        with self._odzew.database.snapshot() as session:
            content = content_of(session, notice, self._odzew.settings.pages)
        return lambda: post(receiver, notice.id, content, now)
