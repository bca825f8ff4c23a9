"""Every excerpt with its theme as a file for analysts, CSV or Parquet."""

from __future__ import annotations

import csv
import io
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from service.storage.answer_tables import ExcerptRow, Feedback, Reading
from service.storage.theme_tables import ThemeRow
from service.wiring import Odzew

EXPORTS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
COLUMNS = (
    *("excerpt", "feedback", "external_id", "survey", "occurred_at", "score", "segment"),
    *("language", "text", "sentiment", "sentiment_score", "theme", "theme_name", "touchpoint"),
    *("theme_confidence", "second_theme", "second_theme_name"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that spreadsheets take for a formula."""


def export_themes(odzew: Odzew, workspace: str, kind: str) -> bytes:
    """The file; personal data is masked in it.

    Args:
        odzew: the house.
        workspace: whose excerpts.
        kind: a key of `EXPORTS`.
    """
    with odzew.database.snapshot() as session:
        rows = _rows(session, workspace)
    return _csv(rows) if kind == "csv" else _parquet(rows)


def _rows(session: Session, workspace: str) -> list[tuple[Any, ...]]:
    theme, second = aliased(ThemeRow), aliased(ThemeRow)
    query = (
        select(
            ExcerptRow.id,
            ExcerptRow.feedback_id,
            Feedback.external_id,
            Feedback.survey,
            Feedback.occurred_at,
            Feedback.score,
            Reading.segment,
            ExcerptRow.language,
            ExcerptRow.text,
            ExcerptRow.sentiment_label,
            ExcerptRow.sentiment_score,
            ExcerptRow.theme_id,
            theme.label,
            theme.touchpoint,
            ExcerptRow.theme_confidence,
            ExcerptRow.second_theme_id,
            second.label,
        )
        .join(Feedback, Feedback.id == ExcerptRow.feedback_id)
        .join(Reading, Reading.feedback_id == ExcerptRow.feedback_id)
        .outerjoin(theme, and_(theme.workspace_id == workspace, theme.id == ExcerptRow.theme_id))
        .outerjoin(
            second, and_(second.workspace_id == workspace, second.id == ExcerptRow.second_theme_id)
        )
        .where(ExcerptRow.workspace_id == workspace)
        .order_by(ExcerptRow.id)
    )
    return [tuple(row) for row in session.execute(query)]


def _csv(rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_safe(value) for value in row])
    return text.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets that it is UTF-8


def _safe(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _parquet(rows: list[tuple[Any, ...]]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {
        "excerpt": pa.int64(),
        "occurred_at": pa.timestamp("us", tz="UTC"),
        **dict.fromkeys(("score", "sentiment_score", "theme_confidence"), pa.float64()),
    }
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in COLUMNS]
    table = pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)],
        schema=schema,
    )
    file = io.BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()
