"""The history of a workspace's themes: every change, what can be undone, and accepted refits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pipelines.contracts import PipelineError
from pipelines.messages import N_
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.theme_tables import ThemeChange

UNDO, ACCEPT = "undo", "accept"


class ThemeHistory:
    """Changes of one workspace's themes; rows are only added."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def newest(self) -> ThemeChange | None:
        """The change that says which model is in use."""
        return self._session.scalar(self._all().limit(1))

    def get(self, change_id: int) -> ThemeChange:
        """A change of this workspace.

        Raises:
            NotFoundError: there is none of this number.
        """
        query = self._all().where(ThemeChange.id == change_id)
        found = self._session.scalar(query)
        if found is None:
            raise NotFoundError(
                N_("There is no change no. %(number)s of the themes."), number=str(change_id)
            )
        return found

    def listed(self, *, theme: str | None = None, limit: int = 200) -> list[ThemeChange]:
        """Changes, newest first; of one theme only, if one is named."""
        rows = self._session.scalars(self._all())
        return [row for row in rows if theme is None or theme in row.themes][:limit]

    def undoable(self) -> int | None:
        """Id of the change that can be undone next."""
        newest = self.newest()
        if newest is None or newest.stands_for is None:
            return None
        row = self._session.get_one(ThemeChange, newest.stands_for)
        return row.id if row.before is not None else None

    def check_undoable(self, change_id: int) -> None:
        """See that a change is the one to be undone next.

        Raises:
            NotFoundError: there is no such change.
            ConflictError: somebody has undone it, or changed themes after it.
            PipelineError: it is none that is ever undone.
        """
        row = self.get(change_id)
        undone = self._session.scalar(self._all().where(ThemeChange.undoes == change_id).limit(1))
        if undone is not None:
            raise ConflictError(
                N_("Change no. %(number)s was undone already, by %(name)s."),
                number=str(change_id),
                name=undone.who,
            )
        if row.before is None or row.kind in {UNDO, ACCEPT}:
            raise PipelineError(
                N_("Only the newest change can be undone, and neither the first fit nor an undo.")
            )
        newest = self.undoable()
        if newest != change_id:
            raise ConflictError(
                N_(
                    "Somebody changed themes after no. %(number)s. Undo what came after it first, "
                    "beginning with no. %(newest)s."
                ),
                number=str(change_id),
                newest=str(newest),
            )

    def accept(self, change_id: int, *, who: str) -> None:
        """Keep that a person has looked at a refit and lets it stand.

        Raises:
            NotFoundError: there is no such change.
            ConflictError: somebody has accepted or undone it.
            PipelineError: it is no refit.
        """
        row, newest = self.get(change_id), self.newest()
        if row.kind != "refit" or newest is None:
            raise PipelineError(
                N_("Change no. %(number)s is no refit; only refits are accepted."),
                number=str(change_id),
            )
        for later in self._session.scalars(self._all().where(ThemeChange.id > change_id)):
            if later.undoes == change_id:
                raise ConflictError(
                    N_("Refit no. %(number)s was undone, by %(name)s."),
                    number=str(change_id),
                    name=later.who,
                )
            if later.kind == ACCEPT and later.report.get("accepted") == change_id:
                raise ConflictError(
                    N_("Refit no. %(number)s was accepted already, by %(name)s."),
                    number=str(change_id),
                    name=later.who,
                )
        accepted = new_change(self._workspace, ACCEPT, who, row.themes, {"accepted": change_id})
        accepted.stands_for, accepted.before = newest.stands_for, newest.before
        accepted.version, accepted.made_from = newest.version, newest.made_from
        accepted.excerpt_count = newest.excerpt_count
        self._session.add(accepted)

    def _all(self) -> Select[ThemeChange]:
        return (
            select(ThemeChange)
            .where(ThemeChange.workspace_id == self._workspace)
            .order_by(ThemeChange.id.desc())
        )


def new_change(workspace: str, kind: str, who: str, themes: Any, report: Any) -> ThemeChange:
    """A change that happens now, without the model that it puts in use."""
    return ThemeChange(
        workspace_id=workspace,
        at=datetime.now(UTC),
        who=who,
        kind=kind,
        themes=list(themes),
        report=dict(report),
    )
