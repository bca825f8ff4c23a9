from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.understanding import Reader
from service import wiring
from service.cli import lines
from service.settings import load
from service.storage import access
from service.storage.edge_index import EdgeIndex
from service.wiring import Odzew
from tests.answers import ANSWERS
from tests.service.command import odzew
from tests.stand_in import StandInEncoder


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reader: Reader) -> Iterator[None]:
    monkeypatch.setenv("ODZEW_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(wiring, "open_encoder", lambda *_, **__: StandInEncoder())
    monkeypatch.setattr(Reader, "load", lambda _: reader)
    levels = {name: logging.getLogger(name).level for name in ("models", "service")}
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def write_answers(path: Path) -> Path:
    lines = [json.dumps({name: one[name] for name in ("text", "score")}) for one in ANSWERS]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_an_import_ends_with_a_summary_that_adds_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("text,score,phone\nŹle,1,?\nDobrze,11,\nSuper,10,\n", "utf-8")
    rejected = tmp_path / "rejected.csv"
    assert odzew(monkeypatch, "import", str(path), "--json", "--rejected", str(rejected)) == 0
    out, err = capsys.readouterr()
    summary = json.loads(out.splitlines()[-1])
    assert (summary["rows"], summary["imported"], summary["rejected"]) == (3, 2, 1)
    assert summary["rows"] == summary["imported"] + summary["duplicates"] + summary["rejected"]
    assert {"seconds", "peak_memory_mb"} <= set(summary)
    assert "Row 3: score" in err
    assert rejected.read_text("utf-8").splitlines()[0] == "row,reason"
    assert [line[:8] for line in rejected.read_text("utf-8").splitlines()[1:]] == [
        "2,phone:",
        '3,"score',
    ]
    assert "Row 2: phone: '?' is no telephone number" in err
    odzew(monkeypatch, "import", str(path), "--json")
    again = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (again["imported"], again["duplicates"]) == (0, 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "none.csv"), "none.csv"),
        (("import", "{file}", "--map", "text=comment"), "There is no column 'comment'"),
        (("import", "{file}", "--map", "colour=text"), "Unknown field 'colour'"),
        (("import", "{file}", "--scale", "smileys"), "Unknown scale 'smileys'"),
        (("import", "{file}", "--encoding", "klingon"), "klingon"),
        (("keys", "revoke", "none"), "There is no key 'none'"),
        (("serve", "--port", "0"), "ODZEW_PORT"),
        (("eval", "--data", "none"), "none"),
    ],
)
def test_what_a_person_can_mend_ends_with_a_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    file = write_answers(tmp_path / "answers.jsonl")
    monkeypatch.chdir(tmp_path)
    assert odzew(monkeypatch, *(one.replace("{file}", str(file)) for one in arguments)) == 2
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err


def test_a_folder_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").write_text("a file, not a folder", "utf-8")
    assert odzew(monkeypatch, "keys", "list") == 2
    assert str(tmp_path / "home") in capsys.readouterr().err


def test_classify_answers_line_by_line_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = [
        json.dumps({"text": "Źle, nikt nie odpowiada", "score": 1}).encode(),
        b"\xff\xfe no json",
        b"",
        b"[" * 100_000,
        json.dumps({"text": "Dobrze", "score": 99}).encode(),
        json.dumps({"text": "Hea", "score": 10}).encode(),
    ]
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\n".join(sent))
    with path.open(encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert odzew(monkeypatch, "classify") == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer.get("segment") for answer in answers] == [
        "detractor",
        None,
        None,
        None,
        "promoter",
    ]
    assert [answer["line"] for answer in answers] == [1, 2, 4, 5, 6]
    assert [("error" in answer) for answer in answers] == [False, True, True, True, False]


def classified(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path, content: bytes
) -> tuple[int, list[dict[str, Any]]]:
    path.write_bytes(content)
    with path.open(encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        code = odzew(monkeypatch, "classify")
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"text": "a"', "is no JSON (Expecting ',' delimiter, character 13)"),
        (b"[]", "is a list and no JSON object"),
        (b"null", "is null and no JSON object"),
        (b"7", "is a number and no JSON object"),
        ('{"text": "Źle"}'.encode("cp1250"), "is not UTF-8 (byte 11)"),
        (b"[" * 100_000, "is nested too deeply"),
        (b'{"score": ' + b"9" * 5_000 + b"}", "has a number with too many digits"),
    ],
)
def test_a_line_that_cannot_be_classified_says_why_and_which_it_is(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    line: bytes,
    said: str,
) -> None:
    content = b'{"text": "Dobrze"}\n\n' + line + b'\n{"text": "Hea"}\n'
    code, answers = classified(monkeypatch, capsys, tmp_path / "in.jsonl", content)
    assert code == 1
    assert [answer["line"] for answer in answers] == [1, 3, 4]
    assert answers[1].keys() == {"line", "error"}
    assert answers[1]["error"].startswith(f"Line 3 {said}")
    assert "excerpts" in answers[0]
    assert "excerpts" in answers[2]


def test_blank_lines_are_skipped_and_counted_and_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = b'\xef\xbb\xbf{"text": "Dobrze"}\r\n\r\n  \n{"text": "Hea"}\n\n'
    code, answers = classified(monkeypatch, capsys, tmp_path / "in.jsonl", content)
    assert code == 0
    assert [answer["line"] for answer in answers] == [1, 4]


def test_lines_go_in_batches_of_bounded_size() -> None:
    long = {"text": "a" * 90_000}
    read = [lines.Line(number, long) for number in range(1, 41)]
    sizes = [len(batch) for batch in lines.batches([*read, *[lines.Line(41, {})] * 300])]
    assert sizes == [22, 256, 62]


def test_keys_are_made_listed_and_revoked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert odzew(monkeypatch, "keys", "create", "survey platform") == 0
    secret = capsys.readouterr().out.strip()
    assert secret.startswith("odz_")
    odzew(monkeypatch, "keys", "list")
    listed = capsys.readouterr().out
    assert "survey platform" in listed
    assert secret not in listed
    assert odzew(monkeypatch, "keys", "revoke", "survey platform") == 0
    assert odzew(monkeypatch, "keys", "revoke", "survey platform") == 2


def test_a_person_of_the_team_is_given_a_link_of_their_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert odzew(monkeypatch, "users", "add", "  Anna   Nowak ") == 0
    link = capsys.readouterr().out.strip()
    house = Odzew(load())
    try:
        with house.database.transaction() as session:
            token = access.use_link(session, link.partition("token=")[2], datetime.now(UTC))
            assert token is not None
            caller = access.caller_of_session(session, token, datetime.now(UTC))
    finally:
        house.close()
    assert caller is not None
    assert caller.name == "Anna Nowak"
    assert odzew(monkeypatch, "users", "add", "a\nb" * 60) == 2


def test_too_little_for_themes_is_said_and_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert odzew(monkeypatch, "themes", "refit") == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"themes": 0}
    assert "30" in err
    assert odzew(monkeypatch, "themes", "list", "--json") == 0
    assert capsys.readouterr().out == ""


def test_reindex_puts_back_what_the_index_lost(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    reader: Reader,
) -> None:
    odzew(monkeypatch, "import", str(write_answers(tmp_path / "answers.jsonl")))
    index = EdgeIndex(tmp_path / "home" / "vectors", reader.concepts.dimensions)
    index.clear()
    index.close()
    capsys.readouterr()
    assert odzew(monkeypatch, "reindex") == 0
    assert json.loads(capsys.readouterr().out)["indexed"] >= len(ANSWERS)


def test_reindex_says_when_another_process_holds_the_index(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    reader: Reader,
) -> None:
    index = EdgeIndex(tmp_path / "home" / "vectors", reader.concepts.dimensions)
    try:
        assert odzew(monkeypatch, "reindex") == 2
    finally:
        index.close()
    assert "another process" in capsys.readouterr().err


def test_import_goes_on_while_another_process_holds_the_index(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    reader: Reader,
) -> None:
    index = EdgeIndex(tmp_path / "home" / "vectors", reader.concepts.dimensions)
    file = write_answers(tmp_path / "answers.jsonl")
    try:
        assert odzew(monkeypatch, "import", str(file), "--json") == 0
    finally:
        index.close()
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["imported"] == len(ANSWERS)


def test_a_digest_is_printed_and_nobody_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("text,score,shop\nNobody came.,1,Tartu\nLate.,2,Narva\n", "utf-8")
    mapping = "text=text,score=score,attr:shop=shop"
    odzew(monkeypatch, "import", str(path), "--map", mapping, "--no-themes")
    capsys.readouterr()
    assert odzew(monkeypatch, "digest", "--person", "Ewa") == 0
    assert capsys.readouterr().out.startswith("Your day: ")
    assert odzew(monkeypatch, "digest", "--person", "Ewa", "--place", "shop=Tartu") == 0
    assert "shop: Tartu" in capsys.readouterr().out
    assert odzew(monkeypatch, "digest", "--person", "Ewa", "--place", "Tartu") == 2
    assert "shop=Tartu" in capsys.readouterr().err


def test_templates_go_out_and_their_changes_come_in_as_a_proposal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert odzew(monkeypatch, "templates", "export", "en", "short") == 0
    written = capsys.readouterr().out
    path = tmp_path / "short.toml"
    path.write_text(written.replace('text = [\n  "', 'text = [\n  "So: ', 1), "utf-8")
    into = ("templates", "import", "en", "short", str(path), "--who", "Ewa", "--why", "A try")
    assert odzew(monkeypatch, *into) == 0
    assert capsys.readouterr().out.endswith("/templates/proposals/1\n")
    path.write_text(written, "utf-8")
    assert odzew(monkeypatch, *into) == 2
    assert "changes nothing" in capsys.readouterr().err
    assert odzew(monkeypatch, "templates", "export", "xx", "short") == 2
