"""Where people edit themes: an edit is shown first, then made, and leads to what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from pipelines.contracts import PipelineError
from pipelines.messages import N_
from pipelines.theme_life.changes import Effect
from pipelines.theme_life.edits import ThemeEditError
from service.auth import House, Person
from service.review.edit_words import ASKED
from service.review.language import _, language, told
from service.review.pages import theme_page
from service.review.theme_words import ThemeWords
from service.storage.access import Caller
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.theme_excerpts import ExcerptFilter, ThemeExcerpts
from service.storage.themes import ThemeRepository
from service.theme_desk import MOST_EXCERPTS, ThemeDesk
from service.wiring import Odzew

router = APIRouter(prefix="/themes", include_in_schema=False)

_FIELDS = (
    *("kind", "theme", "source", "into", "name", "language", "phrase", "reason"),
    *("touchpoint", "parent", "owner", "back"),
)
_PLACES = ("touchpoint", "parent", "owner")
_OF_EXCERPTS = {"take_out", "move", "make", "split"}
_SEE_OTHER = 303
_DIGITS = 15
"""Of the longest number that can be an excerpt's."""


@dataclass(frozen=True)
class EditForm:
    """An edit as a page sends it.

    Attributes:
        fields: of `_FIELDS`, those that were sent; an empty one is sent too.
        excerpts: numbers of those chosen.
        every: a filter whose excerpts are all chosen, None where they are chosen one by one.
        seen: version of the theme model that the preview was of; empty before it.
    """

    fields: dict[str, str]
    excerpts: tuple[int, ...]
    every: ExcerptFilter | None
    is_preview: bool
    seen: str

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def origin(self) -> str:
        """The theme that excerpts are split from."""
        return self["source"] or self["theme"]

    @property
    def back(self) -> str:
        """Where the person came from, if that is a page of themes."""
        is_ours = self["back"].split("?")[0] == "/themes" or self["back"].startswith("/themes/")
        return self["back"] if is_ours else ""


async def edit_form(request: Request) -> EditForm:
    """The form of a request; fields that are empty count, which declared ones do not."""
    sent = await request.form(max_fields=MOST_EXCERPTS + len(_FIELDS) + 4)
    fields = {name: sent[name] for name in _FIELDS if isinstance(sent.get(name), str)}
    listed = ",".join(one for one in sent.getlist("excerpts") if isinstance(one, str))
    every = sent.get("every")
    return EditForm(
        {name: str(value).strip() for name, value in fields.items()},
        tuple(_number(one) for one in listed.split(",") if one.strip()),
        _filter(every) if isinstance(every, str) and every else None,
        sent.get("step") != "make",
        str(sent.get("seen") or ""),
    )


@router.get("/edit")
def start() -> Response:
    """An edit that is opened anew, as by a reload, begins at the themes."""
    return RedirectResponse("/themes", _SEE_OTHER)


@router.post("/edit")
def edit(form: Annotated[EditForm, Depends(edit_form)], person: Person, odzew: House) -> Response:
    """Show what an edit would do, or make it."""
    with odzew.database.snapshot() as session:
        version = ThemeRepository(session, person.workspace).model_version() or ""
        excerpts = form.excerpts
        if form.every is not None:
            excerpts = tuple(ThemeExcerpts(session, person.workspace).ids(form.every))
    desk = ThemeDesk(odzew, person.workspace, person.name, seen=form.seen)
    is_preview, problem, changed = form.is_preview, "", False
    effect: Effect | None = None
    try:
        try:
            effect = _edited(desk, form, excerpts, preview=is_preview)
        except ConflictError:
            is_preview = changed = True
            effect = _edited(desk, form, excerpts, preview=True)
    except PipelineError as error:
        problem = told(error)
    if effect is not None and not is_preview:
        return RedirectResponse(_next(form, effect), 303)
    return _effect_page(odzew, person, form, excerpts, effect, problem, version, changed=changed)


def _edited(desk: ThemeDesk, form: EditForm, excerpts: tuple[int, ...], *, preview: bool) -> Effect:
    kind, theme = form["kind"], form["theme"]
    if kind in _OF_EXCERPTS:
        return _of_excerpts(desk, form, excerpts, preview=preview)
    places = {name: form[name] or None for name in _PLACES if name in form.fields}
    taken = kind == "unpin"
    pin = partial(desk.pin, theme, form["phrase"], taken_away=taken, preview=preview)
    edits: dict[str, Callable[[], Effect]] = {
        "rename": lambda: desk.rename(
            theme, form["name"], form["language"] or None, preview=preview
        ),
        "merge": lambda: desk.merge(theme, form["into"], preview=preview),
        "retire": lambda: desk.retire(theme, form["reason"], preview=preview),
        "pin": pin,
        "unpin": pin,
        "place": lambda: desk.place(theme, places, preview=preview),
    }
    if kind not in edits:
        raise NotFoundError(N_("There is no such edit of themes."))
    return edits[kind]()


def _of_excerpts(
    desk: ThemeDesk, form: EditForm, excerpts: tuple[int, ...], *, preview: bool
) -> Effect:
    if not excerpts:
        raise ThemeEditError(N_("Choose at least one excerpt first."))
    if form["kind"] == "take_out":
        return desk.move(excerpts, None, preview=preview)
    if form["kind"] == "make":
        return desk.make(excerpts, form["name"], preview=preview)
    if form["kind"] == "split":
        if not form.origin:
            raise ThemeEditError(N_("Choose the theme to split from first."))
        return desk.make(excerpts, form["name"], source=form.origin, preview=preview)
    if not form["theme"]:
        raise ThemeEditError(N_("Choose the theme that the excerpts belong to first."))
    into = None if form["theme"] == "none" else form["theme"]
    return desk.move(excerpts, into, preview=preview)


def _next(form: EditForm, effect: Effect) -> str:
    """The page that shows what came of an edit, with a line that says what was done."""
    if effect.made:
        where = f"/themes/{effect.made}"
    elif form.back:
        where = form.back
    elif form["kind"] in {"retire", "take_out"} or form["theme"] in {"", "none"}:
        where = "/themes"
    else:
        where = f"/themes/{form['into'] or form['theme']}"
    parts = urlsplit(where)
    query = [one for one in parse_qsl(parts.query) if one[0] != "done"]
    return urlunsplit(("", "", parts.path, urlencode([*query, ("done", str(effect.change))]), ""))


def _effect_page(
    odzew: Odzew,
    person: Caller,
    form: EditForm,
    excerpts: tuple[int, ...],
    effect: Effect | None,
    problem: str,
    version: str,
    *,
    changed: bool,
) -> Response:
    with odzew.database.snapshot() as session:
        names = ThemeRepository(session, person.workspace).names(language())
    words = ThemeWords.of(odzew, person.workspace)
    kind = "move" if form["kind"] == "take_out" else form["kind"]
    asked = {
        **form.fields,
        "source": form.origin,
        "theme": "" if form["kind"] == "take_out" or form["theme"] == "none" else form["theme"],
        "changes": {name: form[name] for name in _PLACES if name in form.fields},
    }
    place = f"/themes/{form.origin}" if form.origin in names else "/themes"
    page = theme_page(
        "effect.html",
        person,
        "tree",
        fields={**form.fields, "excerpts": ",".join(map(str, excerpts)), "seen": version},
        asked="" if problem else f"{_(ASKED[kind])} {words.edit(kind, asked)}",
        chosen=len(excerpts),
        effect=effect,
        moved=words.effect(effect) if effect else (),
        problem=problem,
        changed=changed,
        back=form.back or place,
    )
    page.status_code = 409 if changed else 422 if problem else 200
    return page


def _number(content: str) -> int:
    """A number of an excerpt; 0, which none has, for what is no number."""
    clean = content.strip()
    return int(clean) if clean.isdecimal() and len(clean) <= _DIGITS else 0


def _filter(content: str) -> ExcerptFilter:
    """A filter as the list of excerpts writes it into its form."""
    sent = dict(parse_qsl(content))
    return ExcerptFilter(
        sent.get("theme"), sent.get("language", ""), sent.get("mood", ""), sent.get("words", "")
    )
