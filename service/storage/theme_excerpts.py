"""Excerpts of a theme as a list: filtered by language, sentiment and words, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pipelines.followup.quotes import folded
from service.storage.answer_tables import ExcerptRow


@dataclass(frozen=True)
class ExcerptFilter:
    """Which excerpts are wanted; what is empty does not count.

    Attributes:
        theme: id of their theme, None for those without one.
        mood: positive, neutral or negative.
        words: all of which stand in the text, in any case and with or without accents; a part of a
            word counts.
    """

    theme: str | None
    language: str = ""
    mood: str = ""
    words: str = ""


class ThemeExcerpts:
    """Lists of one workspace's excerpts."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def page(
        self, wanted: ExcerptFilter, *, limit: int, offset: int = 0
    ) -> tuple[list[ExcerptRow], int]:
        """Some of the excerpts wanted, and how many there are; see `ids` for their order."""
        if wanted.words.strip():
            ids = self.ids(wanted)
            return self.by_id(ids[offset : offset + limit]), len(ids)
        rows = self._session.scalars(
            self._of(wanted, select(ExcerptRow)).limit(limit).offset(offset)
        )
        count = select(func.count()).select_from(self._of(wanted, select(ExcerptRow.id)).subquery())
        return list(rows), int(self._session.scalar(count) or 0)

    def by_id(self, ids: Sequence[int]) -> list[ExcerptRow]:
        """Excerpts by id, in the order of the ids."""
        query = select(ExcerptRow).where(
            ExcerptRow.workspace_id == self._workspace, ExcerptRow.id.in_(ids)
        )
        found = {row.id: row for row in self._session.scalars(query)}
        return [found[one] for one in ids if one in found]

    def ids(self, wanted: ExcerptFilter) -> list[int]:
        """Ids of all excerpts wanted: a theme's surest first, those without one newest first."""
        words = folded(wanted.words).split()
        if not words:
            return list(self._session.scalars(self._of(wanted, select(ExcerptRow.id))))
        rows = self._session.execute(self._of(wanted, select(ExcerptRow.id, ExcerptRow.text)))
        return [row.id for row in rows if all(word in folded(row.text) for word in words)]

    def _of(
        self, wanted: ExcerptFilter, query: Select[*tuple[Any, ...]]
    ) -> Select[*tuple[Any, ...]]:
        query = query.where(
            ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id == wanted.theme
        )
        if wanted.language:
            query = query.where(ExcerptRow.language == wanted.language)
        if wanted.mood:
            query = query.where(ExcerptRow.sentiment_label == wanted.mood)
        if wanted.theme is None:
            return query.order_by(ExcerptRow.id.desc())
        return query.order_by(ExcerptRow.theme_confidence.desc(), ExcerptRow.id)
