"""A line to a web server (HTTP): reached before anything is said, and closed whatever happens."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from service.carriers.trying import TIMEOUT_S, UnreachableError


@contextmanager
def web_line(host: str, port: int | None, *, is_tls: bool) -> Iterator[HTTPConnection]:
    """A connection that stands and over which nothing was said yet.

    Raises:
        UnreachableError: it cannot be had.
    """
    with closing(_connection(host, port, is_tls=is_tls)) as connection:
        try:
            connection.connect()
        except (OSError, HTTPException) as error:
            raise UnreachableError(f"{type(error).__name__}: {error}") from error
        yield connection


def _connection(host: str, port: int | None, *, is_tls: bool) -> HTTPConnection:
    if is_tls:
        trusted = ssl.create_default_context()
        return HTTPSConnection(host, port, timeout=TIMEOUT_S, context=trusted)
    return HTTPConnection(host, port, timeout=TIMEOUT_S)
