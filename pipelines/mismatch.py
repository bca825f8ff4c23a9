"""Finds answers whose score and text contradict each other, and how surely they do."""

from __future__ import annotations

from models.contracts import Polarity, Sentiment
from pipelines.contracts import Mismatch, MismatchKind, Scale
from pipelines.segments import goodness

HIGH_SHARE, LOW_SHARE = 0.85, 0.3
"""From where on a score is praise, and up to where it is blame, as a share of its scale."""
LEAST_CONFIDENCE = 0.6
"""How sure the mood must be. Its confidence is the mismatch's: on held-out patient verbatims with
score and rating, a shift of its log-odds by 0.1 fitted best, which is as good as none."""
_ROUNDING = 1e-9


def find_mismatch(
    mood: Sentiment | None, score: float | None, scale: Scale | None
) -> Mismatch | None:
    """A furious text under a high score, or praise under a low one.

    Args:
        mood: of the whole comment; None where there is no text.
        score: on `scale`, or None.
        scale: of the score.

    Returns:
        None where they agree, where one is missing, or where the text's mood is unsure.
    """
    if mood is None or score is None or scale is None:
        return None
    kind = contradiction(mood.label, score, scale)
    return Mismatch(kind, mood.confidence) if kind and mood.confidence >= LEAST_CONFIDENCE else None


def contradiction(label: Polarity, score: float, scale: Scale) -> MismatchKind | None:
    """How a score contradicts a text of this polarity, if it does."""
    share = goodness(score, scale)
    if share >= HIGH_SHARE - _ROUNDING and label == "negative":
        return "angry_text"
    if share <= LOW_SHARE + _ROUNDING and label == "positive":
        return "scale_upside_down"
    return None
