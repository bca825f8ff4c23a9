"""The theme pages that show: the tree, one theme with its parts, and the files."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from pipelines.messages import N_
from service.auth import House, Person
from service.exporting import EXPORTS, export_themes
from service.refits import newest_refit
from service.review.action_contexts import lines_of
from service.review.language import language
from service.review.pages import moment
from service.review.pages import theme_page as _page
from service.review.queue_contexts import queue_url
from service.review.theme_contexts import ThemeCard, branches, happenings
from service.review.theme_words import ThemeWords, done_line
from service.storage.cases import CaseRepository
from service.storage.conflicts import NotFoundError
from service.storage.incidents import IncidentRepository
from service.storage.queue import QueueFilter
from service.storage.theme_excerpts import ThemeExcerpts
from service.storage.theme_figures import ThemeFigureRepository
from service.storage.theme_quotes import ThemeQuotes
from service.storage.themes import ThemeRepository
from service.theme_desk import ThemeDesk

router = APIRouter(prefix="/themes", include_in_schema=False)


@router.get("")
def tree(person: Person, odzew: House, done: str = "") -> Response:
    """Root causes under touchpoints, with share, sentiment, trend and NPS."""
    odzew.watch_themes(person.workspace)
    touchpoints = odzew.touchpoints(person.workspace)
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, person.workspace)
        figures = ThemeFigureRepository(session, person.workspace)
        found = figures.overview()
        incidents = IncidentRepository(session, person.workspace).listed(limit=12)
        names = repository.names(language())
        rising = {one.theme_id for one in incidents if one.direction == "emerging"}
        quotes = ThemeQuotes(session, person.workspace).one_each(language())
        cards = [
            ThemeCard(one, quotes.get(one.theme.id, ("", "")), rises=one.theme.id in rising)
            for one in found.themes
        ]
        retired = repository.retired()
        called = _called(repository)
    refit = newest_refit(odzew.settings.home, person.workspace)
    return _page(
        "themes.html",
        person,
        "tree",
        found=found,
        branches=branches(cards, touchpoints),
        happenings=happenings(incidents, names),
        retired=retired,
        called=called,
        is_fitting=refit is not None and refit.state == "running",
        done=done_line(odzew, person.workspace, done),
    )


@router.get("/export.{kind}")
def export(kind: str, person: Person, odzew: House) -> Response:
    """Every excerpt with its theme, as a file."""
    if kind not in EXPORTS:
        raise NotFoundError(N_("Themes are exported as .csv or .parquet."))
    content = export_themes(odzew, person.workspace, kind)
    name = f'attachment; filename="odzew-themes.{kind}"'
    return Response(content, media_type=EXPORTS[kind], headers={"Content-Disposition": name})


@router.get("/{theme_id}")
def theme(theme_id: str, person: Person, odzew: House, done: str = "") -> Response:
    """One theme: figures, quotes side by side, who and where, its history, and its edits."""
    touchpoints, zone = odzew.touchpoints(person.workspace), odzew.settings.zone
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, person.workspace)
        figures = ThemeFigureRepository(session, person.workspace)
        row, names = repository.get(theme_id), repository.names(language())
        if row is None:
            raise NotFoundError(N_("There is no such theme here."))
        found = next((one for one in figures.overview().themes if one.theme.id == theme_id), None)
        changed = repository.history.listed(theme=theme_id)
        shared = {
            "lines": ThemeWords.of(odzew, person.workspace).history(changed, zone),
            "done": done_line(odzew, person.workspace, done),
        }
        if found is None:
            called = _called(repository)
            return _page("retired.html", person, "tree", theme=row, called=called, **shared)
        quotes = ThemeQuotes(session, person.workspace).by_language(theme_id, 5)
        ids = [row.feedback_id for rows in quotes.values() for row in rows]
        model = repository.current_model()
        return _page(
            "theme.html",
            person,
            "tree",
            card=ThemeCard(found),
            quotes=quotes,
            cases=CaseRepository(session, person.workspace).of_feedback(ids),
            queue=queue_url(QueueFilter(theme=theme_id)),
            spoken=figures.spoken(theme_id),
            cohesion=figures.cohesion(theme_id),
            stability=_stability(changed, theme_id),
            names=names,
            others=sorted(
                ((one, label) for one, label in names.items() if one != theme_id),
                key=lambda one: one[1].casefold(),
            ),
            touchpoints=touchpoints,
            pins=[pin.phrase for pin in model.pins if pin.theme == theme_id] if model else [],
            happenings=happenings(
                IncidentRepository(session, person.workspace).listed(theme=theme_id), names
            ),
            created=moment(row.created_at, zone),
            actions=lines_of(session, person.workspace, zone, theme_id),
            **shared,
        )


@router.get("/{theme_id}/parts")
def parts(theme_id: str, person: Person, odzew: House) -> Response:
    """The parts a theme seems to have, each with a button to split it off."""
    with odzew.database.snapshot() as session:
        row = ThemeRepository(session, person.workspace).get(theme_id)
    if row is None:
        raise NotFoundError(N_("There is no such theme here."))
    groups = ThemeDesk(odzew, person.workspace, person.name).parts(theme_id)
    with odzew.database.snapshot() as session:
        stored = ThemeExcerpts(session, person.workspace)
        shown = [(one, stored.by_id(one.excerpts[:5])) for one in groups]
    return _page("theme_parts.html", person, "tree", theme=row, groups=shown)


def _stability(changed: Any, theme_id: str) -> float | None:
    """Share of the theme's excerpts that were still its own after the last refit."""
    for row in changed:
        if row.kind == "refit":
            fate = next((one for one in row.report["fates"] if one["theme"] == theme_id), None)
            if fate and fate["before"]:
                return float(fate["stayed"] / fate["before"])
    return None


def _called(repository: ThemeRepository) -> dict[str, str]:
    """What themes are called in the reader's language, by label."""
    themes = (*repository.living(), *repository.retired())
    return {row.label: row.name_in(language()) for row in themes}
