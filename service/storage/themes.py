"""Themes in SQL: the model in use, its history, and the theme of each excerpt."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, undefer

from models.contracts import ArtifactError, Themed, Vectors
from models.themes import Theme, ThemeModel
from pipelines.contracts import ENGINE
from pipelines.ports import Change, StoredExcerpt
from pipelines.theme_life import gone
from service.storage.answer_rows import from_bytes
from service.storage.answer_tables import ExcerptRow
from service.storage.document_tables import TaxonomyRow
from service.storage.theme_history import UNDO, ThemeHistory, new_change
from service.storage.theme_tables import ThemeChange, ThemeRow

log = logging.getLogger(__name__)


class ThemeRepository:
    """Themes of one workspace; implements `pipelines.ports.ThemeStore`."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace
        self.history = ThemeHistory(session, workspace)

    def excerpts(self) -> tuple[list[StoredExcerpt], Vectors]:
        """See `ThemeStore.excerpts`."""
        return self._with_vectors(self._excerpts())

    def excerpts_under(
        self, theme: str | None, *, newest: int | None = None
    ) -> tuple[list[StoredExcerpt], Vectors]:
        """Excerpts of a theme, or without one, oldest first, with their (n, d) vectors.

        Args:
            theme: its id, None for excerpts without a theme.
            newest: read only so many of the newest; the database picks them by their ids.
        """
        query = self._excerpts().where(ExcerptRow.theme_id == theme)
        return self._with_vectors(query.order_by(ExcerptRow.id.desc()).limit(newest))

    def _excerpts(self) -> Select[*tuple[Any, ...]]:
        return select(
            ExcerptRow.id,
            ExcerptRow.feedback_id,
            ExcerptRow.language,
            ExcerptRow.text,
            ExcerptRow.vector,
        ).where(ExcerptRow.workspace_id == self._workspace)

    def _with_vectors(self, query: Select[*tuple[Any, ...]]) -> tuple[list[StoredExcerpt], Vectors]:
        rows = sorted(self._session.execute(query), key=lambda row: row.id)
        if not rows:
            return [], np.zeros((0, 0), np.float32)
        stored = [StoredExcerpt(row.id, row.feedback_id, row.language, row.text) for row in rows]
        return stored, from_bytes(b"".join(row.vector for row in rows)).reshape(len(rows), -1)

    def themes_of_excerpts(self) -> list[str | None]:
        """See `ThemeStore.themes_of_excerpts`."""
        query = (
            select(ExcerptRow.theme_id)
            .where(ExcerptRow.workspace_id == self._workspace)
            .order_by(ExcerptRow.id)
        )
        return list(self._session.scalars(query))

    def vectors_of(self, ids: Sequence[int]) -> Vectors:
        """(n, d) vectors of the excerpts of this workspace among some, by id."""
        query = (
            select(ExcerptRow.vector)
            .where(ExcerptRow.workspace_id == self._workspace, ExcerptRow.id.in_(ids))
            .order_by(ExcerptRow.id)
        )
        found = list(self._session.scalars(query))
        if not found:
            return np.zeros((0, 0), np.float32)
        return from_bytes(b"".join(found)).reshape(len(found), -1)

    def model_version(self) -> str | None:
        """Version of the model in use."""
        newest = self.history.newest()
        return newest.version if newest else None

    def fitted_on(self) -> int:
        """How many excerpts there were at the last refit; 0 before the first."""
        query = (
            select(ThemeChange.excerpt_count)
            .where(ThemeChange.workspace_id == self._workspace, ThemeChange.kind == "refit")
            .order_by(ThemeChange.id.desc())
            .limit(1)
        )
        return int(self._session.scalar(query) or 0)

    def made_from(self) -> int:
        """See `ThemeStore.made_from`."""
        newest = self.history.newest()
        return newest.made_from if newest else 0

    def current_model(self) -> ThemeModel | None:
        """See `ThemeStore.current_model`."""
        newest = self.history.newest()
        return None if newest is None else self._model_of(newest.stands_for)

    def put(self, change: Change) -> int:
        """See `ThemeStore.put`."""
        newest = self.history.newest()
        row = new_change(
            self._workspace, change.kind, change.who or ENGINE, change.themes, change.report
        )
        row.before = newest.stands_for if newest else None
        row.version, row.content = change.model.version, change.model.to_bytes()
        row.excerpt_count, row.made_from = len(change.assigned), change.made_from
        self._session.add(row)
        self._session.flush()
        row.stands_for = row.id
        self._put_themes(change.model.themes, row.at, _reasons(change))
        self._put_assigned(change.model, change.assigned, places=change.kind == "refit")
        return row.id

    def model_before(self, change_id: int) -> ThemeModel | None:
        """See `ThemeStore.model_before`."""
        newest = self.history.newest()
        if newest is None or newest.stands_for != change_id:
            return None
        row = self._session.get_one(ThemeChange, change_id)
        return None if row.before is None else self._model_of(row.before)

    def put_back(
        self, change_id: int, model: ThemeModel, assigned: Sequence[Themed], *, who: str
    ) -> None:
        """See `ThemeStore.put_back`."""
        undone = self._session.get_one(ThemeChange, change_id)
        row = new_change(self._workspace, UNDO, who, undone.themes, {"undone": undone.kind})
        row.undoes, row.stands_for, row.before = change_id, undone.before, change_id
        row.version, row.excerpt_count = model.version, len(assigned)
        row.made_from = self._session.get_one(ThemeChange, undone.before).made_from
        self._session.add(row)
        self._put_themes(model.themes, row.at)
        self._put_assigned(model, assigned, places=undone.kind == "refit")

    def get(self, theme_id: str) -> ThemeRow | None:
        """A theme of this workspace."""
        return self._session.scalar(
            select(ThemeRow).where(
                ThemeRow.workspace_id == self._workspace, ThemeRow.id == theme_id
            )
        )

    def living(self) -> list[ThemeRow]:
        """Themes that are not retired."""
        query = select(ThemeRow).where(
            ThemeRow.workspace_id == self._workspace, ThemeRow.retired_at.is_(None)
        )
        return list(self._session.scalars(query))

    def retired(self) -> list[ThemeRow]:
        """Themes that are retired, the newest first."""
        query = (
            select(ThemeRow)
            .where(ThemeRow.workspace_id == self._workspace, ThemeRow.retired_at.is_not(None))
            .order_by(ThemeRow.retired_at.desc(), ThemeRow.id)
        )
        return list(self._session.scalars(query))

    def names(self, language: str) -> dict[str, str]:
        """Names of living themes in a language, by id."""
        return {row.id: row.name_in(language) for row in self.living()}

    def taxonomy(self) -> str | None:
        """The workspace's own taxonomy, as YAML; None where it uses the one shipped."""
        query = (
            select(TaxonomyRow.content)
            .where(TaxonomyRow.workspace_id == self._workspace)
            .order_by(TaxonomyRow.id.desc())
            .limit(1)
        )
        return self._session.scalar(query) or None

    def taxonomy_before(self) -> str:
        """The taxonomy before the one in use, as YAML; empty for the one shipped."""
        query = (
            select(TaxonomyRow.content)
            .where(TaxonomyRow.workspace_id == self._workspace)
            .order_by(TaxonomyRow.id.desc())
            .limit(2)
        )
        found = list(self._session.scalars(query))
        return found[1] if len(found) > 1 else ""

    def put_taxonomy(self, content: str, *, who: str) -> None:
        """Use another taxonomy; an empty one stands for the one shipped."""
        row = TaxonomyRow(
            workspace_id=self._workspace, at=datetime.now(UTC), who=who, content=content
        )
        self._session.add(row)

    def _model_of(self, change_id: int | None) -> ThemeModel | None:
        if change_id is None:
            return None
        row = self._session.get_one(ThemeChange, change_id, options=[undefer(ThemeChange.content)])
        try:
            return None if row.content is None else ThemeModel.from_bytes(row.content)
        except ArtifactError as error:  # of an older version: the next fit finds themes anew
            log.warning("%s", error)
            return None

    def _put_themes(
        self, themes: Sequence[Theme], now: datetime, reasons: Mapping[str, str] | None = None
    ) -> None:
        query = select(ThemeRow).where(ThemeRow.workspace_id == self._workspace)
        known = {row.id: row for row in self._session.scalars(query)}
        for theme in themes:
            row = known.pop(theme.id, None)
            if row is None:
                row = ThemeRow(id=theme.id, workspace_id=self._workspace, created_at=now)
                self._session.add(row)
            row.label = theme.label
            row.names = {**theme.names, **theme.given}
            row.keywords = dict(theme.keywords)
            row.touchpoint, row.parent_id, row.owner = theme.touchpoint, theme.parent, theme.owner
            row.retired_reason = theme.retired
            row.retired_at = (row.retired_at or now) if theme.retired is not None else None
        for row in known.values():
            row.retired_at = row.retired_at or now
            reason = (reasons or {}).get(row.id, gone.CHANGED)
            row.retired_reason = (row.retired_reason or reason)[:200]
        self._session.flush()

    def _put_assigned(self, model: ThemeModel, assigned: Sequence[Themed], *, places: bool) -> None:
        """Give excerpts their themes; only rows that change are written."""
        query = (
            select(
                ExcerptRow.id,
                ExcerptRow.theme_id,
                ExcerptRow.theme_confidence,
                ExcerptRow.second_theme_id,
            )
            .where(ExcerptRow.workspace_id == self._workspace)
            .order_by(ExcerptRow.id)
        )
        rows = self._session.execute(query).all()
        spots = model.atlas.place(self.excerpts()[1]).round(4).tolist() if places and rows else None
        changed = []
        for at, (row, themed) in enumerate(zip(rows, assigned, strict=True)):
            first, second = themed.first, themed.second
            new = {
                "id": row.id,
                "theme_id": first.id if first else None,
                "theme_confidence": first.confidence if first else None,
                "second_theme_id": second.id if second else None,
            }
            if spots is not None:
                new["map_x"], new["map_y"] = spots[at]
            elif tuple(row) == tuple(new.values()):
                continue
            changed.append(new)
        if changed:
            self._session.execute(update(ExcerptRow), changed)

    def count(self) -> int:
        """How many excerpts there are."""
        query = select(func.count()).where(ExcerptRow.workspace_id == self._workspace)
        return int(self._session.scalar(query) or 0)


def _reasons(change: Change) -> dict[str, str]:
    """Why themes are gone with a change, by id."""
    labels = {theme.id: theme.label for theme in change.model.themes}
    edit, fates = change.report.get("edit", {}), change.report.get("fates", ())
    into = {fate["theme"]: fate["other"] for fate in fates if fate["kind"] == "merged"}
    if "into" in edit:
        into[edit["theme"]] = edit["into"]
    retired = {
        fate["theme"]: gone.ENCODER if "dimensions" in fate["evidence"] else gone.EMPTY
        for fate in fates
        if fate["kind"] == "retired"
    }
    return retired | {
        left: gone.merged_into(labels[stays]) for left, stays in into.items() if stays in labels
    }
