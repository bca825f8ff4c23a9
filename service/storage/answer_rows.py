"""Rows of an answer as they are stored: itself, its reading, its excerpts and its words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from models.contracts import Vectors
from models.folding import fold
from pipelines.contracts import Understanding
from pipelines.ports import Received, VectorPoint
from service.storage.answer_tables import UNDERSTANDING_FORMAT, ExcerptRow, Feedback, Reading
from service.storage.queue_tables import FeedbackWords


def to_bytes(vector: Vectors) -> bytes:
    """A neutral vector as stored: half precision, which loses nothing (see `NeutralSpace`)."""
    return vector.astype("<f2").tobytes()


def from_bytes(content: bytes) -> Vectors:
    """The vector that `to_bytes` stored."""
    return np.frombuffer(content, "<f2").astype(np.float32)


def feedback_row(one: Received, workspace: str, respondent_id: str | None) -> Feedback:
    """An answer as it came."""
    answer = one.answer
    return Feedback(
        id=one.feedback_id,
        workspace_id=workspace,
        dedupe_key=one.dedupe_key,
        external_id=answer.external_id,
        survey=answer.survey,
        scale=asdict(answer.scale),
        score=answer.score,
        text=answer.text,
        language_hint=answer.language_hint,
        attributes=dict(answer.attributes),
        respondent_id=respondent_id,
        occurred_at=answer.occurred_at,
        received_at=one.received_at,
    )


def reading_row(one: Received, workspace: str) -> Reading:
    """What the models said of an answer."""
    read = one.understanding
    mood = read.sentiment
    return Reading(
        feedback_id=one.feedback_id,
        workspace_id=workspace,
        language=read.language.code,
        language_confidence=read.language.confidence,
        segment=one.segment,
        sentiment_label=mood.label if mood else None,
        sentiment_score=mood.score if mood else None,
        sentiment_confidence=mood.confidence if mood else None,
        signals=list(read.signals),
        pii=[asdict(found) for found in read.pii],
        is_mixed=read.is_mixed,
        mismatch=asdict(read.mismatch) if read.mismatch else None,
        cuts=[asdict(cut) for cut in read.cuts],
        priority=_priority(one),
        bucket=one.bucket,
        model_version=read.model,
        format=UNDERSTANDING_FORMAT,
        read_at=one.received_at,
    )


def words_row(feedback_id: str, read: Understanding, workspace: str) -> FeedbackWords:
    """What search by words looks at of an answer."""
    said = fold(" ".join(excerpt.shown for excerpt in read.excerpts))
    return FeedbackWords(feedback_id=feedback_id, workspace_id=workspace, words=said)


def _priority(one: Received) -> dict[str, Any]:
    record = asdict(one.priority)
    record["respond_by"] = one.priority.respond_by.isoformat()
    record["reasons"] = [asdict(reason) for reason in one.priority.reasons]
    return record


def excerpt_rows(
    feedback_id: str, read: Understanding, workspace: str
) -> list[tuple[ExcerptRow, Vectors]]:
    """The excerpts of an answer, each with its vector."""
    return [
        (
            ExcerptRow(
                workspace_id=workspace,
                feedback_id=feedback_id,
                start=excerpt.start,
                end=excerpt.end,
                text=excerpt.shown,
                language=read.language.code,
                sentiment_label=excerpt.sentiment.label,
                sentiment_score=excerpt.sentiment.score,
                sentiment_confidence=excerpt.sentiment.confidence,
                signals=[
                    asdict(hit) | {"text": words}
                    for hit, words in zip(excerpt.signals, excerpt.evidence, strict=True)
                ],
                theme_id=excerpt.theme.id if excerpt.theme else None,
                theme_confidence=excerpt.theme.confidence if excerpt.theme else None,
                second_theme_id=excerpt.second.id if excerpt.second else None,
                concept=excerpt.concept,
                map_x=excerpt.place[0] if excerpt.place else None,
                map_y=excerpt.place[1] if excerpt.place else None,
                vector=to_bytes(vector),
            ),
            vector,
        )
        for excerpt, vector in zip(read.excerpts, read.vectors, strict=True)
    ]


def vector_point(row: ExcerptRow, vector: Vectors) -> VectorPoint:
    """What the vector index holds for an excerpt."""
    return VectorPoint(row.id, row.workspace_id, row.feedback_id, row.language, vector)
