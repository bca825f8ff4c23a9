"""Drafts a case anew: as a person asks for it, or once themes say what it is about."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from models.contracts import LANGUAGES
from pipelines.contracts import PipelineError, Segment
from pipelines.followup.drafting import Draft
from pipelines.followup.news import LEFT_OUT, News, plan_news
from pipelines.followup.plan import CHANNELS, Channel, DraftPlan
from pipelines.followup.planning import make_plan
from pipelines.improvement import checked_words
from pipelines.messages import N_, Told
from pipelines.reception import promised_by, zone_for
from service.storage.actions import ActionRepository
from service.storage.case_tables import CaseRow
from service.storage.cases import CaseRepository
from service.storage.draft_tables import DraftRow
from service.storage.drafts import DraftRepository
from service.storage.readings import answer_of, understanding_of
from service.storage.unnamed import unnamed

if TYPE_CHECKING:
    from service.wiring import Odzew

MOST_NAMED: Final = 2_000
"""Drafts that are written anew once themes are fitted; those of the newest cases come first."""
_AT_ONCE = 100


def redraft(
    odzew: Odzew,
    session: Session,
    workspace: str,
    case_id: str,
    *,
    channel: str,
    because: str = "",
    at: datetime,
) -> DraftRow:
    """Draft a case anew: on another channel, or to say why a suggestion is not taken up.

    Args:
        odzew: the house.
        session: of the transaction.
        workspace: of the case.
        case_id: of a case.
        channel: one of `CHANNELS`; blank is the one that the customer can be reached by.
        because: why the suggestion is not taken up, in whole sentences in the customer's language;
            blank for an answer.
        at: aware.

    Raises:
        NotFoundError: no such case.
        ConflictError: somebody is at work on a draft, or one is approved.
        PipelineError: no such channel, the words are unfit, or the customer is not to be
            written to.
    """
    if channel and channel not in CHANNELS:
        raise PipelineError(
            N_("There is no channel %(name)s. There are: %(known)s."),
            name=channel[:40],
            known=", ".join(CHANNELS),
        )
    case = CaseRepository(session, workspace).get(case_id)
    drafts = DraftRepository(session, workspace)
    drafts.check_free(case_id)
    plan = _planned(
        odzew, session, workspace, case, channel, because, at, drafts.next_turn(case_id)
    )
    return drafts.add(case_id, Draft.of(plan, odzew.books.of(workspace)(plan.language)), at)


def name_topics(odzew: Odzew, workspace: str, at: datetime) -> int:
    """Write drafts anew that name no touchpoint and could, now that themes are fitted.

    Only those that the engine wrote, of cases that nobody has answered, and that no person has said
    anything of. Gives how many.
    """
    with odzew.database.snapshot() as session:
        wanted = unnamed(session, workspace, MOST_NAMED)
    book_of, named = odzew.books.of(workspace), 0
    for start in range(0, len(wanted), _AT_ONCE):
        with odzew.database.transaction() as session:
            drafts, cases = (
                DraftRepository(session, workspace),
                CaseRepository(session, workspace),
            )
            for case_id, channel in wanted[start : start + _AT_ONCE]:
                if not drafts.is_untouched(case_id):
                    continue
                turn = drafts.next_turn(case_id)
                case = cases.get(case_id)
                try:
                    plan = _planned(odzew, session, workspace, case, channel, "", at, turn)
                except PipelineError:  # not to be written to any more
                    continue
                if plan.topic is not None:
                    drafts.add(case_id, Draft.of(plan, book_of(plan.language)), at)
                    named += 1
    return named


def _planned(
    odzew: Odzew,
    session: Session,
    workspace: str,
    case: CaseRow,
    channel: str,
    because: str,
    at: datetime,
    turn: int,
) -> DraftPlan:
    row, understanding = case.feedback, understanding_of(case.feedback)
    answer = answer_of(row)
    segment: Segment | None = row.reading.segment  # type: ignore[assignment]
    chosen: Channel | None = channel or None  # type: ignore[assignment]
    known = (understanding, segment, answer.respondent, odzew.voice)
    if because.strip():
        code = understanding.language.code if understanding.language.code in LANGUAGES else "en"
        made: DraftPlan | str | None = plan_news(
            News("declined", checked_words({code: because}, "declined")),
            *known,
            feedback_id=row.id,
            wrote_at=row.occurred_at,
            now=at,
            channel=chosen,
            turn=turn,
        )
    else:
        themes = odzew.themes(workspace)
        made = make_plan(
            *known,
            feedback_id=row.id,
            respond_by=promised_by(case.respond_by, at, odzew.rules(workspace).clock.calendar),
            touchpoints=themes.touchpoints if themes else {},
            actions=ActionRepository(session, workspace).in_use(),
            wrote_at=row.occurred_at,
            channel=chosen,
            turn=turn,
            zone=zone_for(answer, understanding, odzew.voice),
            hint=answer.language_hint,
        )
    if not isinstance(made, DraftPlan):
        why = LEFT_OUT[made or "asks_no_contact"]
        raise PipelineError(N_("Not drafted: this customer %(why)s."), why=Told(why))
    return made
