"""Refuses query parameters that an address does not have: no filter is dropped in silence."""

from __future__ import annotations

from fastapi import HTTPException, Request
from fastapi.routing import APIRoute


def known_parameters(request: Request) -> None:
    """A dependency of every machine route, which knows those that its OpenAPI document lists.

    Raises:
        HTTPException: 422 for a parameter that the route does not take.
    """
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    operation = request.app.openapi()["paths"][route.path_format][request.method.lower()]
    listed = operation.get("parameters", ())
    known = sorted(one["name"] for one in listed if one["in"] == "query")
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise HTTPException(
            422,
            f"There is no parameter {unknown[0][:40]!r} here. "
            f"Those there are: {', '.join(known) or 'none'}.",
        )
