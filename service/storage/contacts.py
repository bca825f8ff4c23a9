"""When a customer counts as contacted: once a message was taken, or somebody says it was sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.cases import MOVES, Step, check_contact
from pipelines.clock import Clock
from pipelines.messages import N_, Told
from service.storage.case_rows import status_of
from service.storage.case_tables import CaseRow
from service.storage.cases import CaseRepository
from service.storage.draft_rows import is_news_of_ended
from service.storage.draft_tables import DraftRow, MessageRow


def may_contact(session: Session, workspace: str, draft: DraftRow, who: str, at: datetime) -> None:
    """See that a draft may be sent to the customer of its case, whoever has that.

    Raises:
        NotFoundError: not in this workspace.
        MoveError: the case is closed or resolved, and the draft tells of no news.
    """
    case = CaseRepository(session, workspace).get(draft.case_id)
    if is_news_of_ended(draft, case):
        return
    check_contact(status_of(case), case.owner or who, at)


def count_as_contact(session: Session, message: MessageRow, clock: Clock, at: datetime) -> None:
    """Move the case of a message that was sent to contacting, in the transaction that keeps so.

    Whoever put the message in the outbox contacts the customer. A case that is somebody else's by
    now stays theirs, and one that was ended meanwhile stays ended; neither keeps the message from
    being sent. The case is locked, so that nobody moves it in between.
    """
    locked = select(CaseRow.id).where(CaseRow.id == message.case_id).with_for_update()
    session.execute(locked)
    cases = CaseRepository(session, message.workspace_id)
    case = cases.get(message.case_id)
    if case.state not in MOVES["contact"].leads:
        return
    if case.owner in (None, message.who):
        said = Told(N_("Message sent"))
        step = Step("contact", message.who, at, str(said), said=said)
    else:
        said = Told(N_("Message of %(name)s sent"), {"name": message.who})
        step = Step.of_engine("contact", at, said)
    cases.move(case.id, step, clock)


def count_if_sent_since(
    session: Session, workspace: str, case_id: str, since: datetime, clock: Clock
) -> None:
    """Count a message that was sent while a case was closed by mistake, once it is open again."""
    query = (
        select(MessageRow)
        .where(MessageRow.workspace_id == workspace, MessageRow.case_id == case_id)
        .where(MessageRow.state == "sent", MessageRow.ended_at >= since)
        .order_by(MessageRow.ended_at)
        .limit(1)
    )
    message = session.scalar(query)
    if message is not None and message.ended_at is not None:
        count_as_contact(session, message, clock, message.ended_at)
