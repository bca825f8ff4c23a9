"""What a follow-up has to say to one customer, before any wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias

from pipelines.contracts import PipelineError, Segment

Channel: TypeAlias = Literal["email", "sms", "letter", "chat", "call"]
CHANNELS: Final[tuple[Channel, ...]] = ("email", "sms", "letter", "chat", "call")
"""How a customer is answered; of a call, only its first and last words are drafted."""
Purpose: TypeAlias = Literal["answer", "we_did", "declined", "praise"]
"""What a message is for: it answers a customer, tells those who raised a theme what was done about
it or why nothing is, or passes a customer's praise on to the person who earned it."""
PURPOSES: Final[tuple[Purpose, ...]] = ("answer", "we_did", "declined", "praise")
PLAN_VERSION: Final = 3
_SINCE_3: Final = {"purpose": "answer", "told": None, "wrote_on": None, "doing": None}
"""What plans of version 2 lack."""


class PlanError(PipelineError):
    """A draft cannot be planned, or a stored plan cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """Everything the text of a draft depends on; plain values only, kept with the draft as JSON.

    Attributes:
        language: of the message, one of `LANGUAGES`.
        locale: how dates are written, such as "en_US".
        channel: one of `CHANNELS`.
        segment: whose tone the message takes.
        name: the customer's, where it may be written.
        gender: "f", "m" or None where it is not known.
        salutation: the finished first line.
        topic: key of the touchpoint that is complained of (promoter: praised), or None.
        good_topic: key of what is praised in a comment that also complains.
        quote: the customer's words about the worst (promoter: the best) thing, or None.
        praised: the customer's words about what was good, in a comment that also complains.
        has_comment: the comment says something, be it fit for quoting or not.
        signals: that the message takes up, of `SPOKEN_OF`.
        sensitive: what asks for restraint and a call first, of `SENSITIVE`.
        can_be_called: a number is known.
        respond_by: aware, in the customer's local time.
        contact: the direct line inside the company, an e-mail address or a number.
        review_link: where a promoter may praise in public, or None.
        wording: draws the wording of each block, 0 to 2**64 - 1; a customer's stays the same.
        turn: how many messages they had before; each takes the next wording.
        purpose: one of `PURPOSES`; of praise, `name` and `salutation` are the colleague's.
        told: what was done, or why something is not done, in whole sentences that a person wrote.
        wrote_on: the day the customer wrote, where the message has to remind them of it; None of
            an answer, and of a message to those who did not write.
        doing: state of the action against what is complained of, "under_way" or "done", or None.
    """

    language: str
    locale: str
    channel: Channel
    segment: Segment
    name: str | None
    gender: str | None
    salutation: str
    topic: str | None
    good_topic: str | None
    quote: str | None
    praised: str | None
    has_comment: bool
    signals: tuple[str, ...]
    sensitive: tuple[str, ...]
    can_be_called: bool
    respond_by: datetime
    company: str
    sender: str
    contact: str
    review_link: str | None
    wording: int
    turn: int
    purpose: Purpose = "answer"
    told: str | None = None
    wrote_on: date | None = None
    doing: Literal["under_way", "done"] | None = None


def to_json(plan: DraftPlan) -> dict[str, Any]:
    """The plan as JSON values, with a version."""
    return {
        "version": PLAN_VERSION,
        **asdict(plan),
        "respond_by": plan.respond_by.isoformat(),
        "wrote_on": plan.wrote_on.isoformat() if plan.wrote_on else None,
    }


def from_json(stored: Mapping[str, Any]) -> DraftPlan:
    """Read what `to_json` gave, now or in version 2.

    Raises:
        PlanError: of another version, or a field is missing or unknown.
    """
    values = dict(stored)
    version = values.pop("version", None)
    if version == 2:
        version, values = PLAN_VERSION, values | _SINCE_3
    names = {field.name for field in fields(DraftPlan)}
    if version != PLAN_VERSION or set(values) != names:
        odd = ", ".join(sorted(set(values) ^ names)) or "none"
        raise PlanError(
            f"Not a draft plan of version {PLAN_VERSION}: version {version}, odd: {odd}."
        )
    return DraftPlan(
        **{
            **values,
            "signals": tuple(values["signals"]),
            "sensitive": tuple(values["sensitive"]),
            "respond_by": datetime.fromisoformat(values["respond_by"]),
            "wrote_on": date.fromisoformat(values["wrote_on"]) if values["wrote_on"] else None,
        }
    )
