"""Stored readings as what they were made from: the understanding and the answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.contracts import Language, Sentiment, SignalHit, ThemeMatch
from models.own_words import Cut
from models.personal_data import PersonalSpan
from pipelines.contracts import Answer, Mismatch, Person, ReadExcerpt, Scale, Understanding
from pipelines.understanding import mentions
from service.storage.answer_tables import ExcerptRow, Feedback


def understanding_of(feedback: Feedback) -> Understanding:
    """What was read of an answer, with today's themes, the words as they may be shown, no vectors.

    The answer comes with its reading, excerpts and their themes loaded.
    """
    reading = feedback.reading
    excerpts = tuple(_excerpt(row) for row in reading.excerpts)
    return Understanding(
        language=Language(reading.language, reading.language_confidence),
        sentiment=_mood(
            reading.sentiment_label, reading.sentiment_score, reading.sentiment_confidence
        ),
        is_mixed=reading.is_mixed,
        mismatch=Mismatch(**reading.mismatch) if reading.mismatch else None,
        excerpts=excerpts,
        themes=mentions(excerpts),
        signals=tuple(reading.signals),
        pii=tuple(PersonalSpan(**span) for span in reading.pii),
        cuts=tuple(Cut(**cut) for cut in reading.cuts),
        vectors=np.empty((0, 0), np.float32),
        model=reading.model_version,
        themes_version=None,
    )


def answer_of(feedback: Feedback) -> Answer:
    """The answer as it came; it comes with its respondent loaded."""
    person = feedback.respondent
    return Answer(
        text=feedback.text,
        score=feedback.score,
        scale=Scale(**feedback.scale),
        survey=feedback.survey,
        occurred_at=feedback.occurred_at,
        external_id=feedback.external_id,
        language_hint=feedback.language_hint,
        respondent=Person(
            person.external_id,
            person.name,
            person.gender,
            person.email,
            person.phone,
            person.tier,
            person.account,
        )
        if person
        else None,
        attributes=feedback.attributes,
    )


def _excerpt(row: ExcerptRow) -> ReadExcerpt:
    theme = None
    if row.theme is not None:
        theme = ThemeMatch(row.theme.id, row.theme.label, row.theme_confidence or 0.0)
    mood = _mood(row.sentiment_label, row.sentiment_score, row.sentiment_confidence)
    assert mood is not None  # noqa: S101 - the table's columns cannot be null
    return ReadExcerpt(
        row.text,
        row.start,
        row.end,
        mood,
        theme,
        tuple(SignalHit(**hit) for hit in row.signals),
        shown=row.text,
        evidence=tuple(hit["text"] for hit in row.signals),
        concept=row.concept,
    )


def _mood(label: Any, score: float | None, confidence: float | None) -> Sentiment | None:
    if label is None or score is None or confidence is None:
        return None
    return Sentiment(label, score, confidence)
