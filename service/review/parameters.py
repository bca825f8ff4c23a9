"""Says on a page which part of its address it does not know: nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from pipelines.messages import N_, Told
from service.review.language import note

_SHOWN = 60
_UNKNOWN = N_("The address asks for what this page does not know: %(names)s. It was left out.")
_TWICE = N_("The address gives this more than once: %(names)s. The last one counts.")


async def note_unknown(request: Request) -> None:
    """A dependency of every page; it runs in the request's own task, so that the page knows."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    known = {name: is_many for name, is_many in _parameters(route.dependant)}
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        note(Told(_UNKNOWN, {"names": ", ".join(unknown)[:_SHOWN]}))
    keys = [key for key, _ in request.query_params.multi_items()]
    twice = sorted({key for key in keys if keys.count(key) > 1 and not known.get(key, True)})
    if twice:
        note(Told(_TWICE, {"names": ", ".join(twice)[:_SHOWN]}))


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Names of what a page takes from its query, and whether each may come more than once."""
    for one in dependant.query_params:
        yield one.alias, "list[" in str(one.field_info.annotation)
    for inner in dependant.dependencies:
        yield from _parameters(inner)
