"""Finds answers whose score and text contradict each other, and how surely they do."""

from __future__ import annotations

import math

from models.contracts import Sentiment
from pipelines.contracts import Mismatch, Scale
from pipelines.segments import goodness

HIGH_SHARE, LOW_SHARE = 0.85, 0.3
"""From where on a score is praise, and up to where it is blame, as a share of its scale."""
LEAST_CONFIDENCE = 0.5
PRIOR_LOG_ODDS = -1.1
"""How much less likely a negative text is beside a high score than beside any score: the shift of
log-odds with the least log loss on the training part of patient verbatims with score and rating
(`odzew eval --task mismatch` measures it on the rest)."""


def find_mismatch(
    mood: Sentiment | None, score: float | None, scale: Scale | None
) -> Mismatch | None:
    """A furious text under a high score, or praise under a low one.

    Args:
        mood: of the whole comment; None where there is no text.
        score: on `scale`, or None.
        scale: of the score.

    Returns:
        None where they agree, where one is missing, or where it is not likelier than not.
    """
    if mood is None or score is None or scale is None:
        return None
    share = goodness(score, scale)
    confidence = round(_shifted(mood.confidence, PRIOR_LOG_ODDS), 4)
    if confidence < LEAST_CONFIDENCE:
        return None
    if share >= HIGH_SHARE and mood.label == "negative":
        return Mismatch("angry_text", confidence)
    if share <= LOW_SHARE and mood.label == "positive":
        return Mismatch("scale_upside_down", confidence)
    return None


def _shifted(probability: float, log_odds: float) -> float:
    """The probability after evidence worth `log_odds`."""
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(math.log(bounded / (1 - bounded)) + log_odds)))
