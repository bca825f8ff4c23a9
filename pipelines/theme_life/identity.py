"""Edits of what a theme is: its name, where it belongs, and whether it is one at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.contracts import LANGUAGES
from models.themes import ThemeModel
from pipelines.messages import N_
from pipelines.theme_life.edits import (
    LONGEST_NAME,
    ThemeEditError,
    check_free,
    clean_name,
    living,
    with_theme,
)
from pipelines.theme_life.gone import NO_THEME


@dataclass(frozen=True)
class Rename:
    """Give a theme a name, in one language or in all."""

    theme: str
    name: str
    language: str | None = None

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        return (self.theme,)

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`; an empty name takes the given one back."""
        name = clean_name(self.name) if self.name.strip() else ""
        if self.language is not None and self.language not in LANGUAGES:
            raise ThemeEditError(
                N_("Languages are %(known)s; not %(code)s."),
                known=", ".join(LANGUAGES),
                code=self.language[:20],
            )
        codes = LANGUAGES if self.language is None else (self.language,)
        at = living(model, self.theme)
        check_free(model, name, codes, but=at)
        given = {code: own for code, own in model.themes[at].given.items() if code not in codes}
        if name:
            given |= dict.fromkeys(codes, name)
        return with_theme(model, at, given=given)


@dataclass(frozen=True)
class Place:
    """Set where a theme belongs: touchpoint, parent theme, owner; what is not named stays.

    Attributes:
        changes: of touchpoint, parent and owner; None takes one away.
        touchpoints: keys that there are.
    """

    theme: str
    changes: Mapping[str, str | None]
    touchpoints: Sequence[str] = ()

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        parent = self.changes.get("parent")
        return (self.theme, *((parent,) if parent else ()))

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`."""
        at = living(model, self.theme)
        unknown = set(self.changes) - {"touchpoint", "parent", "owner"}
        if unknown or not self.changes:
            raise ThemeEditError(N_("What can be set is touchpoint, parent and owner."))
        touchpoint, parent = self.changes.get("touchpoint"), self.changes.get("parent")
        if touchpoint is not None and touchpoint not in self.touchpoints:
            raise ThemeEditError(
                N_("There is no touchpoint %(key)s in the taxonomy."), key=touchpoint[:60]
            )
        if parent is not None:
            self._check_parent(model, parent)
        owner = self.changes.get("owner")
        if owner is not None and not 0 < len(owner.strip()) <= LONGEST_NAME:
            raise ThemeEditError(N_("An owner has 1 to %(most)s characters."), most=LONGEST_NAME)
        theme = model.themes[at]
        settled = dict.fromkeys((*theme.settled, *(set(self.changes) - {"owner"})))
        return with_theme(model, at, **dict(self.changes), settled=tuple(sorted(settled)))

    def _check_parent(self, model: ThemeModel, parent: str) -> None:
        above = model.themes[living(model, parent)]
        if parent == self.theme:
            raise ThemeEditError(N_("A theme cannot be its own parent."))
        if above.parent is not None:
            raise ThemeEditError(
                N_(
                    "“%(theme)s” is a part of another theme itself; there are three levels: "
                    "touchpoint, theme, part."
                ),
                theme=above.label,
            )
        if any(one.parent == self.theme for one in model.themes):
            raise ThemeEditError(N_("A theme that has parts cannot become a part."))


@dataclass(frozen=True)
class Retire:
    """Say that a theme is none (any more): what falls to it is left without a theme."""

    theme: str
    reason: str = NO_THEME

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        return (self.theme,)

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`."""
        reason = " ".join(self.reason.split())[:LONGEST_NAME] or NO_THEME
        at = living(model, self.theme)
        themes = tuple(
            replace(one, parent=None) if one.parent == self.theme else one for one in model.themes
        )
        return with_theme(replace(model, themes=themes), at, retired=reason, parent=None)
