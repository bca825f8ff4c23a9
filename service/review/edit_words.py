"""Says an edit of themes in words: which theme, into, to or from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.contracts import LANGUAGES
from pipelines.messages import N_
from pipelines.theme_life.gone import NO_THEME, reason_told
from service.review.language import _, listed, quoted, told
from service.review.names import language_name

ASKED = {
    "rename": N_("Rename"),
    "merge": N_("Merge"),
    "split": N_("Split off"),
    "make": N_("Make"),
    "move": N_("Move excerpts"),
    "pin": N_("Pin"),
    "unpin": N_("Unpin"),
    "retire": N_("Retire"),
    "place": N_("Place"),
}
GONE = N_("a theme that is gone")
_PLACES = {
    "touchpoint": N_("touchpoint %(what)s"),
    "parent": N_("part of %(what)s"),
    "owner": N_("owner %(what)s"),
}


@dataclass(frozen=True)
class EditWords:
    """An edit with what its themes and touchpoints are called.

    Attributes:
        edit: its fields by name.
        names: what themes were called at that time, by id.
        touchpoints: what touchpoints are called, by key.
        then: of the names, those of themes that it was about.
    """

    edit: Mapping[str, Any]
    names: Mapping[str, str]
    touchpoints: Mapping[str, str]
    then: Mapping[str, str]

    def say(self, kind: str) -> str:
        """The edit's object; empty for a kind that is not in `ASKED`."""
        return str(getattr(self, f"_{kind}")()) if kind in ASKED else ""

    def _called(self, field: str) -> str:
        name = self.names.get(str(self.edit.get(field)))
        return _(GONE) if name is None else quoted(name)

    def _given(self, field: str) -> str:
        return str(self.edit.get(field) or "").strip()

    def _rename(self) -> str:
        only, name = self.edit.get("language"), self._given("name")
        where = listed([language_name(code) for code in ([only] if only else LANGUAGES)])
        if name:
            return _(
                "%(theme)s to %(name)s (%(languages)s)",
                theme=self._called("theme"),
                name=quoted(name),
                languages=where,
            )
        return _(
            "%(theme)s back to the name its own words give it (%(languages)s)",
            theme=self._called("theme"),
            languages=where,
        )

    def _merge(self) -> str:
        return _(
            "%(theme)s into %(other)s", theme=self._called("theme"), other=self._called("into")
        )

    def _make(self) -> str:
        if self.edit.get("made"):
            return self._called("made")
        return quoted(self._given("name")) if self._given("name") else _("a new theme")

    def _split(self) -> str:
        return _("%(theme)s from %(other)s", theme=self._make(), other=self._called("source"))

    def _move(self) -> str:
        if self.edit.get("theme"):
            return _("to %(theme)s", theme=self._called("theme"))
        left = [self._called("source")] if self.edit.get("source") else []
        left = left or [quoted(name) for name in self.then.values()]
        return _("out of %(themes)s", themes=listed(left) if left else _("their themes"))

    def _pin(self) -> str:
        phrase = quoted(str(self.edit.get("phrase", "")))
        return _("%(phrase)s to %(theme)s", phrase=phrase, theme=self._called("theme"))

    def _unpin(self) -> str:
        phrase = quoted(str(self.edit.get("phrase", "")))
        return _("%(phrase)s from %(theme)s", phrase=phrase, theme=self._called("theme"))

    def _retire(self) -> str:
        reason = told(reason_told(self.edit.get("reason") or NO_THEME))
        return f"{self._called('theme')}: {reason}"

    def _place(self) -> str:
        known = {"touchpoint": self.touchpoints, "parent": self.names}
        said = []
        for field, value in self.edit.get("changes", {}).items():
            shown = known.get(field, {}).get(value, value) if value else _("none")
            said.append(_(_PLACES[field], what=shown))
        return f"{self._called('theme')}: {', '.join(said)}"
