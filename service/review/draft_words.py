"""Says in the reviewer's language why each sentence of a draft is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipelines.messages import N_
from service.review.language import _

BECAUSE: Final = {
    "name": N_("a name that can be inflected"),
    "detractor": N_("unhappy customer"),
    "passive": N_("neither happy nor unhappy"),
    "promoter": N_("happy customer"),
    "email": N_("by e-mail"),
    "sms": N_("by text message"),
    "letter": N_("by letter"),
    "chat": N_("in a chat"),
    "call": N_("in a call"),
    "comment": N_("wrote a comment"),
    "quote": N_("words fit for quoting"),
    "praised": N_("praised something too"),
    "topic": N_("about a known touchpoint"),
    "good_topic": N_("a known touchpoint is praised"),
    "phone": N_("a number is known"),
    "review": N_("reviews are asked for"),
    "sensitive": N_("asks for restraint"),
    "open_problem": N_("problem still open"),
    "contacted_before": N_("contacted us before"),
    "promise_broken": N_("a promise was broken"),
    "suggestion": N_("made a suggestion"),
    "question": N_("asked a question"),
    "praise_person": N_("praised a person"),
    "asks_contact": N_("asks to be contacted"),
    "safety": N_("danger or health"),
    "legal": N_("law or an authority"),
    "vulnerable": N_("a person in need"),
    "loss": N_("tells of a death"),
    "ask": N_("a question about it fits"),
    "told": N_("there is something to tell"),
    "raised": N_("wrote to us about it"),
    "under_way": N_("something is being done about it"),
    "done": N_("something was done about it"),
    "we_did": N_("tells what was done"),
    "declined": N_("tells why something is not done"),
    "praise": N_("passes praise on"),
}
"""What each condition of a block means."""


SECOND = {
    "P1": N_("the case is P1"),
    "legal": N_("it is a legal matter"),
    "compensation": N_("it promises money or a gift"),
}
"""Why two people have to approve a draft."""
STEPS_TAKEN = {
    "put": N_("put in the outbox"),
    "take": N_("being handed in"),
    "accepted": N_("taken"),
    "put_off": N_("put off"),
    "refused": N_("refused"),
    "lost": N_("the line broke off"),
    "bounce": N_("came back"),
    "was_sent": N_("said to be sent"),
    "again": N_("to be sent again"),
    "cancel": N_("taken back"),
}
"""What happened to a message."""


@dataclass(frozen=True)
class SaidWhy:
    """A sentence or two of a draft, and why they are there."""

    text: str
    why: str


def why_of(kept: Mapping[str, Any]) -> tuple[SaidWhy, ...]:
    """Each block of the engine's draft with the conditions that hold, from the kept plan."""
    return tuple(
        SaidWhy(
            one["text"],
            ", ".join(_(BECAUSE[word]) for word in one["when"] if not word.startswith("not "))
            or _("in every message"),
        )
        for one in kept.get("said", ())
    )
