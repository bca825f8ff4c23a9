"""Hands in what is due, one message after another, each at most once.

A message is marked as being handed in, and that is kept, before anything is said to a server. So a
process that dies in between leaves a message of which nobody knows whether it was taken: it becomes
uncertain, is shown to people, and is not sent again by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Final

from sqlalchemy.orm import Session

from pipelines.followup.outgoing import MessageStep, Way
from pipelines.followup.quiet_hours import country_of, may_write_at
from service.carriers.help_desk import reply
from service.carriers.trying import FailedError, GivenUpError, LostError, UnreachableError
from service.carriers.webhook import post
from service.sending.mail import CustomerMail, hand_in, message_of
from service.signing import SignedTokens
from service.storage.answer_tables import Feedback
from service.storage.do_not_contact import DoNotContact
from service.storage.draft_tables import MessageRow
from service.storage.messages import MessageRepository
from service.storage.outgoing import Outgoing
from service.wiring import Odzew

log = logging.getLogger(__name__)

UNSUBSCRIBE: Final = "customer"
"""What tokens of links that end all messages to a customer are for."""


class Dispatcher:
    """Sends the messages of all workspaces."""

    def __init__(self, odzew: Odzew) -> None:
        self._odzew = odzew
        settings = odzew.settings
        self._care, self._receiver = settings.care, settings.message_webhook
        self._desk = settings.help_desk
        self._tokens = SignedTokens(settings.home, UNSUBSCRIBE)

    def round(self, clock: Callable[[], datetime], ended: Event | None = None) -> int:
        """Send all that is due; gives how many were taken.

        A way whose server cannot be reached is left alone until the next round.

        Args:
            clock: gives the moment, aware.
            ended: set when the process is to end.
        """
        with self._odzew.database.transaction() as session:
            for lost in Outgoing(session).lose(clock()):
                log.warning("Nobody knows whether the message %s was sent.", lost)
        there: dict[Way, object] = {
            "mail": self._care,
            "webhook": self._receiver,
            "help_desk": self._desk,
        }
        ways = {way for way, server in there.items() if server is not None}
        sent = 0
        while ways and not (ended and ended.is_set()):
            now = clock()
            with self._odzew.database.transaction() as session:
                message = Outgoing(session).claim(now, ways)
            if message is None:
                break
            step, said = self._try(message, now, ways)
            sent += step == "accepted"
            if step is not None:
                working = self._odzew.rules(message.workspace_id).clock
                with self._odzew.database.transaction() as session:
                    Outgoing(session).end(message.id, step, said, clock(), working)
        return sent

    def _try(
        self, message: MessageRow, now: datetime, ways: set[Way]
    ) -> tuple[MessageStep | None, str]:
        """Hand a message in; gives the step it takes, None where it was put off."""
        try:
            sending = self._prepared(message, now)
        except GivenUpError as error:
            return "refused", str(error)
        except Exception as error:
            log.exception("The message %s could not be written.", message.id)
            return "put_off", type(error).__name__  # nothing was said to a server yet
        if sending is None:
            return None, ""
        try:
            return "accepted", sending()
        except LostError as error:
            return "lost", str(error)
        except GivenUpError as error:
            return "refused", str(error)
        except FailedError as error:
            if isinstance(error, UnreachableError):
                ways.discard(message.way)
            return "put_off", str(error)

    def _prepared(self, message: MessageRow, now: datetime) -> Callable[[], str] | None:
        """What hands a message in, once all reading is over; None where it is held."""
        with self._odzew.database.transaction() as session:
            messages = MessageRepository(session, message.workspace_id)
            answer = messages.customer_of(message.case_id)
            if DoNotContact(session, message.workspace_id).holds(message.recipient):
                raise GivenUpError("The customer asked for no more messages meanwhile.")
            until = self._quiet_until(message, answer, now)
            if until > now:
                Outgoing(session).hold(message.id, until, "Quiet hours of the customer.", now)
                return None
            if message.way == "mail":
                return self._mail(session, message, answer, now)
        body, recipient = message.draft.body, message.recipient
        if message.way == "help_desk":
            desk = self._desk
            assert desk is not None  # noqa: S101 - without one nothing for it is claimed
            return lambda: reply(desk, recipient, body)
        receiver = self._receiver
        assert receiver is not None  # noqa: S101 - without one nothing for it is claimed
        content = {
            "type": "message",
            "id": message.id,
            "case": message.case_id,
            "to": recipient,
            "language": message.draft.language,
            "subject": message.draft.subject,
            "text": body,
        }
        return lambda: post(receiver, message.id, content, now)

    def _mail(
        self, session: Session, message: MessageRow, answer: Feedback, now: datetime
    ) -> Callable[[], str]:
        settings, server = self._odzew.settings, self._care
        assert server is not None  # noqa: S101 - without one no mail is claimed
        token = self._tokens.token(message.workspace_id, message.recipient)
        name = answer.respondent.name if answer.respondent else ""
        mail = CustomerMail(
            mail_id=message.mail_id,
            sender=server.sender,
            reply_to=settings.reply_address(message.case_id),
            recipient=(_one_line(name or ""), message.recipient),
            language=message.draft.language,
            subject=message.draft.subject,
            body=message.draft.body,
            before=MessageRepository(session, message.workspace_id).thread(message.case_id),
            stop=f"{settings.base_url}/no-more?token={token}" if settings.base_url else None,
        )
        written = message_of(mail, now)
        return lambda: hand_in(written, server, server.sender[1], message.recipient)

    def _quiet_until(self, message: MessageRow, answer: Feedback, now: datetime) -> datetime:
        phone = answer.respondent.phone if answer.respondent else None
        country = country_of(message.draft.language, phone, answer.attributes)
        channel = str(message.draft.plan.get("plan", {}).get("channel", "email"))
        return may_write_at(now, channel, country, self._odzew.settings.zone)


def _one_line(name: str) -> str:
    """A customer's name as it may stand in a header."""
    return "".join(sign for sign in " ".join(name.split()) if sign.isprintable())[:100]
