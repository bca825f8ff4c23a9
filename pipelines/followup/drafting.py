"""Drafts the follow-up to one answer: its plan, and the message written from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pipelines.contracts import Person, Segment, Understanding
from pipelines.followup.plan import DraftPlan, to_json
from pipelines.followup.planning import Voice, make_plan
from pipelines.followup.render import DraftText, render


@dataclass(frozen=True, slots=True)
class Draft:
    """A message with the plan that it was written from."""

    plan: DraftPlan
    text: DraftText

    def to_json(self) -> dict[str, Any]:
        """The plan, and which block says what and why, as JSON values."""
        return {"plan": to_json(self.plan), "said": [asdict(one) for one in self.text.said]}


def draft(
    understanding: Understanding,
    segment: Segment | None,
    person: Person | None,
    voice: Voice,
    *,
    feedback_id: str,
    respond_by: datetime,
    touchpoints: Mapping[str, str],
    turn: int = 0,
) -> Draft | None:
    """See `make_plan`; None where the customer asked not to be contacted."""
    plan = make_plan(
        understanding,
        segment,
        person,
        voice,
        feedback_id=feedback_id,
        respond_by=respond_by,
        touchpoints=touchpoints,
        turn=turn,
    )
    return Draft(plan, render(plan)) if plan else None
