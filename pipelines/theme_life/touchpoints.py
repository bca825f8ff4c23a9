"""The taxonomy of touchpoints: read from YAML, compared with themes by what both say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from models.contracts import LANGUAGES, Vectors
from pipelines.contracts import PipelineError
from pipelines.messages import N_
from pipelines.understanding import Reader
from pipelines.yaml_entries import read_yaml

SHIPPED = Path(__file__).with_name("touchpoints.yaml")
MOST = 200
NEAR = 0.2
"""Cosine with a theme's middle from which on a touchpoint may be its own."""
SURE = 0.3
"""Cosine from which on it may name a theme by itself."""
AHEAD = 0.003
"""By how much it must be nearer than the next one."""
MOSTLY, PARTLY = 0.5, 1 / 3
"""Shares of a theme's excerpts that must be nearest to a touchpoint that names it, or stands before
a phrase of its own."""
_FEW = 3
"""Touchpoints that may help to name what is near them."""
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


class TaxonomyError(PipelineError):
    """A taxonomy cannot be used; the message says which entry and why."""


@dataclass(frozen=True)
class Touchpoint:
    """A place on the customer journey, named and described in each of `LANGUAGES`."""

    key: str
    name: Mapping[str, str]
    description: Mapping[str, str]


@dataclass(frozen=True)
class Taxonomy:
    """Touchpoints with the (n, d) float32 theme vectors of what they say, unit rows."""

    touchpoints: tuple[Touchpoint, ...]
    vectors: Vectors

    def nearest(self, centroids: Vectors) -> list[str | None]:
        """Key of the touchpoint of each of (c, d) centroids; None where it is not clear."""
        cosines = centroids @ self.vectors.T
        order = np.argsort(-cosines, axis=1, kind="stable")
        found: list[str | None] = []
        for row, (best, second) in enumerate(order[:, :2].tolist()):
            near, next_near = cosines[row, best], cosines[row, second]
            sure = near >= NEAR and near - next_near >= AHEAD
            found.append(self.touchpoints[best].key if sure else None)
        return found

    def place(
        self, centroid: Vectors, excerpts: Vectors, share: float = MOSTLY
    ) -> Mapping[str, str] | None:
        """Name of the touchpoint that a theme is clearly about, None where there is none.

        It is the one nearest to the theme's middle, `SURE` or more, and nearest to a share of its
        excerpts.

        Args:
            centroid: (d,) float32.
            excerpts: (n, d) float32.
            share: of the excerpts, that must agree.
        """
        cosines = centroid @ self.vectors.T
        best = int(cosines.argmax())
        if not len(excerpts) or cosines[best] < SURE:
            return None
        agreeing = ((excerpts @ self.vectors.T).argmax(axis=1) == best).mean()
        return self.touchpoints[best].name if agreeing >= share else None

    def names(self, centroid: Vectors) -> list[Mapping[str, str]]:
        """Names of the few touchpoints near a (d,) centroid, the nearest first."""
        cosines = centroid @ self.vectors.T
        order = np.argsort(-cosines, kind="stable")[:_FEW]
        return [self.touchpoints[at].name for at in order.tolist() if cosines[at] >= NEAR]


def read_taxonomy(content: str) -> tuple[Touchpoint, ...]:
    """Touchpoints from YAML of the shape of `touchpoints.yaml`.

    Raises:
        TaxonomyError: it is no YAML, or an entry lacks something.
    """
    entries = read_yaml(content, TaxonomyError)
    if not isinstance(entries, list) or not 2 <= len(entries) <= MOST:
        raise TaxonomyError(N_("A taxonomy is a list of 2 to %(most)s touchpoints."), most=MOST)
    touchpoints = tuple(_touchpoint(at, entry) for at, entry in enumerate(entries, 1))
    keys = [one.key for one in touchpoints]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise TaxonomyError(
            N_("The key %(key)s stands twice in the taxonomy. Give one of them another."), key=twice
        )
    return touchpoints


@cache
def shipped() -> tuple[Touchpoint, ...]:
    """The taxonomy that comes with Odzew."""
    return read_taxonomy(SHIPPED.read_text("utf-8"))


def taxonomy_of(touchpoints: Sequence[Touchpoint], reader: Reader) -> Taxonomy:
    """Touchpoints with their vectors: the mean over languages of name and description."""
    texts = [
        f"{one.name[code]}. {one.description[code]}" for one in touchpoints for code in LANGUAGES
    ]
    codes = [code for _ in touchpoints for code in LANGUAGES]
    vectors = reader.theme_vectors(reader.encoder.encode(texts), codes)
    means = vectors.reshape(len(touchpoints), len(LANGUAGES), -1).mean(axis=1)
    unit: Vectors = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return Taxonomy(tuple(touchpoints), unit)


def _touchpoint(number: int, entry: Any) -> Touchpoint:
    if not isinstance(entry, dict) or set(entry) != {"key", "name", "description"}:
        raise TaxonomyError(
            N_("Touchpoint %(number)s needs exactly key, name and description."), number=number
        )
    key = entry["key"]
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise TaxonomyError(
            N_(
                "Touchpoint %(number)s: the key is lower-case letters, digits and underscores, "
                "such as delivery_time."
            ),
            number=number,
        )
    for part in ("name", "description"):
        texts = entry[part]
        if (
            not isinstance(texts, dict)
            or set(texts) != set(LANGUAGES)
            or not all(
                isinstance(one, str) and 0 < len(one.strip()) <= 500 for one in texts.values()
            )
        ):
            raise TaxonomyError(
                N_("Touchpoint %(number)s (%(key)s): %(part)s is needed in %(languages)s."),
                number=number,
                key=key,
                part=part,
                languages=", ".join(LANGUAGES),
            )
    return Touchpoint(key, dict(entry["name"]), dict(entry["description"]))
