"""A draft: the plan of a message, and the message written from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pipelines.followup.book import Book, TemplateError, load_book
from pipelines.followup.plan import DraftPlan, to_json
from pipelines.followup.render import DraftText, render


@dataclass(frozen=True, slots=True)
class Draft:
    """A message with the plan that it was written from.

    Attributes:
        book: version of the book that worded it.
    """

    plan: DraftPlan
    text: DraftText
    book: str

    @classmethod
    def of(cls, plan: DraftPlan, book: Book | None = None) -> Draft:
        """Written from a workspace's book of the plan's language; None is the one that ships.

        The one that ships stands in where a workspace's own wording cannot be written, so that no
        answer is lost over a wording.

        Raises:
            TemplateError: the book that ships breaks its rules.
        """
        shipped = load_book(plan.language)
        try:
            return cls(plan, render(plan, book or shipped), (book or shipped).version)
        except TemplateError:
            return cls(plan, render(plan, shipped), shipped.version)

    def to_json(self) -> dict[str, Any]:
        """The plan, which block says what and why, and the version of the book, as JSON values."""
        said = [asdict(one) for one in self.text.said]
        return {"plan": to_json(self.plan), "said": said, "book": self.book}
