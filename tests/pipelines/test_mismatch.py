from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contracts import POLARITIES, Polarity, Sentiment
from pipelines.contracts import Scale
from pipelines.mismatch import LEAST_CONFIDENCE, find_mismatch
from pipelines.segments import NPS


def mood(label: Polarity, confidence: float = 0.97) -> Sentiment:
    sign = {"negative": -1, "neutral": 0, "positive": 1}[label]
    return Sentiment(label, sign * confidence, confidence)


@pytest.mark.parametrize(
    ("score", "scale", "label", "kind"),
    [
        (10, NPS, "negative", "angry_text"),
        (9, NPS, "negative", "angry_text"),
        (0, NPS, "positive", "scale_upside_down"),
        (1, Scale(1, 7), "positive", "scale_upside_down"),
        (1, Scale(1, 5, higher_is_better=False), "negative", "angry_text"),
    ],
)
def test_a_sure_text_against_the_end_of_its_scale_is_a_mismatch(
    score: float, scale: Scale, label: Polarity, kind: str
) -> None:
    found = find_mismatch(mood(label), score, scale)
    assert found is not None
    assert found.kind == kind
    assert LEAST_CONFIDENCE <= found.confidence == mood(label).confidence


@pytest.mark.parametrize(
    ("score", "label", "confidence"),
    [(10, "positive", 0.99), (0, "negative", 0.99), (6, "negative", 0.99), (10, "negative", 0.5)],
)
def test_agreement_a_middling_score_or_an_unsure_text_is_none(
    score: float, label: Polarity, confidence: float
) -> None:
    assert find_mismatch(mood(label, confidence), score, NPS) is None


def test_without_text_score_or_scale_there_is_none() -> None:
    assert find_mismatch(None, 10, NPS) is None
    assert find_mismatch(mood("negative"), None, NPS) is None
    assert find_mismatch(mood("negative"), 10, None) is None


@given(st.sampled_from(POLARITIES), st.floats(0.34, 1), st.floats(0, 10), st.booleans())
def test_no_text_contradicts_both_ends_and_none_the_middle(
    label: Polarity, confidence: float, score: float, upward: bool
) -> None:
    scale, mirrored = Scale(0, 10, upward), Scale(0, 10, not upward)
    if find_mismatch(mood(label, confidence), score, scale):
        assert find_mismatch(mood(label, confidence), score, mirrored) is None
        assert find_mismatch(mood(label, confidence), 5, scale) is None


@given(st.floats(0.6, 0.999), st.floats(0.6, 0.999))
def test_a_surer_text_is_a_surer_mismatch(one: float, other: float) -> None:
    low, high = sorted((one, other))
    sure = [find_mismatch(mood("negative", value), 10, NPS) for value in (low, high)]
    confidences = [found.confidence if found else 0.0 for found in sure]
    assert confidences == sorted(confidences)
