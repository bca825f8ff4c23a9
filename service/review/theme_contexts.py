"""What the theme pages' templates are given: plain dataclasses, made from stored rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.theme_life.changes import Effect
from pipelines.theme_life.touchpoints import Touchpoint
from service.review.pages import moment
from service.storage.tables import ThemeChange, ThemeIncident
from service.storage.theme_figures import ThemeFigures

KIND_NAMES = {
    "refit": "refit",
    "rename": "renamed",
    "merge": "merged",
    "split": "split",
    "make": "made by hand",
    "move": "excerpts moved",
    "pin": "phrase pinned",
    "unpin": "phrase unpinned",
    "retire": "retired",
    "place": "placed",
    "taxonomy": "sorted under touchpoints",
    "undo": "undone",
    "accept": "accepted",
}


@dataclass(frozen=True)
class ThemeCard:
    """A theme with its figures, language and text of one quote, and its parts."""

    figures: ThemeFigures
    quote: tuple[str, str] = ("", "")
    parts: tuple[ThemeCard, ...] = ()
    rises: bool = False

    @property
    def bars(self) -> tuple[tuple[int, int], ...]:
        """Height in percent and count of each week's bar."""
        most = max((*self.figures.weekly, 1))
        return tuple((round(100 * count / most), count) for count in self.figures.weekly)


@dataclass(frozen=True)
class Branch:
    """A touchpoint with its themes; no touchpoint is the branch of those that have none."""

    touchpoint: Touchpoint | None
    cards: tuple[ThemeCard, ...]

    @property
    def size(self) -> int:
        """Excerpts of all its themes."""
        return sum(card.figures.size for card in self.cards)

    @property
    def share(self) -> float:
        """Of all excerpts."""
        return sum(card.figures.share for card in self.cards)


@dataclass(frozen=True)
class Happening:
    """A spike as a sentence."""

    theme: str
    label: str
    sentence: str
    rises: bool


@dataclass(frozen=True)
class Line:
    """One line of the history.

    Attributes:
        counts: for a refit, how many themes were kept, split and so on.
        fates: for a refit, what became of the themes that did not just stay.
    """

    id: int
    at: str
    who: str
    what: str
    kind: str
    told: str
    counts: tuple[tuple[str, int], ...]
    fates: tuple[Mapping[str, Any], ...]
    can_undo: bool
    is_accepted: bool


def branches(cards: Sequence[ThemeCard], touchpoints: Sequence[Touchpoint]) -> tuple[Branch, ...]:
    """Cards under their touchpoints, parts under their themes; the largest branch first."""
    by_id = {card.figures.theme.id for card in cards}
    parts: dict[str, list[ThemeCard]] = {}
    tops: dict[str | None, list[ThemeCard]] = {}
    for card in cards:
        theme = card.figures.theme
        if theme.parent_id in by_id:
            parts.setdefault(str(theme.parent_id), []).append(card)
    known = {one.key: one for one in touchpoints}
    for card in cards:
        theme = card.figures.theme
        if theme.parent_id not in by_id:
            own = ThemeCard(
                card.figures, card.quote, tuple(parts.get(theme.id, ())), rises=card.rises
            )
            key = theme.touchpoint if theme.touchpoint in known else None
            tops.setdefault(key, []).append(own)
    found = [Branch(known[key] if key else None, tuple(own)) for key, own in tops.items()]
    return tuple(sorted(found, key=lambda one: (one.touchpoint is None, -one.size)))


def happenings(
    incidents: Sequence[ThemeIncident], names: Mapping[str, str]
) -> tuple[Happening, ...]:
    """Incidents of living themes as sentences."""
    found = []
    for one in incidents:
        if one.theme_id not in names or not one.weeks:
            continue
        week = max(one.weeks, key=lambda week: abs(week["count"] - week["expected"]))
        since = f"{one.first_week:%-d %b %Y}"
        again = f", came back {one.reopened} time{'s' * (one.reopened > 1)}" if one.reopened else ""
        found.append(
            Happening(
                one.theme_id,
                names[one.theme_id],
                f"{week['count']} answers in the week of {week['week']} where "
                f"{week['expected']:.1f} were to be expected; since {since}{again}",
                one.direction == "emerging",
            )
        )
    return tuple(found)


def history(
    changes: Sequence[ThemeChange],
    names: Mapping[str, str],
    zone: ZoneInfo,
    undoable: int | None,
) -> tuple[Line, ...]:
    """Changes as lines, newest first."""
    accepted = {row.report.get("accepted") for row in changes if row.kind == "accept"}
    lines = []
    for row in changes:
        fates = row.report.get("fates", []) if row.kind == "refit" else []
        counts: dict[str, int] = {}
        for fate in fates:
            counts[fate["kind"]] = counts.get(fate["kind"], 0) + 1
        lines.append(
            Line(
                row.id,
                moment(row.at, zone),
                row.who,
                KIND_NAMES.get(row.kind, row.kind),
                row.kind,
                _told(row, names),
                tuple(counts.items()),
                tuple(fate for fate in fates if fate["kind"] != "kept"),
                row.id == undoable,
                row.id in accepted,
            )
        )
    return tuple(lines)


def _told(row: ThemeChange, names: Mapping[str, str]) -> str:
    """What a change was, in a few words."""
    report, edit = row.report, row.report.get("edit", {})

    def called(theme: str | None) -> str:
        return "no theme" if theme is None else f"“{names.get(theme, theme)}”"

    if row.kind == "refit":
        return (
            f"{report['themes']} themes in {report['excerpts']} excerpts, "
            f"{report['unthemed_share']:.0%} without one, {report['kept_share']:.0%} kept theirs"
        )
    if row.kind == "undo":
        return f"change {row.undoes} ({KIND_NAMES.get(report['undone'], report['undone'])})"
    if row.kind == "accept":
        return f"refit {report['accepted']}"
    if row.kind == "taxonomy":
        return f"{report['touchpoints']} touchpoints"
    moved = report.get("moved", 0)
    words = {
        "rename": f"to “{edit.get('name', '')}”"
        + (f" in {edit['language']}" if edit.get("language") else ""),
        "merge": f"{called(edit.get('theme'))} into {called(edit.get('into'))}",
        "split": f"from {called(edit.get('source'))}",
        "make": called(row.themes[0] if row.themes else None),
        "move": f"to {called(edit.get('theme'))}",
        "pin": f"“{edit.get('phrase', '')}” to {called(edit.get('theme'))}",
        "unpin": f"“{edit.get('phrase', '')}” from {called(edit.get('theme'))}",
        "retire": f"{called(edit.get('theme'))}: {edit.get('reason', '')}",
        "place": f"{called(edit.get('theme'))}: "
        + ", ".join(f"{name} {value or '–'}" for name, value in edit.get("changes", {}).items()),
    }
    return words.get(row.kind, row.kind) + (f" · {moved} excerpts moved" if moved else "")


@dataclass(frozen=True)
class EffectLine:
    """Excerpts that an edit moves from one theme to another."""

    source: str
    target: str
    count: int
    texts: tuple[str, ...]


def effect_lines(effect: Effect, names: Mapping[str, str]) -> tuple[EffectLine, ...]:
    """An effect with names instead of ids."""

    def called(theme: str | None) -> str:
        return "without a theme" if theme is None else names.get(theme, "the new theme")

    return tuple(
        EffectLine(called(one.source), called(one.target), one.count, one.texts)
        for one in effect.moved
    )
