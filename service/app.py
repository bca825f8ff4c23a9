"""Makes the web application: routes, limits, headers, health, and its start and end."""

from __future__ import annotations

import logging
from asyncio import CancelledError, create_task, sleep
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from threading import Event
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from service import errors
from service.api import (
    actions,
    cases,
    classify,
    drafts,
    feedback,
    insight,
    messages,
    theme_edits,
    themes,
)
from service.api.parameters import known_parameters
from service.notices.delivery import Postman
from service.notices.digests import write_digests
from service.notices.spreading import spread
from service.review import (
    action_routes,
    book_routes,
    brief_routes,
    bucket_routes,
    case_routes,
    draft_routes,
    learning_routes,
    map_routes,
    notice_routes,
    outbox_routes,
    proposal_routes,
    queue_routes,
    routes,
    rule_routes,
    team_routes,
    theme_edit_routes,
    theme_excerpt_routes,
    theme_history_routes,
    theme_routes,
    touchpoint_routes,
)
from service.review.bell import WithBell
from service.review.language import InLanguage
from service.review.pages import STATIC
from service.review.parameters import note_unknown
from service.sending.collecting import Collector
from service.sending.dispatch import Dispatcher
from service.storage.access import workspaces
from service.wiring import Odzew

log = logging.getLogger(__name__)

VERSION = "0.1.0"
_SOON_S, _MINUTE_S, _HOUR_S = 5, 60, 3600
_MACHINE_ROOMS = (
    classify,
    feedback,
    drafts,
    messages,
    cases,
    theme_edits,
    themes,
    insight,
    actions,
)
_ROOMS = (
    *(
        routes,
        rule_routes,
        bucket_routes,
        queue_routes,
        draft_routes,
        action_routes,
        case_routes,
        brief_routes,
        team_routes,
    ),
    outbox_routes,
    *(notice_routes, map_routes, theme_edit_routes, theme_excerpt_routes, theme_history_routes),
    touchpoint_routes,
    theme_routes,
    *(learning_routes, proposal_routes, book_routes),
)
"""The first one that knows an address answers, so those with open addresses come last."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(odzew: Odzew) -> FastAPI:
    """The application around an opened house; it does not close the house."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(_warm_up, odzew)
        ended = Event()
        jobs = [
            create_task(_again(every_s, what, job))
            for every_s, what, job in (
                *_mailbox_job(odzew, ended),
                (_MINUTE_S, "The clocks of cases", lambda: _look(odzew)),
                (_MINUTE_S, "Deliveries", lambda: Postman(odzew).round(_now, ended)),
                (_SOON_S, "Messages", lambda: Dispatcher(odzew).round(_now, ended)),
                (_HOUR_S, "Themes on the rise", lambda: _watch_themes(odzew)),
            )
        ]
        yield
        ended.set()
        for job in jobs:
            job.cancel()
        for job in jobs:
            with suppress(CancelledError):
                await job

    app = FastAPI(
        title="Odzew",
        version=VERSION,
        summary="Reads customer feedback, finds root causes and triages who needs an answer today.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.odzew = odzew
    for room in _MACHINE_ROOMS:
        app.include_router(room.router, dependencies=[Depends(known_parameters)])
    for room in _ROOMS:
        app.include_router(room.router, dependencies=[Depends(note_unknown)])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/plotly.js", _plotly, include_in_schema=False)
    _add_health(app, odzew)
    errors.install(app)
    app.middleware("http")(_with_headers)
    app.add_middleware(WithBell, count=partial(notice_routes.unread_of, odzew))
    app.add_middleware(InLanguage)
    app.add_middleware(BodyLimit, limit=odzew.settings.max_body_bytes)
    return app


def _plotly() -> FileResponse:
    """The plotting library that the plotly package ships."""
    path = resources.files("plotly") / "package_data" / "plotly.min.js"
    return FileResponse(
        str(path), media_type="text/javascript", headers={"Cache-Control": "max-age=86400"}
    )


def _warm_up(odzew: Odzew) -> None:
    """Load the models and bring the index up to date before the first request."""
    for workspace in _workspaces(odzew):
        odzew.meanings.catch_up(workspace)
    odzew.reader.encoder.encode(["warm up"])


async def _again(every_s: int, what: str, job: Callable[[], object]) -> None:
    """Do a job again and again; other processes may do so too."""
    while True:
        await sleep(every_s)
        try:
            await run_in_threadpool(job)
        except Exception:
            log.exception("%s are seen to again in %d s.", what, every_s)


def _now() -> datetime:
    return datetime.now(UTC)


def _look(odzew: Odzew) -> None:
    """See to the clocks of all cases, and tell people of what happened.

    What fails keeps nothing else from being done.
    """
    for workspace in _workspaces(odzew):
        for see_to in (odzew.watch_cases, partial(spread, odzew), partial(write_digests, odzew)):
            try:
                see_to(workspace, _now())
            except Exception:
                log.exception("The clocks of %s could not all be seen to.", workspace)


def _watch_themes(odzew: Odzew) -> None:
    for workspace in _workspaces(odzew):
        odzew.watch_themes(workspace)


def _mailbox_job(odzew: Odzew, ended: Event) -> list[tuple[int, str, Callable[[], object]]]:
    """Fetching customers' answers, where a mailbox is set up."""
    if odzew.settings.inbox is None:
        return []
    collector = Collector(odzew, odzew.settings.inbox)
    return [(_MINUTE_S, "Answers in the mailbox", lambda: collector.round(_now, ended))]


def _workspaces(odzew: Odzew) -> list[str]:
    with odzew.database.snapshot() as session:
        return [workspace.id for workspace in workspaces(session)]


def _add_health(app: FastAPI, odzew: Odzew) -> None:
    @app.get("/healthz", tags=["health"])
    def healthz() -> PlainTextResponse:
        """The process answers."""
        return PlainTextResponse("ok")

    @app.get("/readyz", tags=["health"])
    def readyz() -> Response:
        """The database answers and the models are loaded."""
        checks = {"database": odzew.database.is_ready(), "models": odzew.is_loaded}
        status = 200 if all(checks.values()) else 503
        return JSONResponse({"ready": status == 200, "checks": checks}, status)


async def _with_headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "max-age=300")
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


class BodyLimit:
    """Refuses request bodies over a limit, also those that do not say their length."""

    def __init__(self, app: Any, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Pass a request on, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body, is_whole = bytearray(), False
        while not is_whole:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            is_whole = not message.get("more_body", False)
            if len(body) > self.limit:
                refused = errors.problem(
                    413, f"A request body has at most {self.limit:,} bytes. Send smaller batches."
                )
                await refused(scope, receive, send)
                return
        given = False

        async def replay() -> Any:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self.app(scope, replay, send)
