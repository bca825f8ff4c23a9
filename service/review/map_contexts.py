"""What the map's templates are given: its legends, and the excerpts that a search finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.contracts import LANGUAGES, OTHER
from service.review.language import _, ngettext
from service.review.names import language_name, named
from service.storage.answer_tables import ExcerptRow
from service.storage.theme_map import MapCounts

NAMED = 8
"""Themes with a colour of their own; colour-blind eyes could not tell more apart."""
MOODS = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Entry:
    """One line of a legend.

    Attributes:
        key: what its points have in common: a theme's id, "other", "none", a sentiment, a language.
        colour: the class that gives it its colour (odzew.css).
        count: points.
        share: of all points, 0-1.
        theme: id of the theme it leads to; None where it stands for no single theme.
    """

    key: str
    label: str
    colour: str
    count: int
    share: float
    theme: str | None = None


@dataclass(frozen=True)
class MapPage:
    """The map's frame.

    Attributes:
        themes: id, label and points of living themes, the largest first.
        legends: what colours mean, by what points are coloured by.
        total: points.
    """

    themes: tuple[tuple[str, str, int], ...]
    legends: Mapping[str, tuple[Entry, ...]]
    total: int


@dataclass(frozen=True)
class Lines:
    """Excerpts as a list: rows in order, cases by feedback and labels of themes by id."""

    rows: tuple[ExcerptRow, ...]
    cases: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """Excerpts nearest to what was searched for.

    Attributes:
        query: what was asked, without blanks around it.
        ids: those found, nearest first.
        lines: the first of them.
    """

    query: str
    ids: tuple[int, ...]
    lines: Lines


def map_page(counts: MapCounts, names: Mapping[str, str]) -> MapPage:
    """The frame around some points, whose living themes are named."""
    sizes = [(one, label, counts.themes[one]) for one, label in names.items()]
    sizes = sorted((one for one in sizes if one[2]), key=lambda one: (-one[2], one[1]))
    total = counts.themes.total()
    legends = {
        "theme": _themes(sizes, total),
        "mood": _entries(
            [(mood, named(mood, "mood"), f"mood-{mood}", counts.moods[mood]) for mood in MOODS],
            total,
        ),
        "language": _entries(
            [
                (code, language_name(code), f"map-{at}", counts.languages[code])
                for at, code in enumerate(LANGUAGES, 1)
            ]
            + [(OTHER, language_name(OTHER), "map-other", counts.languages[OTHER])],
            total,
        ),
    }
    return MapPage(tuple(sizes), legends, total)


def _themes(sizes: list[tuple[str, str, int]], total: int) -> tuple[Entry, ...]:
    """The largest themes by name, the rest together, and what has none."""
    named = [
        Entry(one, label, f"map-{at}", size, size / total, one)
        for at, (one, label, size) in enumerate(sizes[:NAMED], 1)
    ]
    themed = sum(size for _, _, size in sizes)
    rest = len(sizes[NAMED:])
    others = ngettext("%(num)s other theme", "%(num)s other themes", rest)
    return (
        *named,
        *_entries(
            [
                ("other", others, "map-other", themed - sum(one.count for one in named)),
                ("none", _("without a theme"), "map-none", total - themed),
            ],
            total,
        ),
    )


def _entries(lines: list[tuple[str, str, str, int]], total: int) -> tuple[Entry, ...]:
    """Lines of a legend that have points."""
    return tuple(
        Entry(key, label, colour, count, count / total)
        for key, label, colour, count in lines
        if count
    )
