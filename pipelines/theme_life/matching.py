"""Matches the clusters of a fit with the themes there are: who is whose, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linear_sum_assignment

from models.contracts import Vectors
from models.themes import Prototypes, ThemeModel
from models.themes.fit import ABSTAIN_SHARE
from pipelines.theme_life.finding import Found

_OVERLAP, _NEAR = 0.2, 0.85
"""A cluster is a theme's where they share so many excerpts (Jaccard) or lie so close (cosine)."""
_FREE = 0.5
"""Share of a cluster's excerpts that no theme explains, from which on it is a theme of its own."""
_PART, _MAINLY, _APART = 0.25, 0.6, 0.08
"""A split: a part so large of the theme, mainly of it, and by so much nearer to its own middle."""
_INSIDE, _ALIKE = 0.7, 0.85
"""A merger: so much of both themes in one cluster, and their middles so close."""


class Match:
    """What a fit found beside the model in use.

    Attributes:
        of_theme: the cluster of each theme that has one, by place.
    """

    def __init__(self, found: Found, model: ThemeModel) -> None:
        self._found, self._model = found, model
        own, clusters = model.prototypes, found.clusters
        self._nearest, self._cosines = model.nearest(found.vectors)
        sure = self._cosines >= own.thresholds[self._nearest]
        was = np.where(sure, own.owners[self._nearest], -1)
        self._counts = np.zeros((len(model.themes) + 1, len(clusters.centroids)), np.int64)
        np.add.at(self._counts, (was, clusters.groups), 1)  # the last row: without a theme
        self._sizes = self._counts.sum(axis=0)
        self._members = self._counts[:-1].sum(axis=1)
        between = own.centroids @ clusters.centroids.T
        starts = np.flatnonzero(np.r_[True, own.owners[1:] != own.owners[:-1]])
        self._near = np.maximum.reduceat(between, starts, axis=0)
        both = self._counts[:-1]
        union = self._members[:, None] + self._sizes[None, :] - both
        self._overlap = both / np.maximum(union, 1)
        self.of_theme = self._pairs()

    def _pairs(self) -> dict[int, int]:
        """The assignment of clusters to themes with most in common."""
        worth = self._overlap + np.maximum(self._near, 0)
        themes, clusters = linear_sum_assignment(-worth)
        return {
            int(theme): int(cluster)
            for theme, cluster in zip(themes, clusters, strict=True)
            if self._overlap[theme, cluster] >= _OVERLAP or self._near[theme, cluster] >= _NEAR
        }

    def left_over(self) -> list[int]:
        """Clusters that are no theme's."""
        return sorted(set(range(len(self._sizes))) - set(self.of_theme.values()))

    def of_pair(self, theme: int) -> dict[str, float]:
        """What a theme and its cluster have in common; nothing where it has none."""
        cluster = self.of_theme.get(theme)
        if cluster is None:
            return {}
        overlap, near = self._overlap[theme, cluster], self._near[theme, cluster]
        return {"overlap": float(overlap), "cosine": float(near)}

    def newness(self, cluster: int) -> dict[str, float]:
        """The evidence that a cluster is no theme that there is, or nothing."""
        free = float(self._counts[-1, cluster] / self._sizes[cluster])
        if free < _FREE:
            return {}
        return {"unexplained": free, "cosine": float(self._near[:, cluster].max())}

    def source(self, cluster: int) -> int:
        """The theme that most of a cluster's excerpts are of."""
        return int(self._counts[:-1, cluster].argmax())

    def split(self, cluster: int) -> dict[str, float]:
        """The evidence that a cluster is a part of its source and stands for itself, or nothing."""
        theme = self.source(cluster)
        both = self._counts[theme, cluster]
        part, mainly = both / max(self._members[theme], 1), both / self._sizes[cluster]
        if part < _PART or mainly < _MAINLY or theme not in self.of_theme:
            return {}
        if is_touched(self._model, theme):
            return {}
        own = self._found.vectors[self._found.clusters.groups == cluster]
        of_theme = self._model.prototypes.centroids[self._model.prototypes.owners == theme]
        apart = float(
            (own @ self._found.clusters.centroids[cluster]).mean()
            - (own @ of_theme.T).max(axis=1).mean()
        )
        if apart < _APART:
            return {}
        return {"part": float(part), "mainly": float(mainly), "apart": apart}

    def mergers(self) -> Iterator[tuple[int, int, dict[str, float]]]:
        """Pairs of themes that a fit finds to be one, the smaller first, with the evidence."""
        shares = self._counts[:-1] / np.maximum(self._members, 1)[:, None]
        centres = middles(self._model)
        alike = centres @ centres.T
        untouched = [at for at in range(len(self._members)) if not is_touched(self._model, at)]
        gone: dict[int, int] = {}
        for small in sorted(untouched, key=lambda at: int(self._members[at])):
            for large in sorted(untouched, key=lambda at: -int(self._members[at])):
                inside = float(np.minimum(shares[small], shares[large]).max())
                if (
                    large not in gone
                    and small not in gone.values()
                    and large != small
                    and inside >= _INSIDE
                    and alike[small, large] >= _ALIKE
                ):
                    gone[small] = large
                    yield small, large, {"inside": inside, "cosine": float(alike[small, large])}
                    break

    def reach(self) -> Vectors:
        """(p,) thresholds at which each theme reaches the excerpts of its cluster that lie nearest.

        None is above what it was, and those that people made stay: what has a theme keeps it, and
        only what had none comes under one.
        """
        own: Prototypes = self._model.prototypes
        groups, found = self._found.clusters.groups, own.thresholds.copy()
        for at, owner in enumerate(own.owners.tolist()):
            cluster = self.of_theme.get(owner)
            if cluster is None or own.held[at] or self._model.themes[owner].retired is not None:
                continue
            cosines = self._cosines[(groups == cluster) & (self._nearest == at)]
            if len(cosines):
                found[at] = min(found[at], np.quantile(cosines, ABSTAIN_SHARE))
        return found


def middles(model: ThemeModel) -> Vectors:
    """Mean of each theme's prototypes: (t, d) float32, unit rows."""
    own = model.prototypes
    sums = np.zeros((len(model.themes), model.dimensions), np.float32)
    np.add.at(sums, own.owners, own.centroids)
    found: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return found


def is_touched(model: ThemeModel, at: int) -> bool:
    """Whether people have said anything of a theme, which then no refit takes away."""
    theme = model.themes[at]
    said = theme.given or theme.settled or theme.owner or theme.retired
    has_parts = any(one.parent == theme.id for one in model.themes)
    held = model.prototypes.held[model.prototypes.owners == at].any()
    chosen = (model.examples.owners == at).any() or any(p.theme == theme.id for p in model.pins)
    return bool(said or has_parts or held or chosen)
