"""The map of excerpts: where each of them lies, and how many there are of what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.storage.answer_tables import ExcerptRow


@dataclass(frozen=True)
class Points:
    """Every excerpt as a point of the map, column by column."""

    ids: list[int]
    x: list[float]
    y: list[float]
    themes: list[str | None]
    moods: list[str]
    languages: list[str]


@dataclass(frozen=True)
class MapCounts:
    """Points of the map by theme (None is without one), by sentiment and by language."""

    themes: Counter[str | None]
    moods: Counter[str]
    languages: Counter[str]


class ThemeMap:
    """The map of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def points(self) -> Points:
        """The map."""
        rows = self._session.execute(
            select(
                ExcerptRow.id,
                ExcerptRow.map_x,
                ExcerptRow.map_y,
                ExcerptRow.theme_id,
                ExcerptRow.sentiment_label,
                ExcerptRow.language,
            )
            .where(ExcerptRow.workspace_id == self._workspace, ExcerptRow.map_x.is_not(None))
            .order_by(ExcerptRow.id)
        ).all()
        columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] or [[]] * 6
        return Points(*columns)

    def mapped(self) -> MapCounts:
        """How many points the map has, by theme, sentiment and language."""
        columns = (ExcerptRow.theme_id, ExcerptRow.sentiment_label, ExcerptRow.language)
        rows = self._session.execute(
            select(*columns, func.count())
            .where(ExcerptRow.workspace_id == self._workspace, ExcerptRow.map_x.is_not(None))
            .group_by(*columns)
        )
        found = MapCounts(Counter(), Counter(), Counter())
        for theme, mood, language, count in rows:
            found.themes[theme] += count
            found.moods[mood] += count
            found.languages[language] += count
        return found
