"""Says changes of themes in words: asked for, previewed, and in the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.messages import N_
from pipelines.theme_life.changes import Effect
from service.review.edit_words import GONE, EditWords
from service.review.language import _, language, ngettext
from service.review.pages import moment, percent
from service.storage.conflicts import NotFoundError
from service.storage.theme_history import ThemeHistory
from service.storage.theme_tables import ThemeChange
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

DONE = {
    "refit": N_("Fitted"),
    "rename": N_("Renamed"),
    "merge": N_("Merged"),
    "split": N_("Separated"),
    "make": N_("Made by hand"),
    "move": N_("Moved excerpts"),
    "pin": N_("Pinned"),
    "unpin": N_("Unpinned"),
    "retire": N_("Retired"),
    "place": N_("Placed"),
    "taxonomy": N_("Sorted under touchpoints"),
    "undo": N_("Undone"),
    "accept": N_("Accepted"),
}
_DIGITS = 9
"""Of the longest number that a change has."""


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
            names = {
                row.id: row.name_in(language()) for row in repository.retired()
            } | repository.names(language())
        return cls(names, {one.key: one.name[language()] for one in touchpoints})

    def edit(self, kind: str, edit: Mapping[str, Any], then: Mapping[str, str] = {}) -> str:
        """An edit's object: which themes, into, to or from what.

        Args:
            kind: one word, a key of `ASKED`.
            edit: its fields by name.
            then: names of themes at that time, by id.
        """
        return EditWords(edit, {**self._names, **then}, self._touchpoints, then).say(kind)

    def effect(self, effect: Effect) -> tuple[EffectLine, ...]:
        """What an edit does, with names instead of ids."""

        def called(theme: str | None) -> str:
            if theme is None:
                return _("without a theme")
            return self._names.get(theme, _("the new theme") if theme == effect.made else _(GONE))

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
            row.report["accepted"]: _(
                "accepted by %(name)s, %(moment)s", name=row.who, moment=moment(row.at, zone)
            )
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
                    _done(row.kind),
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
            told = [
                ngettext("%(num)s theme", "%(num)s themes", report["themes"]),
                ngettext("%(num)s excerpt", "%(num)s excerpts", report["excerpts"]),
                _("%(share)s have none", share=percent(report["unthemed_share"])),
            ]
            if row.before is not None:
                told.append(_("%(share)s kept theirs", share=percent(report["kept_share"])))
            return ", ".join(told)
        if row.kind == "undo":
            undone = by_id.get(row.undoes or 0)
            number = _("no. %(number)s", number=row.undoes)
            if undone is None:
                return number
            return f"{number}: {_done(undone.kind).lower()} {self._told(undone, by_id)}"
        if row.kind == "accept":
            return _("fit no. %(number)s", number=report["accepted"])
        if row.kind == "taxonomy":
            return ngettext("%(num)s touchpoint", "%(num)s touchpoints", report["touchpoints"])
        edit = dict(report.get("edit", {}))
        if row.kind in {"make", "split"} and row.themes:
            edit["made"] = row.themes[0]
        moved = report.get("moved", 0)
        said = self.edit(row.kind, edit, report.get("names", {}))
        if not moved:
            return said
        return f"{said} · " + ngettext("%(num)s excerpt moved", "%(num)s excerpts moved", moved)


def _done(kind: str) -> str:
    return _(DONE[kind]) if kind in DONE else kind


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
