"""Watches the excerpts without a theme: groups that form among them, and parts that a theme has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.contracts import Vectors
from models.themes.keyphrases import keyphrases
from models.themes.naming import names_of
from models.themes.parts import dense_groups, parts_of
from pipelines.ports import StoredExcerpt

SMALLEST = 5
"""Excerpts of a group that is worth showing."""
NEWEST = 1_000
"""Excerpts without a theme that are looked at, the newest."""
_RECENT = timedelta(weeks=4)


@dataclass(frozen=True)
class Group:
    """Excerpts that seem to be about one thing.

    Attributes:
        names: by language, from their own words; empty where they have none in common.
        keywords: by language.
        excerpts: ids, the most central first.
        recent_share: of them, the share of the last four weeks.
        cohesion: mean cosine with their middle, 0-1.
    """

    names: dict[str, str]
    keywords: dict[str, list[str]]
    excerpts: tuple[int, ...]
    recent_share: float
    cohesion: float

    @property
    def label(self) -> str:
        """Its name in English, empty where it has none."""
        return self.names.get("en", "")


def emerging(
    excerpts: Sequence[StoredExcerpt], vectors: Vectors, moments: Sequence[datetime]
) -> tuple[Group, ...]:
    """Groups among excerpts without a theme, the one that is newest and largest first.

    Args:
        excerpts: n excerpts.
        vectors: their (n, d) theme vectors.
        moments: when each was said.
    """
    found = _groups(excerpts, vectors, moments, dense_groups(vectors, SMALLEST))
    return tuple(
        sorted(found, key=lambda one: -one.recent_share * len(one.excerpts) - 0.01 * one.cohesion)
    )


def parts(
    excerpts: Sequence[StoredExcerpt], vectors: Vectors, moments: Sequence[datetime]
) -> tuple[Group, ...]:
    """Parts of a theme, the largest first; none where it does not fall apart."""
    found = _groups(excerpts, vectors, moments, parts_of(vectors))
    if len(found) < 2:
        return ()
    return tuple(sorted(found, key=lambda one: -len(one.excerpts)))


def named(
    chosen: Sequence[StoredExcerpt], others: Sequence[StoredExcerpt]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Names and keywords of chosen excerpts, by language, told apart from others."""
    both = [*chosen, *others]
    groups = [0] * len(chosen) + [1] * len(others)
    words = keyphrases([one.text for one in both], [one.language for one in both], groups)
    keywords = words.get(0, {})
    return names_of(keywords), keywords


def _groups(
    excerpts: Sequence[StoredExcerpt],
    vectors: Vectors,
    moments: Sequence[datetime],
    groups: NDArray[np.int64],
) -> list[Group]:
    if not len(excerpts):
        return []
    words = keyphrases([one.text for one in excerpts], [one.language for one in excerpts], groups)
    newest = max(moments)
    found = []
    for group in sorted(set(groups.tolist()) - {-1}):
        rows = np.flatnonzero(groups == group)
        recent = sum(newest - moments[at] < _RECENT for at in rows.tolist()) / len(rows)
        middle = vectors[rows].mean(axis=0)
        length = float(np.linalg.norm(middle))
        near = vectors[rows] @ (middle / max(length, 1e-12))
        order = rows[np.argsort(-near, kind="stable")]
        keywords = words.get(group, {})
        ids = tuple(excerpts[at].id for at in order)
        found.append(Group(names_of(keywords), keywords, ids, round(recent, 4), round(length, 4)))
    return found
