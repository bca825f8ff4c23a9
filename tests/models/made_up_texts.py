"""Made-up excerpts about a few causes with vectors that lie round one point a cause."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from models.contracts import Vectors
from models.themes import Clusters, find_clusters

DIMENSIONS = 32
CAUSES = {
    "courier": ("courier never rang the bell", "kurier nie zadzwonił do drzwi"),
    "refund": ("refund still not on my account", "zwrot pieniędzy wciąż nie dotarł"),
    "locker": ("locker door would not open", "drzwiczki automatu nie chciały się otworzyć"),
    "invoice": ("invoice shows the wrong address", "faktura ma błędny adres firmy"),
}
A_CAUSE = 40
_NAMES = ["".join(letters) for letters in product("bdgklmnprt", "aeiou", "bdgklmnprt")]


@dataclass(frozen=True)
class Corpus:
    """n texts with languages, (n, DIMENSIONS) unit vectors and the cause of each."""

    texts: list[str]
    languages: list[str]
    vectors: Vectors
    causes: list[str]

    def __add__(self, other: Corpus) -> Corpus:
        return Corpus(
            self.texts + other.texts,
            self.languages + other.languages,
            np.concatenate([self.vectors, other.vectors]),
            self.causes + other.causes,
        )

    def clusters(self) -> Clusters:
        """Clusters of it."""
        return find_clusters(self.texts, self.languages, self.vectors)


def around(centre: int, count: int, seed: int, spread: float = 0.25) -> Vectors:
    """(count, DIMENSIONS) unit rows round the axis `centre`; a spread over 1 hides the axis."""
    noise = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)) / DIMENSIONS**0.5
    rows = np.eye(DIMENSIONS)[centre] + spread * 2 * noise
    scaled: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return scaled


@cache
def corpus(seed: int = 5) -> Corpus:
    """Every cause in two languages; each text differs in its letters from every other."""
    names = iter(_NAMES)
    parts = []
    for at, (cause, (english, polish)) in enumerate(CAUSES.items()):
        texts = [f"{(english, polish)[row % 2]} {next(names)}" for row in range(A_CAUSE)]
        codes = [("en", "pl")[row % 2] for row in range(A_CAUSE)]
        parts.append(Corpus(texts, codes, around(at, A_CAUSE, seed + at), [cause] * A_CAUSE))
    return parts[0] + parts[1] + parts[2] + parts[3]


@cache
def clustered() -> Clusters:
    """Clusters of `corpus()`, found once for all tests that need any."""
    return corpus().clusters()
