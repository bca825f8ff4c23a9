"""What each page's template is given: plain dataclasses, made from stored rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.brief import call_around
from pipelines.cases import Status
from pipelines.messages import N_
from pipelines.reasons import SENTENCES
from pipelines.resolution import Resolution
from pipelines.triage import JUDGED
from pipelines.words import shortened
from service.review.comments import Folded, ShownComment, SignalFound, Tag
from service.review.draft_contexts import DraftPanel, ShownReply
from service.review.language import _, language, quoted
from service.review.names import named
from service.review.pages import moment
from service.storage.answer_tables import Feedback
from service.storage.case_tables import CaseRow

_PREVIEW = 220
_DUE = dict.fromkeys(("new", "assigned", "snoozed"), N_("answer by")) | {
    "contacting": N_("resolve by")
}


@dataclass(frozen=True)
class Card:
    """One line of the queue.

    Attributes:
        marks: what is new of it or on its way, of `MARKS`.
    """

    id: str
    level: str
    score: int
    segment: str | None
    language: str
    name: str
    given: str
    preview: str
    themes: tuple[Tag, ...]
    signals: tuple[str, ...]
    respond_by: datetime
    due_at: str
    state: str
    account: str | None
    tier: str | None
    owner: str | None
    is_second_level: bool
    revision: int
    marks: tuple[str, ...]

    @property
    def by(self) -> str:
        """What is due by `due_at`; empty where nothing is."""
        return _(_DUE[self.state]) if self.state in _DUE else ""


@dataclass(frozen=True)
class SimilarCase:
    """A case about the same thing; `ended` is how it was resolved, None where it was not."""

    case_id: str
    state: str
    text: str
    language: str
    given: str
    ended: Resolution | None


@dataclass(frozen=True)
class Call:
    """How to reach a customer: a number, and around when they are likely to be free."""

    phone: str | None
    around: str


@dataclass(frozen=True)
class OtherAnswer:
    """Another answer of the same case."""

    occurred: str
    text: str
    language: str
    given: str


@dataclass(frozen=True)
class CasePage:
    """One case, whole."""

    card: Card
    occurred: str
    call: Call
    survey: str
    comment: Folded
    signals: tuple[SignalFound, ...]
    praises: bool
    sentiment: float | None
    is_mixed: bool
    facts: tuple[tuple[str, str], ...]
    levels: tuple[str, ...]
    reasons: tuple[tuple[int, str], ...]
    draft: DraftPanel | None
    replies: tuple[ShownReply, ...]
    history: tuple[tuple[str, str, str], ...]
    similar: tuple[SimilarCase, ...]
    others: tuple[OtherAnswer, ...]
    status: Status
    moves: tuple[str, ...]
    people: tuple[str, ...]
    is_mine: bool
    revision: int
    zone: ZoneInfo


def card_of(case: CaseRow, zone: ZoneInfo, marks: tuple[str, ...] = ()) -> Card:
    """A case as a line of the queue."""
    feedback = case.feedback
    person = feedback.respondent
    seen: dict[str, Tag] = {}
    for excerpt in feedback.reading.excerpts:
        if excerpt.theme is not None:
            seen.setdefault(
                excerpt.theme.id, Tag(excerpt.theme.id, excerpt.theme.name_in(language()))
            )
    text = " ".join(ShownComment.of(feedback).text.split())
    return Card(
        id=case.id,
        level=case.level,
        score=case.priority_score,
        segment=case.segment,
        language=case.language,
        name=(person.name if person and person.name else "") or _("Unknown customer"),
        given=given(feedback),
        preview=shortened(text, _PREVIEW),
        themes=tuple(seen.values()),
        signals=tuple(feedback.reading.signals),
        respond_by=case.respond_by,
        due_at=moment(case.respond_by, zone),
        state=case.state,
        account=person.account if person else None,
        tier=person.tier if person else None,
        owner=case.owner,
        is_second_level=case.is_second_level,
        revision=case.revision,
        marks=marks,
    )


def given(feedback: Feedback) -> str:
    """The score as the customer gave it: `3 of 0–10`."""
    if feedback.score is None:
        return _("no score")
    scale = feedback.scale
    return _(
        "%(score)s of %(low)s–%(high)s", score=feedback.score, low=scale["min"], high=scale["max"]
    )


def call_of(feedback: Feedback, zone: ZoneInfo) -> Call:
    """How to reach who gave an answer."""
    person = feedback.respondent
    around = call_around(feedback.occurred_at.astimezone(zone))
    return Call(person.phone if person else None, around.strftime("%H:%M"))


def facts_of(feedback: Feedback) -> tuple[tuple[str, str], ...]:
    """What is known of the customer and the answer, as pairs of name and value."""
    person = feedback.respondent
    facts = []
    if person is not None:
        for name in ("tier", "account", "email"):
            value = getattr(person, name)
            if value:
                facts.append((named(name, "fact"), str(value)))
    facts.extend((name, str(value)) for name, value in feedback.attributes.items())
    return tuple(facts)


def reasons_of(reasons: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, str], ...]:
    """Points and sentence of each reason, in the reader's language; a person's comes first."""
    ordered = sorted(reasons, key=lambda one: one["code"] != JUDGED)
    return tuple((one["points"], _reason(one)) for one in ordered)


def _reason(stored: Mapping[str, Any]) -> str:
    facts = stored.get("facts") or {}
    message = SENTENCES.get(facts.get("sentence", ""))
    if message is None:  # as it was stored before facts were kept
        return str(stored["text"])
    sentence = _(message, **facts["values"])
    return f"{sentence}: {quoted(facts['words'])}" if facts["words"] else sentence


def others_of(answers: Sequence[Feedback], led_by: str, zone: ZoneInfo) -> tuple[OtherAnswer, ...]:
    """The answers of a case besides the one that it is about, newest first."""
    return tuple(
        OtherAnswer(
            moment(one.occurred_at, zone),
            ShownComment.of(one).text,
            one.reading.language,
            given(one),
        )
        for one in answers
        if one.id != led_by
    )
