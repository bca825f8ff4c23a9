"""What a webhook is told: a notice as JSON, the customer's words masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.notices.letters import SettledError
from service.storage.access_tables import Workspace
from service.storage.notice_facts import NoticeFacts
from service.storage.notice_tables import NoticeRow

_LABELS = "en"


def content_of(session: Session, notice: NoticeRow, address: str) -> dict[str, Any]:
    """The body of a webhook.

    Raises:
        SettledError: what it tells of is gone.
    """
    facts = NoticeFacts(session, notice.workspace_id)
    names = facts.theme_names(_LABELS)
    about = _case(facts, notice, names) if notice.case_id else _theme(facts, notice, names)
    return {
        "type": f"notice.{notice.kind}",
        "timestamp": notice.at.isoformat(),
        "data": {
            "workspace": session.get_one(Workspace, notice.workspace_id).name,
            **about,
            "url": f"{address}/{f'cases/{notice.case_id}' if notice.case_id else 'themes'}",
        },
    }


def _case(facts: NoticeFacts, notice: NoticeRow, names: Mapping[str, str]) -> dict[str, Any]:
    found = facts.cases([notice.case_id or ""])
    if not found:
        raise SettledError("The case is no longer here.")
    (case,) = found.values()
    return {
        "case": {
            "id": case.id,
            "priority": case.level,
            "state": case.state,
            "owner": case.owner,
            "respond_by": case.respond_by.isoformat(),
            "language": case.language,
            "words": case.words,
            "themes": [{"id": one, "label": names.get(one, one)} for one in case.themes],
        }
    }


def _theme(facts: NoticeFacts, notice: NoticeRow, names: Mapping[str, str]) -> dict[str, Any]:
    spike = facts.spike(notice.key)
    if spike is None:
        raise SettledError("The theme is no longer here.")
    return {
        "theme": {"id": spike.theme, "label": names.get(spike.theme, spike.theme)},
        "week": spike.week.isoformat(),
        "answers": spike.count,
        "expected": round(spike.expected, 1),
    }
