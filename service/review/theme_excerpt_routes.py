"""Lists of excerpts to choose from: those of a theme and those without one."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Response

from pipelines.messages import N_
from service.api.excerpt_filters import AskedExcerpts, Offset
from service.auth import House, Person
from service.review.language import language
from service.review.pages import theme_page
from service.review.theme_contexts import excerpt_page
from service.review.theme_words import done_line
from service.storage.access import Caller
from service.storage.conflicts import NotFoundError
from service.storage.theme_excerpts import ThemeExcerpts
from service.storage.themes import ThemeRepository
from service.theme_desk import ThemeDesk
from service.wiring import Odzew

router = APIRouter(prefix="/themes", include_in_schema=False)


@router.get("/none")
def without_a_theme(
    person: Person,
    odzew: House,
    wanted: AskedExcerpts,
    offset: Offset = 0,
    done: str = "",
) -> Response:
    """Excerpts without a theme, and on their first page the groups that form among them."""
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, person.workspace)
        names, total = repository.names(language()), repository.count()
        found = excerpt_page(session, person.workspace, wanted, offset)
    is_first = not found.offset and not found.is_filtered
    return theme_page(
        "unthemed.html",
        person,
        "none",
        page=found,
        total=total,
        groups=_groups(odzew, person) if names and is_first else [],
        names=_sorted(names),
        done=done_line(odzew, person.workspace, done),
    )


@router.get("/{theme_id}/excerpts")
def excerpts(
    theme_id: str,
    person: Person,
    odzew: House,
    wanted: AskedExcerpts,
    offset: Offset = 0,
    done: str = "",
) -> Response:
    """All excerpts of a theme, surest first, to be moved, split off or taken out."""
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, person.workspace)
        row, names = repository.get(theme_id), repository.names(language())
        if row is None:
            raise NotFoundError(N_("There is no such theme here."))
        found = excerpt_page(session, person.workspace, replace(wanted, theme=theme_id), offset)
    return theme_page(
        "theme_excerpts.html",
        person,
        "tree",
        theme=row,
        page=found,
        names=_sorted({one: name for one, name in names.items() if one != theme_id}),
        done=done_line(odzew, person.workspace, done),
    )


def _groups(odzew: Odzew, person: Caller) -> list[tuple[object, list[str]]]:
    """Groups that form, each with three of its excerpts."""
    groups = ThemeDesk(odzew, person.workspace, person.name).emerging()
    with odzew.database.snapshot() as session:
        stored = ThemeExcerpts(session, person.workspace)
        return [(one, [row.text for row in stored.by_id(one.excerpts[:3])]) for one in groups]


def _sorted(names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda one: one[1].casefold())
