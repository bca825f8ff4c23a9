"""The language-neutral space: where texts that mean the same lie together in every language.

Raw multilingual vectors cluster by language before they cluster by topic. Two corrections are
learned: each language's mean is taken away, and directions in which the two sides of a translation
pair still differ are shrunk (within-class whitening, the pair being the class).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models import artifacts
from models.contracts import ModelError, Vectors

NAME, VERSION = "neutral", 2
PIVOT = "en"
RIDGE = 1.0
"""Lambda of design decision 2: how much of the mean eigenvalue is added before the root."""


@dataclass(frozen=True)
class NeutralSpace:
    """Language means and one projection.

    Attributes:
        languages: the languages with a mean of their own.
        means: (l, d) float32, in the order of `languages`.
        projection: (d, d) float32.
    """

    languages: tuple[str, ...]
    means: Vectors
    projection: Vectors

    @classmethod
    def load(cls, encoder: str) -> NeutralSpace:
        """Read the trained artifact.

        Raises:
            ArtifactError: see `artifacts.load`.
        """
        arrays = artifacts.load(NAME, VERSION, encoder).arrays
        languages = tuple(str(code) for code in arrays["languages"])
        return cls(
            languages,
            arrays["means"].astype(np.float32),
            arrays["projection"].astype(np.float32),
        )

    def project(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Move encoder vectors into the space.

        Args:
            vectors: (n, d) float32.
            languages: n codes; one without a mean of its own gets the mean of the known means.

        Returns:
            (n, d) float32, rows of unit length.
        """
        moved = centred(vectors, languages, self.languages, self.means) @ self.projection
        norms = np.linalg.norm(moved, axis=1, keepdims=True)
        projected: Vectors = moved / np.maximum(norms, 1e-12)
        return projected


def centred(
    vectors: Vectors, languages: Sequence[str], known: Sequence[str], means: Vectors
) -> Vectors:
    """Vectors without their language's mean.

    Args:
        vectors: (n, d) float32.
        languages: n codes.
        known: the languages that have a mean; any other gets the mean of the means.
        means: (l, d) float32, in the order of `known`.

    Returns:
        (n, d) float32.
    """
    if len(vectors) != len(languages):
        raise ModelError(f"{len(vectors)} vectors came with {len(languages)} languages.")
    table = np.vstack([means, means.mean(axis=0)])
    row = {code: at for at, code in enumerate(known)}
    moved: Vectors = vectors - table[[row.get(code, len(known)) for code in languages]]
    return moved


def fit(
    pairs: Mapping[str, tuple[Vectors, Vectors]],
    comments: Mapping[str, Vectors],
    ridge: float = RIDGE,
) -> NeutralSpace:
    """Learn the projection from translation pairs and the means from comments.

    S_w is the mean outer product of the differences of the centred sides of a pair, and the
    projection is V (L + ridge * mean(L))^-1/2 V' with S_w = V L V' (within-class whitening).

    Args:
        pairs: language -> ((n, d) its sentences, (n, d) their English translations), unit rows.
        comments: language -> (n, d) comments about the same things in every language; their means
            fit feedback better than those of everyday sentences.
        ridge: see `RIDGE`.
    """
    if not pairs or not comments:
        raise ModelError("The neutral space needs translation pairs and comments.")
    means = {code: own.mean(axis=0) for code, own in comments.items()}
    gaps = np.concatenate(
        [(own - own.mean(axis=0)) - (en - en.mean(axis=0)) for own, en in pairs.values()]
    ).astype(np.float64)
    values, basis = np.linalg.eigh(gaps.T @ gaps / len(gaps))
    projection = basis @ np.diag((values + ridge * values.mean()) ** -0.5) @ basis.T
    languages = tuple(sorted(means))
    return NeutralSpace(
        languages,
        np.stack([means[code] for code in languages]).astype(np.float32),
        projection.astype(np.float32),
    )
