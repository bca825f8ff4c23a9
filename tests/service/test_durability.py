"""What was acknowledged survives `kill -9` a moment later."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from sqlalchemy import func, select

from pipelines.understanding import Reader
from service.settings import Settings
from service.storage import access
from service.storage.answer_tables import Feedback, Reading
from service.storage.case_tables import CaseAnswer, CaseRow
from service.storage.cases import CaseRepository
from service.storage.database import Database
from service.storage.draft_tables import DraftRow
from service.storage.drafts import DraftRepository
from service.storage.edge_index import EdgeIndex
from service.storage.feedback import FeedbackRepository
from tests.answers import ANSWERS

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """`odzew serve` in a process of its own."""

    def __init__(self, home: Path, encoder_cache: Path) -> None:
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("ODZEW_")},
            "ODZEW_HOME": str(home),
            "ODZEW_ENCODER_CACHE": str(encoder_cache),
            "HF_HUB_OFFLINE": "1",
        }
        self.address = f"http://127.0.0.1:{free_port()}"
        database = Database(Settings(home=home).sql_url)
        database.migrate()
        with database.transaction() as session:
            now = datetime.now(UTC)
            self.workspace = access.ensure_workspace(session, "Demo", now)
            self.key = access.create_key(session, self.workspace, "tests", now)[1]
        database.close()

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Start and wait until it is ready; killed at the end if it still runs."""
        port = self.address.rpartition(":")[2]
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "serve", "--port", port],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait(process)
            yield process
        finally:
            process.kill()
            process.wait()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/readyz") as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.1)
        pytest.fail(f"The server did not start; it ended with {process.poll()}.")

    def send(self, body: dict[str, Any]) -> dict[str, Any]:
        """Post one answer; gives what a 201 says."""
        request = urllib.request.Request(
            f"{self.address}/v1/feedback",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 201
            found: dict[str, Any] = json.loads(answer.read())
            return found


def test_an_acknowledged_answer_survives_a_kill(
    tmp_path: Path, encoder_cache: Path, reader: Reader
) -> None:
    server = Server(tmp_path, encoder_cache)
    acknowledged: list[str] = []

    def keep_sending(name: str) -> None:
        try:
            for number in range(1_000):
                body = {**ANSWERS[number % 12], "external_id": f"{name}-{number}"}
                acknowledged.append(server.send(body)["id"])
        except (URLError, OSError, ValueError):
            return  # the server is gone

    senders = [threading.Thread(target=keep_sending, args=(name,)) for name in ("a", "b")]
    with server.running() as process:
        for sender in senders:
            sender.start()
        last = server.send(ANSWERS[0])
        process.kill()
    for sender in senders:
        sender.join()

    database = Database(Settings(home=tmp_path).sql_url)
    database.migrate()
    with database.snapshot() as session:
        repository = FeedbackRepository(session, server.workspace)
        cases = CaseRepository(session, server.workspace)
        row = repository.get(last["id"])
        assert row is not None
        assert row.text == ANSWERS[0]["text"]
        assert [excerpt.text for excerpt in row.reading.excerpts] == [
            excerpt["text"] for excerpt in last["excerpts"]
        ]
        assert cases.get(last["case_id"]).state == "new"
        draft = DraftRepository(session, server.workspace).of_case(last["case_id"])[0]
        assert draft.body
        assert draft.decisions == []
        assert set(acknowledged) <= set(repository.several(acknowledged))
        # Whatever else was under way is there whole or not at all.
        feedback, readings = (
            session.scalar(select(func.count()).select_from(table)) for table in (Feedback, Reading)
        )
        assert feedback == readings
        placed = select(CaseAnswer.feedback_id)
        lost = select(Reading.feedback_id).where(
            Reading.bucket == "queue", Reading.feedback_id.not_in(placed)
        )
        assert not session.scalars(lost).all()
        drafted = select(DraftRow.case_id)
        assert not session.scalars(select(CaseRow.id).where(CaseRow.id.not_in(drafted))).all()
        stored = repository.excerpt_ids()
    database.close()

    shutil.rmtree(tmp_path / "vectors")
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "reindex"],
        env=server.environment,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == {"indexed": len(stored)}
    index = EdgeIndex(tmp_path / "vectors", reader.concepts.dimensions)
    try:
        assert index.ids(server.workspace) == stored
    finally:
        index.close()
