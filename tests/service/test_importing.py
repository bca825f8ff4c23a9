from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from pipelines.contracts import RejectedError, Scale
from pipelines.segments import NPS
from service import importing
from service.connectors.files import FileFormatError
from service.importing import BATCH, Summary, import_file
from service.storage.answer_tables import Feedback, Respondent
from service.storage.feedback import FeedbackRepository
from service.wiring import Odzew

MAP = {"text": "komentarz", "score": "ocena", "respondent": "klient", "occurred_at": "data"}
HEADER = ("klient", "data", "ocena", "komentarz")
ROWS = (
    ("k-1", "2025-03-01", "2", "Źle zapakowana paczka, szkło było stłuczone."),
    ("k-2", "2025-03-02", "9", "Świetna obsługa, dziękuję!"),
    ("k-3", "2025-03-03", "6", "Žádná zpráva, zásilka přišla až třetí den."),
)


def csv_text(rows: object = ROWS, delimiter: str = ",") -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([HEADER, *rows])  # type: ignore[misc]
    return stream.getvalue()


def load(
    odzew: Odzew,
    workspace: str,
    path: Path,
    *,
    mapping: Mapping[str, str] | None = MAP,
    scale: Scale = NPS,
) -> Summary:
    summary = import_file(odzew, workspace, path, scale=scale, survey="nps", mapping=mapping)
    assert summary.imported + summary.duplicates + summary.rejected == summary.rows
    assert summary.to_json()["rejected"] == summary.rejected
    return summary


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.rows, summary.imported, summary.duplicates, summary.rejected


def texts(odzew: Odzew) -> set[str]:
    with odzew.database.snapshot() as session:
        return set(session.scalars(select(Feedback.text)))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_file_is_read_in_the_encoding_it_is_in(
    odzew: Odzew, workspace: str, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(csv_text().encode(encoding))
    assert counts(load(odzew, workspace, path)) == (3, 3, 0, 0)
    assert texts(odzew) == {row[3] for row in ROWS}


def test_a_second_import_finds_every_row_seen_before(
    odzew: Odzew, workspace: str, tmp_path: Path
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(csv_text(), "utf-8")
    assert counts(load(odzew, workspace, path)) == (3, 3, 0, 0)
    assert counts(load(odzew, workspace, path)) == (3, 0, 3, 0)
    path.write_text(csv_text([*ROWS, ("k-4", "2025-03-04", "10", "Super")]), "utf-8")
    assert counts(load(odzew, workspace, path)) == (4, 1, 3, 0)


def test_many_rows_go_in_batches_with_progress(
    odzew: Odzew, workspace: str, tmp_path: Path
) -> None:
    rows = [(f"k-{n}", "2025-03-01", str(n % 11), f"Paczka numer {n}") for n in range(BATCH + 50)]
    path = tmp_path / "answers.csv"
    path.write_text(csv_text(rows), "utf-8")
    seen: list[int] = []
    summary = import_file(
        odzew,
        workspace,
        path,
        scale=NPS,
        survey="nps",
        mapping=MAP,
        on_progress=lambda done, _: seen.append(done),
    )
    assert counts(summary) == (BATCH + 50, BATCH + 50, 0, 0)
    assert seen == [BATCH, BATCH + 50]
    with odzew.database.snapshot() as session:
        assert FeedbackRepository(session, workspace).count() == BATCH + 50


def test_bad_rows_are_listed_with_their_number_and_reason(
    odzew: Odzew, workspace: str, tmp_path: Path
) -> None:
    future = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    rows = [
        ROWS[0],
        ("k-4", "2025-03-01", "11", "Poza skalą"),
        ("k-5", "2025-03-01", "dobrze", "Bez liczby"),
        ("k-6", future, "3", "Z przyszłości"),
        ("k-7", "wczoraj", "3", "Bez daty"),
        ("k-8", "2025-03-01", "3", "a" * 100_001),
        ("k-9", "2025-03-01", "3", "a\x00b"),
        ("k-10", "2025-03-01", "", ""),
        ("k-11", "2025-03-01", "3"),
        ("k-12", "2025-03-01", "3", "Dobra", "zbędna", "zbędna"),
        ROWS[1],
    ]
    path = tmp_path / "answers.csv"
    path.write_text(csv_text(rows), "utf-8")
    summary = load(odzew, workspace, path)
    listed = {one.row: one.reason for one in summary.rejections}
    expected = {
        3: "11",
        4: "dobrze",
        5: "future",
        6: "wczoraj",
        7: "100,001",
        8: "NUL",
        9: "blank",
        11: "",
    }
    assert set(expected) <= set(listed)
    for row, word in expected.items():
        assert word in listed[row]
    assert {ROWS[0][3], ROWS[1][3]} <= texts(odzew)
    assert texts(odzew) <= {ROWS[0][3], ROWS[1][3], ""}


def test_a_rejected_row_leaves_nothing_behind(odzew: Odzew, workspace: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(csv_text([("k-1", "2025-03-01", "99", "Poza skalą")]), "utf-8")
    assert counts(load(odzew, workspace, path)) == (1, 0, 0, 1)
    with odzew.database.snapshot() as session:
        assert session.scalars(select(Respondent)).all() == []


def test_duplicate_ids_within_a_file_are_duplicates(
    odzew: Odzew, workspace: str, tmp_path: Path
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("external_id,text\na-1,Dobrze\na-1,Dobrze\na-2,Dobrze\n", "utf-8")
    assert counts(load(odzew, workspace, path, mapping=None)) == (3, 2, 1, 0)


def test_a_row_with_a_known_id_and_other_content_is_told_with_its_number(
    odzew: Odzew, workspace: str, tmp_path: Path
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("external_id,text,score\na-1,Dobrze,9\na-1,Źle,9\na-2,Ok,99\n", "utf-8")
    summary = load(odzew, workspace, path, mapping=None)
    assert counts(summary) == (3, 1, 0, 2)
    differs, bad = summary.rejections
    assert (differs.row, bad.row) == (3, 4)
    assert "with other content (text)" in differs.reason
    again = tmp_path / "again.csv"
    again.write_text("external_id,text,score\na-1,Dobrze,9\na-1,Dobrze,2\n", "utf-8")
    summary = load(odzew, workspace, again, mapping=None)
    assert counts(summary) == (2, 0, 1, 1)
    assert "with other content (score)" in summary.rejections[0].reason
    assert texts(odzew) == {"Dobrze"}


def test_an_empty_file_has_no_rows_or_says_that_it_is_empty(
    odzew: Odzew, workspace: str, tmp_path: Path
) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(b"")
    with pytest.raises(FileFormatError, match="is empty"):
        load(odzew, workspace, path)
    path.write_text(",".join(HEADER) + "\n", "utf-8")
    assert counts(load(odzew, workspace, path)) == (0, 0, 0, 0)


def test_formulas_in_a_workbook_are_never_taken_for_words(
    odzew: Odzew, workspace: str, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(("k-1", datetime(2025, 3, 1), 2, "Źle zapakowana paczka"))  # noqa: DTZ001 - as a sheet has it
    sheet.append(("k-2", datetime(2025, 3, 1), "=1+1", '=CONCATENATE("Zł","y")'))  # noqa: DTZ001 - same
    sheet.append(("k-3", datetime(2025, 3, 1), 9, "Świetnie"))  # noqa: DTZ001 - same
    path = tmp_path / "answers.xlsx"
    book.save(path)
    summary = load(odzew, workspace, path)
    assert (summary.rows, summary.imported) == (3, 2)
    assert [one.row for one in summary.rejections] == [3]
    assert texts(odzew) == {"Źle zapakowana paczka", "Świetnie"}


def test_a_map_to_a_column_that_is_not_there_names_those_that_are(
    odzew: Odzew, workspace: str, tmp_path: Path
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(csv_text(), "utf-8")
    with pytest.raises(RejectedError, match="klient, data, ocena, komentarz"):
        load(odzew, workspace, path, mapping={"text": "comment"})
    assert texts(odzew) == set()


@pytest.mark.parametrize("name", ["answers.csv", "answers.xlsx", "answers.parquet"])
@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + bytes(2000), bytes(range(256)) * 40, b"PK\x03\x04broken"]
)
def test_a_file_that_is_no_table_is_refused_in_words(
    odzew: Odzew, workspace: str, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((FileFormatError, RejectedError), match=r"\w+ \w+"):
        load(odzew, workspace, path, mapping=None)
    assert texts(odzew) == set()


def test_an_answer_whose_address_is_none_is_taken_without_it_and_reported(
    odzew: Odzew, workspace: str, tmp_path: Path
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(
        "text,score,respondent,email,phone\n"
        "Źle,1,k-1,not an address,+48 600 100 200\n"
        '"Dobrze",9,k-2,"anna@example.com\njan@example.com",brak\n'
        "Tak,9,k-3,ewa@example.com,(22) 123-45-67\n",
        "utf-8",
    )
    summary = load(odzew, workspace, path, mapping=None)
    assert counts(summary) == (3, 3, 0, 0)
    assert [(one.row, one.reason.partition(":")[0]) for one in summary.omissions] == [
        (2, "email"),
        (3, "email"),
        (3, "phone"),
    ]
    assert all("taken without it" in one.reason for one in summary.omissions)
    found = summary.to_json()
    assert found["omitted"] == len(found["omissions"]) == 3  # type: ignore[arg-type]
    with odzew.database.snapshot() as session:
        query = select(Respondent.email, Respondent.phone).order_by(Respondent.external_id)
        assert session.execute(query).all() == [
            (None, "+48 600 100 200"),
            (None, None),
            ("ewa@example.com", "(22) 123-45-67"),
        ]
    assert load(odzew, workspace, path, mapping=None).omissions == []


def test_a_reversed_scale_turns_the_segment(odzew: Odzew, workspace: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("text,score\nŹle,5\nDobrze,1\n", "utf-8")
    load(odzew, workspace, path, mapping=None, scale=Scale(1, 5, higher_is_better=False))
    with odzew.database.snapshot() as session:
        repository = FeedbackRepository(session, workspace)
        rows = repository.several(list(session.scalars(select(Feedback.id))))
    assert {row.text: row.reading.segment for row in rows.values()} == {
        "Źle": "detractor",
        "Dobrze": "promoter",
    }


def test_a_batch_of_long_comments_is_stored_before_it_is_full(
    odzew: Odzew, workspace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH_CHARACTERS", 250)
    path = tmp_path / "long.csv"
    path.write_text("text,score\n" + f"{'Dobra obsługa. ' * 7},9\n" * 6, "utf-8")
    seen: list[int] = []
    summary = import_file(
        odzew,
        workspace,
        path,
        scale=NPS,
        survey="long",
        on_progress=lambda rows, _: seen.append(rows),
    )
    assert summary.imported == 6
    assert seen == [3, 6, 6]
