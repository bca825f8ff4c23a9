"""Where a draft stands between being written and being sent, and how many people must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pipelines.contracts import PipelineError
from pipelines.followup.outgoing import MessageState
from pipelines.followup.plan import DraftPlan
from pipelines.messages import N_

Verdict: TypeAlias = Literal["submitted", "approved", "rejected"]
DraftState: TypeAlias = Literal["draft", "in_review", "approved", "rejected", "sent"]
SecondReason: TypeAlias = Literal["P1", "legal", "compensation"]

LEADS: Final[dict[Verdict, tuple[DraftState, ...]]] = {
    "submitted": ("draft",),
    "approved": ("draft", "in_review"),
    "rejected": ("draft", "in_review", "approved"),
}
"""From which states each verdict can be given. A revision is a draft of its own and begins anew."""

_GIVEN: Final[dict[DraftState, str]] = {
    "draft": N_("This draft is not in review."),
    "in_review": N_("This draft is in review already."),
    "approved": N_("This draft was approved before."),
    "rejected": N_("This draft was rejected before. Edit it, or draft it anew."),
    "sent": N_("This draft was sent, or is on its way. It cannot be changed any more."),
}


class ReviewError(PipelineError):
    """A verdict that a draft's state, or the role of whoever gives it, does not allow."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person said of a draft.

    Attributes:
        needed: of an approval, how many different people must approve.
    """

    verdict: Verdict
    who: str
    needed: int = 1


def state_of(opinions: Sequence[Opinion], message: MessageState | None) -> DraftState:
    """Where a draft stands, as its opinions and its message, if it has one, have left it.

    A message that was taken back leaves the draft approved.
    """
    if message is not None and message != "cancelled":
        return "sent"
    if any(one.verdict == "rejected" for one in opinions):
        return "rejected"
    if not opinions:
        return "draft"
    return "in_review" if missing(opinions) else "approved"


def missing(opinions: Sequence[Opinion]) -> int:
    """How many people still have to approve."""
    approvals = [one for one in opinions if one.verdict == "approved"]
    needed = max((one.needed for one in approvals), default=1)
    return max(0, needed - len({one.who for one in approvals}))


def check_verdict(
    state: DraftState, opinions: Sequence[Opinion], verdict: Verdict, who: str, *, may: bool
) -> None:
    """See that somebody may give a verdict.

    Args:
        state: of the draft.
        opinions: that were given of it.
        verdict: that is to be given.
        who: gives it.
        may: whether their role lets them approve.

    Raises:
        ReviewError: they may not; the message says what to do.
    """
    if state not in LEADS[verdict]:
        raise ReviewError(_GIVEN[state])
    if verdict != "approved":
        return
    if not may:
        raise ReviewError(
            N_("%(name)s may not approve drafts. The team's document says who may."), name=who
        )
    if any(one.verdict == "approved" and one.who == who for one in opinions):
        raise ReviewError(
            N_("You approved this draft before; it waits for a second person to approve it.")
        )


def second_reasons(
    plan: DraftPlan | None, level: str, *, is_compensating: bool
) -> tuple[SecondReason, ...]:
    """Why a second person has to approve a draft; empty where one is enough.

    Args:
        plan: of the draft; None where it is not known.
        level: of the case.
        is_compensating: whether the text promises money or a gift.
    """
    reasons: list[SecondReason] = []
    if level == "P1":
        reasons.append("P1")
    if plan is not None and "legal" in plan.sensitive:
        reasons.append("legal")
    if is_compensating:
        reasons.append("compensation")
    return tuple(reasons)
