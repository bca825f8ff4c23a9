"""The call brief: one page to print or keep open while somebody calls a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import APIRouter, Response

from models.contracts import LANGUAGES
from pipelines.brief import Brief, make_brief, words
from pipelines.contracts import SCORE_TEXT_MISMATCH
from pipelines.resolution import Resolution
from service.auth import House, Person
from service.review.comments import Folded, Piece, ShownComment
from service.review.contexts import Card, card_of
from service.review.language import language as spoken
from service.review.pages import render
from service.storage.answer_tables import Feedback
from service.storage.case_tables import CaseRow
from service.storage.cases import CaseRepository
from service.storage.feedback import FeedbackRepository

router = APIRouter(include_in_schema=False)

_EARLIER = 5
_FIXES = 5
_PAINS = 3


@dataclass(frozen=True)
class Earlier:
    """Another answer of the customer: when, which score, what."""

    at: str
    given: str
    text: str
    language: str


@dataclass(frozen=True)
class BriefPage:
    """All that stands on a call brief.

    Attributes:
        still_open: None where the comment does not say.
        told_by: the parts of the comment that say so, each whole.
    """

    card: Card
    phone: str | None
    by: str
    wrote: str
    wrote_time: str
    score: str
    comment: Folded
    pains: tuple[Piece, ...]
    still_open: bool | None
    told_by: tuple[str, ...]
    fixes: tuple[Resolution, ...]
    earlier: tuple[Earlier, ...]
    brief: Brief


@router.get("/cases/{case_id}/brief")
def brief(
    case_id: str,
    person: Person,
    odzew: House,
    language: Literal["pl", "cs", "et", "en"] | None = None,
) -> Response:
    """What to know, ask, avoid and say; in the caller's language, quotes in the customer's."""
    told_in = language or spoken()
    zone = odzew.settings.zone
    with odzew.database.snapshot() as session:
        cases = CaseRepository(session, person.workspace)
        case = cases.get(case_id)
        feedback = case.feedback
        themes = {one.theme_id for one in feedback.reading.excerpts if one.theme_id}
        fixes = [row.resolution for row in cases.resolved_with(themes, _FIXES)] if themes else []
        history: Sequence[Feedback] = ()
        if feedback.respondent_id is not None:
            repository = FeedbackRepository(session, person.workspace)
            history = repository.of_respondent(feedback.respondent_id, _EARLIER + 1)
        page = _page(
            case, history, [Resolution.of_json(one) for one in fixes if one], told_in, zone
        )
    return render(
        "brief.html",
        page=page,
        words=words(told_in),
        language=told_in,
        languages=LANGUAGES,
        person=person.name,
        here="queue",
    )


def _page(
    case: CaseRow,
    history: Sequence[Feedback],
    fixes: Sequence[Resolution],
    language: str,
    zone: ZoneInfo,
) -> BriefPage:
    feedback = case.feedback
    shown = ShownComment.of(feedback)
    signals = {*feedback.reading.signals}
    if feedback.reading.mismatch:
        signals.add(SCORE_TEXT_MISMATCH)
    said = [piece for piece in shown.pieces() if piece.mood == "negative"]
    still_open = True if "open_problem" in signals else None
    if still_open is None and "resolved_problem" in signals:
        still_open = False
    telling = "open_problem" if still_open else "resolved_problem"
    respondent = feedback.respondent
    return BriefPage(
        card=card_of(case, zone),
        phone=respondent.phone if respondent else None,
        by=_moment(case.respond_by, language, zone),
        wrote=_moment(feedback.occurred_at, language, zone),
        wrote_time=feedback.occurred_at.astimezone(zone).strftime("%H:%M"),
        score=_score(feedback),
        comment=Folded(shown.pieces()),
        pains=tuple(sorted(said, key=lambda piece: piece.score or 0)[:_PAINS]),
        still_open=still_open,
        told_by=tuple(
            excerpt.text
            for excerpt in feedback.reading.excerpts
            if still_open is not None and telling in {hit["name"] for hit in excerpt.signals}
        ),
        fixes=tuple(fixes),
        earlier=tuple(
            Earlier(
                _moment(one.occurred_at, language, zone),
                _score(one),
                ShownComment.of(one).text,
                one.reading.language,
            )
            for one in history
            if one.id != feedback.id
        )[:_EARLIER],
        brief=make_brief(case.segment or "passive", frozenset(signals)),  # type: ignore[arg-type]
    )


def _score(feedback: Feedback) -> str:
    """The score on its scale, in no language: `3 / 0–10`."""
    scale = feedback.scale
    return (
        "–" if feedback.score is None else f"{feedback.score:g} / {scale['min']:g}–{scale['max']:g}"
    )


def _moment(value: datetime, language: str, zone: ZoneInfo) -> str:
    locale = "en_GB" if language == "en" else language
    local = value.astimezone(zone)
    return f"{format_date(local, 'full', locale=locale)}, {local:%H:%M}"
