"""Makes evaluation cases of what people said of priorities."""

from __future__ import annotations

import csv
from pathlib import Path

from pipelines.contracts import PipelineError, Scale
from pipelines.segments import goodness
from service.storage.database import Database
from service.storage.judging import Judgement, JudgingRepository

FILE = "triage_reviews.csv"
_HEAD = ("text", "score", "level", "language", "note")


def write_cases(database: Database, workspace: str, folder: Path) -> Path:
    """Write the judged answers of a workspace as a file that task `triage` reads.

    Texts are masked as they are shown; scores are laid over 0 to 10.

    Raises:
        PipelineError: nobody has judged a priority yet.
    """
    with database.snapshot() as session:
        rows = [_row(one) for one in JudgingRepository(session, workspace).judgements()]
    if not rows:
        raise PipelineError(
            "Nobody has changed a priority yet. Do so on the page of a case, under its reasons."
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEAD)
        writer.writerows(rows)
    return path


def _row(one: Judgement) -> tuple[str, str, str, str, str]:
    answer = one.feedback
    text = " ".join(excerpt.text for excerpt in answer.reading.excerpts)
    score = (
        "" if answer.score is None else f"{10 * goodness(answer.score, Scale(**answer.scale)):g}"
    )
    return text, score, one.level, answer.reading.language, one.note
