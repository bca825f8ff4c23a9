"""The call brief: what somebody should ask, avoid and say when they call a customer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from pathlib import Path

from pipelines.contracts import SCORE_TEXT_MISMATCH, Segment

QUESTIONS = 5
_FIRST_CALL, _LAST_CALL = 9 * 60, 19 * 60
"""Minutes of the day between which customers are called."""
_GRAVE = frozenset({"legal_threat", "authority_complaint", "media_threat"})
_ASKED_OF: tuple[tuple[str, frozenset[str]], ...] = (
    ("safe", frozenset({"safety", "health"})),
    ("care", frozenset({"vulnerable_person", "discrimination"})),
    ("account", frozenset({"fraud_or_security", "privacy"})),
    ("steps", _GRAVE),
    ("open", frozenset({"open_problem"})),
    ("promise", frozenset({"promise_broken"})),
    ("before", frozenset({"contacted_before"})),
    ("stay", frozenset({"churn_risk"})),
    ("meant", frozenset({SCORE_TEXT_MISMATCH})),
    ("wait", frozenset({"waiting"})),
    ("effort", frozenset({"effort"})),
    ("price", frozenset({"price"})),
    ("answer", frozenset({"question"})),
    ("idea", frozenset({"suggestion"})),
    ("more", frozenset({"upsell_interest"})),
    ("person", frozenset({"praise_person"})),
)
"""Questions that a signal asks for, the gravest first."""
_ALWAYS: Mapping[Segment, tuple[str, ...]] = {
    "detractor": ("story", "worst", "right", "now", "else"),
    "passive": ("story", "missing", "best", "ten", "else"),
    "promoter": ("value", "best", "add", "ten", "else"),
}
"""What is asked besides, in this order, until there are five."""
_AVOIDED_OF: tuple[tuple[str, frozenset[str]], ...] = (
    ("no_contact", frozenset({"asks_no_contact"})),
    ("fault", _GRAVE | {"safety"}),
    ("details", frozenset({"fraud_or_security", "privacy"})),
    ("hurry", frozenset({"vulnerable_person", "discrimination", "health"})),
    ("repeat", frozenset({"contacted_before"})),
    ("promise", frozenset({"promise_broken"})),
    ("score", frozenset({SCORE_TEXT_MISMATCH})),
)


@dataclass(frozen=True, slots=True)
class Brief:
    """Names of sentences, which `words` gives in a language.

    Attributes:
        first: what is said first: about the person, then the formalities.
        questions: exactly five.
        avoid: what not to do.
        end: what to say at the end.
    """

    first: str
    questions: tuple[str, ...]
    avoid: tuple[str, ...]
    end: tuple[str, ...]


def make_brief(segment: Segment, signals: frozenset[str]) -> Brief:
    """What fits a case, by the rules of closing the loop (shared rules, section "The call").

    Args:
        segment: of the customer, or as the comment reads.
        signals: of the comment; `score_text_mismatch` among them where it has one.
    """
    asked = [name for name, of in _ASKED_OF if of & signals]
    asked += [name for name in _ALWAYS[segment] if name not in asked]
    avoid = [name for name, of in _AVOIDED_OF if of & signals]
    is_open = segment == "detractor" and "resolved_problem" not in signals
    return Brief(
        first="safe" if signals & {"safety", "health"} else segment,
        questions=tuple(asked[:QUESTIONS]),
        avoid=(*avoid, "defend", "interrupt"),
        end=("next", "cause", "again", "thanks") if is_open else ("cause", "thanks"),
    )


def call_around(wrote: datetime) -> time:
    """When a customer is likely to be free: the hour at which they wrote, but at no odd hour."""
    minutes = wrote.hour * 60 + wrote.minute
    halves = round(min(max(minutes, _FIRST_CALL), _LAST_CALL) / 30)
    return time(halves // 2, halves % 2 * 30)


@lru_cache
def words(language: str) -> Mapping[str, Mapping[str, str]]:
    """Sentences by kind and name, in a language.

    Raises:
        FileNotFoundError: no such language; the four of `LANGUAGES` are there.
    """
    path = Path(__file__).parent / "briefs" / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))
