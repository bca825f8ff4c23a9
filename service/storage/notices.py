"""Notices in SQL: what is to be told, who was told of it once, and what people chose."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from pipelines.notices.choices import Choices, Kind
from service.storage.base import new_id
from service.storage.notice_tables import ChoicesRow, DeliveryRow, NoticeRow, OccasionRow

WEBHOOK = ""
"""As a person: the workspace's webhook."""
_KEYS_A_QUERY = 500


class NoticeRepository:
    """Notices of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def untold(self, most: int) -> list[OccasionRow]:
        """What nobody was told of yet, oldest first; no other process takes it meanwhile."""
        query = (
            select(OccasionRow)
            .where(OccasionRow.workspace_id == self._workspace, OccasionRow.told_at.is_(None))
            .order_by(OccasionRow.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return list(self._session.scalars(query))

    def known(self, kinds: Collection[Kind], keys: Iterable[str]) -> set[tuple[str, str, str]]:
        """Person, kind and key of the notices that are there, of some kinds and keys."""
        wanted, found = list(keys), set()
        for start in range(0, len(wanted), _KEYS_A_QUERY):
            query = select(NoticeRow.person, NoticeRow.kind, NoticeRow.key).where(
                NoticeRow.workspace_id == self._workspace,
                NoticeRow.kind.in_(kinds),
                NoticeRow.key.in_(wanted[start : start + _KEYS_A_QUERY]),
            )
            found |= {(row.person, row.kind, row.key) for row in self._session.execute(query)}
        return found

    def add(
        self,
        person: str,
        kind: Kind,
        key: str,
        *,
        at: datetime,
        is_shown: bool,
        channel: str | None = None,
        case_id: str | None = None,
        theme_id: str | None = None,
        count: int = 1,
    ) -> NoticeRow:
        """Tell a person, on their page and by a channel if one is named."""
        notice = NoticeRow(
            id=new_id("ntc"),
            workspace_id=self._workspace,
            person=person,
            kind=kind,
            key=key,
            case_id=case_id,
            theme_id=theme_id,
            count=count,
            is_shown=is_shown,
            at=at,
        )
        self._session.add(notice)
        if channel is not None:
            self._session.flush()
            self._session.add(
                DeliveryRow(
                    workspace_id=self._workspace,
                    notice_id=notice.id,
                    channel=channel,
                    due_at=at,
                    tries=0,
                )
            )
        return notice

    def listed(self, person: str, limit: int) -> list[NoticeRow]:
        """What a person was told on their page, newest first."""
        query = select(NoticeRow).where(*self._shown_to(person))
        query = query.order_by(NoticeRow.at.desc(), NoticeRow.id).limit(limit)
        return list(self._session.scalars(query))

    def unread(self, person: str) -> int:
        """How many of them the person has not read."""
        query = select(func.count()).where(*self._shown_to(person), NoticeRow.read_at.is_(None))
        return int(self._session.scalar(query) or 0)

    def mark_read(self, person: str, at: datetime, *, only: str | None = None) -> None:
        """Mark a person's notices as read, all of them or one by its id."""
        change = update(NoticeRow).where(*self._shown_to(person), NoticeRow.read_at.is_(None))
        if only is not None:
            change = change.where(NoticeRow.id == only)
        self._session.execute(change.values(read_at=at))

    def get(self, person: str, notice_id: str) -> NoticeRow | None:
        """A notice on a person's page."""
        query = select(NoticeRow).where(*self._shown_to(person), NoticeRow.id == notice_id)
        return self._session.scalar(query)

    def choices(self) -> dict[str, Choices]:
        """What people chose, of those who have."""
        query = select(ChoicesRow).where(ChoicesRow.workspace_id == self._workspace)
        return {row.person: Choices.of_json(row.content) for row in self._session.scalars(query)}

    def choose(self, person: str, choices: Choices, at: datetime) -> None:
        """Keep what a person chose."""
        row = self._session.get(ChoicesRow, (self._workspace, person))
        if row is None:
            row = ChoicesRow(workspace_id=self._workspace, person=person)
            self._session.add(row)
        row.content, row.at = choices.to_json(), at

    def _shown_to(self, person: str) -> tuple[ColumnElement[bool], ...]:
        return (
            NoticeRow.workspace_id == self._workspace,
            NoticeRow.person == person,
            NoticeRow.is_shown.is_(True),
        )
