"""A workspace's own rules in SQL: every version is kept, the newest of a kind is in use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.storage.document_tables import RuleDocument


class RuleRepository:
    """Rules documents of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def newest(self) -> int:
        """Number of the newest document of any kind; 0 where the workspace has none of its own."""
        query = select(func.max(RuleDocument.id)).where(
            RuleDocument.workspace_id == self._workspace
        )
        return int(self._session.scalar(query) or 0)

    def in_use(self) -> Mapping[str, str]:
        """The workspace's own documents by kind; one without content is the shipped one again."""
        query = (
            select(RuleDocument.kind, RuleDocument.content)
            .where(RuleDocument.workspace_id == self._workspace)
            .order_by(RuleDocument.id)
        )
        return {row.kind: row.content for row in self._session.execute(query)}

    def history(self, kind: str) -> list[RuleDocument]:
        """Versions of a document, newest first."""
        query = (
            select(RuleDocument)
            .where(RuleDocument.workspace_id == self._workspace, RuleDocument.kind == kind)
            .order_by(RuleDocument.id.desc())
        )
        return list(self._session.scalars(query))

    def put(self, kind: str, content: str, *, who: str, at: datetime) -> RuleDocument:
        """Put a document in use; no content puts the shipped one in use again."""
        row = RuleDocument(workspace_id=self._workspace, kind=kind, content=content, who=who, at=at)
        self._session.add(row)
        self._session.flush()
        return row
