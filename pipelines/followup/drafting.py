"""A draft: the plan of a message, and the message written from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pipelines.followup.plan import DraftPlan, to_json
from pipelines.followup.render import DraftText, render


@dataclass(frozen=True, slots=True)
class Draft:
    """A message with the plan that it was written from."""

    plan: DraftPlan
    text: DraftText

    @classmethod
    def of(cls, plan: DraftPlan) -> Draft:
        """Written from the shipped book of the plan's language.

        Raises:
            TemplateError: the book breaks its rules.
        """
        return cls(plan, render(plan))

    def to_json(self) -> dict[str, Any]:
        """The plan, and which block says what and why, as JSON values."""
        return {"plan": to_json(self.plan), "said": [asdict(one) for one in self.text.said]}
