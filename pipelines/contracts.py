"""What the flows exchange: frozen records for feedback, its understanding, priority and drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from models.contracts import Language, Sentiment, SignalHit, ThemeMatch, Vectors
from models.own_words import Cut
from models.personal_data import PersonalSpan
from pipelines.messages import ToldError

Segment: TypeAlias = Literal["detractor", "passive", "promoter"]
SEGMENTS: tuple[Segment, ...] = ("detractor", "passive", "promoter")
Level: TypeAlias = Literal["P1", "P2", "P3", "P4"]
LEVELS: tuple[Level, ...] = ("P1", "P2", "P3", "P4")
AttributeValue: TypeAlias = str | int | float | bool | None
Bucket: TypeAlias = Literal["queue", "no_comment", "other_language", "praise", "spam"]
BUCKETS: tuple[Bucket, ...] = ("queue", "no_comment", "other_language", "praise", "spam")
"""Where an answer is found: in the queue, or among those that ask for nothing by themselves."""

ENGINE = "odzew"
"""Author and actor of what no person did."""
SCORE_TEXT_MISMATCH = "score_text_mismatch"
"""The signal that the score contradicts the text."""


class PipelineError(ToldError):
    """A flow cannot do what was asked; the message says what to do."""


class RejectedError(PipelineError):
    """An answer that cannot be taken in; the message names the field and the reason."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A score scale; both ends included."""

    min: float
    max: float
    higher_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a respondent. `gender` is "f", "m" or None."""

    external_id: str
    name: str | None = None
    gender: str | None = None
    email: str | None = None
    phone: str | None = None
    tier: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One validated answer, ready to be understood and stored.

    Attributes:
        text: the comment, possibly empty.
        score: on `scale`, or None.
        language_hint: what the sender said the language is, one of `LANGUAGES`, or None.
        attributes: facts the sender gave (shop, channel, ...), flat.
        external_id: the sender's id for the answer, unique within the workspace.
        occurred_at: when the customer answered, aware.
        unusable: sentences on what was left out, since it cannot be what it was sent as.
        filled_in: what the sender did not say and was filled in, of `survey` and `occurred_at`.
    """

    text: str
    score: float | None
    scale: Scale
    survey: str
    occurred_at: datetime
    external_id: str | None = None
    language_hint: str | None = None
    respondent: Person | None = None
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    unusable: tuple[str, ...] = field(default=(), compare=False)
    filled_in: frozenset[str] = field(default=frozenset(), compare=False)


MismatchKind: TypeAlias = Literal["angry_text", "scale_upside_down"]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A score that contradicts its text, and the probability that it does.

    Attributes:
        kind: "angry_text" under a high score; "scale_upside_down", praise under a low one.
    """

    kind: MismatchKind
    confidence: float


@dataclass(frozen=True, slots=True)
class ReadExcerpt:
    """An excerpt with what was read in it; offsets are into the comment.

    Attributes:
        text: its clear words; `comment[start:end]` is the same as it came, markup and all.
        shown: what may be shown of them: personal data masked, white space single.
        evidence: of each of its signals, the words that gave it away, as they may be shown.
        second: what it is about besides its theme.
        place: where it lies on the map, None before there is one.
        concept: what it is clearly about by its own words alone, None where that is not clear.
    """

    text: str
    start: int
    end: int
    sentiment: Sentiment
    theme: ThemeMatch | None
    signals: tuple[SignalHit, ...]
    shown: str
    evidence: tuple[str, ...]
    second: ThemeMatch | None = None
    place: tuple[float, float] | None = None
    concept: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeMention:
    """A theme of a comment, with the mean sentiment score of its excerpts."""

    id: str
    label: str
    confidence: float
    sentiment: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was read in one comment.

    Attributes:
        sentiment: of the whole comment; None where there is no text.
        is_mixed: whether its excerpts disagree, some surely good and some surely bad.
        mismatch: how the score contradicts the text, if it does.
        cuts: quoted letters, signatures and the greeting, which are not read.
        vectors: (n, d) float32, the theme vector of each excerpt, in their order.
        model: version of everything that read the comment, themes apart.
        themes_version: version of the theme model, None before the first fit.
    """

    language: Language
    sentiment: Sentiment | None
    is_mixed: bool
    mismatch: Mismatch | None
    excerpts: tuple[ReadExcerpt, ...]
    themes: tuple[ThemeMention, ...]
    signals: tuple[str, ...]
    pii: tuple[PersonalSpan, ...]
    cuts: tuple[Cut, ...]
    vectors: Vectors
    model: str
    themes_version: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a priority is what it is: `points` add up to the score over all reasons.

    One of no points tells of a fact that could not be counted.

    Attributes:
        text: it as an English sentence.
        facts: what it takes to tell it in another language: the key of its `sentence`, the
            customer's `words` that show it, and `values` by name. Empty in what was stored
            before facts were kept.
    """

    code: str
    points: int
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Priority:
    """How soon a customer needs an answer; score 0-100."""

    level: Level
    score: int
    respond_by: datetime
    reasons: tuple[Reason, ...]
