"""Views of the queue that people gave names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from pipelines.contracts import PipelineError
from pipelines.messages import N_
from pipelines.words import check_words
from service.storage.queue_tables import SavedView

_LONGEST_NAME, _LONGEST_QUERY, _MOST = 60, 1_000, 30


class ViewExistsError(PipelineError):
    """Another view of the person has that name."""


class ViewRepository:
    """One person's views in one workspace."""

    def __init__(self, session: Session, workspace: str, person: str) -> None:
        self._session, self._workspace, self._person = session, workspace, person

    def all(self) -> list[SavedView]:
        """By name."""
        query = select(SavedView).where(*self._own()).order_by(SavedView.name)
        return list(self._session.scalars(query))

    def save(self, name: str, query: str, now: datetime, *, replaces: bool = False) -> None:
        """Keep a view; it takes the place of one of the same name if it `replaces` it.

        Raises:
            ViewExistsError: another view has that name, and is not to be replaced.
            PipelineError: no name, too long, or too many views.
        """
        name = " ".join(name.split())
        check_words(N_("The name of a view"), name, _LONGEST_NAME)
        check_words(N_("A view"), query, _LONGEST_QUERY)
        if not name:
            raise PipelineError(N_("Give the view a name."))
        known = self._session.scalar(select(SavedView).where(*self._own(), SavedView.name == name))
        if known is not None:
            if known.query != query and not replaces:
                raise ViewExistsError(
                    N_("You have a view %(name)s already. Replace it, or choose another name."),
                    name=name,
                )
            known.query = query
            return
        count = self._session.scalar(
            select(func.count()).select_from(SavedView).where(*self._own())
        )
        if (count or 0) >= _MOST:
            raise PipelineError(
                N_("You have %(count)s views already. Delete one first."), count=_MOST
            )
        self._session.add(
            SavedView(
                workspace_id=self._workspace,
                person=self._person,
                name=name,
                query=query,
                created_at=now,
            )
        )

    def remove(self, view_id: int) -> None:
        """Delete a view; one that is not there, or somebody else's, stays as it is."""
        self._session.execute(delete(SavedView).where(*self._own(), SavedView.id == view_id))

    def _own(self) -> tuple[ColumnElement[bool], ...]:
        return SavedView.workspace_id == self._workspace, SavedView.person == self._person
