"""What all tests share: no network, a stand-in for the encoder, an opened house, web clients."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import settings as hypothesis_settings
from starlette.testclient import TestClient

from models import bundle
from models.encoder import open_encoder
from pipelines.understanding import Reader
from service.app import create_app
from service.settings import Settings
from service.storage import access
from service.wiring import Odzew
from tests import homes
from tests.homes import Home
from tests.models.packed_weights import write_package
from tests.stand_in import StandInEncoder, patterns_alone

_REPOSITORY = Path(__file__).parents[1]
_QDRANT = "ODZEW_TEST_QDRANT_URL"
_NEAR = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None}


class NetworkError(AssertionError):
    """A test tried to leave the machine."""


def pytest_configure(config: pytest.Config) -> None:
    """Block sockets to anything but this machine (and the Qdrant server asked for)."""
    near = set(_NEAR)
    if _QDRANT in os.environ:
        near.add(urlsplit(os.environ[_QDRANT]).hostname)

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto"):
            address = arguments[1]
            host = address[0] if isinstance(address, tuple) else None
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            host = arguments[0]
        else:
            return
        if isinstance(host, bytes):
            host = host.decode("ascii", "replace")
        if host not in near:
            raise NetworkError(f"A test tried to reach {host!r}; tests use this machine only.")

    # An audit hook sees what every library does with sockets, and cannot be taken off again.
    sys.addaudithook(guard)


hypothesis_settings.register_profile("odzew", deadline=None)  # time is shown by `odzew bench`
hypothesis_settings.load_profile("odzew")


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests must not change what they say."""
    for name in os.environ:
        if name.startswith("ODZEW_") and not name.startswith("ODZEW_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def encoder_cache() -> Path:
    """Folder with the decoded weights; made by `make setup`, or at first use."""
    named = os.environ.get("ODZEW_TEST_ENCODER_CACHE")
    return Path(named) if named else _REPOSITORY / "var" / "encoder"


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder with a network of four small random layers."""
    root = tmp_path_factory.mktemp("tiny")
    with pytest.MonkeyPatch.context() as patch:
        write_package(root / "packages").use(patch)
        return bundle.ensure_folder(root / "cache")


@pytest.fixture(scope="session")
def real_reader(encoder_cache: Path) -> Reader:
    """Everything that reads, with the real encoder; for tests marked slow."""
    return Reader.load(open_encoder(encoder_cache))


@pytest.fixture(scope="session")
def reader() -> Reader:
    """Everything that reads, with the stand-in encoder."""
    return replace(Reader.load(StandInEncoder()), signals=patterns_alone())


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A data folder without a workspace, to copy."""
    return homes.empty(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="session")
def answered_home(tmp_path_factory: pytest.TempPathFactory, reader: Reader) -> Home:
    """A data folder with the dozen answers, to copy."""
    return homes.answered(tmp_path_factory.mktemp("answered"), reader)


@pytest.fixture
def home(tmp_path: Path, empty_home: Home) -> Path:
    """A folder of data with an empty database."""
    empty_home.copy_to(tmp_path)
    return tmp_path


@pytest.fixture
def odzew(request: pytest.FixtureRequest, tmp_path: Path, reader: Reader) -> Iterator[Odzew]:
    """An opened house in a folder of its own, with the dozen answers where those are `loaded`."""
    home = "answered_home" if "loaded" in request.fixturenames else "empty_home"
    request.getfixturevalue(home).copy_to(tmp_path)
    house = Odzew(Settings(home=tmp_path), reader)
    yield house
    house.close()


@pytest.fixture
def workspace(odzew: Odzew) -> str:
    """Id of a workspace."""
    with odzew.database.transaction() as session:
        return access.ensure_workspace(session, homes.WORKSPACE, datetime.now(UTC))


KeyMaker = Callable[[str], str]


@pytest.fixture
def new_key(odzew: Odzew) -> KeyMaker:
    """Makes an API key of a workspace."""

    def make(workspace: str) -> str:
        with odzew.database.transaction() as session:
            return access.create_key(session, workspace, "tests", datetime.now(UTC), approves=True)[
                1
            ]

    return make


@pytest.fixture
def client(odzew: Odzew, workspace: str, new_key: KeyMaker) -> Iterator[TestClient]:
    """A survey platform: a client with an API key."""
    headers = {"Authorization": f"Bearer {new_key(workspace)}"}
    with TestClient(create_app(odzew), headers=headers) as found:
        yield found


def sign_in(odzew: Odzew, workspace: str, person: str = "Ewa") -> str:
    """Address of a fresh sign-in link."""
    with odzew.database.transaction() as session:
        token = access.create_link(session, workspace, person, datetime.now(UTC))
    return f"/sign-in?token={token}"


def come_in(odzew: Odzew, workspace: str, *people: str) -> None:
    """Have people sign in, so that they are known."""
    now = datetime.now(UTC)
    with odzew.database.transaction() as session:
        for person in people:
            access.use_link(session, access.create_link(session, workspace, person, now), now)


@pytest.fixture
def reviewers(odzew: Odzew, workspace: str) -> None:
    """Ewa and Jan, who have signed in."""
    come_in(odzew, workspace, "Ewa", "Jan")


@pytest.fixture
def browser(odzew: Odzew) -> Iterator[TestClient]:
    """A browser that is not signed in."""
    context: AbstractContextManager[TestClient] = TestClient(
        create_app(odzew), headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    )
    with context as found:
        yield found


@pytest.fixture
def signed_in(odzew: Odzew, workspace: str, browser: TestClient) -> TestClient:
    """A browser that Ewa signed in with."""
    assert browser.get(sign_in(odzew, workspace)).status_code == 200
    return browser


@pytest.fixture
def loaded(client: TestClient, answered_home: Home) -> dict[str, str]:
    """The dozen answers, stored and indexed; feedback ids by external id."""
    assert client.get("/readyz").json()["ready"]
    return answered_home.ids
