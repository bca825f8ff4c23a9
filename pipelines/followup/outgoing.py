"""A message on its way to a customer: its states, and the steps between them in one table."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from pipelines.contracts import PipelineError
from pipelines.messages import N_

MessageState: TypeAlias = Literal[
    "waiting", "sending", "sent", "uncertain", "failed", "bounced", "cancelled"
]
Way: TypeAlias = Literal["mail", "webhook", "help_desk", "by_hand", "export"]
"""How a message leaves: by the mail server, posted to a webhook, as a reply in the help desk, taken
over by a person, or in a file for a mailing tool."""
WAYS: Final[tuple[Way, ...]] = ("mail", "webhook", "help_desk", "by_hand", "export")
MessageStep: TypeAlias = Literal[
    "take", "accepted", "put_off", "refused", "lost", "bounce", "was_sent", "again", "cancel"
]

STEPS: Final[dict[MessageStep, dict[MessageState, MessageState]]] = {
    "take": {"waiting": "sending"},
    "accepted": {"sending": "sent", "uncertain": "sent"},
    "put_off": {"sending": "waiting", "uncertain": "waiting"},
    "refused": {"sending": "failed", "uncertain": "failed"},
    "lost": {"sending": "uncertain"},
    "bounce": {"sent": "bounced", "uncertain": "bounced", "sending": "bounced"},
    "was_sent": {"uncertain": "sent"},
    "again": {"uncertain": "waiting", "failed": "waiting", "cancelled": "waiting"},
    "cancel": {"waiting": "cancelled", "uncertain": "cancelled", "failed": "cancelled"},
}
"""`take`: a process begins to hand it in. `put_off`: it was surely not taken, and is tried again.
`lost`: nobody knows whether it was taken, since the process or the line broke off; it is never sent
again by itself. `was_sent`, `again` and `cancel` are a person's."""
BY_PERSON: Final = frozenset(("was_sent", "again", "cancel"))


class OutgoingError(PipelineError):
    """A step that a message's state does not allow."""


_CANNOT: Final[dict[MessageState, str]] = {
    "waiting": N_("This message waits to be sent; that cannot be done with it."),
    "sending": N_("This message is just being sent. Look again in a minute."),
    "sent": N_("This message was sent."),
    "uncertain": N_("Nobody knows whether this message was sent; say so first."),
    "failed": N_("This message could not be sent; that cannot be done with it."),
    "bounced": N_("This message came back. Answer by other means, or write a new draft."),
    "cancelled": N_("This message was taken back."),
}


def after(state: MessageState, step: MessageStep) -> MessageState:
    """State of a message after a step.

    Raises:
        OutgoingError: the state does not allow it.
    """
    to = STEPS[step].get(state)
    if to is None:
        raise OutgoingError(_CANNOT[state])
    return to
