"""Sentiment from the encoder's own pass: pooled states of several layers into a small network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import artifacts
from models.contracts import LANGUAGES, OTHER, POLARITIES, ModelError, Sentiment, Vectors

NAME, VERSION = "sentiment", 3
MIXED_CONFIDENCE = 0.6
"""How sure the reader must be of both the best and the worst excerpt to call a comment mixed."""

TORN = 0.1
"""A score this near to zero takes no side, where nothing was learned of the language. In the four
languages such texts are seldom neutral, and the likelier side is right more often."""


@dataclass(frozen=True)
class SentimentModel:
    """One hidden layer over standardised pooled layers, softmax over `POLARITIES`.

    Attributes:
        mean: (f,) float32 and `scale` (f,) float32, by which features are standardised.
        hidden: (f, h) float32 with `hidden_bias` (h,).
        output: (h, 3) float32 with `output_bias` (3,).
        temperatures: by language code, `OTHER` among them: what logits are divided by, fitted on
            held-out rows (Guo et al. 2017).
    """

    mean: Vectors
    scale: Vectors
    hidden: Vectors
    hidden_bias: Vectors
    output: Vectors
    output_bias: Vectors
    temperatures: Mapping[str, float]

    @classmethod
    def load(cls, encoder: str) -> SentimentModel:
        """Read the trained artifact.

        Raises:
            ArtifactError: see `artifacts.load`.
        """
        arrays = artifacts.load(NAME, VERSION, encoder).arrays
        names = ("mean", "scale", "hidden", "hidden_bias", "output", "output_bias")
        parts: dict[str, Vectors] = {name: arrays[name].astype(np.float32) for name in names}
        codes, values = arrays["languages"].tolist(), arrays["temperatures"].tolist()
        return cls(**parts, temperatures=dict(zip(codes, values, strict=True)))

    def logits(self, layers: Vectors) -> Vectors:
        """Before temperature and softmax: (n, k, d) float32 -> (n, 3) float32.

        Raises:
            ModelError: the layers are of another encoder.
        """
        if layers.shape[1] * layers.shape[2] != len(self.mean):
            raise ModelError(
                f"Pooled layers have shape {layers.shape}; the sentiment model needs "
                f"{len(self.mean)} values a text."
            )
        standard: Vectors = (features(layers) - self.mean) / self.scale
        inside: Vectors = standard @ self.hidden + self.hidden_bias
        found: Vectors = _gelu(inside) @ self.output + self.output_bias
        return found

    def probabilities(self, layers: Vectors, languages: Sequence[str]) -> Vectors:
        """Calibrated probability of each of `POLARITIES`.

        Args:
            layers: (n, k, d) float32, pooled hidden states of texts (`Encoded.layers`).
            languages: n language codes.

        Returns:
            (n, 3) float32, rows sum to 1.
        """
        other = self.temperatures[OTHER]
        heat = np.array([self.temperatures.get(code, other) for code in languages], np.float32)
        return softmax(self.logits(layers) / heat[:, None])

    def read(self, layers: Vectors, languages: Sequence[str]) -> list[Sentiment]:
        """Sentiment of each text; the score is the expected polarity, p(positive) - p(negative)."""
        rows = self.probabilities(layers, languages)
        return [
            to_sentiment(row, is_known=code in LANGUAGES)
            for row, code in zip(rows, languages, strict=True)
        ]


def softmax(logits: Vectors) -> Vectors:
    """Shares of each row that sum to 1: (n, c) float32 -> (n, c) float32."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    shares: Vectors = powers / powers.sum(axis=1, keepdims=True)
    return shares


def features(layers: Vectors) -> Vectors:
    """Pooled layers, each scaled to unit length, side by side: (n, k, d) -> (n, k * d)."""
    norms = np.linalg.norm(layers, axis=2, keepdims=True)
    flat: Vectors = (layers / np.maximum(norms, 1e-12)).reshape(
        len(layers), layers.shape[1] * layers.shape[2]
    )
    return flat


def of_whole(layers: Vectors, lengths: Sequence[int]) -> Vectors:
    """Pooled layers of a whole comment from those of its excerpts.

    Mean pooling over a comment's tokens is the mean over its excerpts weighted by their lengths
    (but for the context across their borders), so that the comment needs no pass of its own.

    Args:
        layers: (n, k, d) float32, of the excerpts.
        lengths: n lengths.

    Returns:
        (1, k, d) float32.
    """
    whole: Vectors = np.average(layers, axis=0, weights=lengths)[None].astype(np.float32)
    return whole


def to_sentiment(probabilities: Vectors, *, is_known: bool = True) -> Sentiment:
    """Label, score and confidence of one row of probabilities.

    Args:
        probabilities: (3,) in the order of `POLARITIES`.
        is_known: whether the text's language is one of `LANGUAGES`. In any other a text that may as
            well be good as bad is neutral.
    """
    score = float(probabilities[2] - probabilities[0])
    is_torn = not is_known and abs(score) < TORN
    best = POLARITIES.index("neutral") if is_torn else int(probabilities.argmax())
    return Sentiment(POLARITIES[best], round(score, 4), round(float(probabilities[best]), 4))


def is_mixed(moods: Sequence[Sentiment]) -> bool:
    """Whether a comment's excerpts disagree: one surely negative, one surely positive."""
    sure = {mood.label for mood in moods if mood.confidence >= MIXED_CONFIDENCE}
    return {"negative", "positive"} <= sure


def _gelu(values: Vectors) -> Vectors:
    from scipy.special import erf

    result: NDArray[np.float32] = values * 0.5 * (1 + erf(values / np.sqrt(2)))
    return result
