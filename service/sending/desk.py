"""The ways in which an approved draft can be sent, and putting it in the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from pipelines.addresses import is_email
from pipelines.contracts import PipelineError
from pipelines.followup.outgoing import WAYS, Way
from pipelines.followup.quiet_hours import country_of, may_write_at
from pipelines.messages import N_, Told
from service.storage.answer_tables import Feedback
from service.storage.conflicts import ConflictError
from service.storage.do_not_contact import DoNotContact
from service.storage.draft_tables import DraftRow, MessageRow
from service.storage.drafts import DraftRepository
from service.storage.messages import MessageRepository
from service.wiring import Odzew

_TICKETS: Final = ("ticket", "ticket_id", "zendesk_ticket")
"""Attributes of an answer that may name the ticket it is about."""


_NOT_SET_UP: Final[Mapping[str, str]] = {
    "mail": N_("No mail server is set up: whoever runs Odzew sets ODZEW_SMTP_URL."),
    "help_desk": N_("No help desk is set up: whoever runs Odzew sets ODZEW_HELP_DESK_URL."),
    "webhook": N_("No webhook is set up: whoever runs Odzew sets ODZEW_MESSAGE_WEBHOOK_URL."),
}


@dataclass(frozen=True, slots=True)
class OpenWay:
    """A way in which a draft can be sent.

    Attributes:
        recipient: where to; blank for a file.
        due_at: when at the earliest.
    """

    way: Way
    recipient: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways that are open, and why others are shut."""

    open: tuple[OpenWay, ...]
    shut: tuple[Told, ...]


class NotSetUpError(PipelineError):
    """A way that this house does not have."""


@dataclass(frozen=True, slots=True)
class SendingDesk:
    """Sends the drafts of one workspace."""

    odzew: Odzew
    session: Session
    workspace: str

    def set_up(self) -> tuple[Way, ...]:
        """The ways that this house has, whether or not they reach a certain customer."""
        return tuple(way for way in WAYS if self._server(way) is not None)

    def ways(self, draft: DraftRow, now: datetime) -> Ways:
        """The ways a draft can be sent now, the usual first, and why others are shut."""
        answer = MessageRepository(self.session, self.workspace).customer_of(draft.case_id)
        ways, shut = list[OpenWay](), list[Told]()
        for way in WAYS:
            try:
                ways.append(self._way(way, draft, answer, now))
            except PipelineError as error:
                is_told = way == "mail" or not isinstance(error, NotSetUpError)
                if is_told and error.told not in shut:
                    shut.append(error.told)
        return Ways(tuple(ways), tuple(shut))

    def is_listed(self, case_id: str) -> bool:
        """Whether the customer of a case is on the list of those not to contact."""
        customer = MessageRepository(self.session, self.workspace).customer_of(case_id).respondent
        known = (customer.email, customer.phone) if customer else ()
        listed = DoNotContact(self.session, self.workspace)
        return any(listed.holds(one) for one in known if one)

    def send(self, draft_id: str, way: str, *, who: str, now: datetime) -> MessageRow:
        """Put an approved draft in the outbox.

        Raises:
            NotFoundError: no such draft in this workspace.
            ConflictError: not approved, not the newest, or put in before.
            PipelineError: it cannot be sent in this way; the message says why.
            MoveError: the case is closed or resolved.
        """
        if way not in WAYS:
            raise PipelineError(N_("A message is sent by one of: %(ways)s."), ways=", ".join(WAYS))
        draft = DraftRepository(self.session, self.workspace).get(draft_id)
        messages = MessageRepository(self.session, self.workspace)
        chosen = self._way(way, draft, messages.customer_of(draft.case_id), now)
        return messages.put(
            draft_id,
            self.odzew.rules(self.workspace).clock,
            way=chosen.way,
            recipient=chosen.recipient,
            mail_id=mail_id_of(draft.id, self._domain()),
            who=who,
            at=now,
            due_at=chosen.due_at,
        )

    def _way(self, way: Way, draft: DraftRow, answer: Feedback, now: datetime) -> OpenWay:
        recipient = self._recipient(way, answer)
        listed = DoNotContact(self.session, self.workspace)
        customer = answer.respondent
        addresses = (
            recipient,
            customer.email if customer else None,
            customer.phone if customer else None,
        )
        if any(listed.holds(one) for one in addresses if one):
            raise ConflictError(N_("This customer is on the list of those not to contact."))
        channel = str(draft.plan.get("plan", {}).get("channel", "email"))
        if way in ("by_hand", "export"):
            return OpenWay(way, recipient, now)
        country = country_of(
            draft.language, customer.phone if customer else None, answer.attributes
        )
        zone = self.odzew.settings.zone
        return OpenWay(way, recipient, may_write_at(now, channel, country, zone))

    def _recipient(self, way: Way, answer: Feedback) -> str:
        """Where a message goes in a way that this house has."""
        customer = answer.respondent
        if self._server(way) is None:
            raise NotSetUpError(_NOT_SET_UP[way])
        email = (customer.email or "").strip() if customer else ""
        phone = (customer.phone or "").strip() if customer else ""
        if way in ("mail", "export") and not is_email(email):
            raise PipelineError(N_("No usable e-mail address of this customer is known."))
        ticket = ticket_of(answer.attributes)
        if way == "help_desk" and not ticket:
            raise PipelineError(N_("The answer names no ticket of the help desk."))
        if way == "webhook" and not (phone or email):
            raise PipelineError(N_("Neither a number nor an address of this customer is known."))
        return {"help_desk": ticket, "webhook": phone or email}.get(way, email or phone)

    def _server(self, way: Way) -> object | None:
        """What a way goes through, None where nobody set it up; two need no more than a person."""
        settings = self.odzew.settings
        servers: Mapping[Way, object | None] = {
            "mail": settings.care,
            "help_desk": settings.help_desk,
            "webhook": settings.message_webhook,
        }
        return servers.get(way, "person")

    def _domain(self) -> str:
        care = self.odzew.settings.care
        return care.domain if care else "odzew.invalid"


def mail_id_of(draft_id: str, domain: str) -> str:
    """Message-ID of the mail that a draft becomes, always the same one."""
    return f"{draft_id}@{domain}"


def ticket_of(attributes: Mapping[str, object]) -> str:
    """Number of the ticket that an answer is about, blank where it names none."""
    return next((str(attributes[name]).strip() for name in _TICKETS if attributes.get(name)), "")
