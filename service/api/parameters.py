"""Refuses query parameters that would be dropped in silence: unknown ones, and repeated ones."""

from __future__ import annotations

from fastapi import HTTPException, Request
from fastapi.routing import APIRoute


def known_parameters(request: Request) -> None:
    """A dependency of every machine route, which knows those that its OpenAPI document lists.

    Raises:
        HTTPException: 422 for a parameter that the route does not take, or takes once and is given
            several times.
    """
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    operation = request.app.openapi()["paths"][route.path_format][request.method.lower()]
    listed = operation.get("parameters", ())
    queries = {one["name"]: one["schema"] for one in listed if one["in"] == "query"}
    known = sorted(queries)
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise HTTPException(
            422,
            f"There is no parameter {unknown[0][:40]!r} here. "
            f"Those there are: {', '.join(known) or 'none'}.",
        )
    for name, schema in queries.items():
        count = len(request.query_params.getlist(name))
        if count > 1 and schema.get("type") != "array":
            raise HTTPException(
                422, f"The parameter {name!r} is given {count} times. Give it once, with one value."
            )
