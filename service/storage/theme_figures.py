"""What the pages show of themes in figures, and who speaks of them where."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.contracts import LANGUAGES, OTHER
from service.storage.answer_rows import from_bytes
from service.storage.answer_tables import ExcerptRow, Feedback, Reading
from service.storage.case_tables import CaseRow
from service.storage.theme_tables import ThemeRow

TREND_WEEKS = 12
_MOST_ATTRIBUTES, _MOST_VALUES = 6, 6
_MOST_VECTORS = 4_000
"""Of a theme's excerpts, so many say how alike they are."""


@dataclass(frozen=True)
class ThemeFigures:
    """What a theme looks like in numbers.

    Attributes:
        size: excerpts.
        share: of all excerpts, 0-1.
        sentiment: mean score of its excerpts, -1 to 1.
        weekly: excerpts in each of the last `TREND_WEEKS` weeks, oldest first.
        languages: excerpts by language.
        evenness: entropy of its languages against that of all excerpts, 0-1; 1 is as mixed as all.
        nps: of the answers that speak of it, -100 to 100; None where none has a score.
        answers: how many answers speak of it.
        open_cases: new cases that speak of it.
    """

    theme: ThemeRow
    size: int
    share: float
    sentiment: float
    weekly: tuple[int, ...]
    languages: dict[str, int]
    evenness: float
    nps: float | None
    answers: int
    open_cases: int


@dataclass(frozen=True)
class Overview:
    """All themes with their figures, largest first.

    Attributes:
        unthemed: excerpts without a theme.
        excerpts: in all.
        answers: with at least one excerpt.
    """

    themes: tuple[ThemeFigures, ...]
    unthemed: int
    excerpts: int
    answers: int


@dataclass(frozen=True)
class Spoken:
    """Who speaks of a theme, and what else they speak of.

    Attributes:
        together: ids of other themes in the same answers, with how many and how much more often
            than by chance.
        attributes: name -> (value, answers of the theme, share of the answers with that value).
    """

    together: list[tuple[str, int, float]]
    attributes: dict[str, list[tuple[str, int, float]]]


class ThemeFigureRepository:
    """Figures of one workspace's themes."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def overview(self) -> Overview:
        """Living themes, largest first."""
        rows = self._session.execute(
            select(
                ExcerptRow.theme_id,
                ExcerptRow.language,
                ExcerptRow.sentiment_score,
                ExcerptRow.feedback_id,
                Feedback.occurred_at,
                Reading.segment,
            )
            .join(Feedback, Feedback.id == ExcerptRow.feedback_id)
            .join(Reading, Reading.feedback_id == ExcerptRow.feedback_id)
            .where(ExcerptRow.workspace_id == self._workspace)
        ).all()
        query = select(ThemeRow).where(
            ThemeRow.workspace_id == self._workspace, ThemeRow.retired_at.is_(None)
        )
        themes = {theme.id: theme for theme in self._session.scalars(query)}
        last = max((row.occurred_at for row in rows), default=datetime.now(UTC))
        cases, spoken = self._open_cases(), Counter(row.language for row in rows)
        own: dict[str, list[Any]] = {}
        for row in rows:
            if row.theme_id in themes:
                own.setdefault(row.theme_id, []).append(row)
        figures = [
            _figures(themes[theme], found, len(rows), last, spoken, cases.get(theme, 0))
            for theme, found in own.items()
        ]
        figures.sort(key=lambda one: (-one.size, one.theme.id))
        unthemed = len(rows) - sum(one.size for one in figures)
        return Overview(tuple(figures), unthemed, len(rows), len({row.feedback_id for row in rows}))

    def cohesion(self, theme_id: str) -> float | None:
        """Mean cosine of a theme's excerpts with their mean."""
        query = select(ExcerptRow.vector).where(
            ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id == theme_id
        )
        content = list(self._session.scalars(query.limit(_MOST_VECTORS)))
        if not content:
            return None
        vectors = from_bytes(b"".join(content)).reshape(len(content), -1)
        return float(np.linalg.norm(vectors.mean(axis=0)))

    def spoken(self, theme_id: str) -> Spoken:
        """Other themes in the same answers, and the attributes that stand out."""
        rows = self._session.execute(
            select(ExcerptRow.feedback_id, ExcerptRow.theme_id).where(
                ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id.is_not(None)
            )
        ).all()
        answers: dict[str, set[str]] = {}
        for row in rows:
            answers.setdefault(str(row.theme_id), set()).add(row.feedback_id)
        own = answers.get(theme_id, set())
        count = len({row.feedback_id for row in rows})
        together = []
        for other, theirs in answers.items():
            both = len(own & theirs)
            if other != theme_id and both >= 2:
                lift = both * count / (len(own) * len(theirs))
                together.append((other, both, round(lift, 2)))
        together.sort(key=lambda one: (-one[1] * math.log(max(one[2], 1.0) + 1), one[0]))
        return Spoken(together[:8], self._attributes(own))

    def _attributes(self, own: set[str]) -> dict[str, list[tuple[str, int, float]]]:
        rows = self._session.execute(
            select(Feedback.id, Feedback.attributes, Feedback.survey).where(
                Feedback.workspace_id == self._workspace
            )
        ).all()
        everywhere: dict[str, Counter[str]] = {}
        here: dict[str, Counter[str]] = {}
        for row in rows:
            for name, value in {"survey": row.survey, **row.attributes}.items():
                if value not in (None, ""):
                    everywhere.setdefault(name, Counter())[str(value)] += 1
                    if row.id in own:
                        here.setdefault(name, Counter())[str(value)] += 1
        found = {}
        for name, values in sorted(here.items(), key=lambda one: -sum(one[1].values())):
            if len(everywhere[name]) > 1:
                found[name] = [
                    (value, count, round(count / everywhere[name][value], 4))
                    for value, count in values.most_common(_MOST_VALUES)
                ]
        return dict(list(found.items())[:_MOST_ATTRIBUTES])

    def _open_cases(self) -> dict[str, int]:
        query = (
            select(ExcerptRow.theme_id, func.count(CaseRow.id.distinct()))
            .join(CaseRow, CaseRow.feedback_id == ExcerptRow.feedback_id)
            .where(CaseRow.workspace_id == self._workspace, CaseRow.state == "new")
            .group_by(ExcerptRow.theme_id)
        )
        return {str(key): int(count) for key, count in self._session.execute(query) if key}


def _figures(
    theme: ThemeRow,
    own: Sequence[Any],
    excerpts: int,
    last: datetime,
    spoken: Counter[str],
    open_cases: int,
) -> ThemeFigures:
    languages = Counter(row.language for row in own)
    segments = {row.feedback_id: row.segment for row in own}
    scored = [segment for segment in segments.values() if segment]
    whole = _entropy(spoken)
    return ThemeFigures(
        theme=theme,
        size=len(own),
        share=len(own) / excerpts,
        sentiment=sum(row.sentiment_score for row in own) / len(own),
        weekly=_weekly([row.occurred_at for row in own], last),
        languages={code: languages[code] for code in (*LANGUAGES, OTHER) if languages[code]},
        evenness=min(_entropy(languages) / whole, 1.0) if whole else 1.0,
        nps=100 * (scored.count("promoter") - scored.count("detractor")) / len(scored)
        if scored
        else None,
        answers=len(segments),
        open_cases=open_cases,
    )


def _entropy(counts: Counter[str]) -> float:
    total = sum(counts.values())
    return -sum(count / total * math.log(count / total) for count in counts.values() if count)


def _weekly(moments: Sequence[datetime], last: datetime) -> tuple[int, ...]:
    counts = [0] * TREND_WEEKS
    for moment in moments:
        weeks_ago = (last - moment) // timedelta(weeks=1)
        if weeks_ago < TREND_WEEKS:
            counts[TREND_WEEKS - 1 - weeks_ago] += 1
    return tuple(counts)
