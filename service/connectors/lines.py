"""Reads the lines of a text file without ever holding one that is too long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from service.connectors.encoding import Encoding
from service.connectors.rows import FileFormatError

MAX_LINE = 1_000_000


@contextmanager
def opened(path: Path, encoding: Encoding) -> Iterator[TextIO]:
    """The file as text, its line ends as they are.

    Raises:
        FileFormatError: the file stopped being text in this encoding since it was looked at.
    """
    with path.open(encoding=encoding.name, errors=encoding.errors, newline="") as stream:
        try:
            yield stream
        except UnicodeError as error:
            raise FileFormatError(
                f"The file is not {encoding.name} all through. Save it as UTF-8 and try again."
            ) from error


def bounded(stream: TextIO, limit: int = MAX_LINE) -> Iterator[str | None]:
    """Lines with their ends; None stands for a line of `limit` characters or more."""
    while line := stream.readline(limit):
        if len(line) < limit:
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = stream.readline(limit)
        yield None
