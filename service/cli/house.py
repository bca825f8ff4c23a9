"""The house that a command works on, and how commands speak: results on stdout, the rest beside."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console

from service.settings import Settings, load
from service.storage import access
from service.wiring import Odzew

errors = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[tuple[Odzew, str]]:
    """The house and the id of the workspace that the command line works on."""
    odzew = Odzew(settings or load())
    try:
        with odzew.database.transaction() as session:
            workspace = access.ensure_workspace(
                session, odzew.settings.workspace, datetime.now(UTC)
            )
        yield odzew, workspace
    finally:
        odzew.close()


def say_json(value: object) -> None:
    """One line of JSON on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
