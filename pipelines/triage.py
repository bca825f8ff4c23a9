"""Priority: points that add up, each with its reason, and the case they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from models.contracts import OTHER
from pipelines.contracts import (
    SCORE_TEXT_MISMATCH,
    Answer,
    AttributeValue,
    Bucket,
    Level,
    Person,
    Priority,
    Reason,
    Scale,
    Segment,
    Understanding,
)
from pipelines.reasons import reason
from pipelines.rules import Rules
from pipelines.rules.weights import Steps, Weights, number_of
from pipelines.segments import goodness
from pipelines.spam import is_spam
from pipelines.words import shortened

MOST = 100
_MOST_QUOTED = 80
"""Characters of the customer's words in a reason."""
DUE_SOON, BREACHED, UNSURE = "due_soon", "breached", "unsure"
_CAP, _FLOOR = "cap", "floor"
JUDGED = "judged"
_OF_THE_MOMENT = (DUE_SOON, BREACHED, _CAP, _FLOOR)
"""Reasons that are made anew as time goes by."""
_SURE = 0.6
"""Confidence under which a reading counts as unsure."""
_TELLING_LETTERS = 12
"""A comment with fewer letters ("super", "ok") is not answered one by one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known besides the answer.

    Attributes:
        was_detractor: whether the customer gave a detractor's score before.
        spiking: ids of themes that stand out these weeks.
        answers_before: how many the customer had given.
    """

    was_detractor: bool = False
    spiking: frozenset[str] = field(default=frozenset())
    answers_before: int = 0


def effective_segment(segment: Segment | None, understanding: Understanding) -> Segment:
    """The segment, or without a score the one that the comment's mood stands for."""
    if segment is not None:
        return segment
    mood = understanding.sentiment.label if understanding.sentiment else "neutral"
    moods: dict[str, Segment] = {"negative": "detractor", "positive": "promoter"}
    return moods.get(mood, "passive")


def clock_segment(segment: Segment, signals: Sequence[str]) -> Segment:
    """Whose time limit holds: a matter of safety does not wait longer than a detractor does."""
    return "detractor" if "safety" in signals else segment


def prioritise(
    understanding: Understanding,
    segment: Segment | None,
    answer: Answer,
    rules: Rules,
    *,
    now: datetime,
    standing: Standing | None = None,
) -> Priority:
    """Score 0-100 as the sum of its reasons' points, the level, and the latest answer.

    A sum over 100 is brought to 100 by a reason of its own, so that the points still add up. The
    latest answer is that of the segment, or of the priority where that is sooner; it does not
    move because time runs out.

    Args:
        understanding: what was read.
        segment: of the score; None without one.
        answer: what was read and judged.
        rules: the workspace's.
        now: aware; when it is judged.
        standing: what is known of the customer and of the themes.
    """
    weights = rules.weights
    treated_as = effective_segment(segment, understanding)
    reasons = [
        *_score_reasons(segment, treated_as, answer.score, answer.scale, weights),
        *_text_reasons(understanding, weights),
        *_person_reasons(answer.respondent, answer.attributes, weights),
        *_standing_reasons(understanding, standing or Standing(), weights),
    ]
    reasons += _unsure(understanding, sum(one.points for one in reasons), weights)
    settled = _settled(reasons, answer.occurred_at, weights)
    clock = clock_segment(treated_as, understanding.signals)
    due = rules.clock.respond_by(answer.occurred_at, clock, settled.level)
    assert due is not None  # noqa: S101 - nothing is paused yet
    return in_time(replace(settled, respond_by=due), answer.occurred_at, rules, now=now)


def in_time(priority: Priority, started: datetime, rules: Rules, *, now: datetime) -> Priority:
    """A priority with the points that the clock adds by now; its latest answer stays."""
    weights, due = rules.weights, priority.respond_by
    reasons = [one for one in priority.reasons if one.code not in _OF_THE_MOMENT]
    if now >= due:
        if weights.breached:
            reasons.append(reason(BREACHED, weights.breached))
    elif weights.due_soon and now >= rules.clock.soon_from(started, due):
        reasons.append(reason(DUE_SOON, weights.due_soon))
    return _settled(reasons, due, weights)


def judged(priority: Priority, level: Level, who: str, weights: Weights) -> Priority:
    """A priority as a person judges it, with a reason of theirs that leads to the level.

    The reason holds the level from then on, whatever points time adds, until somebody judges
    again or another answer leads the case.
    """
    reasons = [one for one in priority.reasons if one.code not in (JUDGED, _CAP, _FLOOR)]
    said = reason(JUDGED, 0, who=who, level=level)
    return _settled([*reasons, said], priority.respond_by, weights)


def bucket_of(segment: Segment | None, understanding: Understanding) -> Bucket:
    """Where an answer is found; nothing falls out.

    In the queue is every detractor and every comment that says something in a language that is
    read. Of the rest it is told why it is not there. Who gave a detractor's score is never spam.
    """
    if segment != "detractor" and is_spam(" ".join(one.text for one in understanding.excerpts)):
        return "spam"
    mood = effective_segment(segment, understanding)
    if mood == "detractor" and (segment is not None or understanding.excerpts):
        return "queue"
    if not understanding.excerpts:
        return "no_comment"
    if understanding.signals:
        return "queue"
    letters = sum(
        character.isalpha() for excerpt in understanding.excerpts for character in excerpt.text
    )
    if letters and understanding.language.code == OTHER:
        return "other_language"  # where there are no words, there is no language either
    if letters >= _TELLING_LETTERS:
        return "queue"
    good = understanding.sentiment is not None and understanding.sentiment.label == "positive"
    return "praise" if good else "no_comment"


def _settled(reasons: Sequence[Reason], due: datetime, weights: Weights) -> Priority:
    """Reasons with one more where their sum leaves 0-100, and the level that it reaches.

    A person's judgement counts last, as many points as bring the score to their level.
    """
    said = next((one for one in reasons if one.code == JUDGED), None)
    found = [one for one in reasons if one is not said]
    total = sum(reason.points for reason in found)
    if total < 0:
        found.append(reason(_FLOOR, -total))
    elif total > MOST:
        found.append(reason(_CAP, MOST - total))
    score = min(max(total, 0), MOST)
    if said is not None:
        least, greatest = weights.scores(said.facts["values"]["level"])
        points = min(max(score, least), greatest) - score
        found.append(replace(said, points=points))
        score += points
    return Priority(weights.level(score), score, due, tuple(found))


def _unsure(understanding: Understanding, total: int, weights: Weights) -> Iterable[Reason]:
    """What lifts an answer just under P1 there, if it was read with little certainty."""
    missing = weights.levels["P1"] - total
    if not 0 < missing <= weights.unsure:
        return
    sure = [understanding.language.confidence]
    for excerpt in understanding.excerpts:
        sure += [excerpt.sentiment.confidence, *(hit.confidence for hit in excerpt.signals)]
    if min(sure) < _SURE:
        yield reason(UNSURE, missing)


def _score_reasons(
    segment: Segment | None,
    treated_as: Segment,
    score: float | None,
    scale: Scale,
    weights: Weights,
) -> Iterable[Reason]:
    points = weights.segments[treated_as]
    if segment is None or score is None:
        yield reason("no_score", points, f"no_score_{treated_as}")
        return
    yield reason(segment, points, score=score, low=scale.min, high=scale.max)
    if segment == "detractor":
        extra = round(weights.low_score * (1 - goodness(score, scale)))
        if extra:
            yield reason("low_score", extra)


def _text_reasons(understanding: Understanding, weights: Weights) -> Iterable[Reason]:
    worst = min(understanding.excerpts, key=lambda excerpt: excerpt.sentiment.score, default=None)
    if worst is not None and worst.sentiment.label == "negative":
        points = round(-weights.worst_excerpt * worst.sentiment.score)
        if points > 0:
            yield reason("worst_excerpt", points, words=shortened(worst.shown, _MOST_QUOTED))
    mismatch = understanding.mismatch
    if mismatch is not None:
        points = round(weights.mismatch * mismatch.confidence)
        if points:
            yield reason(SCORE_TEXT_MISMATCH, points, mismatch.kind)
    for name in sorted(understanding.signals, key=lambda name: -weights.signals.get(name, 0)):
        points = weights.signals.get(name, 0)
        if points:
            yield reason(name, points, words=_evidence(understanding, name))


def _evidence(understanding: Understanding, name: str) -> str:
    for excerpt in understanding.excerpts:
        for hit, words in zip(excerpt.signals, excerpt.evidence, strict=True):
            if hit.name == name:
                return shortened(words, _MOST_QUOTED)
    return ""


def _person_reasons(
    person: Person | None, attributes: Mapping[str, AttributeValue], weights: Weights
) -> Iterable[Reason]:
    if person is not None:
        points = weights.tiers.get((person.tier or "").casefold(), 0)
        if points:
            yield reason("tier", points, tier=person.tier or "")
        if person.account and weights.account:
            yield reason("account", weights.account, account=person.account)
    yield from _attribute_reason("account_size", weights.account_size, attributes)
    yield from _attribute_reason("tenure", weights.tenure, attributes)


def _attribute_reason(
    code: str, steps: Steps, attributes: Mapping[str, AttributeValue]
) -> Iterable[Reason]:
    """Points of an attribute; one that is no number is told and counts nothing."""
    value = attributes.get(steps.attribute)
    if value is None:
        return
    number = number_of(value)
    if number is None:
        yield reason(code, 0, f"{code}_unread", value=str(value)[:40])
    elif steps.points(number):
        yield reason(code, steps.points(number), value=number)


def _standing_reasons(
    understanding: Understanding, standing: Standing, weights: Weights
) -> Iterable[Reason]:
    if standing.was_detractor and weights.detractor_before:
        yield reason("detractor_before", weights.detractor_before)
    spiking = [theme for theme in understanding.themes if theme.id in standing.spiking]
    if spiking and weights.theme_spiking:
        yield reason("theme_spiking", weights.theme_spiking, theme=spiking[0].label)
    named = [theme for theme in understanding.themes if weights.themes.get(theme.id)]
    if named:
        first = max(named, key=lambda theme: weights.themes[theme.id])
        yield reason("theme", weights.themes[first.id], theme=first.label)
