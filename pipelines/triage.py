"""Priority: points that add up, each with its reason, and the case they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipelines.clock import respond_by
from pipelines.contracts import (
    SCORE_TEXT_MISMATCH,
    Level,
    Person,
    Priority,
    Reason,
    Scale,
    Segment,
    Understanding,
)
from pipelines.segments import goodness

VERSION = 2
"""Raised with every change of the points below."""

SEGMENT_POINTS: Mapping[Segment, int] = {"detractor": 30, "passive": 12, "promoter": 2}
LOWEST_SCORE_POINTS = 8
ANGER_POINTS = 15
SIGNAL_POINTS: Mapping[str, tuple[int, str]] = {
    "safety": (45, "Somebody's safety is at stake"),
    "legal_threat": (28, "Speaks of a lawyer or a court"),
    "authority_complaint": (28, "Speaks of a complaint to an authority"),
    "fraud_or_security": (22, "Speaks of fraud, theft or a taken-over account"),
    "discrimination": (22, "Felt discriminated against"),
    "media_threat": (20, "Means to make it public"),
    "privacy": (18, "Minds what was done with their data"),
    "vulnerable_person": (16, "Touches somebody who needs particular care"),
    "open_problem": (15, "The problem is still open"),
    "churn_risk": (14, "Says they will leave"),
    "promise_broken": (10, "A promise was not kept"),
    "contacted_before": (10, "Has contacted us about it before"),
    "asks_contact": (10, "Asks to be contacted"),
    "health": (8, "Speaks of somebody's health"),
    "effort": (4, "Had to do too much"),
    "upsell_interest": (4, "Is interested in more"),
    "question": (4, "Asks a question"),
    "waiting": (3, "Had to wait"),
    "suggestion": (2, "Makes a suggestion"),
    "resolved_problem": (-8, "The problem was put right"),
}
"""Points and sentence of each signal; safety and legal matters come first."""
MISMATCH_POINTS = 16
"""Of a score that surely contradicts its text; less sure, fewer."""
MISMATCH_SENTENCES: Mapping[str, str] = {
    "angry_text": "A high score, but an angry text",
    "scale_upside_down": "A low score under praise: the scale may have been read upside down",
}
TIER_POINTS: Mapping[str, int] = {"gold": 8, "plus": 4}
ACCOUNT_POINTS = 5
MOST = 100
LEVEL_FLOORS: tuple[tuple[int, Level], ...] = ((70, "P1"), (45, "P2"), (20, "P3"), (0, "P4"))
_MOST_QUOTED = 80
"""Characters of the customer's words in a reason."""
_TELLING_LETTERS = 12
"""A comment with fewer letters ("super", "ok") is not answered one by one."""


def effective_segment(segment: Segment | None, understanding: Understanding) -> Segment:
    """The segment, or without a score the one that the comment's mood stands for."""
    if segment is not None:
        return segment
    mood = understanding.sentiment.label if understanding.sentiment else "neutral"
    moods: dict[str, Segment] = {"negative": "detractor", "positive": "promoter"}
    return moods.get(mood, "passive")


def prioritise(
    understanding: Understanding,
    segment: Segment | None,
    *,
    score: float | None,
    scale: Scale,
    person: Person | None,
    occurred_at: datetime,
) -> Priority:
    """Score 0-100 as the sum of its reasons' points, the level, and the latest answer.

    A sum over 100 is brought to 100 by a reason of its own, so that the points still add up.
    """
    treated_as = effective_segment(segment, understanding)
    reasons = [
        *_score_reasons(segment, treated_as, score, scale),
        *_text_reasons(understanding),
        *_person_reasons(person),
    ]
    total = sum(reason.points for reason in reasons)
    if total < 0:
        reasons.append(Reason("floor", -total, "Scores begin at 0"))
        total = 0
    if total > MOST:
        reasons.append(Reason("cap", MOST - total, f"Scores end at {MOST}"))
        total = MOST
    level = next(level for floor, level in LEVEL_FLOORS if total >= floor)
    # Whatever the score, a matter of safety does not wait longer than a detractor does.
    clock: Segment = "detractor" if "safety" in understanding.signals else treated_as
    return Priority(level, total, respond_by(occurred_at, clock), tuple(reasons))


def needs_case(segment: Segment | None, understanding: Understanding) -> bool:
    """Whether somebody should answer: every detractor, every comment that says something."""
    if effective_segment(segment, understanding) == "detractor":
        return segment is not None or bool(understanding.excerpts)
    letters = sum(
        character.isalpha() for excerpt in understanding.excerpts for character in excerpt.text
    )
    return letters >= _TELLING_LETTERS or bool(understanding.signals)


def _score_reasons(
    segment: Segment | None, treated_as: Segment, score: float | None, scale: Scale
) -> list[Reason]:
    points = SEGMENT_POINTS[treated_as]
    if segment is None or score is None:
        return [Reason("no_score", points, f"No score; the text reads like a {treated_as}")]
    reasons = [
        Reason(segment, points, f"{segment.capitalize()}: {score:g} on {scale.min:g}–{scale.max:g}")
    ]
    if segment == "detractor":
        extra = round(LOWEST_SCORE_POINTS * (1 - goodness(score, scale)))
        if extra:
            reasons.append(Reason("low_score", extra, "How low the score is"))
    return reasons


def _text_reasons(understanding: Understanding) -> list[Reason]:
    reasons = []
    worst = min(understanding.excerpts, key=lambda excerpt: excerpt.sentiment.score, default=None)
    if worst is not None and worst.sentiment.label == "negative":
        points = round(-ANGER_POINTS * worst.sentiment.score)
        if points > 0:
            words = _shortened(worst.shown)
            reasons.append(Reason("worst_excerpt", points, f"Worst part: “{words}”"))
    mismatch = understanding.mismatch
    if mismatch is not None:
        points = round(MISMATCH_POINTS * mismatch.confidence)
        reasons.append(Reason(SCORE_TEXT_MISMATCH, points, MISMATCH_SENTENCES[mismatch.kind]))
    for name in sorted(understanding.signals, key=lambda name: -_signal(name)[0]):
        points, sentence = _signal(name)
        if points:
            words = _evidence(understanding, name)
            reasons.append(Reason(name, points, f"{sentence}: “{words}”" if words else sentence))
    return reasons


def _signal(name: str) -> tuple[int, str]:
    return SIGNAL_POINTS.get(name, (0, ""))


def _evidence(understanding: Understanding, name: str) -> str:
    for excerpt in understanding.excerpts:
        for hit, words in zip(excerpt.signals, excerpt.evidence, strict=True):
            if hit.name == name:
                return _shortened(words)
    return ""


def _person_reasons(person: Person | None) -> list[Reason]:
    if person is None:
        return []
    reasons = []
    points = TIER_POINTS.get((person.tier or "").casefold(), 0)
    if points:
        reasons.append(Reason("tier", points, f"Customer tier: {person.tier}"))
    if person.account:
        reasons.append(Reason("account", ACCOUNT_POINTS, f"Business customer: {person.account}"))
    return reasons


def _shortened(words: str) -> str:
    return words if len(words) <= _MOST_QUOTED else words[: _MOST_QUOTED - 1].rstrip() + "…"
