"""Themes in SQL: the fitted model, the theme of each excerpt, and what the pages show of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import numpy as np
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.contracts import LANGUAGES, ThemeMatch, Vectors
from models.themes import Theme, ThemeModel
from pipelines.ports import StoredExcerpt
from service.storage.feedback import from_bytes
from service.storage.tables import (
    CaseRow,
    ExcerptRow,
    Feedback,
    ThemeModelRow,
    ThemeRow,
)

TREND_WEEKS = 12
_T = TypeVar("_T")


@dataclass(frozen=True)
class ThemeFigures:
    """What a theme looks like in numbers.

    Attributes:
        size: excerpts.
        share: of all excerpts, 0-1.
        sentiment: mean score of its excerpts, -1 to 1.
        weekly: excerpts in each of the last `TREND_WEEKS` weeks, oldest first.
        languages: excerpts by language.
        open_cases: new cases that speak of it.
    """

    theme: ThemeRow
    size: int
    share: float
    sentiment: float
    weekly: tuple[int, ...]
    languages: dict[str, int]
    open_cases: int


class ThemeRepository:
    """Themes of one workspace; implements `pipelines.ports.ThemeStore`."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def excerpts(self) -> tuple[list[StoredExcerpt], Vectors]:
        """See `ThemeStore.excerpts`."""
        query = (
            select(
                ExcerptRow.id,
                ExcerptRow.feedback_id,
                ExcerptRow.language,
                ExcerptRow.text,
                ExcerptRow.vector,
            )
            .where(ExcerptRow.workspace_id == self._workspace)
            .order_by(ExcerptRow.id)
        )
        rows = self._session.execute(query).all()
        if not rows:
            return [], np.zeros((0, 0), np.float32)
        stored = [StoredExcerpt(row.id, row.feedback_id, row.language, row.text) for row in rows]
        return stored, np.stack([from_bytes(row.vector) for row in rows])

    def model_version(self) -> str | None:
        """Version of the model in use."""
        return self._session.scalar(self._newest(ThemeModelRow.version))

    def fitted_on(self) -> int:
        """How many excerpts the model in use was fitted on; 0 before the first fit."""
        return int(self._session.scalar(self._newest(ThemeModelRow.excerpt_count)) or 0)

    def current_model(self) -> ThemeModel | None:
        """See `ThemeStore.current_model`."""
        content = self._session.scalar(self._newest(ThemeModelRow.content))
        return None if content is None else ThemeModel.from_bytes(content)

    def replace_model(self, model: ThemeModel, assigned: Mapping[int, ThemeMatch | None]) -> None:
        """See `ThemeStore.replace_model`."""
        now = datetime.now(UTC)
        self._put_themes(model.themes, now)
        if assigned:
            self._session.execute(
                update(ExcerptRow),
                [
                    {
                        "id": excerpt_id,
                        "theme_id": match.id if match else None,
                        "theme_confidence": match.confidence if match else None,
                    }
                    for excerpt_id, match in assigned.items()
                ],
            )
        key = f"{self._workspace}:{model.version}"
        row = self._session.get(ThemeModelRow, key)
        if row is None:
            row = ThemeModelRow(version=key, workspace_id=self._workspace)
            self._session.add(row)
        row.fitted_at, row.excerpt_count, row.content = now, len(assigned), model.to_bytes()

    def list_figures(self) -> tuple[list[ThemeFigures], int, int]:
        """Living themes, largest first; the number of excerpts without a theme, and of all."""
        rows = self._session.execute(
            select(
                ExcerptRow.theme_id,
                ExcerptRow.language,
                ExcerptRow.sentiment_score,
                Feedback.occurred_at,
            )
            .join(Feedback, Feedback.id == ExcerptRow.feedback_id)
            .where(ExcerptRow.workspace_id == self._workspace)
        ).all()
        themes = self._session.scalars(
            select(ThemeRow).where(
                ThemeRow.workspace_id == self._workspace, ThemeRow.retired_at.is_(None)
            )
        ).all()
        last = max((row.occurred_at for row in rows), default=datetime.now(UTC))
        cases = self._open_cases()
        figures = []
        for theme in themes:
            own = [row for row in rows if row.theme_id == theme.id]
            if own:
                moods = [row.sentiment_score for row in own]
                figures.append(
                    ThemeFigures(
                        theme=theme,
                        size=len(own),
                        share=len(own) / len(rows),
                        sentiment=sum(moods) / len(moods),
                        weekly=_weekly([row.occurred_at for row in own], last),
                        languages=_by_language([row.language for row in own]),
                        open_cases=cases.get(theme.id, 0),
                    )
                )
        figures.sort(key=lambda one: (-one.size, one.theme.id))
        return figures, sum(row.theme_id is None for row in rows), len(rows)

    def get(self, theme_id: str) -> ThemeRow | None:
        """A theme of this workspace."""
        return self._session.scalar(
            select(ThemeRow).where(
                ThemeRow.workspace_id == self._workspace, ThemeRow.id == theme_id
            )
        )

    def quotes(self, theme_id: str, *, limit: int, offset: int = 0) -> list[ExcerptRow]:
        """Excerpts of a theme, surest first."""
        query = (
            select(ExcerptRow)
            .where(ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id == theme_id)
            .order_by(ExcerptRow.theme_confidence.desc(), ExcerptRow.id)
            .limit(limit)
            .offset(offset)
        )
        return list(self._session.scalars(query))

    def size(self, theme_id: str) -> int:
        """How many excerpts a theme has."""
        query = select(func.count()).where(
            ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id == theme_id
        )
        return int(self._session.scalar(query) or 0)

    def quotes_by_language(self, theme_id: str, each: int) -> dict[str, list[ExcerptRow]]:
        """The surest excerpts of a theme in each language it is spoken of in."""
        found = {}
        for code in (*LANGUAGES, "other"):
            query = (
                select(ExcerptRow)
                .where(
                    ExcerptRow.workspace_id == self._workspace,
                    ExcerptRow.theme_id == theme_id,
                    ExcerptRow.language == code,
                )
                .order_by(ExcerptRow.theme_confidence.desc(), ExcerptRow.id)
                .limit(each)
            )
            rows = list(self._session.scalars(query))
            if rows:
                found[code] = rows
        return found

    def names(self) -> dict[str, str]:
        """Labels of living themes by id."""
        query = select(ThemeRow.id, ThemeRow.label).where(
            ThemeRow.workspace_id == self._workspace, ThemeRow.retired_at.is_(None)
        )
        return {row.id: row.label for row in self._session.execute(query)}

    def _newest(self, column: InstrumentedAttribute[_T]) -> Select[_T]:
        return (
            select(column)
            .where(ThemeModelRow.workspace_id == self._workspace)
            .order_by(ThemeModelRow.fitted_at.desc())
            .limit(1)
        )

    def _open_cases(self) -> dict[str, int]:
        query = (
            select(ExcerptRow.theme_id, func.count(CaseRow.id.distinct()))
            .join(CaseRow, CaseRow.feedback_id == ExcerptRow.feedback_id)
            .where(CaseRow.workspace_id == self._workspace, CaseRow.state == "new")
            .group_by(ExcerptRow.theme_id)
        )
        return {str(key): int(count) for key, count in self._session.execute(query) if key}

    def _put_themes(self, themes: Sequence[Theme], now: datetime) -> None:
        known = {
            row.id: row
            for row in self._session.scalars(
                select(ThemeRow).where(ThemeRow.workspace_id == self._workspace)
            )
        }
        for theme in themes:
            row = known.pop(theme.id, None)
            if row is None:
                row = ThemeRow(id=theme.id, workspace_id=self._workspace, created_at=now)
                self._session.add(row)
            row.label, row.keywords, row.retired_at = theme.label, dict(theme.keywords), None
        for row in known.values():
            row.retired_at = row.retired_at or now
        self._session.flush()


def _weekly(moments: Sequence[datetime], last: datetime) -> tuple[int, ...]:
    counts = [0] * TREND_WEEKS
    for moment in moments:
        weeks_ago = (last - moment) // timedelta(weeks=1)
        if weeks_ago < TREND_WEEKS:
            counts[TREND_WEEKS - 1 - weeks_ago] += 1
    return tuple(counts)


def _by_language(codes: Sequence[str]) -> dict[str, int]:
    return {code: codes.count(code) for code in (*LANGUAGES, "other") if code in codes}
