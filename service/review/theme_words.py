"""Says changes of themes in words: asked for, previewed, and in the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from models.contracts import LANGUAGES
from pipelines.theme_life.changes import Effect
from service.review.language import listed
from service.review.names import language_name
from service.review.pages import moment
from service.storage.conflicts import NotFoundError
from service.storage.tables import ThemeChange
from service.storage.theme_history import ThemeHistory
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

DONE = {
    "refit": "Fitted",
    "rename": "Renamed",
    "merge": "Merged",
    "split": "Split off",
    "make": "Made by hand",
    "move": "Moved excerpts",
    "pin": "Pinned",
    "unpin": "Unpinned",
    "retire": "Retired",
    "place": "Placed",
    "taxonomy": "Sorted under touchpoints",
    "undo": "Undone",
    "accept": "Accepted",
}
ASKED = {
    "rename": "Rename",
    "merge": "Merge",
    "split": "Split off",
    "make": "Make",
    "move": "Move excerpts",
    "pin": "Pin",
    "unpin": "Unpin",
    "retire": "Retire",
    "place": "Place",
}
_GONE = "a theme that is gone"
_DIGITS = 9
"""Of the longest number that a change has."""
_PLACES = {"touchpoint": "touchpoint", "parent": "part of", "owner": "owner"}


@dataclass(frozen=True)
class Line:
    """One line of the history.

    Attributes:
        counts: for a refit, how many themes were kept, split and so on.
        fates: for a refit, what became of the themes that did not just stay.
        accepted: for a refit, who let it stand; empty where nobody has.
        undone: number of the change that undid it.
    """

    id: int
    at: str
    who: str
    what: str
    kind: str
    told: str
    counts: tuple[tuple[str, int], ...] = ()
    fates: tuple[Mapping[str, Any], ...] = ()
    can_undo: bool = False
    accepted: str = ""
    undone: int | None = None


@dataclass(frozen=True)
class EffectLine:
    """Excerpts that an edit moves from one theme to another."""

    source: str
    target: str
    count: int
    texts: tuple[str, ...]


class ThemeWords:
    """Words of one workspace: what its themes and touchpoints are called today.

    The history says what a theme was called when it changed; today's name stands in where that was
    not kept.
    """

    def __init__(self, names: Mapping[str, str], touchpoints: Mapping[str, str]) -> None:
        self._names, self._touchpoints = names, touchpoints

    @classmethod
    def of(cls, odzew: Odzew, workspace: str) -> ThemeWords:
        """The words of a workspace, as they are stored now."""
        touchpoints = odzew.touchpoints(workspace)
        with odzew.database.snapshot() as session:
            repository = ThemeRepository(session, workspace)
            names = {row.id: row.label for row in repository.retired()} | repository.names()
        return cls(names, {one.key: one.name["en"] for one in touchpoints})

    def edit(self, kind: str, edit: Mapping[str, Any], then: Mapping[str, str] = {}) -> str:
        """An edit's object: which themes, into, to or from what.

        Args:
            kind: one word, a key of `ASKED`.
            edit: its fields by name.
            then: names of themes at that time, by id.
        """
        names = {**self._names, **then}

        def called(field: str) -> str:
            theme = edit.get(field)
            return f"“{names[theme]}”" if theme in names else _GONE

        given = str(edit.get("name") or "").strip()
        phrase = f"“{edit.get('phrase', '')}”"
        if kind == "rename":
            only = edit.get("language")
            where = listed([language_name(code) for code in ([only] if only else LANGUAGES)])
            new = f"to “{given}”" if given else "back to the name its own words give it"
            return f"{called('theme')} {new} in {where}"
        if kind == "merge":
            return f"{called('theme')} into {called('into')}"
        if kind in {"make", "split"}:
            new = called("made") if edit.get("made") else f"“{given}”" if given else "a new theme"
            return f"{new} from {called('source')}" if kind == "split" else new
        if kind == "move":
            if edit.get("theme"):
                return f"to {called('theme')}"
            left = (
                [called("source")] if edit.get("source") else [f"“{one}”" for one in then.values()]
            )
            return f"out of {', '.join(left) or 'their themes'}"
        if kind in {"pin", "unpin"}:
            return f"{phrase} {'to' if kind == 'pin' else 'from'} {called('theme')}"
        if kind == "retire":
            return f"{called('theme')}: {edit.get('reason') or 'not a theme'}"
        if kind == "place":
            return f"{called('theme')}: {self._places(edit.get('changes', {}), names)}"
        return ""

    def _places(self, changes: Mapping[str, Any], names: Mapping[str, str]) -> str:
        known = {"touchpoint": self._touchpoints, "parent": names}
        said = []
        for field, value in changes.items():
            shown = known.get(field, {}).get(value, value) if value else "none"
            said.append(f"{_PLACES.get(field, field)} {shown}")
        return ", ".join(said)

    def effect(self, effect: Effect) -> tuple[EffectLine, ...]:
        """What an edit does, with names instead of ids."""

        def called(theme: str | None) -> str:
            if theme is None:
                return "without a theme"
            return self._names.get(theme, "the new theme" if theme == effect.made else _GONE)

        return tuple(
            EffectLine(called(one.source), called(one.target), one.count, one.texts)
            for one in effect.moved
        )

    def history(
        self, changes: Sequence[ThemeChange], zone: ZoneInfo, undoable: int | None = None
    ) -> tuple[Line, ...]:
        """Changes as lines, in their order.

        Args:
            changes: some changes of the workspace; what undid or accepted them among them is told.
            zone: of the times shown.
            undoable: the change that can be undone next.
        """
        by_id = {row.id: row for row in changes}
        undone = {row.undoes: row.id for row in changes if row.undoes is not None}
        accepted = {
            row.report["accepted"]: f"by {row.who}, {moment(row.at, zone)}"
            for row in changes
            if row.kind == "accept"
        }
        lines = []
        for row in changes:
            fates = row.report.get("fates", []) if row.kind == "refit" else []
            lines.append(
                Line(
                    row.id,
                    moment(row.at, zone),
                    row.who,
                    DONE.get(row.kind, row.kind),
                    row.kind,
                    self._told(row, by_id),
                    tuple(Counter(fate["kind"] for fate in fates).items()),
                    tuple(fate for fate in fates if fate["kind"] != "kept"),
                    row.id == undoable,
                    accepted.get(row.id, ""),
                    undone.get(row.id),
                )
            )
        return tuple(lines)

    def _told(self, row: ThemeChange, by_id: Mapping[int, ThemeChange]) -> str:
        """What a change was, in a few words."""
        report = row.report
        if row.kind == "refit":
            kept = f", {report['kept_share']:.0%} kept theirs" if row.before is not None else ""
            return (
                f"{report['themes']} themes in {report['excerpts']:,} excerpts; "
                f"{report['unthemed_share']:.0%} have none{kept}"
            )
        if row.kind == "undo":
            undone = by_id.get(row.undoes or 0)
            what = f": {DONE.get(undone.kind, undone.kind).lower()} " if undone else ""
            return f"no. {row.undoes}{what}" + (self._told(undone, by_id) if undone else "")
        if row.kind == "accept":
            return f"fit no. {report['accepted']}"
        if row.kind == "taxonomy":
            return f"{report['touchpoints']} touchpoints"
        edit = dict(report.get("edit", {}))
        if row.kind in {"make", "split"} and row.themes:
            edit["made"] = row.themes[0]
        moved = report.get("moved", 0)
        said = self.edit(row.kind, edit, report.get("names", {}))
        return said + (f" · {moved:,} excerpt{'s' * (moved != 1)} moved" if moved else "")


def done_line(odzew: Odzew, workspace: str, change: str) -> Line | None:
    """The change that a page was led to by, with whether it can be undone; None for none.

    Args:
        odzew: the house.
        workspace: whose themes.
        change: its number as the address has it, which anybody can write.
    """
    if not change.isdecimal() or len(change) > _DIGITS:
        return None
    with odzew.database.snapshot() as session:
        history = ThemeHistory(session, workspace)
        try:
            row = history.get(int(change))
        except NotFoundError:
            return None
        undoable = history.undoable()
    words = ThemeWords.of(odzew, workspace)
    return words.history([row], odzew.settings.zone, undoable)[0]
