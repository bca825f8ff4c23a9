"""A lock held by an open file: among threads and processes, and gone with whoever held it."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO


class FileBusyError(Exception):
    """Somebody else holds the lock."""


def hold(path: Path) -> IO[bytes]:
    """The file, locked for as long as it stays open.

    Raises:
        FileBusyError: it is locked already, here or in another process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = path.open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held.close()
        raise FileBusyError(f"{path} is held by somebody else.") from error
    return held
