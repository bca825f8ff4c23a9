"""Excerpts that stand for their themes where there is room for a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.contracts import LANGUAGES, OTHER
from service.storage.answer_rows import from_bytes
from service.storage.answer_tables import ExcerptRow

_CANDIDATES = 200
"""Of a theme's excerpts in a language, so many of the surest may be quoted."""
_LIKENESS = 0.5
"""How much likeness to those chosen counts against an excerpt."""
_SHORT, _LONG = 20, 160
"""Characters of an excerpt that reads well as a quote."""


class ThemeQuotes:
    """Quotes of one workspace's themes."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def by_language(self, theme_id: str, each: int) -> dict[str, list[ExcerptRow]]:
        """Excerpts that stand for a theme in each language: central ones that differ from another.

        Chosen one after another by nearness to the middle less likeness to those chosen (maximal
        marginal relevance, Carbonell and Goldstein 1998).
        """
        found = {}
        for code in (*LANGUAGES, OTHER):
            rows = self._session.execute(
                select(ExcerptRow, ExcerptRow.vector)
                .where(
                    ExcerptRow.workspace_id == self._workspace,
                    ExcerptRow.theme_id == theme_id,
                    ExcerptRow.language == code,
                )
                .order_by(ExcerptRow.theme_confidence.desc(), ExcerptRow.id)
                .limit(_CANDIDATES)
            ).all()
            if rows:
                vectors = np.stack([from_bytes(row.vector) for row in rows])
                lengths = [len(row.ExcerptRow.text) for row in rows]
                found[code] = [rows[at].ExcerptRow for at in _varied(vectors, lengths, each)]
        return found

    def one_each(self, language: str) -> dict[str, tuple[str, str]]:
        """Language and text of one sure excerpt of each theme.

        In the wanted language where there is one, otherwise in English.
        """
        wanted = case(
            (ExcerptRow.language == language, 0), (ExcerptRow.language == "en", 1), else_=2
        )
        rank = func.row_number().over(
            partition_by=ExcerptRow.theme_id,
            order_by=(wanted, ExcerptRow.theme_confidence.desc(), ExcerptRow.id),
        )
        ranked = (
            select(ExcerptRow.theme_id, ExcerptRow.language, ExcerptRow.text, rank.label("rank"))
            .where(
                ExcerptRow.workspace_id == self._workspace,
                ExcerptRow.theme_id.is_not(None),
                func.length(ExcerptRow.text).between(_SHORT, _LONG),
            )
            .subquery()
        )
        rows = self._session.execute(select(ranked).where(ranked.c.rank == 1))
        return {row.theme_id: (row.language, row.text) for row in rows}


def _varied(vectors: Any, lengths: Sequence[int], each: int) -> list[int]:
    middle = vectors.mean(axis=0)
    central = vectors @ (middle / max(float(np.linalg.norm(middle)), 1e-12))
    odd = np.array([not _SHORT <= length <= _LONG for length in lengths])
    worth = central - 0.1 * odd
    chosen: list[int] = []
    while len(chosen) < min(each, len(lengths)):
        left = worth.copy()
        if chosen:
            left -= _LIKENESS * (vectors @ vectors[chosen].T).max(axis=1)
            left[chosen] = -np.inf
        chosen.append(int(left.argmax()))
    return chosen
