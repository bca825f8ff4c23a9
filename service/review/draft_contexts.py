"""What the panel of a draft shows: its text, what people said of it, and how it can be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.personal_data.find import find, mask
from pipelines.contracts import ENGINE
from pipelines.followup.diff import Piece, differences
from pipelines.followup.plan import CHANNELS
from pipelines.followup.review import missing
from service import draft_desk
from service.review.draft_words import SECOND, STEPS_TAKEN, SaidWhy, why_of
from service.review.language import _, told
from service.review.pages import moment
from service.sending.desk import OpenWay, SendingDesk
from service.sending.inbound import thread_of
from service.storage.access import Caller
from service.storage.draft_rows import opinions, standing
from service.storage.draft_tables import DecisionRow, DraftRow, MessageRow
from service.storage.messages import MessageRepository
from service.team import may_approve
from service.wiring import Odzew


@dataclass(frozen=True)
class ShownReply:
    """What came back in a case."""

    at: str
    kind: str
    sender: str
    subject: str
    body: str


@dataclass(frozen=True)
class ShownMessage:
    """A message on its way, and what happened to it."""

    id: str
    way: str
    recipient: str
    state: str
    due: str
    steps: tuple[str, ...]

    @classmethod
    def of(cls, messages: MessageRepository, row: MessageRow, zone: ZoneInfo) -> ShownMessage:
        """A message as pages show it."""
        steps = tuple(
            f"{moment(one.at, zone)} · {one.who} · {_(STEPS_TAKEN[one.step])}"
            + (f" ({one.detail})" if one.detail else "")
            for one in messages.steps(row.id)
        )
        return cls(row.id, row.way, row.recipient, row.state, moment(row.due_at, zone), steps)


@dataclass(frozen=True)
class DraftPanel:
    """The newest draft of a case.

    Attributes:
        state: one of `DraftState`.
        pieces: what people changed in the engine's text; empty where nobody did.
        approvals: who approved it.
        last: the newest decision of a kind other than approval.
        second: why two people have to approve it.
        lacking: how many people still have to approve once one has.
        is_listed: whether the customer is on the list of those not to contact.
        is_mine: whether the reader approved it.
        book: version of the templates that worded the engine's text; blank where none is kept.
        ways: in which it can be sent; only of an approved one.
        shut: why other ways are shut.
        can_redraft: whether it can be drafted anew, over nobody's work.
        channels: that it could be drafted for.
        earlier: drafts of the case that were sent before, oldest first, with their messages.
    """

    row: DraftRow
    state: str
    pieces: tuple[Piece, ...]
    approvals: tuple[str, ...]
    last: DecisionRow | None
    second: tuple[str, ...]
    lacking: int
    is_listed: bool
    may_approve: bool
    is_mine: bool
    findings: tuple[tuple[str, str], ...]
    why: tuple[SaidWhy, ...]
    book: str
    ways: tuple[OpenWay, ...]
    shut: tuple[str, ...]
    can_redraft: bool
    channels: tuple[str, ...]
    message: ShownMessage | None
    earlier: tuple[tuple[DraftRow, ShownMessage], ...]


def panel_of(
    odzew: Odzew,
    session: Session,
    person: Caller,
    drafts: Sequence[DraftRow],
    typed: tuple[str, str] | None,
    now: datetime,
) -> DraftPanel | None:
    """The panel of a case's drafts; None where there is none."""
    if not drafts:
        return None
    draft, workspace, zone = drafts[-1], person.workspace, odzew.settings.zone
    state = standing(draft)
    machine = next((one for one in reversed(drafts) if one.author == ENGINE), None)
    is_edited = machine is not None and draft.author != ENGINE
    messages = MessageRepository(session, workspace)
    approvals = tuple(one.who for one in draft.decisions if one.verdict == "approved")
    others = [one for one in draft.decisions if one.verdict != "approved"]
    second = draft_desk.reasons_for_two(odzew, session, workspace, draft)
    desk = SendingDesk(odzew, session, workspace)
    ways = desk.ways(draft, now) if state == "approved" else None
    found = (
        draft_desk.findings(odzew, session, workspace, draft, typed)
        if state in ("draft", "in_review", "rejected")
        else []
    )
    return DraftPanel(
        row=draft,
        state=state,
        pieces=differences(machine.body, draft.body) if machine and is_edited else (),
        approvals=approvals,
        last=others[-1] if others else None,
        second=tuple(_(SECOND[one]) for one in second),
        lacking=missing(opinions(draft)),
        is_listed=desk.is_listed(draft.case_id),
        may_approve=may_approve(odzew, workspace, person.name),
        is_mine=person.name in approvals,
        findings=tuple((one.weight, told(one.told)) for one in found),
        why=why_of(draft.plan) if draft.author == ENGINE else (),
        book=draft.plan.get("book", ""),
        ways=ways.open if ways else (),
        shut=tuple(map(told, ways.shut)) if ways else (),
        can_redraft=state in ("sent", "rejected")
        or (state in ("draft", "in_review") and draft.author == ENGINE),
        channels=CHANNELS,
        message=ShownMessage.of(messages, draft.message, zone) if draft.message else None,
        earlier=tuple(
            (one, ShownMessage.of(messages, one.message, zone))
            for one in drafts[:-1]
            if one.message is not None
        ),
    )


def replies_of(
    session: Session, case_id: str, language: str, zone: ZoneInfo
) -> tuple[ShownReply, ...]:
    """What came back in a case, newest first, with personal data masked."""

    def shown(text: str) -> str:
        return mask(text, find(text, language))

    return tuple(
        ShownReply(moment(one.at, zone), one.kind, one.sender, shown(one.subject), shown(one.body))
        for one in reversed(thread_of(session, case_id))
    )
