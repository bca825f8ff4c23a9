"""People's edits of themes: each route takes a body, and tells what the edit does or did."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, ParamSpec

from fastapi import APIRouter
from pydantic import Field

from pipelines.theme_life.changes import Effect
from pipelines.theme_life.gone import NO_THEME
from service.api.bodies import Body
from service.api.desk import Desk, effect_json
from service.theme_desk import MOST_EXCERPTS

router = APIRouter(prefix="/v1/themes", tags=["themes"])

ExcerptId = Annotated[int, Field(ge=1, le=2**53)]
ExcerptIds = Annotated[list[ExcerptId], Field(min_length=1, max_length=MOST_EXCERPTS)]
Asked = ParamSpec("Asked")


class Edit(Body):
    """What every edit takes: with `preview` nothing changes, and the effect is told."""

    preview: bool = False


class RenameBody(Edit):
    """A name, in one language or in all."""

    name: str = Field(description="Blank: back to the name that its own words give it.")
    language: str | None = Field(None, description="pl, cs, et or en; without it all four.")


class MergeBody(Edit):
    """The theme to become a part of."""

    into: str


class SplitBody(Edit):
    """Excerpts of the theme that become one of their own."""

    excerpts: ExcerptIds
    name: str = ""


class RetireBody(Edit):
    """Why it is no theme (any more)."""

    reason: str = NO_THEME


class PinBody(Edit):
    """A phrase whose excerpts belong to the theme; `taken_away` unpins it."""

    phrase: str
    taken_away: bool = False


class PlaceBody(Edit):
    """Where the theme belongs; a field that is not sent stays, null takes it away."""

    touchpoint: str | None = None
    parent: str | None = None
    owner: str | None = None

    def sent(self) -> dict[str, str | None]:
        """The fields that were sent."""
        return self.model_dump(exclude_unset=True, exclude={"preview"})


class MakeBody(Edit):
    """Excerpts that become a theme."""

    excerpts: ExcerptIds
    name: str = ""


class MoveBody(Edit):
    """Excerpts and the theme they belong to; null for none."""

    excerpts: ExcerptIds
    theme: str | None


def _edit(path: str) -> Callable[[Callable[Asked, Effect]], Callable[Asked, dict[str, Any]]]:
    """A route of an edit, which answers with the effect."""

    def add(made: Callable[Asked, Effect]) -> Callable[Asked, dict[str, Any]]:
        @wraps(made)
        def answer(*args: Asked.args, **kwargs: Asked.kwargs) -> dict[str, Any]:
            return effect_json(made(*args, **kwargs))

        answer.__annotations__ = {**made.__annotations__, "return": dict[str, Any]}
        router.post(path, response_model=dict[str, Any])(answer)
        return answer

    return add


@_edit("/make")
def make(body: MakeBody, desk: Desk) -> Effect:
    """Make a theme of excerpts."""
    return desk.make(body.excerpts, body.name, preview=body.preview)


@_edit("/move")
def move(body: MoveBody, desk: Desk) -> Effect:
    """Put excerpts under a theme or under none."""
    return desk.move(body.excerpts, body.theme, preview=body.preview)


@_edit("/{theme_id}/rename")
def rename(theme_id: str, body: RenameBody, desk: Desk) -> Effect:
    """Give a theme a name; a blank one takes the given name back."""
    return desk.rename(theme_id, body.name, body.language, preview=body.preview)


@_edit("/{theme_id}/merge")
def merge(theme_id: str, body: MergeBody, desk: Desk) -> Effect:
    """Make a theme a part of another."""
    return desk.merge(theme_id, body.into, preview=body.preview)


@_edit("/{theme_id}/split")
def split(theme_id: str, body: SplitBody, desk: Desk) -> Effect:
    """Make a theme of some of a theme's excerpts."""
    return desk.make(body.excerpts, body.name, source=theme_id, preview=body.preview)


@_edit("/{theme_id}/retire")
def retire(theme_id: str, body: RetireBody, desk: Desk) -> Effect:
    """Say that a theme is none (any more)."""
    return desk.retire(theme_id, body.reason, preview=body.preview)


@_edit("/{theme_id}/pin")
def pin(theme_id: str, body: PinBody, desk: Desk) -> Effect:
    """Pin a phrase to a theme, or unpin it; `note` says where it was pinned before."""
    return desk.pin(theme_id, body.phrase, taken_away=body.taken_away, preview=body.preview)


@_edit("/{theme_id}/place")
def place(theme_id: str, body: PlaceBody, desk: Desk) -> Effect:
    """Set touchpoint, parent and owner."""
    return desk.place(theme_id, body.sent(), preview=body.preview)
