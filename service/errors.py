"""One table from errors to answers: RFC 9457 problem documents for machines, a page for people."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from models.contracts import ModelError, TooFewTextsError
from pipelines.cases import MoveError
from pipelines.contracts import PipelineError, RejectedError
from pipelines.improvement import ActionStepError
from pipelines.messages import N_, ToldError
from pipelines.theme_life.edits import UnknownThemeError
from service.advice import place, request_advice, sentence, troubles, unread
from service.refits import RefitRunningError
from service.review.language import told
from service.review.pages import error_page
from service.storage.conflicts import ConflictError, NotFoundError

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
_UNREAD = "There was an error parsing the body"
"""FastAPI's words where it cannot tell what is wrong; the cause of its error can."""
STATUS: dict[type[Exception], int] = {
    RejectedError: 422,
    MoveError: 409,
    ActionStepError: 409,
    ConflictError: 409,
    RefitRunningError: 409,
    TooFewTextsError: 409,
    NotFoundError: 404,
    UnknownThemeError: 404,
    PipelineError: 422,
    ModelError: 503,
}
"""The nearest ancestor of an error decides."""


class NotSignedInError(Exception):
    """A page was asked for without a browser session."""


def install(app: FastAPI) -> None:
    """Teach an app to answer every error by the table."""
    for kind in STATUS:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(NotSignedInError, _not_signed_in)
    app.add_exception_handler(Exception, _unforeseen)


def problem(
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, object] | None = None,
) -> JSONResponse:
    """A problem document (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(extra or {}),
    }
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=PROBLEM)


def _answer(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    if _is_machine(request):
        return problem(status, detail, headers=headers)
    return error_page(request, status, detail)


def _is_machine(request: Request) -> bool:
    return request.url.path.startswith("/v1/") or "text/html" not in request.headers.get(
        "accept", ""
    )


async def _known(request: Request, error: Exception) -> Response:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if isinstance(error, ToldError) and not _is_machine(request):
        return error_page(request, status, told(error))
    return _answer(request, status, str(error))


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):  # never so; for the type checker
        raise error
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not _is_machine(request):
        above = _page_above(request)
        if above is not None:
            return RedirectResponse(above, HTTPStatus.SEE_OTHER)
    if error.detail == _UNREAD:
        return _answer(request, error.status_code, unread(error.__cause__), error.headers)
    details = {
        404: N_("There is nothing at this address."),
        405: N_("This address takes other methods."),
    }
    is_default = error.detail == HTTPStatus(error.status_code).phrase
    detail = details.get(error.status_code, error.detail) if is_default else error.detail
    return _answer(request, error.status_code, detail, error.headers)


def _page_above(request: Request) -> str | None:
    """The page that an address for forms belongs to, where somebody opens it, as by a reload."""
    if request.method not in ("GET", "HEAD"):
        return None
    parts = request.url.path.strip("/").split("/")
    for count in range(len(parts) - 1, -1, -1):
        path = "/" + "/".join(parts[:count])
        scope = {**request.scope, "path": path, "method": "GET", "root_path": ""}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            return path
    return None


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):  # never so; for the type checker
        raise error
    found = [
        {"where": place(one), "what": str(request_advice(one))} for one in troubles(error)[:20]
    ]
    said = sentence(error)
    if not _is_machine(request):
        return error_page(request, 422, told(said))
    return problem(422, str(said), extra={"errors": found})


async def _not_signed_in(request: Request, error: Exception) -> Response:
    return error_page(
        request, 401, N_("Open a sign-in link first. `odzew serve` prints one when it starts.")
    )


async def _unforeseen(request: Request, error: Exception) -> Response:
    incident = secrets.token_hex(4)
    log.error("Incident %s at %s", incident, request.url.path, exc_info=error)
    return _answer(
        request,
        500,
        f"Something went wrong on our side. Nothing was half stored. Incident {incident}.",
    )
