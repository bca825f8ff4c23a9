"""Adds up what the runs of letters in a text say about its language.

A hashed table holds a small vector for each run of letters and each word; a linear layer turns
their scaled sum into languages (Joulin et al. 2016, "Bag of Tricks for Efficient Text
Classification"). It tells some forty languages apart, so that those that are not surveyed are
known as well; they are all answered as `OTHER`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import artifacts
from models.contracts import LANGUAGES, OTHER
from models.language.grams import rows_of
from models.language.letters import Letters

NAME = "language"
VERSION = 1
NO_ENCODER = "none"
"""What the artifact names as its encoder: it reads letters."""
CODES = (*LANGUAGES, OTHER)
"""What the columns of probabilities stand for."""


@dataclass(frozen=True)
class LanguageModel:
    """The trained model; k languages, those of `LANGUAGES` first.

    Attributes:
        table: (rows, d) float32, whole numbers: sums of them are exact in any order.
        layer: (d, k) float64.
        bias: (k,) float64.
        temperature: what the scores are divided by.
        shares: (5,) float64: shares of `CODES` in training.
    """

    table: NDArray[np.float32]
    layer: NDArray[np.float64]
    bias: NDArray[np.float64]
    temperature: float
    shares: NDArray[np.float64]

    @classmethod
    def load(cls) -> LanguageModel:
        """Load the packaged model.

        Raises:
            ArtifactError: its artifact is missing or of another version.
        """
        arrays = artifacts.load(NAME, VERSION, NO_ENCODER).arrays
        return cls(
            arrays["table"].astype(np.float32),
            arrays["layer"].astype(np.float64),
            arrays["bias"].astype(np.float64),
            float(arrays["temperature"]),
            arrays["shares"].astype(np.float64),
        )

    def probabilities(self, texts: Sequence[Letters]) -> NDArray[np.float64]:
        """Probabilities of `CODES`, (n, 5), were they as frequent as in training.

        Args:
            texts: n texts, at least one, each with a word.
        """
        rows, counts = rows_of(texts, len(self.table))
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        sums = np.add.reduceat(self.table[rows], starts, axis=0)
        scores = (sums / np.sqrt(counts)[:, None]) @ self.layer + self.bias
        scores /= self.temperature
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        four = shares[:, : len(LANGUAGES)]
        return np.column_stack([four, shares[:, len(LANGUAGES) :].sum(axis=1)])
