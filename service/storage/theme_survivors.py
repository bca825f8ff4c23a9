"""Which theme stands for one that was merged, maybe several times over."""

from __future__ import annotations

from pipelines.theme_life import gone
from service.storage.theme_tables import ThemeChange, ThemeRow
from service.storage.themes import ThemeRepository


def survivor_of(repository: ThemeRepository, theme: ThemeRow) -> ThemeRow | None:
    """The living theme that stands for a theme, itself where it lives; None where none does."""
    seen, here = set[str](), theme
    while here.retired_at is not None:
        into = _merged_into(repository, here)
        following = repository.get(into) if into is not None and into not in seen else None
        if following is None:
            return None
        seen.add(here.id)
        here = following
    return here


def _merged_into(repository: ThemeRepository, theme: ThemeRow) -> str | None:
    if not gone.is_merged(theme.retired_reason or ""):
        return None
    changes = repository.history.listed(theme=theme.id)
    return next((into for one in changes if (into := _into(one, theme.id))), None)


def _into(change: ThemeChange, theme_id: str) -> str | None:
    """Where a change merged a theme into, by a person's edit or a refit."""
    edit = change.report.get("edit", {})
    if edit.get("theme") == theme_id and "into" in edit:
        return str(edit["into"])
    for fate in change.report.get("fates", ()):
        if fate["theme"] == theme_id and fate["kind"] == "merged":
            return str(fate["other"])
    return None
