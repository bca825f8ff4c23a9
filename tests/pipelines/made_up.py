"""Made-up understandings and hypothesis strategies for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from hypothesis import strategies as st

from models.contracts import POLARITIES, Language, Polarity, Sentiment, SignalHit
from pipelines.contracts import (
    SCORE_TEXT_MISMATCH,
    Mismatch,
    Person,
    ReadExcerpt,
    Scale,
    Segment,
    Understanding,
)
from pipelines.segments import NPS, segment_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SIGNALS = (
    "authority_complaint",
    "churn_risk",
    "contacted_before",
    "legal_threat",
    "open_problem",
    "praise_person",
    "question",
    "safety",
    SCORE_TEXT_MISMATCH,
    "suggestion",
)


def mood(score: float, confidence: float = 0.9) -> Sentiment:
    """A sentiment of a score in [-1, 1]."""
    label: Polarity = "negative" if score < -0.3 else "positive" if score > 0.3 else "neutral"
    return Sentiment(label, score, confidence)


def understood(
    text: str = "The courier never rang the bell",
    score: float | None = -0.8,
    signals: tuple[str, ...] = (),
    mismatch: Mismatch | None = None,
) -> Understanding:
    """One excerpt that is the whole comment; no text at all where `score` is None."""
    excerpts: tuple[ReadExcerpt, ...] = ()
    if score is not None:
        hits = tuple(SignalHit(name, text[:10], 0, 10, 0.9) for name in signals)
        whole = ReadExcerpt(
            *(text, 0, len(text), mood(score), None, hits),
            shown=" ".join(text.split()),
            evidence=(text[:10],) * len(hits),
        )
        excerpts = (whole,)
    return Understanding(
        language=Language("en", 0.99),
        sentiment=None if score is None else mood(score),
        is_mixed=False,
        mismatch=mismatch,
        excerpts=excerpts,
        themes=(),
        signals=signals,
        pii=(),
        cuts=(),
        vectors=np.zeros((len(excerpts), 4), np.float32),
        model="made-up",
        themes_version=None,
    )


SCORES = st.floats(-1, 1)
SENTIMENTS = st.builds(Sentiment, st.sampled_from(POLARITIES), SCORES, st.floats(0.34, 1))


@st.composite
def understandings(draw: st.DrawFn) -> Understanding:
    """Any number of excerpts, any moods and signals, with and without words as evidence."""
    texts = draw(st.lists(st.text(min_size=1, max_size=200), max_size=4))
    named = draw(st.sets(st.sampled_from(SIGNALS)))
    excerpts, start = [], 0
    for text in texts:
        hits = tuple(
            SignalHit(name, text[:20], start, start + 1, 0.9)
            for name in sorted(draw(st.sets(st.sampled_from(SIGNALS[:8]))) & named)
        )
        end = start + len(text)
        excerpts.append(
            ReadExcerpt(
                *(text, start, end, draw(SENTIMENTS), None, hits),
                shown=text,
                evidence=tuple(hit.text for hit in hits),
            )
        )
        start = end + 1
    empty = understood(score=None, signals=tuple(sorted(named)))
    whole = draw(SENTIMENTS) if excerpts else None
    return replace(empty, excerpts=tuple(excerpts), sentiment=whole)


PEOPLE = st.none() | st.builds(
    Person,
    st.just("r1"),
    tier=st.sampled_from([None, "gold", "PLUS", "standard", "plus ", "ß"]),
    account=st.sampled_from([None, "", "Servis Bajer s.r.o."]),
)


@st.composite
def scored(draw: st.DrawFn) -> tuple[Segment | None, float | None, Scale]:
    """A score on some scale with its segment, or neither."""
    scale = draw(st.sampled_from([NPS, Scale(1, 5), Scale(1, 7), Scale(1, 5, False), Scale(-3, 3)]))
    score = draw(st.none() | st.floats(scale.min, scale.max))
    return (None if score is None else segment_of(score, scale)), score, scale
