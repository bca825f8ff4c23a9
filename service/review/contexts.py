"""What each page's template is given: plain dataclasses, made from stored rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.brief import call_around
from pipelines.cases import Status
from pipelines.contracts import ENGINE
from pipelines.messages import N_, Told
from pipelines.reasons import SENTENCES
from pipelines.resolution import Resolution
from pipelines.triage import JUDGED
from pipelines.words import shortened
from service.review.comments import Folded, ShownComment, SignalFound, Tag
from service.review.draft_contexts import DraftPanel, ShownReply
from service.review.language import _, language, quoted, told
from service.review.names import named
from service.review.pages import moment
from service.storage.answer_tables import Feedback
from service.storage.case_rows import TOLD
from service.storage.case_tables import CaseAlert, CaseEvent, CaseRow
from service.storage.draft_tables import DraftRow
from service.storage.judging import JUDGE

_PREVIEW = 220
_QUOTE = 120
_DUE = dict.fromkeys(("new", "assigned", "snoozed"), N_("answer by")) | {
    "contacting": N_("resolve by")
}

_VERDICTS = {
    "submitted": N_("asked for a review of draft %(number)s"),
    "approved": N_("approved draft %(number)s"),
    "rejected": N_("rejected draft %(number)s"),
}


@dataclass(frozen=True)
class Card:
    """One line of the queue."""

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


def card_of(case: CaseRow, zone: ZoneInfo) -> Card:
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


def history_of(
    events: Sequence[CaseEvent],
    drafts: Sequence[DraftRow],
    alerts: Sequence[CaseAlert],
    answers: Sequence[Feedback],
    zone: ZoneInfo,
) -> tuple[tuple[str, str, str], ...]:
    """When, who and what, newest first; `answers` are those of the case, for what they say."""
    said = {one.id: _in_short(one) for one in answers}
    lines = [
        (event.at, event.who, _happened(event) + _note(_note_of(event, said))) for event in events
    ]
    for alert in alerts:
        lines.append((alert.at, ENGINE, named(alert.kind, "alert")))
    for draft in drafts:
        wrote = _("wrote draft %(number)s", number=draft.number)
        lines.append((draft.created_at, draft.author, wrote))
        for decision in draft.decisions:
            what = _(_VERDICTS[decision.verdict], number=draft.number) + _note(decision.reason)
            lines.append((decision.at, decision.who, what))
    lines.sort(key=lambda line: line[0], reverse=True)
    return tuple((moment(at, zone), who, what) for at, who, what in lines)


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


def _happened(event: CaseEvent) -> str:
    details = event.details
    if event.move == "assign" and details.get("owner"):
        return _("handed over to %(name)s", name=details["owner"])
    if event.move == JUDGE:
        return _(
            "priority %(level)s instead of %(before)s",
            level=details["level"],
            before=details["instead_of"],
        )
    what = named(event.move, "move")
    ended = details.get("resolution")
    if not ended:
        return what
    return _(
        "%(what)s: %(outcome)s; root cause: %(cause)s",
        what=what,
        outcome=named(ended["outcome"], "outcome"),
        cause=ended["causes"][-1] if ended["causes"] else ended["unknown_because"],
    )


def _note_of(event: CaseEvent, said: Mapping[str, str]) -> str:
    """A person's words as they are, ours in the reader's language."""
    if TOLD not in event.details:
        return event.note
    note = Told.of_json(event.details[TOLD])
    answer = note.facts.get("answer")
    if answer is not None:
        shown = said.get(str(answer)) or _("(no longer here)")
        note = Told(note.message, {**note.facts, "answer": shown})
    return told(note)


def _in_short(answer: Feedback) -> str:
    """The beginning of what an answer says; the score where it has no words."""
    words = shortened(" ".join(ShownComment.of(answer).text.split()), _QUOTE)
    return quoted(words) if words else given(answer)


def _note(note: str) -> str:
    return f": {note}" if note else ""
