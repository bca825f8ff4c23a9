"""The bell in the header: how many notices whoever looks at a page has not read."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import partial

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

_count: ContextVar[Callable[[], int]] = ContextVar("bell")


class WithBell:
    """Lets pages that answer a request count; a request whose page does not costs nothing."""

    def __init__(self, app: ASGIApp, count: Callable[[Request], int]) -> None:
        self.app, self.count = app, count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; each is a task of its own, so nothing is left to forget."""
        if scope["type"] == "http":
            _count.set(partial(self.count, Request(scope)))
        await self.app(scope, receive, send)


def unread() -> int:
    """Notices that the person who asked for this page has not read."""
    return _count.get(lambda: 0)()
