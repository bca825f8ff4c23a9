"""Chooses what of a comment a message takes up: only what is surely there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from pipelines.contracts import ReadExcerpt, Understanding
from pipelines.followup.losses import tells_of_a_loss
from pipelines.followup.quotes import accuses, clean_quote
from pipelines.improvement import ThemeAction
from pipelines.theme_life.places import PLACES

SPOKEN_OF: Final = (
    *("open_problem", "contacted_before", "promise_broken", "suggestion", "question"),
    *("praise_person", "asks_contact"),
)
"""Signals that a message takes up."""
_SURE_FROM: Final = {
    "contacted_before": 0.9,
    "promise_broken": 0.9,
    "suggestion": 0.85,
    "question": 0.7,
    "open_problem": 0.7,
}
"""Confidence from which on a message takes one of these up: what is not there, it must not thank or
apologise for."""
SENSITIVE: Final = {
    "safety": "safety",
    "health": "safety",
    "legal_threat": "legal",
    "authority_complaint": "legal",
    "discrimination": "legal",
    "vulnerable_person": "vulnerable",
}
"""Signals that ask for restraint and a call first, by the kind of message they call for."""
LOSS: Final = "loss"
"""Kind of message to those who tell of a death, which no signal does."""

_WEAK = frozenset({"churn_risk", "legal_threat", "authority_complaint", "question", "suggestion"})
_TROUBLE = frozenset(
    (
        *("open_problem", "churn_risk", "contacted_before", "promise_broken", "effort", "waiting"),
        *("legal_threat", "authority_complaint", "media_threat", *SENSITIVE),
    )
)
"""Signals of an excerpt that is no praise, however well it sounds."""
_MIN_TELLING_WORDS = 5
"""Words from which on a part of a comment says something, if nothing else shows that it does."""
_NOT_A_COMPLAINT = 0.2
GOOD, CLEARLY_GOOD = 0.3, 0.9
"""Sentiment from which on a promoter's words are praise, and those of somebody who is not happy: of
74 parts of theirs above the former in the sample, most were complaints or irony, above the latter
none."""


def spoken_of(understanding: Understanding) -> tuple[str, ...]:
    """Signals that a message takes up, in the order of `SPOKEN_OF`."""
    surely = {
        hit.name
        for excerpt in understanding.excerpts
        for hit in excerpt.signals
        if hit.confidence >= _SURE_FROM.get(hit.name, 0.0)
    }
    return tuple(
        name
        for name in SPOKEN_OF
        if name in understanding.signals and (name in surely or name not in _SURE_FROM)
    )


def sensitive_of(understanding: Understanding) -> tuple[str, ...]:
    """Kinds of restraint that a comment asks for, in order; see `SENSITIVE` and `LOSS`."""
    kinds = {SENSITIVE[name] for name in understanding.signals if name in SENSITIVE}
    language = understanding.language.code
    if any(tells_of_a_loss(excerpt.text, language) for excerpt in understanding.excerpts):
        kinds.add(LOSS)
    return tuple(sorted(kinds))


def is_grave(understanding: Understanding) -> bool:
    """Whether a comment asks for restraint."""
    return bool(sensitive_of(understanding))


def is_all_praise(understanding: Understanding) -> bool:
    """Whether a comment clearly praises and nothing in it complains."""
    scores = [excerpt.sentiment.score for excerpt in understanding.excerpts]
    return bool(scores) and max(scores) >= CLEARLY_GOOD and min(scores) >= _NOT_A_COMPLAINT


def by_worth(
    excerpts: Sequence[ReadExcerpt], good: float
) -> tuple[list[ReadExcerpt], list[ReadExcerpt]]:
    """What is complained of, the telling and worst first, and what is praised, best first.

    What is asked or threatened is answered elsewhere; the thing itself makes the better quote.
    Telling is what is clearly about something, or tells of trouble.
    """
    worst = sorted(
        (e for e in excerpts if e.sentiment.score < _NOT_A_COMPLAINT),
        key=lambda e: (
            any(hit.name in _WEAK for hit in e.signals),
            e.concept is None and not _has_trouble(e),
            e.sentiment.score,
        ),
    )
    best = sorted(
        (e for e in excerpts if e.sentiment.score > good and not _has_trouble(e)),
        key=lambda e: -e.sentiment.score,
    )
    return worst, best


def says_something(excerpt: ReadExcerpt) -> bool:
    """Whether a part of a comment can be taken up: "meh" and "could be better" cannot."""
    is_telling = excerpt.concept is not None or bool(excerpt.signals)
    return is_telling or len(excerpt.text.split()) >= _MIN_TELLING_WORDS


def topic_of(excerpts: Sequence[ReadExcerpt], touchpoints: Mapping[str, str]) -> str | None:
    """The touchpoint of the first excerpt of which both its theme and its own words say so.

    A message that names the wrong thing is worse than one that names none: themes alone are right
    too seldom (docs/decisions/0013).
    """
    sure = (_sure_topic(excerpt, touchpoints) for excerpt in excerpts)
    return next((topic for topic in sure if topic is not None), None)


def action_of(
    excerpts: Sequence[ReadExcerpt],
    actions: Mapping[str, ThemeAction],
    touchpoints: Mapping[str, str],
    wrote_at: datetime,
) -> ThemeAction | None:
    """The action against the worst thing that surely is about a theme with one.

    None that was done before they wrote.
    """
    themes = (one.theme for one in excerpts if _sure_topic(one, touchpoints) is not None)
    found = (actions[one.id] for one in themes if one and one.id in actions)
    return next((one for one in found if one.state != "done" or wrote_at < one.since), None)


def doing_of(action: ThemeAction | None, language: str) -> Literal["under_way", "done"] | None:
    """Its state, where there are words for it: what was done is told as a person wrote it."""
    if action is None or (action.state == "done" and language not in action.words):
        return None
    return action.state


def quoted_of(
    excerpts: Sequence[ReadExcerpt],
    understanding: Understanding,
    language: str,
    name: str | None,
    *,
    is_praise: bool = False,
) -> tuple[str | None, Sequence[ReadExcerpt]]:
    """What is quoted, and the parts that a message may name a touchpoint of.

    It names that of the part that is quoted, so that both are about one thing.
    """
    for excerpt in filter(says_something, excerpts):
        quote = quote_from([excerpt], understanding, language, name, is_praise=is_praise)
        if quote is not None:
            return quote, [excerpt]
    return None, excerpts


def quote_from(
    excerpts: Sequence[ReadExcerpt],
    understanding: Understanding,
    language: str,
    name: str | None,
    *,
    is_praise: bool = False,
) -> str | None:
    """The first words of some excerpts that can be repeated in a message, or None.

    Args:
        excerpts: of the comment, the wanted first.
        understanding: of the comment.
        language: of the message.
        name: the customer's, which a quote must not hold.
        is_praise: else nobody whom it says something of is to stand in it.
    """
    if understanding.language.code != language:  # another language's words do not fit the letter
        return None
    cleaned = (
        clean_quote(excerpt.text, language, name=name)
        for excerpt in excerpts
        if not _holds_personal_data(excerpt, understanding)
    )
    return next(
        (quote for quote in cleaned if quote and (is_praise or not accuses(quote, language))), None
    )


def _sure_topic(excerpt: ReadExcerpt, touchpoints: Mapping[str, str]) -> str | None:
    """The touchpoint that both the theme of an excerpt and its own words say, or None."""
    by_theme = touchpoints.get(excerpt.theme.id) if excerpt.theme else None
    return by_theme if by_theme == PLACES.get(excerpt.concept or "") else None


def _has_trouble(excerpt: ReadExcerpt) -> bool:
    return any(hit.name in _TROUBLE for hit in excerpt.signals)


def _holds_personal_data(excerpt: ReadExcerpt, understanding: Understanding) -> bool:
    return any(data.start < excerpt.end and excerpt.start < data.end for data in understanding.pii)
