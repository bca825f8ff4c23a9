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
from starlette.testclient import TestClient

from pipelines.understanding import Reader
from service.app import create_app
from service.settings import Settings
from service.storage import access
from service.wiring import Odzew
from tests.answers import ANSWERS
from tests.e2e.site import CHROMIUM, Site


@pytest.fixture
def site(home: Path, real_reader: Reader) -> Iterator[Site]:
    odzew = Odzew(Settings(home=home), real_reader)
    now = datetime.now(UTC)
    with odzew.database.transaction() as session:
        workspace = access.ensure_workspace(session, "Demo", now)
        key = access.create_key(session, workspace, "tests", now)[1]
    app = create_app(odzew)
    with TestClient(app, headers={"Authorization": f"Bearer {key}"}) as client:
        client.post("/v1/feedback/batch", json={"items": ANSWERS})
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
