"""Who may come in: API keys on /v1, browser sessions on pages, and no cross-site posts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from pipelines.messages import N_
from service.errors import NotSignedInError
from service.storage.access import Caller, caller_of_key, caller_of_session
from service.wiring import Odzew

COOKIE = "odzew_session"


def house(request: Request) -> Odzew:
    """The house that serves this request."""
    found: Odzew = request.app.state.odzew
    return found


House = Annotated[Odzew, Depends(house)]


def api_caller(request: Request, odzew: House) -> Caller:
    """The workspace that a bearer key opens; 401 without one."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    caller = None
    if scheme.lower() == "bearer" and secret:
        with odzew.database.snapshot() as session:
            caller = caller_of_key(session, secret.strip())
    if caller is None:
        raise HTTPException(
            401,
            "Send `Authorization: Bearer KEY` with a valid API key; "
            "`odzew keys create NAME` makes one.",
            {"WWW-Authenticate": "Bearer"},
        )
    return caller


def person(request: Request, odzew: House) -> Caller:
    """The signed-in person; raises NotSignedInError without a session.

    A post must come from our own pages: browsers say where it comes from.
    """
    if request.method == "POST" and not _is_same_origin(request):
        raise HTTPException(403, N_("This form was sent from another site."))
    token = request.cookies.get(COOKIE)
    if token:
        with odzew.database.snapshot() as session:
            caller = caller_of_session(session, token, datetime.now(UTC))
        if caller is not None:
            return caller
    raise NotSignedInError


ApiCaller = Annotated[Caller, Depends(api_caller)]
Person = Annotated[Caller, Depends(person)]


def _is_same_origin(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin.split("://")[-1] == request.headers.get("host")
