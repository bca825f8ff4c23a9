"""Cases and answers as digests tell of them, their words masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.contracts import AttributeValue

LISTED = 10
"""Cases of a list; how many there are in all is told."""


@dataclass(frozen=True)
class CaseFact:
    """A case as digests tell of it.

    Attributes:
        words: of the customer, masked and shortened; empty without a comment.
        themes: ids, that of the worst excerpt first.
    """

    id: str
    state: str
    owner: str | None
    level: str
    respond_by: datetime
    opened_at: datetime
    resolved_at: datetime | None
    words: str
    language: str
    themes: tuple[str, ...] = ()
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Quote:
    """A customer's words about one thing, masked."""

    text: str
    language: str
    sentiment: float
    theme: str | None
    case_id: str | None


@dataclass(frozen=True)
class AnswerFact:
    """An answer as digests count it.

    Attributes:
        at: when the customer gave it, whenever it came in.
        quotes: its excerpts.
        case_id: the case that it belongs to, None where it has none; `case_state` is where it is.
    """

    at: datetime
    segment: str | None
    attributes: Mapping[str, AttributeValue]
    quotes: tuple[Quote, ...]
    case_id: str | None = None
    case_state: str | None = None

    @property
    def themes(self) -> frozenset[str]:
        """Ids of what it is about."""
        return frozenset(quote.theme for quote in self.quotes if quote.theme)


@dataclass(frozen=True)
class Few:
    """The first cases of a list, and how many it has."""

    cases: tuple[CaseFact, ...]
    count: int

    @classmethod
    def of(cls, cases: Sequence[CaseFact]) -> Few:
        """The cases that are due first."""
        first = sorted(cases, key=lambda case: (case.respond_by, case.id))
        return cls(tuple(first[:LISTED]), len(first))
