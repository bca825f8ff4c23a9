"""Mail that comes back: customers' answers, bounces and automatic answers, each to its case."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.cases import MOVES, OPEN, Step
from pipelines.contracts import PipelineError
from pipelines.messages import N_, Told
from pipelines.page import Comment
from service.sending.received import Received, parse, wants_none
from service.storage.answer_tables import Feedback, Respondent
from service.storage.base import new_id
from service.storage.case_tables import CaseRow
from service.storage.cases import CaseRepository
from service.storage.conflicts import NotFoundError
from service.storage.do_not_contact import DoNotContact
from service.storage.draft_tables import MessageRow, ReplyRow
from service.storage.messages import found_by, take_step
from service.storage.occasions import keep_reply
from service.wiring import Odzew

_CASE: Final = re.compile(r"cas_[0-9a-f]{4,32}")
_MAIL_SERVER: Final = "mail server"


def take_in(odzew: Odzew, workspace: str, content: bytes, now: datetime) -> ReplyRow:
    """Keep a mail with the case it belongs to, once, and let the case go on.

    An answer wakes a waiting case; a case that was ended is reopened where the answer is unhappy. A
    message that came back for good is marked, and its address is not written to again. Automatic
    answers are kept and change nothing.

    Raises:
        PipelineError: no mail, or it belongs to no case here; the message says what to do.
    """
    mail = parse(content)
    if mail.mail_id == "":
        mail = mail.named(f"{hashlib.sha256(content).hexdigest()[:32]}@odzew.invalid")
    with odzew.database.snapshot() as session:  # what belongs to no case is not read
        known = _known(session, workspace, mail)
        case_id = "" if known else _case(session, workspace, mail)
    if known is not None:
        return known
    signals, is_bad = _read(odzew, mail.body) if mail.kind == "reply" else ((), False)
    if "asks_no_contact" in signals or (mail.kind == "reply" and wants_none(mail.body)):
        mail = replace(mail, kind="unsubscribe")
    is_unhappy = is_bad or "open_problem" in signals
    clock = odzew.rules(workspace).clock
    with odzew.database.transaction() as session:
        known = _known(session, workspace, mail)
        if known is not None:
            return known
        message = found_by(session, workspace, mail.about)
        case = CaseRepository(session, workspace).get(case_id)
        reply = ReplyRow(
            id=new_id("rpl"),
            workspace_id=workspace,
            case_id=case.id,
            message_id=message.id if message else None,
            kind=mail.kind,
            sender=mail.sender,
            subject=mail.subject,
            body=mail.body,
            mail_id=mail.mail_id,
            at=now,
        )
        session.add(reply)
        session.flush()
        listed = DoNotContact(session, workspace)
        if mail.kind == "unsubscribe":
            listed.add(mail.sender, why="asked by mail", who="customer", at=now)
        if mail.kind == "bounce" and message is not None:
            take_step(session, message, "bounce", _MAIL_SERVER, now, mail.body)
            listed.add(message.recipient, why=mail.body[:200], who=_MAIL_SERVER, at=now)
        step = _step(case, mail, now, is_unhappy=is_unhappy)
        if step is not None:
            CaseRepository(session, workspace).move(case.id, step, clock)
        keep_reply(session, case, reply)
    return reply


def _read(odzew: Odzew, text: str) -> tuple[Sequence[str], bool]:
    """Signals of a text, and whether it is negative."""
    if not text.strip():
        return (), False
    (read,) = odzew.reader.read([Comment(text)], None)
    return read.signals, read.sentiment is not None and read.sentiment.label == "negative"


def workspace_of(session: Session, mail: Received) -> str | None:
    """The workspace of the message that a mail answers, or else of the case in its address."""
    named = _CASE.findall(" ".join(mail.recipients))
    answered = select(MessageRow.workspace_id).where(MessageRow.mail_id.in_(mail.about)).limit(1)
    addressed = select(CaseRow.workspace_id).where(CaseRow.id.in_(named)).limit(1)
    return session.scalar(answered) or session.scalar(addressed)


def _known(session: Session, workspace: str, mail: Received) -> ReplyRow | None:
    """What was kept of a mail that was taken in before."""
    query = select(ReplyRow).where(
        ReplyRow.workspace_id == workspace, ReplyRow.mail_id == mail.mail_id
    )
    return session.scalar(query)


def _case(session: Session, workspace: str, mail: Received) -> str:
    """Id of the case that a mail belongs to."""
    message = found_by(session, workspace, mail.about)
    if message is not None:
        return message.case_id
    cases = CaseRepository(session, workspace)
    for named in _CASE.findall(" ".join(mail.recipients)):
        try:
            return cases.get(named).id
        except NotFoundError:
            continue
    query = (
        select(CaseRow.id)
        .join(Feedback, Feedback.id == CaseRow.feedback_id)
        .join(Respondent, Respondent.id == Feedback.respondent_id)
        .where(CaseRow.workspace_id == workspace, CaseRow.state.in_(OPEN))
        .where(
            Respondent.email.ilike(mail.sender.replace("%", r"\%").replace("_", r"\_"), escape="\\")
        )
        .order_by(CaseRow.opened_at.desc())
        .limit(1)
    )
    found = session.scalar(query) if mail.sender and mail.kind == "reply" else None
    if found is None:
        raise PipelineError(
            N_("This mail answers no message of a case here, and its sender has no open case.")
        )
    return found


def _step(case: CaseRow, mail: Received, now: datetime, *, is_unhappy: bool) -> Step | None:
    """What a case does when a mail comes back; None where it stays as it is."""
    if mail.kind not in ("reply", "bounce"):
        return None
    is_back = mail.kind == "bounce"
    if case.state in MOVES["answer"].leads:
        said = Told(N_("The message came back") if is_back else N_("The customer replied"))
        return Step.of_engine("answer", now, said)
    if is_unhappy or is_back:
        said = Told(
            N_("The message came back")
            if is_back
            else N_("The customer replied and is still unhappy")
        )
        return Step.of_engine("reopen", now, said, is_unhappy=not is_back)
    return None


def thread_of(session: Session, case_id: str) -> list[ReplyRow]:
    """What came back in a case, oldest first."""
    query = select(ReplyRow).where(ReplyRow.case_id == case_id).order_by(ReplyRow.at, ReplyRow.id)
    return list(session.scalars(query))
