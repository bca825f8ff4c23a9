"""One theme, and what puts an excerpt under it: points of the theme space, phrases, examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contracts import LANGUAGES, Vectors


@dataclass(frozen=True)
class Theme:
    """One theme.

    Attributes:
        id: stays for as long as the theme lives.
        names: what it was named by its own words, by language.
        keywords: the words that set it apart, by language.
        given: names that people gave it, by language; they go before those found.
        touchpoint: key of its place in the taxonomy, None where none is near.
        parent: id of the theme that it is a part of.
        owner: who looks after it.
        settled: which of touchpoint and parent people have set, so that no refit changes them.
        retired: why it is a theme no more; what falls to it then is left without a theme.
    """

    id: str
    names: Mapping[str, str]
    keywords: Mapping[str, list[str]]
    given: Mapping[str, str] = field(default_factory=dict)
    touchpoint: str | None = None
    parent: str | None = None
    owner: str | None = None
    settled: tuple[str, ...] = ()
    retired: str | None = None

    @property
    def label(self) -> str:
        """Its name in English, or in the first language that it has one in."""
        return self.name("en")

    def name(self, language: str) -> str:
        """Its name in a language, or the nearest there is."""
        for names in (self.given, self.names):
            if language in names:
                return names[language]
        for code in ("en", *LANGUAGES):
            for names in (self.given, self.names):
                if code in names:
                    return names[code]
        return "?"


@dataclass(frozen=True)
class Pin:
    """A phrase that puts whoever says it under a theme."""

    phrase: str
    theme: str


@dataclass(frozen=True)
class Prototypes:
    """Points of the theme space, each of one theme; a theme that was merged has several.

    Attributes:
        centroids: (p, d) float32, rows of unit length.
        owners: (p,) place of each one's theme, rising.
        thresholds: (p,) float32, cosine below which a text is left without a theme.
        held: (p,) whether people made it, so that it stays whatever a refit finds.
    """

    centroids: Vectors
    owners: NDArray[np.int64]
    thresholds: Vectors
    held: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.owners)

    def of(self, chosen: NDArray[Any]) -> Prototypes:
        """Some of them."""
        return Prototypes(
            self.centroids[chosen],
            self.owners[chosen],
            self.thresholds[chosen],
            self.held[chosen],
        )

    def __add__(self, other: Prototypes) -> Prototypes:
        return Prototypes(
            np.concatenate([self.centroids, other.centroids]),
            np.concatenate([self.owners, other.owners]),
            np.concatenate([self.thresholds, other.thresholds]),
            np.concatenate([self.held, other.held]),
        )

    def owned_by(self, owners: NDArray[np.int64]) -> Prototypes:
        """The same points with other owners, in the order of those."""
        order = np.argsort(owners, kind="stable")
        return replace(self, owners=owners).of(order)


@dataclass(frozen=True)
class Examples:
    """Excerpts that people have put somewhere: (e, d) vectors and the place of each one's theme."""

    vectors: Vectors
    owners: NDArray[np.int64]

    @classmethod
    def none(cls, dimensions: int) -> Examples:
        """No example yet."""
        return cls(np.zeros((0, dimensions), np.float32), np.zeros(0, np.int64))
