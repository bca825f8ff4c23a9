"""Who hears of an action: those who raised its theme, and why others are not written to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from sqlalchemy.orm import Session

from models.themes.naming import SEPARATOR, concept_named
from pipelines.cases import OPEN
from pipelines.contracts import ENGINE
from pipelines.followup.news import LEFT_OUT, News, plan_news
from pipelines.followup.plan import DraftPlan
from pipelines.improvement import ENDED
from pipelines.messages import N_
from pipelines.theme_life.places import PLACES
from service.storage.action_tables import ActionRow
from service.storage.actions import ActionRepository
from service.storage.answer_tables import Feedback
from service.storage.do_not_contact import DoNotContact, normal
from service.storage.draft_rows import standing
from service.storage.raised import COMPLAINT, Raised, RaisedThemes
from service.storage.readings import answer_of, understanding_of
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

LEFT: Final[Mapping[str, str]] = {
    **LEFT_OUT,
    "open": N_("their case is still open: they hear of it in their own answer"),
    "listed": N_("are on the list of those not to contact"),
    "no_address": N_("left neither an e-mail address nor a number"),
    "told": N_("a message to them was drafted before"),
    "busy": N_("a message to them about another action waits"),
}
"""Why somebody who raised a theme is not written to, and how pages say it."""


@dataclass(frozen=True)
class Recipient:
    """A customer who would be drafted a message.

    Attributes:
        plan: of the message; its turn is given where it is drafted.
        feedback_id: the answer that raised the theme.
        is_sure: whether its own words bear that out.
    """

    case_id: str
    plan: DraftPlan
    feedback_id: str
    is_sure: bool


@dataclass(frozen=True)
class Reach:
    """Who would hear of an action, who wrote last first; why others are not, and how many."""

    recipients: tuple[Recipient, ...]
    left_out: Mapping[str, int]


def reach_of(
    odzew: Odzew, session: Session, workspace: str, action: ActionRow, now: datetime
) -> Reach:
    """Who would be written to about an action, and why others are not."""
    theme = ActionRepository(session, workspace).theme_of(action)
    if theme is None or action.state not in ENDED:
        return Reach((), {})
    people = RaisedThemes(session, workspace)
    raised = people.by(theme, action.state, action.since)
    answers = people.answers([one.feedback_id for one in raised])
    told, concept = _told(session, workspace, action), _concept(session, workspace, theme)
    busy, listed = _busy(session, workspace, action), DoNotContact(session, workspace).addresses()
    news, found, left = news_of(odzew, workspace, action, theme), list[Recipient](), Counter[str]()
    for one in raised:
        row = answers[one.feedback_id]
        is_sure = _bears_out(row, news, concept)
        own = news if is_sure else replace(news, topic=None)  # then their words stand for it
        if one.case_id in told or one.case_id in busy:
            left["told" if one.case_id in told else "busy"] += 1
            continue
        plan = _plan(odzew, one, row, own, now, listed)
        if isinstance(plan, DraftPlan):
            found.append(Recipient(one.case_id, plan, row.id, is_sure))
        else:
            left[plan] += 1
    return Reach(tuple(found), left)


def news_of(odzew: Odzew, workspace: str, action: ActionRow, theme: str) -> News:
    """What customers are told of an action that ended, against a living theme."""
    model = odzew.themes(workspace)
    topic = model.touchpoints.get(theme) if model else None
    purpose: Literal["we_did", "declined"] = "we_did" if action.state == "done" else "declined"
    return News(purpose, dict(action.words), theme, topic)


def _told(session: Session, workspace: str, action: ActionRow) -> set[str]:
    """Cases whose customers have a message about an action that stands.

    Rejected ones do not, nor those that nobody has looked at and that other words were put in.
    """
    told = set[str]()
    for draft, letter in ActionRepository(session, workspace).letters(action.id):
        plan, state = draft.plan.get("plan", {}), standing(draft)
        is_old = draft.author == ENGINE and plan.get("told") != action.words.get(draft.language)
        is_own = draft.id == letter.draft_id
        if not (is_own and (state == "rejected" or (state == "draft" and is_old))):
            told.add(letter.case_id)
    return told


def _busy(session: Session, workspace: str, action: ActionRow) -> set[str]:
    """Cases with a message about another action that is not decided about or not sent."""
    actions = ActionRepository(session, workspace)
    return {
        letter.case_id
        for other in actions.listed()
        if other.id != action.id and other.state in ENDED
        for draft, letter in actions.letters(other.id)
        if draft.id == letter.draft_id and standing(draft) in ("draft", "in_review", "approved")
    }


def _concept(session: Session, workspace: str, theme: str) -> str | None:
    """The known concept that a theme is named by."""
    row = ThemeRepository(session, workspace).get(theme)
    return concept_named(row.names.get("en", "").split(SEPARATOR)[0]) if row else None


def _plan(
    odzew: Odzew,
    raised: Raised,
    row: Feedback,
    news: News,
    now: datetime,
    listed: Collection[str],
) -> DraftPlan | str:
    if raised.case_state in OPEN:
        return "open"
    answer = answer_of(row)
    person = answer.respondent
    if person is None or not (person.email or person.phone):
        return "no_address"
    if any(normal(known) in listed for known in (person.email, person.phone) if known):
        return "listed"
    return plan_news(
        news,
        understanding_of(row),
        row.reading.segment,  # type: ignore[arg-type]
        person,
        odzew.voice,
        feedback_id=row.id,
        wrote_at=row.occurred_at,
        now=now,
    )


def _bears_out(row: Feedback, news: News, concept: str | None) -> bool:
    """Whether an answer's own words say that it is about the theme of news."""
    return any(
        one.concept is not None
        and (one.sentiment_score <= COMPLAINT or news.purpose == "declined")
        and (one.concept == concept or PLACES.get(one.concept) == news.topic)
        for one in row.reading.excerpts
        if one.theme_id == news.theme
    )
