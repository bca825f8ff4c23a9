"""The concept space: directions that tell root causes apart, learned from example comments.

A linear discriminant over the adapted encoder's last pooled layer, each language's mean taken away:
what differs between comments about the same thing (wording, mood, length) is shrunk, what differs
between things is kept. Beside the neutral vector it makes up the theme vector, and its prototypes
guide the search for themes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import artifacts
from models.contracts import Vectors
from models.neutral import centred

NAME, VERSION = "concepts", 2
DIMENSIONS = 64
RIDGE = 2.0
"""How much of the mean eigenvalue is added to the scatter inside concepts before the root."""
SHARE = 0.3
"""Weight of the concept part in the cosine of two theme vectors."""
SURE = 0.3
"""Cosine with a prototype from which on an excerpt is taken to be about that concept."""
CLEAR = 0.6
"""From which on it surely is: a message may then name what it is about (measured by eval's task
`sample`: `topic_right`)."""
NO_CONCEPT = -1


@dataclass(frozen=True)
class ConceptSpace:
    """A projection and one prototype a concept.

    Attributes:
        names: c concepts.
        languages: the languages with a mean of their own.
        means: (l, d) float32, of the last pooled layer at unit length.
        projection: (d, k) float32, from what is left without the mean.
        prototypes: (c, k) float32, rows of unit length.
    """

    names: tuple[str, ...]
    languages: tuple[str, ...]
    means: Vectors
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
            tuple(str(code) for code in arrays["languages"]),
            arrays["means"].astype(np.float32),
            arrays["projection"].astype(np.float32),
            arrays["prototypes"].astype(np.float32),
        )

    @property
    def dimensions(self) -> int:
        """Length of a theme vector."""
        return sum(self.projection.shape)

    def theme_vectors(self, neutral: Vectors, last: Vectors, languages: Sequence[str]) -> Vectors:
        """Neutral vector and concept part side by side.

        The values are rounded to half precision, so that a vector stored in two bytes a value is
        the very vector that was served.

        Args:
            neutral: (n, d) float32, rows of unit length.
            last: (n, d) float32, the last pooled layer of the same texts.
            languages: n codes.

        Returns:
            (n, d + k) float32, rows of unit length up to rounding.
        """
        own = centred(_unit(last), languages, self.languages, self.means) @ self.projection
        parts = (neutral * np.sqrt(1 - SHARE), _unit(own) * np.sqrt(SHARE))
        rounded: Vectors = np.concatenate(parts, axis=1).astype(np.float16).astype(np.float32)
        return rounded

    def number_of(self, name: str) -> int | None:
        """Number of a concept; None where it is not known."""
        return self.names.index(name) if name in self.names else None

    def guess(self, vectors: Vectors, *, sure: float = SURE) -> NDArray[np.int64]:
        """Number of the concept each theme vector is about, `NO_CONCEPT` where none is so near."""
        cosines = _unit(vectors[:, -self.projection.shape[1] :]) @ self.prototypes.T
        best = cosines.argmax(axis=1)
        return np.where(cosines.max(axis=1) >= sure, best, NO_CONCEPT)

    def clear(self, vectors: Vectors) -> list[str | None]:
        """Name of the concept that each theme vector is clearly about, None where it is none."""
        found = self.guess(vectors, sure=CLEAR).tolist()
        return [self.names[at] if at != NO_CONCEPT else None for at in found]


def fit(last: Vectors, languages: Sequence[str], concepts: Sequence[str]) -> ConceptSpace:
    """Learn the space from examples (linear discriminant analysis with a ridge).

    S_w is the scatter inside concepts, W = V (L + ridge * mean(L))^-1/2 with S_w = V L V'; the
    projection goes on to the `DIMENSIONS` directions in which whitened concept means differ most.

    Args:
        last: (n, d) float32, the last pooled layer of the examples.
        languages: n codes.
        concepts: n names.
    """
    known = tuple(sorted(set(languages)))
    spoken, unit = np.array(languages), _unit(last)
    middles = np.stack([unit[spoken == code].mean(axis=0) for code in known])
    vectors = centred(unit, languages, known, middles)
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
        known,
        middles.astype(np.float32),
        projection.astype(np.float32),
        _unit((means @ projection).astype(np.float32)),
    )


def _unit(rows: Vectors) -> Vectors:
    scaled: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return scaled
