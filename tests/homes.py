"""Data folders that are made once and copied for each test, since making them takes the longest."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from pipelines.understanding import Reader
from service.app import create_app
from service.settings import Settings
from service.storage import access
from service.wiring import Odzew
from tests.answers import ANSWERS

WORKSPACE = "Demo"
_DATABASE = "odzew.sqlite3"


@dataclass(frozen=True)
class Home:
    """A folder whose database has its tables; feedback ids by external id where it has answers.

    The vector index is not copied: it is derived, and an application brings it up to date.
    """

    folder: Path
    ids: dict[str, str]

    def copy_to(self, folder: Path) -> None:
        """Lay the database into another folder, which nobody has opened yet."""
        shutil.copyfile(self.folder / _DATABASE, folder / _DATABASE)


def empty(folder: Path) -> Home:
    """A home without a workspace, its database migrated as at any start."""
    Odzew(Settings(home=folder)).close()
    return Home(folder, {})


def answered(folder: Path, reader: Reader) -> Home:
    """A home whose workspace got the dozen answers through the API."""
    odzew = Odzew(Settings(home=folder), reader)
    now = datetime.now(UTC)
    with odzew.database.transaction() as session:
        workspace = access.ensure_workspace(session, WORKSPACE, now)
        key = access.create_key(session, workspace, "first", now)[1]
    with TestClient(create_app(odzew), headers={"Authorization": f"Bearer {key}"}) as client:
        taken = client.post("/v1/feedback/batch", json={"items": ANSWERS}).json()["results"]
    odzew.close()
    names = (one["external_id"] for one in ANSWERS)
    return Home(folder, {name: one["id"] for name, one in zip(names, taken, strict=True)})
