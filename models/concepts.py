"""The concept space: directions that tell root causes apart, learned from example comments.

A linear discriminant over the neutral space: what differs between comments about the same thing
(wording, mood, length) is shrunk, what differs between things is kept. Beside the neutral vector it
makes up the theme vector, and its prototypes guide the search for themes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import artifacts
from models.contracts import Vectors

NAME, VERSION = "concepts", 1
DIMENSIONS = 64
RIDGE = 2.0
"""How much of the mean eigenvalue is added to the scatter inside concepts before the root."""
SHARE = 0.3
"""Weight of the concept part in the cosine of two theme vectors."""
_SURE = 0.3
"""Cosine with a prototype from which on an excerpt is taken to be about that concept."""
NO_CONCEPT = -1


@dataclass(frozen=True)
class ConceptSpace:
    """A projection and one prototype a concept.

    Attributes:
        names: c concepts.
        projection: (d, k) float32, from the neutral space.
        prototypes: (c, k) float32, rows of unit length.
    """

    names: tuple[str, ...]
    projection: Vectors
    prototypes: Vectors

    @classmethod
    def load(cls, encoder: str) -> ConceptSpace:
        """Read the trained artifact.

        Raises:
            ArtifactError: see `artifacts.load`.
        """
        arrays = artifacts.load(NAME, VERSION, encoder).arrays
        return cls(
            tuple(str(name) for name in arrays["names"]),
            arrays["projection"].astype(np.float32),
            arrays["prototypes"].astype(np.float32),
        )

    @property
    def dimensions(self) -> int:
        """Length of a theme vector."""
        return sum(self.projection.shape)

    def theme_vectors(self, neutral: Vectors) -> Vectors:
        """Neutral vector and concept part side by side.

        The values are rounded to half precision, so that a vector stored in two bytes a value is
        the very vector that was served.

        Args:
            neutral: (n, d) float32, rows of unit length.

        Returns:
            (n, d + k) float32, rows of unit length up to rounding.
        """
        parts = (neutral * np.sqrt(1 - SHARE), _unit(neutral @ self.projection) * np.sqrt(SHARE))
        rounded: Vectors = np.concatenate(parts, axis=1).astype(np.float16).astype(np.float32)
        return rounded

    def guess(self, vectors: Vectors) -> NDArray[np.int64]:
        """Number of the concept each theme vector is about, `NO_CONCEPT` where none is near."""
        cosines = _unit(vectors[:, self.projection.shape[0] :]) @ self.prototypes.T
        best = cosines.argmax(axis=1)
        return np.where(cosines.max(axis=1) >= _SURE, best, NO_CONCEPT)


def fit(vectors: Vectors, concepts: Sequence[str]) -> ConceptSpace:
    """Learn the space from examples (linear discriminant analysis with a ridge).

    S_w is the scatter inside concepts, W = V (L + ridge * mean(L))^-1/2 with S_w = V L V'; the
    projection goes on to the `DIMENSIONS` directions in which whitened concept means differ most.

    Args:
        vectors: (n, d) float32 in the neutral space.
        concepts: n names.
    """
    names, classes = np.unique(np.array(concepts), return_inverse=True)
    means = np.stack([vectors[classes == at].mean(axis=0) for at in range(len(names))])
    inside = (vectors - means[classes]).astype(np.float64)
    values, basis = np.linalg.eigh(inside.T @ inside / len(inside))
    whitening = basis @ np.diag((values + RIDGE * values.mean()) ** -0.5)
    between = means @ whitening
    _, _, directions = np.linalg.svd(between - between.mean(axis=0), full_matrices=False)
    projection = whitening @ directions[:DIMENSIONS].T
    return ConceptSpace(
        tuple(str(name) for name in names),
        projection.astype(np.float32),
        _unit((means @ projection).astype(np.float32)),
    )


def _unit(rows: Vectors) -> Vectors:
    scaled: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return scaled
