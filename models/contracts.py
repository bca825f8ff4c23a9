"""What the models exchange: frozen records, the encoder's protocol and the errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]

LANGUAGES = ("pl", "cs", "et", "en")
"""Languages that are read, in the order used everywhere. Anything else is `OTHER`."""
OTHER = "other"

Polarity: TypeAlias = Literal["negative", "neutral", "positive"]
POLARITIES: tuple[Polarity, ...] = ("negative", "neutral", "positive")


class ModelError(Exception):
    """A model cannot do what was asked; the message says what to do."""


class BundleError(ModelError):
    """The encoder's weights are missing, altered or cannot be written."""


class ArtifactError(ModelError):
    """A trained artifact is missing, of another version, or made for another encoder."""


class TooFewTextsError(ModelError):
    """There are not enough texts to find themes in."""


@dataclass(frozen=True, slots=True)
class Language:
    """Language of a text: `code` is one of `LANGUAGES` or `OTHER`; confidence in 0-1."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A clause about one thing: offsets in code points into what was split.

    `text` is `split[start:end]`; where markup was cleared first and the offsets led back to the
    comment as it came, `text` stays the clear words and `comment[start:end]` holds their marks.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Label, score in [-1, 1] (expected polarity) and the label's probability."""

    label: Polarity
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class SignalHit:
    """A signal, the words that gave it away with offsets into the text read, its probability."""

    name: str
    text: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ThemeMatch:
    """The theme an excerpt belongs to; confidence in 0-1."""

    id: str
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Themed:
    """What an excerpt is about, and what it is about besides."""

    first: ThemeMatch | None = None
    second: ThemeMatch | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the encoder saw in each token of one text.

    Attributes:
        states: (t, d) float16: states of the last layer, whose mean over the tokens is nearly the
            last of the text's pooled layers.
        spans: of the t tokens, offsets into what was encoded.
    """

    states: NDArray[np.float16]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoder pass over n texts.

    Attributes:
        vectors: (n, d) float32, rows of unit length: the sentence vectors.
        layers: (n, k, d) float32: mean-pooled states of `encoder.pooled_layers`.
        tokens: of each text, its own tokens apart.
    """

    vectors: Vectors
    layers: Vectors
    tokens: tuple[Tokens, ...]

    def __len__(self) -> int:
        return len(self.vectors)

    def part(self, rows: slice) -> Encoded:
        """What was encoded of some of the texts."""
        return Encoded(self.vectors[rows], self.layers[rows], self.tokens[rows])


class TextEncoder(Protocol):
    """Turns texts into vectors; two implementations: torch fp32 and onnxruntime int8."""

    @property
    def name(self) -> str:
        """Names the weights; artifacts are trained for a name."""

    @property
    def version(self) -> str:
        """Names the weights and the arithmetic; equal versions give equal vectors."""

    @property
    def dimensions(self) -> int:
        """Length d of a vector."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Encode texts of any length; the answer is in the order of `texts`, empty for none."""
