"""`odzew eval` and `odzew bench`, as typed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from eval import bench, gates
from eval.gates import Gate
from models import encoder
from pipelines.understanding import Reader
from tests.service.command import odzew
from tests.stand_in import StandInEncoder


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reader: Reader) -> None:
    monkeypatch.setenv("ODZEW_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(encoder, "open_encoder", lambda *_, **__: StandInEncoder())
    monkeypatch.setattr(Reader, "load", lambda _: reader)


def test_a_measurement_is_printed_written_and_its_mistakes_listed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written, worst = tmp_path / "results.json", tmp_path / "worst"
    code = odzew(
        monkeypatch, "eval", "--task", "pii", "--json", str(written), "--worst", str(worst)
    )
    assert code == 0
    tasks = json.loads(written.read_text("utf-8"))["tasks"]
    assert {one["name"] for one in tasks} == {"pii"}
    assert all(set(one) >= {"dataset", "language", "n", "metrics"} for one in tasks)
    assert "recall" in capsys.readouterr().out
    for path in worst.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert all(row["task"] == "pii" for row in csv.DictReader(file))


def test_below_a_gate_it_ends_with_one_and_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out_of_reach = Gate("pii", "recall", dataset="suite", language="pl", least=1.1)
    monkeypatch.setattr(gates, "load", lambda: [out_of_reach])
    assert odzew(monkeypatch, "eval", "--task", "pii") == 1
    assert "at least 1.1 is required" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("eval", "--task", "colour"), "There is no task 'colour'"),
        (("eval", "--data", "nowhere"), "nowhere is no folder"),
        (("bench", "colour"), "There is no bench 'colour'"),
    ],
)
def test_what_cannot_be_measured_is_said(
    arguments: tuple[str, ...],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert odzew(monkeypatch, *arguments) == 2
    assert words in capsys.readouterr().err


def test_the_bench_sets_every_part_beside_the_bare_pass(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench, "ROUNDS", 1)
    written = tmp_path / "timings.json"
    assert odzew(monkeypatch, "bench", "reading", "--json", str(written)) == 0
    timings = {one["part"]: one for one in json.loads(written.read_text("utf-8"))}
    assert timings["bare encoder pass"]["ratio"] == 1
    assert {"language", "sentiment", "signals", bench.READING} <= set(timings)
    assert all(one["milliseconds"] > 0 for one in timings.values())
