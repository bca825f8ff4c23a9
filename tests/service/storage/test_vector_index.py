"""One contract over both vector indexes; the server's runs where a server is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from models.contracts import Vectors
from pipelines.ports import VectorIndex, VectorPoint
from service.storage.edge_index import EdgeIndex, IndexBusyError
from service.storage.server_index import ServerIndex

SIZE = 8
SERVER = os.environ.get("ODZEW_TEST_QDRANT_URL")
Opener = Callable[[], VectorIndex]


def vector(*values: float) -> Vectors:
    found = np.zeros(SIZE, np.float32)
    found[: len(values)] = values
    unit: Vectors = found / np.linalg.norm(found)
    return unit


def point(number: int, found: Vectors, workspace: str = "w") -> VectorPoint:
    return VectorPoint(number, workspace, f"fb_{number}", "pl", found)


@pytest.fixture(
    params=[
        "edge",
        pytest.param(
            "server",
            marks=pytest.mark.skipif(SERVER is None, reason="ODZEW_TEST_QDRANT_URL is not set"),
        ),
    ]
)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same index, as a process does each time it starts."""
    if request.param == "edge":
        yield lambda: EdgeIndex(tmp_path / "vectors", SIZE)
        return
    name = f"odzew-test-{uuid4().hex}"
    key = os.environ.get("ODZEW_TEST_QDRANT_API_KEY")
    yield lambda: ServerIndex(SERVER or "", SIZE, collection=name, api_key=key)
    last = ServerIndex(SERVER or "", SIZE, collection=name, api_key=key)
    last._client.delete_collection(name)
    last.close()


@pytest.fixture
def index(opener: Opener) -> Iterator[VectorIndex]:
    found = opener()
    yield found
    found.close()


class TestEveryIndex:
    def test_is_empty_at_first(self, index: VectorIndex) -> None:
        assert index.ids("w") == set()
        assert index.search("w", vector(1), 5) == []

    def test_finds_the_nearest_first_with_their_cosine(self, index: VectorIndex) -> None:
        index.upsert([point(1, vector(0, 1)), point(2, vector(1)), point(3, vector(1, 1))])
        found = index.search("w", vector(1), 2)
        assert [(one.id, one.feedback_id) for one in found] == [(2, "fb_2"), (3, "fb_3")]
        assert [one.similarity for one in found] == pytest.approx([1.0, 0.5**0.5], abs=1e-5)

    def test_keeps_workspaces_apart(self, index: VectorIndex) -> None:
        index.upsert([point(1, vector(1)), point(2, vector(1), "other")])
        assert index.ids("w") == {1}
        assert [one.id for one in index.search("other", vector(1), 5)] == [2]

    def test_replaces_a_point_with_the_same_id(self, index: VectorIndex) -> None:
        index.upsert([point(1, vector(1))])
        index.upsert([point(1, vector(0, 1))])
        assert index.ids("w") == {1}
        assert index.search("w", vector(0, 1), 1)[0].similarity == pytest.approx(1.0, abs=1e-5)

    def test_takes_none_and_more_than_one_request_holds(self, index: VectorIndex) -> None:
        index.upsert([])
        index.upsert([point(number, vector(1, number)) for number in range(2_500)])
        assert index.ids("w") == set(range(2_500))

    def test_deletes_and_minds_no_unknown_id(self, index: VectorIndex) -> None:
        index.upsert([point(1, vector(1)), point(2, vector(1))])
        index.delete([])
        index.delete([2, 99])
        assert index.ids("w") == {1}
        assert [one.id for one in index.search("w", vector(1), 5)] == [1]

    def test_is_usable_after_a_clear(self, index: VectorIndex) -> None:
        index.upsert([point(1, vector(1)), point(2, vector(1), "other")])
        index.clear()
        assert index.ids("w") == index.ids("other") == set()
        index.upsert([point(3, vector(1))])
        assert index.ids("w") == {3}

    def test_keeps_what_it_has_when_opened_again(self, opener: Opener) -> None:
        first = opener()
        first.upsert([point(1, vector(1))])
        first.close()
        second = opener()
        try:
            assert [one.id for one in second.search("w", vector(1), 5)] == [1]
        finally:
            second.close()


def test_an_index_that_another_process_holds_is_busy_until_it_ends(tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    hold = (
        "import sys; from pathlib import Path; from service.storage.edge_index import EdgeIndex; "
        f"index = EdgeIndex(Path(sys.argv[1]), {SIZE}); print('open', flush=True); "
        "sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", hold, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        # Another width does not make it anew under the feet of who has it open.
        for size in (SIZE, 2 * SIZE):
            with pytest.raises(IndexBusyError, match="another process"):
                EdgeIndex(folder, size)
        other.kill()
    EdgeIndex(folder, SIZE).close()


@pytest.mark.parametrize("damage", ["config", "segments", "truncate", "stray"])
def test_a_damaged_folder_is_made_anew(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "vectors"
    index = EdgeIndex(folder, SIZE)
    index.upsert([point(1, vector(1))])
    index.close()
    if damage == "config":
        (folder / "edge_config.json").write_bytes(b"{broken")
    elif damage == "segments":
        for one in folder.iterdir():
            if one.is_dir():
                shutil.rmtree(one)
    elif damage == "truncate":
        for one in folder.rglob("*"):
            if one.is_file():
                one.write_bytes(one.read_bytes()[: one.stat().st_size // 2])
    else:
        (folder / "edge_config.json").unlink()
    opened = EdgeIndex(folder, SIZE)
    try:
        assert opened.ids("w") <= {1}
        opened.upsert([point(2, vector(1))])
        assert 2 in opened.ids("w")
    finally:
        opened.close()


def test_an_index_of_another_width_is_made_anew(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path / "vectors", SIZE)
    index.upsert([point(1, vector(1))])
    index.close()
    wider = EdgeIndex(tmp_path / "vectors", 2 * SIZE)
    try:
        found = np.ones(2 * SIZE, np.float32) / np.sqrt(2 * SIZE, dtype=np.float32)
        wider.upsert([point(2, found)])
        assert wider.ids("w") == {2}
    finally:
        wider.close()
