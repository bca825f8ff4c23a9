"""Decides what a follow-up has to say to one customer, before any wording."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.contracts import LANGUAGES
from pipelines.contracts import (
    SCORE_TEXT_MISMATCH,
    Person,
    PipelineError,
    ReadExcerpt,
    Segment,
    Understanding,
)
from pipelines.followup.grammar import gender_of, salutation
from pipelines.followup.names import read_name
from pipelines.followup.quotes import clean_quote

VARIANTS: Final = 64
"""How many wordings `DraftPlan.variant` tells apart; each block of a template draws on its own."""
PLAN_VERSION: Final = 1

_SENSITIVE = frozenset({"safety", "legal_threat", "authority_complaint"})
_WEAK = frozenset({"churn_risk", "legal_threat", "authority_complaint", "question", "suggestion"})
_MIN_TELLING_WORDS = 3
_NOT_A_COMPLAINT = 0.2
_CLEARLY_GOOD = 0.3


class PlanError(PipelineError):
    """A draft cannot be planned, or a stored plan cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """Everything the text of a draft depends on; plain values only, kept with the draft as JSON.

    Attributes:
        language: of the letter, one of `LANGUAGES`.
        segment: whose tone the letter takes.
        gender: "f", "m" or None where it is not known.
        salutation: the finished first line.
        quote: the customer's words about the worst (promoter: the best) thing, or None.
        praised: the customer's words about what was good, in a comment that also complains.
        has_comment: the comment says something, be it fit for quoting or not.
        problem_open: the customer still waits for a solution.
        sensitive: safety, law or an authority: a restrained message, a call first.
        respond_by: aware, in the customer's local time.
        contact: the direct line inside the company, an e-mail address or a number.
        variant: 0 to `VARIANTS` - 1.
    """

    language: str
    segment: Segment
    name: str | None
    gender: str | None
    salutation: str
    quote: str | None
    praised: str | None
    has_comment: bool
    problem_open: bool
    contacted_before: bool
    suggestion: bool
    question: bool
    praise_person: bool
    sensitive: bool
    respond_by: datetime
    company: str
    sender: str
    contact: str
    variant: int


def make_plan(
    understanding: Understanding,
    segment: Segment | None,
    person: Person | None,
    *,
    feedback_id: str,
    respond_by: datetime,
    company: str,
    sender: str,
    contact: str,
    timezone: str,
) -> DraftPlan:
    """Plan the follow-up to one answer.

    Args:
        understanding: of the comment with personal data masked.
        segment: by score; None without a score, and the sentiment stands in.
        person: the respondent, None where nobody is known.
        feedback_id: draws the wording, so that it stays the same for the same answer.
        respond_by: aware; by when the customer is to hear from a person.
        company: signs the letter; written as it is, never inflected.
        sender: the person who signs.
        contact: a direct e-mail address or number, no link.
        timezone: IANA name of the zone in which the customer reads the time.

    Raises:
        PlanError: `respond_by` has no zone, or `contact` is a public link instead of a direct line.
    """
    if respond_by.tzinfo is None:
        raise PlanError("respond_by has no time zone; give an aware datetime.")
    if "://" in contact or "www." in contact.lower():
        raise PlanError(f"The contact {contact!r} is a link; give a direct e-mail or number.")
    language = understanding.language.code if understanding.language.code in LANGUAGES else "en"
    full_name = read_name(person.name if person else None)
    gender = (person.gender if person else None) or gender_of(full_name, language)
    tone = _tone(understanding, segment)
    name = full_name.words if full_name else None
    quote, praised = _quotes(understanding, tone, language, name)
    signals = set(understanding.signals)
    return DraftPlan(
        language=language,
        segment=tone,
        name=name,
        gender=gender if gender in {"f", "m"} else None,
        salutation=salutation(full_name, gender, language),
        quote=quote,
        praised=praised,
        has_comment=any(
            len(excerpt.text.split()) >= _MIN_TELLING_WORDS for excerpt in understanding.excerpts
        ),
        problem_open="open_problem" in signals,
        contacted_before="contacted_before" in signals,
        suggestion="suggestion" in signals,
        question="question" in signals,
        praise_person="praise_person" in signals,
        sensitive=bool(_SENSITIVE & signals),
        respond_by=datetime.fromisoformat(respond_by.astimezone(ZoneInfo(timezone)).isoformat()),
        company=company,
        sender=sender,
        contact=contact,
        variant=int.from_bytes(hashlib.sha256(feedback_id.encode()).digest()[:8]) % VARIANTS,
    )


def to_json(plan: DraftPlan) -> dict[str, Any]:
    """The plan as JSON values, with a version."""
    return {"version": PLAN_VERSION, **asdict(plan), "respond_by": plan.respond_by.isoformat()}


def from_json(stored: Mapping[str, Any]) -> DraftPlan:
    """Read what `to_json` gave.

    Raises:
        PlanError: of another version, or a field is missing or unknown.
    """
    values = dict(stored)
    version = values.pop("version", None)
    names = {field.name for field in fields(DraftPlan)}
    if version != PLAN_VERSION or set(values) != names:
        odd = ", ".join(sorted(set(values) ^ names)) or "none"
        raise PlanError(
            f"Not a draft plan of version {PLAN_VERSION}: version {version}, odd: {odd}."
        )
    return DraftPlan(**{**values, "respond_by": datetime.fromisoformat(values["respond_by"])})


def _tone(understanding: Understanding, segment: Segment | None) -> Segment:
    """The segment, but never joy over a furious text or guilt before a warm one."""
    label = understanding.sentiment.label if understanding.sentiment else "neutral"
    if segment is None:
        by_label: dict[str, Segment] = {"negative": "detractor", "positive": "promoter"}
        return by_label.get(label, "passive")
    if SCORE_TEXT_MISMATCH in understanding.signals:
        if segment == "promoter" and label == "negative":
            return "detractor"
        if segment == "detractor" and label == "positive":
            return "passive"
    return segment


def _quotes(
    understanding: Understanding, tone: Segment, language: str, name: str | None
) -> tuple[str | None, str | None]:
    def clean(excerpts: list[ReadExcerpt]) -> str | None:
        cleaned = (
            clean_quote(excerpt.text, language, name=name)
            for excerpt in excerpts
            if not _holds_personal_data(excerpt, understanding)
        )
        return next((quote for quote in cleaned if quote), None)

    # What is asked or threatened is answered elsewhere; the thing itself makes the better quote.
    worst = sorted(
        (e for e in understanding.excerpts if e.sentiment.score < _NOT_A_COMPLAINT),
        key=lambda e: (any(hit.name in _WEAK for hit in e.signals), e.sentiment.score),
    )
    best = sorted(
        (e for e in understanding.excerpts if e.sentiment.score > _CLEARLY_GOOD),
        key=lambda e: -e.sentiment.score,
    )
    if understanding.language.code != language:  # another language's words do not fit the letter
        return None, None
    return (clean(best), None) if tone == "promoter" else (clean(worst), clean(best))


def _holds_personal_data(excerpt: ReadExcerpt, understanding: Understanding) -> bool:
    return any(data.start < excerpt.end and excerpt.start < data.end for data in understanding.pii)
