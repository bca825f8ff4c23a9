"""Actions against themes in SQL: a row is what its events have left of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from pipelines.improvement import (
    ENDED,
    ActionError,
    ActionState,
    ThemeAction,
    after,
    check_owner,
    check_title,
    checked_words,
)
from pipelines.messages import N_
from service.storage.action_tables import ActionEvent, ActionLetter, ActionRow
from service.storage.base import new_id
from service.storage.conflicts import NotFoundError
from service.storage.draft_tables import DraftRow
from service.storage.theme_survivors import survivor_of
from service.storage.themes import ThemeRepository


class ActionRepository:
    """Actions of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def get(self, action_id: str) -> ActionRow:
        """An action with its events.

        Raises:
            NotFoundError: not in this workspace.
        """
        row = self._session.scalars(self._own().where(ActionRow.id == action_id)).one_or_none()
        if row is None:
            raise NotFoundError(N_("There is no action %(id)s here."), id=action_id[:40])
        return row

    def listed(self, theme: str | None = None) -> list[ActionRow]:
        """Actions, the newest first, perhaps of one theme and those that were merged into it."""
        rows = list(self._session.scalars(self._own().order_by(ActionRow.created_at.desc())))
        return [row for row in rows if theme is None or self.theme_of(row) == theme]

    def plan(
        self, theme_id: str, title: str, *, who: str, at: datetime, owner: str | None = None
    ) -> ActionRow:
        """Plan an action against a living theme.

        Raises:
            NotFoundError: there is no such theme.
            ActionError: there is no title, or too long a one, or the theme does not live.
        """
        theme = ThemeRepository(self._session, self._workspace).get(theme_id)
        if theme is None:
            raise NotFoundError(N_("There is no such theme here."))
        if theme.retired_at is not None:
            raise ActionError(N_("This theme is retired. Choose one that is in use."))
        row = ActionRow(
            id=new_id("act"),
            workspace_id=self._workspace,
            theme_id=theme_id,
            title=check_title(title),
            owner=check_owner(owner),
            state="planned",
            words={},
            created_at=at,
            since=at,
        )
        self._session.add(row)
        self._session.flush()
        self._note(row, "plan", who, at, {})
        return self.get(row.id)

    def take(
        self, action_id: str, step: str, *, who: str, at: datetime, words: Mapping[str, str]
    ) -> ActionRow:
        """Move an action on, with what customers are told where it ends.

        Raises:
            NotFoundError: not in this workspace.
            ActionError: its state does not allow the step, or the words are missing or unfit.
        """
        locked = select(ActionRow.id).where(ActionRow.id == action_id).with_for_update()
        self._session.execute(locked)
        row = self.get(action_id)
        before, to = row.state, after(row.state, step)  # type: ignore[arg-type]
        told = checked_words(words, to) if to in ENDED else {}
        row.state = to
        if told or to in ENDED:
            row.words = told
        if before != to:
            row.since = at
        self._note(row, step, who, at, told)
        return self.get(action_id)

    def letters(
        self, action_id: str, *, limit: int | None = None, offset: int = 0
    ) -> list[tuple[DraftRow, ActionLetter]]:
        """The newest draft of each case whose customer was drafted a message about an action.

        Where another message was drafted since, such as an answer, it is that.
        """
        newer = aliased(DraftRow)
        is_newest = ~exists().where(
            newer.case_id == DraftRow.case_id, newer.number > DraftRow.number
        )
        query = (
            select(DraftRow, ActionLetter)
            .join(ActionLetter, ActionLetter.case_id == DraftRow.case_id)
            .where(ActionLetter.action_id == action_id, is_newest)
            .options(selectinload(DraftRow.decisions), joinedload(DraftRow.message))
            .order_by(ActionLetter.is_sure.desc(), ActionLetter.draft_id)
            .limit(limit)
            .offset(offset)
        )
        return [(draft, letter) for draft, letter in self._session.execute(query)]

    def count_letters(self, action_id: str) -> int:
        """How many customers were drafted a message about an action."""
        query = select(func.count()).where(ActionLetter.action_id == action_id)
        return int(self._session.scalar(query) or 0)

    def in_use(self) -> dict[str, ThemeAction]:
        """What is being done or was done about themes, by theme; the newest of each."""
        found: dict[str, ThemeAction] = {}
        for row in reversed(self.listed()):
            theme = self.theme_of(row)
            state: ActionState = row.state  # type: ignore[assignment]
            if theme is not None and (state == "under_way" or state == "done"):
                found[theme] = ThemeAction(state, row.since, dict(row.words))
        return found

    def theme_of(self, row: ActionRow) -> str | None:
        """The living theme that an action is against, also where its own was merged into it."""
        themes = ThemeRepository(self._session, self._workspace)
        theme = themes.get(row.theme_id)
        living = survivor_of(themes, theme) if theme is not None else None
        return living.id if living is not None else None

    def _own(self) -> Select[ActionRow]:
        return (
            select(ActionRow)
            .where(ActionRow.workspace_id == self._workspace)
            .options(selectinload(ActionRow.events))
            .execution_options(populate_existing=True)
        )

    def _note(
        self, row: ActionRow, step: str, who: str, at: datetime, words: Mapping[str, str]
    ) -> None:
        self._session.add(
            ActionEvent(action_id=row.id, at=at, who=who, step=step, words=dict(words))
        )
        self._session.flush()
