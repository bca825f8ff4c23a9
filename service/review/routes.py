"""Where people come in: the sign-in link, signing out, and the page that work starts on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipelines.messages import N_
from service.auth import COOKIE, House, Person
from service.review.language import COOKIE as LANGUAGE_COOKIE
from service.review.language import LANGUAGES, is_own_address
from service.review.pages import error_page
from service.storage import access

router = APIRouter(include_in_schema=False)

_SEE_OTHER = 303
_LANGUAGE_KEPT = timedelta(days=365)


@router.get("/")
def start(person: Person) -> Response:
    """The queue is where work starts."""
    return RedirectResponse("/queue", _SEE_OTHER)


@router.get("/sign-in")
def sign_in(request: Request, odzew: House, token: str = "") -> Response:
    """Sign in by a link that works once."""
    with odzew.database.transaction() as session:
        browser = access.use_link(session, token, datetime.now(UTC))
    if browser is None:
        return error_page(
            request,
            401,
            N_("This sign-in link was used or is too old. `odzew serve` prints a new one."),
        )
    response = RedirectResponse("/queue", _SEE_OTHER)
    response.set_cookie(
        COOKIE,
        browser,
        max_age=int(access.SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=odzew.settings.secure_cookies,
    )
    return response


@router.post("/sign-out")
def sign_out(request: Request, person: Person, odzew: House) -> Response:
    """End this browser's session."""
    with odzew.database.transaction() as session:
        access.end_session(session, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/", _SEE_OTHER)
    response.delete_cookie(COOKIE)
    return response


@router.post("/language")
def choose_language(
    odzew: House, language: Annotated[str, Form()], back: Annotated[str, Form()] = "/"
) -> Response:
    """Keep the language that a person chose in the browser, and go back to where they were."""
    response = RedirectResponse(back if is_own_address(back) else "/", _SEE_OTHER)
    if language in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=int(_LANGUAGE_KEPT.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=odzew.settings.secure_cookies,
        )
    return response
