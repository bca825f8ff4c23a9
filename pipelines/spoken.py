"""Moods in which alone a signal is spoken, so that one read in another is a misreading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.contracts import Sentiment, SignalHit

_SPOKEN_IN: Mapping[str, frozenset[str]] = {
    "praise_person": frozenset({"positive", "neutral"}),
    "promise_broken": frozenset({"negative"}),
}
"""In words: "Mr Smith lied" praises nobody, and a line of an invoice complains of no promise."""
_SURELY_HAPPY = 0.9
"""Confidence of a good mood in which nobody has a problem: "Oby tak dalej!", may it go on so. No
example of `open_problem` is happy; where the mood of one was read so, it was with less."""


def is_spoken(name: str, mood: Sentiment) -> bool:
    """Whether a signal can be in an excerpt of this mood."""
    if name == "open_problem" and mood.label == "positive" and mood.confidence >= _SURELY_HAPPY:
        return False
    return mood.label in _SPOKEN_IN.get(name, (mood.label,))


def in_mood(hits: Iterable[SignalHit], mood: Sentiment) -> tuple[SignalHit, ...]:
    """The signals that can be in an excerpt of this mood."""
    return tuple(hit for hit in hits if is_spoken(hit.name, mood))
