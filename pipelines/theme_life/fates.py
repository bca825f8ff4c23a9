"""What became of each theme in a refit, with the figures and excerpts that show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np

from models.contracts import Vectors

Kind: TypeAlias = Literal["kept", "grown", "shrunk", "split", "merged", "new", "retired"]

SHOWN = 5
"""Excerpts that are named for each theme that came or went."""
_GREW = 1.25
"""Growth of a theme's share of all excerpts that is worth saying."""


@dataclass(frozen=True)
class Fate:
    """What became of one theme.

    Attributes:
        before: its excerpts before, `after` its excerpts after, `stayed` those that are both.
        other: the theme it was split from or merged into.
        evidence: figures that it was decided by.
        excerpts: ids of excerpts that it is about, the most central first, where it came or went.
    """

    kind: Kind
    theme: str
    label: str
    before: int = 0
    after: int = 0
    stayed: int = 0
    other: str | None = None
    evidence: Mapping[str, float] = field(default_factory=dict)
    excerpts: tuple[int, ...] = ()


def counted(
    fates: Sequence[Fate], before: Sequence[str | None], after: Sequence[str | None]
) -> tuple[Fate, ...]:
    """Fates with the excerpts of each theme before and after, and which grew or shrank by share.

    Args:
        fates: what became of the themes.
        before: theme of each excerpt before, None for none.
        after: the same after.
    """
    old, new = Counter(before), Counter(after)
    same = Counter(was for was, now in zip(before, after, strict=True) if was == now)
    result = []
    for fate in fates:
        was, now = old[fate.theme], new[fate.theme]
        kind = fate.kind
        if kind == "kept" and was and now:
            ratio = (now / max(len(after), 1)) / (was / max(len(before), 1))
            kind = "grown" if ratio >= _GREW else "shrunk" if ratio <= 1 / _GREW else "kept"
        result.append(replace(fate, kind=kind, before=was, after=now, stayed=same[fate.theme]))
    return tuple(result)


def shown(
    fates: Sequence[Fate],
    excerpts: Sequence[int],
    vectors: Vectors,
    before: Sequence[str | None],
    after: Sequence[str | None],
) -> tuple[Fate, ...]:
    """Fates with the excerpts that stand for each theme that is new, split, merged or retired.

    Args:
        fates: what became of the themes.
        excerpts: n ids.
        vectors: their (n, d) theme vectors.
        before: theme of each before, None for none.
        after: the same after.
    """
    themes = {"new": after, "split": after, "merged": before, "retired": before}
    result = []
    for fate in fates:
        rows = [at for at, one in enumerate(themes.get(fate.kind, ())) if one == fate.theme]
        if rows:
            near = vectors[rows] @ vectors[rows].mean(axis=0)
            central = np.argsort(-near, kind="stable")[:SHOWN].tolist()
            fate = replace(fate, excerpts=tuple(excerpts[rows[at]] for at in central))
        result.append(fate)
    return tuple(result)


def kept_share(before: Sequence[str | None], after: Sequence[str | None]) -> float:
    """Share of the excerpts with a theme before that have the same one after."""
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if old is not None]
    return sum(old == new for old, new in pairs) / len(pairs) if pairs else 1.0
