"""Finds answers whose score and text contradict each other, and how surely they do."""

from __future__ import annotations

import math

from models.contracts import Polarity, Sentiment
from pipelines.contracts import Mismatch, MismatchKind, Scale
from pipelines.segments import goodness

HIGH_SHARE, LOW_SHARE = 0.85, 0.3
"""From where on a score is praise, and up to where it is blame, as a share of its scale."""
LEAST_CONFIDENCE = 0.5
_ROUNDING = 1e-9
PRIOR_LOG_ODDS = -1.1
"""How much less likely a negative text is beside a high score than beside any score: the shift of
log-odds with the least log loss on held-out patient verbatims with score and rating, which
`odzew eval --task mismatch` gives as `log_odds`."""


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
    kind = contradiction(mood.label, score, scale)
    confidence = round(shifted(mood.confidence, PRIOR_LOG_ODDS), 4)
    return Mismatch(kind, confidence) if kind and confidence >= LEAST_CONFIDENCE else None


def contradiction(label: Polarity, score: float, scale: Scale) -> MismatchKind | None:
    """How a score contradicts a text of this polarity, if it does."""
    share = goodness(score, scale)
    if share >= HIGH_SHARE - _ROUNDING and label == "negative":
        return "angry_text"
    if share <= LOW_SHARE + _ROUNDING and label == "positive":
        return "scale_upside_down"
    return None


def shifted(probability: float, log_odds: float) -> float:
    """The probability after evidence worth `log_odds`."""
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(math.log(bounded / (1 - bounded)) + log_odds)))
