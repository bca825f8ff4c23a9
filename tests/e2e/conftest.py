"""A server over the dozen answers, and one browser for each module."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from pipelines.understanding import Reader
from service.app import create_app
from service.settings import Settings
from service.storage import access
from service.wiring import Odzew
from tests import homes
from tests.e2e.site import CHROMIUM, Site
from tests.homes import Home


@pytest.fixture(scope="session")
def read_home(tmp_path_factory: pytest.TempPathFactory, real_reader: Reader) -> Home:
    """A data folder with the dozen answers as the real encoder reads them, to copy."""
    return homes.answered(tmp_path_factory.mktemp("read"), real_reader)


@pytest.fixture
def site(tmp_path: Path, real_reader: Reader, read_home: Home) -> Iterator[Site]:
    read_home.copy_to(tmp_path)
    odzew = Odzew(Settings(home=tmp_path), real_reader)
    with odzew.database.transaction() as session:
        workspace = access.ensure_workspace(session, homes.WORKSPACE, datetime.now(UTC))
    odzew.meanings.catch_up(workspace)
    app = create_app(odzew)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    found = Site(odzew, workspace, f"http://127.0.0.1:{listening.getsockname()[1]}")
    yield found
    server.should_exit = True
    thread.join()
    listening.close()
    odzew.close()
    assert found.complaints == []
    assert found.asked == {urlsplit(found.address).netloc}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
                "--enable-unsafe-swiftshader",  # WebGL without a graphics card
            ],
        )
        yield found
        found.close()
