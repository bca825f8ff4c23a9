"""Messages on their way to customers: put in once a draft is approved, taken out one at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from pipelines.clock import Clock
from pipelines.followup.outgoing import BY_PERSON, MessageStep, OutgoingError, Way, after
from pipelines.followup.review import missing
from pipelines.messages import N_
from service.storage.answer_tables import Feedback
from service.storage.base import new_id
from service.storage.case_tables import CaseRow
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.contacts import count_as_contact, may_contact
from service.storage.draft_rows import opinions, standing
from service.storage.draft_tables import DraftRow, MessageRow, MessageStepRow, ReplyRow
from service.storage.drafts import DraftRepository

_DETAIL = 500


class MessageRepository:
    """Messages of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def put(
        self,
        draft_id: str,
        clock: Clock,
        *,
        way: Way,
        recipient: str,
        mail_id: str,
        who: str,
        at: datetime,
        due_at: datetime,
    ) -> MessageRow:
        """Put an approved draft in the outbox; its case moves to contacting once it was sent.

        What a person sends by hand, or takes out in a file, is sent at once.

        Raises:
            NotFoundError: no such draft in this workspace.
            ConflictError: a newer draft is there, or it is not approved, or was put in before.
            MoveError: the case is closed or resolved, and the draft tells of no news.
        """
        draft = DraftRepository(self._session, self._workspace).newest(draft_id)
        self._check_ready(draft)
        may_contact(self._session, self._workspace, draft, who, at)
        if draft.message is not None:
            message = draft.message  # it was taken back; a draft has one message for good
            message.way, message.recipient, message.who = way, recipient, who
            message.due_at, message.tries, message.ended_at = due_at, 0, None
            self._take_step(message, "again", who, at)
        else:
            message = MessageRow(
                id=new_id("msg"),
                workspace_id=self._workspace,
                case_id=draft.case_id,
                draft_id=draft.id,
                way=way,
                recipient=recipient,
                state="waiting",
                mail_id=mail_id,
                who=who,
                created_at=at,
                due_at=due_at,
                tries=0,
            )
            self._session.add(message)
            self._session.flush()
            note_step(self._session, message, "put", who, at)
        if way in ("by_hand", "export"):
            self._take_step(message, "take", who, at)
            self._take_step(message, "accepted", who, at)
            count_as_contact(self._session, message, clock, at)
        self._session.flush()
        return message

    def get(self, message_id: str) -> MessageRow:
        """A message with its draft.

        Raises:
            NotFoundError: not in this workspace.
        """
        query = self._own().where(MessageRow.id == message_id)
        row = self._session.scalars(query).one_or_none()
        if row is None:
            raise NotFoundError(N_("There is no message %(id)s here."), id=message_id[:40])
        return row

    def by_person(
        self, message_id: str, step: str, clock: Clock, *, who: str, at: datetime, note: str = ""
    ) -> MessageRow:
        """Say what became of a message, have it sent again, or take it back.

        One that was sent counts as contact with the customer.

        Raises:
            NotFoundError: not in this workspace.
            OutgoingError: no such step, or the message's state does not allow it.
            ConflictError: it was taken back, and its draft is no longer approved or the newest.
        """
        if step not in BY_PERSON:
            raise OutgoingError(
                N_("A message can be said to be sent (was_sent), sent again, or cancelled.")
            )
        locked = self._own().where(MessageRow.id == message_id).with_for_update(of=MessageRow)
        message = self._session.scalars(locked).one_or_none() or self.get(message_id)
        if step == "again" and message.state == "cancelled":
            self._check_ready(
                DraftRepository(self._session, self._workspace).newest(message.draft_id)
            )
        if step == "again":
            message.tries, message.due_at, message.ended_at = 0, at, None
        self._take_step(message, step, who, at, note)  # type: ignore[arg-type]
        if message.state == "sent":
            count_as_contact(self._session, message, clock, at)
        self._session.flush()
        return message

    def steps(self, message_id: str) -> list[MessageStepRow]:
        """What happened to a message, oldest first."""
        query = select(MessageStepRow).where(MessageStepRow.message_id == message_id)
        return list(self._session.scalars(query.order_by(MessageStepRow.id)))

    def listed(
        self, states: Collection[str], *, since: datetime | None = None, limit: int = 200
    ) -> list[MessageRow]:
        """Messages in some states, newest first, with their drafts."""
        query = self._own().where(MessageRow.state.in_(states))
        if since is not None:
            query = query.where(MessageRow.created_at >= since)
        return list(
            self._session.scalars(query.order_by(MessageRow.created_at.desc()).limit(limit))
        )

    def ready(self, limit: int = 500) -> list[DraftRow]:
        """Newest drafts of open cases that are approved and not in the outbox, oldest first."""
        other = aliased(DraftRow)
        newer = exists().where(other.case_id == DraftRow.case_id, other.number > DraftRow.number)
        query = (
            select(DraftRow.id)
            .join(CaseRow, CaseRow.id == DraftRow.case_id)
            .outerjoin(MessageRow, MessageRow.draft_id == DraftRow.id)
            .where(CaseRow.workspace_id == self._workspace, ~newer)
            .where(DraftRow.decisions.any(verdict="approved"))
            .where(MessageRow.id.is_(None) | (MessageRow.state == "cancelled"))
            .order_by(DraftRow.created_at)
            .limit(limit)
        )
        drafts = DraftRepository(self._session, self._workspace)
        found = [drafts.get(one) for one in self._session.scalars(query)]
        return [one for one in found if standing(one) == "approved"]

    def thread(self, case_id: str) -> list[str]:
        """Message-IDs of what was written in a case by mail, by either side, oldest first."""
        sent = select(MessageRow.mail_id, MessageRow.created_at).where(
            MessageRow.case_id == case_id,
            MessageRow.way == "mail",
            MessageRow.state.in_(("sent", "uncertain")),
        )
        came = select(ReplyRow.mail_id, ReplyRow.at).where(
            ReplyRow.case_id == case_id, ReplyRow.kind == "reply"
        )
        rows = [*self._session.execute(sent), *self._session.execute(came)]
        return [mail_id for mail_id, _ in sorted(rows, key=lambda row: row[1])]

    def customer_of(self, case_id: str) -> Feedback:
        """The answer that a case is about, with its respondent.

        Raises:
            NotFoundError: not in this workspace.
        """
        query = (
            select(Feedback)
            .join(CaseRow, CaseRow.feedback_id == Feedback.id)
            .where(CaseRow.id == case_id, CaseRow.workspace_id == self._workspace)
            .options(joinedload(Feedback.respondent))
        )
        row = self._session.scalars(query).one_or_none()
        if row is None:
            raise NotFoundError(N_("There is no case %(id)s here."), id=case_id[:40])
        return row

    def _own(self) -> Select[MessageRow]:
        return (
            select(MessageRow)
            .where(MessageRow.workspace_id == self._workspace)
            .options(joinedload(MessageRow.draft, innerjoin=True))
            .execution_options(populate_existing=True)
        )

    def _check_ready(self, draft: DraftRow) -> None:
        state = standing(draft)
        if state == "sent":
            raise ConflictError(N_("This draft was put in the outbox before."))
        if state != "approved":
            lacking = missing(opinions(draft))
            raise (
                ConflictError(
                    N_("This draft is not approved: %(count)s more must approve it first."),
                    count=lacking,
                )
                if state == "in_review" and draft.decisions
                else ConflictError(N_("This draft is not approved. Approve it first."))
            )

    def _take_step(
        self, message: MessageRow, step: MessageStep, who: str, at: datetime, detail: str = ""
    ) -> None:
        take_step(self._session, message, step, who, at, detail)


def take_step(
    session: Session,
    message: MessageRow,
    step: MessageStep,
    who: str,
    at: datetime,
    detail: str = "",
) -> None:
    """Change a message's state and keep who did so and what was said.

    Raises:
        OutgoingError: its state does not allow the step.
    """
    message.state = after(message.state, step)  # type: ignore[arg-type]
    ended = message.state in ("sent", "failed", "bounced", "cancelled")
    message.ended_at = at if ended else None
    note_step(session, message, step, who, at, detail)


def note_step(
    session: Session, message: MessageRow, step: str, who: str, at: datetime, detail: str = ""
) -> None:
    """Keep what happened to a message, who did so and what was said."""
    said = detail.replace("\x00", "")[:_DETAIL]
    session.add(MessageStepRow(message_id=message.id, at=at, who=who, step=step, detail=said))


def found_by(session: Session, workspace: str, mail_ids: Sequence[str]) -> MessageRow | None:
    """The message that one of some Message-IDs is of, the last named first."""
    query = select(MessageRow).where(
        MessageRow.workspace_id == workspace, MessageRow.mail_id.in_(mail_ids)
    )
    known = {one.mail_id: one for one in session.scalars(query)}
    return next((known[one] for one in reversed(mail_ids) if one in known), None)
