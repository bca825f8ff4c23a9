"""Bodies and JSON of drafts, what people said of them, and messages."""

from __future__ import annotations

from typing import Any

from pipelines.followup.findings import Finding
from pipelines.followup.outgoing import Way
from service.api.bodies import Body
from service.storage.draft_rows import standing
from service.storage.draft_tables import DraftRow, MessageRow, MessageStepRow


class DraftBody(Body):
    """A person's text of a draft."""

    subject: str
    body: str


class RedraftBody(Body):
    """How a case is drafted anew.

    `channel` is one of email, sms, letter, chat, call; without it, the one that reaches the
    customer. `because` says in whole sentences, in the customer's language, why their suggestion is
    not taken up; without it the draft is an answer.
    """

    channel: str = ""
    because: str = ""


class ReasonBody(Body):
    """Why a draft is rejected."""

    reason: str


class NoteBody(Body):
    """What should be known of a step."""

    note: str = ""


class ApprovalBody(Body):
    """Which person approved a draft."""

    person: str


class SendBody(Body):
    """How a draft is sent, and who sends it."""

    way: Way
    person: str


class AddressBody(Body):
    """An address that nothing is to be sent to, and why."""

    address: str
    why: str = ""


def finding_json(finding: Finding) -> dict[str, Any]:
    """What the linter says of a draft, in English."""
    return {
        "rule": finding.rule,
        "weight": finding.weight,
        "text": str(finding.told),
        "words": finding.words,
    }


def draft_json(draft: DraftRow) -> dict[str, Any]:
    """A draft, what people said of it, and the message it became.

    `decision` is the newest approval or rejection; `decisions` are all, oldest first.
    """
    said = [
        {"verdict": one.verdict, "who": one.who, "at": one.at.isoformat(), "reason": one.reason}
        for one in draft.decisions
    ]
    decisive = [one for one in said if one["verdict"] != "submitted"]
    return {
        "id": draft.id,
        "case_id": draft.case_id,
        "number": draft.number,
        "author": draft.author,
        "language": draft.language,
        "subject": draft.subject,
        "body": draft.body,
        "purpose": draft.purpose,
        "created_at": draft.created_at.isoformat(),
        "state": standing(draft),
        "decision": decisive[-1] if decisive else None,
        "decisions": said,
        "message": message_json(draft.message) if draft.message else None,
    }


def message_json(message: MessageRow, steps: list[MessageStepRow] | None = None) -> dict[str, Any]:
    """A message on its way, with its steps where they are given."""
    found: dict[str, Any] = {
        "id": message.id,
        "case_id": message.case_id,
        "draft_id": message.draft_id,
        "way": message.way,
        "to": message.recipient,
        "state": message.state,
        "message_id": message.mail_id,
        "who": message.who,
        "created_at": message.created_at.isoformat(),
        "due_at": message.due_at.isoformat() if message.state == "waiting" else None,
        "ended_at": message.ended_at.isoformat() if message.ended_at else None,
    }
    if steps is not None:
        found["steps"] = [
            {"at": one.at.isoformat(), "who": one.who, "step": one.step, "detail": one.detail}
            for one in steps
        ]
    return found
