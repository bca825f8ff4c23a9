"""Scales and the segment that a score falls into."""

from __future__ import annotations

import math
import re

from pipelines.contracts import RejectedError, Scale, Segment

NPS = Scale(0, 10)
NAMED_SCALES = {"nps": NPS, "csat5": Scale(1, 5), "ces7": Scale(1, 7), "stars5": Scale(1, 5)}

_RANGE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*-\s*(-?\d+(?:\.\d+)?)\s*(:lower)?\s*")
_PROMOTER_SHARE, _PASSIVE_SHARE = 0.9, 0.7


def parse_scale(name: str) -> Scale:
    """Read a scale's name, or `MIN-MAX` with `:lower` where a lower score is better.

    Raises:
        RejectedError: neither a known name nor a range that rises.
    """
    if name in NAMED_SCALES:
        return NAMED_SCALES[name]
    match = _RANGE.fullmatch(name)
    if match is None:
        known = ", ".join(NAMED_SCALES)
        raise RejectedError(
            f"Unknown scale {name[:40]!r}: use one of {known}, or MIN-MAX such as 1-5 or 1-5:lower."
        )
    return custom_scale(float(match[1]), float(match[2]), higher_is_better=match[3] is None)


def custom_scale(low: float, high: float, *, higher_is_better: bool = True) -> Scale:
    """A scale from `low` to `high`.

    Raises:
        RejectedError: the ends, or the width between them, are not finite or do not rise.
    """
    if not (math.isfinite(high - low) and low < high):
        raise RejectedError(f"A scale needs min < max, both finite; got {low:g} and {high:g}.")
    return Scale(low, high, higher_is_better)


def check_score(score: float, scale: Scale) -> float:
    """Give the score back if it lies on the scale.

    Raises:
        RejectedError: it does not, or it is not a finite number.
    """
    if not scale.min <= score <= scale.max:
        raise RejectedError(
            f"score {_shown(score)} the scale {scale.min:g} to {scale.max:g}. "
            "Send a score on the scale, or name the scale it is on."
        )
    return score


def _shown(score: float) -> str:
    if math.isfinite(score):
        return f"{score:g} is outside"
    if math.isnan(score):
        return "is no number on"
    return "is too large for" if score > 0 else "is too small for"


def goodness(score: float, scale: Scale) -> float:
    """Where the score lies on its scale, 0 the worst and 1 the best."""
    share = (score - scale.min) / (scale.max - scale.min)
    return share if scale.higher_is_better else 1 - share


def segment_of(score: float, scale: Scale) -> Segment:
    """Segment of a score.

    NPS: 0-6 detractor, 7-8 passive, 9-10 promoter (Reichheld's definition). Scales of 1 to 5 and
    1 to 7 are cut where practice cuts them: top box promoter (top two of seven), the next one
    passive. Every other scale is laid over 0-10 and cut as NPS is.
    """
    best = scale.max if scale.higher_is_better else scale.min
    distance = abs(best - score)
    width = scale.max - scale.min
    if (scale.min, width) == (1, 4):
        bounds = (0.5, 1.5)
    elif (scale.min, width) == (1, 6):
        bounds = (1.5, 2.5)
    else:
        return _by_share(goodness(score, scale))
    if distance < bounds[0]:
        return "promoter"
    return "passive" if distance < bounds[1] else "detractor"


def _by_share(share: float) -> Segment:
    if share >= _PROMOTER_SHARE - 1e-9:
        return "promoter"
    return "passive" if share >= _PASSIVE_SHARE - 1e-9 else "detractor"
