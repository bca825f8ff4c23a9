"""Matches what a fit found with the themes there are, so that they hold still.

Known themes stay where they are, and so do their excerpts. Only what they do not explain becomes a
new theme; a theme is split, merged or retired on evidence alone, and never where people touched it.
When the corpus is several times what the model was made from, themes move to where the new clusters
are and keep their ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment

from models.contracts import Vectors
from models.themes import MIN_TEXTS, Examples, Prototypes, Theme, ThemeModel
from models.themes.naming import unlike
from pipelines.theme_life.finding import Found
from pipelines.theme_life.touchpoints import Taxonomy

Kind: TypeAlias = Literal["kept", "grown", "shrunk", "split", "merged", "new", "retired"]

GROWTH = 0.5
"""By how much the excerpts must have grown since the last fit for another to be due."""
RENEWAL = 3.0
"""Times the excerpts the model was made from at which themes move to the new clusters."""
_OVERLAP, _NEAR = 0.2, 0.85
"""A cluster is a theme's where they share so many excerpts (Jaccard) or lie so close (cosine)."""
_FREE = 0.5
"""Share of a cluster's excerpts that no theme explains, from which on it is a theme of its own."""
_PART, _MAINLY, _APART = 0.25, 0.6, 0.08
"""A split: a part so large of the theme, mainly of it, and by so much nearer to its own middle."""
_INSIDE, _ALIKE = 0.7, 0.85
"""A merger: so much of both themes in one cluster, and their middles so close."""
_GREW = 1.25
"""Growth of a theme's share of all excerpts that is worth saying."""


@dataclass(frozen=True)
class Fate:
    """What became of one theme.

    Attributes:
        before: its excerpts before, `after` its excerpts after, `stayed` those that are both.
        other: the theme it was split from or merged into.
        evidence: figures that it was decided by.
    """

    kind: Kind
    theme: str
    label: str
    before: int = 0
    after: int = 0
    stayed: int = 0
    other: str | None = None
    evidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Settled:
    """A new model and what became of each theme, before excerpts are counted.

    Attributes:
        moved: whether themes are now where their clusters are.
    """

    model: ThemeModel
    fates: tuple[Fate, ...]
    moved: bool


def is_due(fitted_on: int, excerpts: int) -> bool:
    """Whether a fit is due: the first, or the corpus has grown by `GROWTH`."""
    if fitted_on == 0:
        return excerpts >= MIN_TEXTS
    return excerpts >= fitted_on * (1 + GROWTH)


def settle(
    found: Found, model: ThemeModel | None, taxonomy: Taxonomy | None, *, made_from: int = 0
) -> Settled:
    """The model that follows: known themes first, then what is new.

    Args:
        found: what a fit found.
        model: the model in use, None before the first fit.
        taxonomy: gives themes their touchpoint where people have not.
        made_from: excerpts there were when themes last were where their clusters are.
    """
    moved = True
    if model is None or model.dimensions != found.vectors.shape[1]:
        model = _first(found)
        fates = [Fate("new", theme.id, theme.label) for theme in model.themes]
    elif found.excerpts >= RENEWAL * max(made_from, 1):
        model, fates = _Match(found, model).renewed()
    else:
        moved = False
        model, fates = _Match(found, model).held()
    model = replace(model, atlas=found.atlas)
    if taxonomy is not None:
        model = with_touchpoints(model, taxonomy)
    return Settled(model, tuple(fates), moved)


def with_touchpoints(model: ThemeModel, taxonomy: Taxonomy) -> ThemeModel:
    """Every theme under its nearest touchpoint, but for those that people have placed."""
    keys = taxonomy.nearest(middles(model))
    return replace(
        model,
        themes=tuple(
            theme if "touchpoint" in theme.settled else replace(theme, touchpoint=key)
            for theme, key in zip(model.themes, keys, strict=True)
        ),
    )


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


def _first(found: Found) -> ThemeModel:
    clusters = found.clusters
    count = len(clusters.centroids)
    themes: list[Theme] = []
    for at in range(count):
        themes.append(_theme(found, at, themes))
    return ThemeModel(
        tuple(themes),
        Prototypes(
            clusters.centroids, np.arange(count), clusters.thresholds, np.zeros(count, bool)
        ),
        Examples.none(found.vectors.shape[1]),
        (),
        clusters.sharpness,
        found.atlas,
    )


def _theme(found: Found, at: int, others: Sequence[Theme]) -> Theme:
    """A cluster as a theme, with a name and an id that none of the others has."""
    named = [{**one.names, **one.given} for one in others]
    names = unlike(found.names[at], found.keywords[at], named)
    own = theme_id(found.clusters.centroids[at], {one.id for one in others})
    return Theme(own, names, found.keywords[at])


def theme_id(centroid: Vectors, taken: Collection[str] = ()) -> str:
    """The id of a theme that is new, from where it lies and unlike those taken."""
    content = centroid.astype(np.float16).tobytes()
    while (found := f"thm_{hashlib.sha256(content).hexdigest()[:12]}") in taken:
        content += b"+"
    return found


class _Match:
    """What a fit found beside the model in use."""

    def __init__(self, found: Found, model: ThemeModel) -> None:
        self.found, self.model = found, model
        own, clusters = model.prototypes, found.clusters
        self.best, cosines = model.nearest(found.vectors)
        sure = cosines >= own.thresholds[self.best]
        self.was = np.where(sure, own.owners[self.best], -1)
        self.counts = np.zeros((len(model.themes) + 1, len(clusters.centroids)), np.int64)
        np.add.at(self.counts, (self.was, clusters.groups), 1)  # the last row: without a theme
        self.sizes = self.counts.sum(axis=0)
        self.members = self.counts[:-1].sum(axis=1)
        between = own.centroids @ clusters.centroids.T
        starts = np.flatnonzero(np.r_[True, own.owners[1:] != own.owners[:-1]])
        self.near = np.maximum.reduceat(between, starts, axis=0)
        both = self.counts[:-1]
        union = self.members[:, None] + self.sizes[None, :] - both
        self.overlap = both / np.maximum(union, 1)
        self.of_theme = self._pairs()

    def _pairs(self) -> dict[int, int]:
        """The cluster of each theme that has one: the assignment with most in common."""
        worth = self.overlap + np.maximum(self.near, 0)
        themes, clusters = linear_sum_assignment(-worth)
        return {
            int(theme): int(cluster)
            for theme, cluster in zip(themes, clusters, strict=True)
            if self.overlap[theme, cluster] >= _OVERLAP or self.near[theme, cluster] >= _NEAR
        }

    def held(self) -> tuple[ThemeModel, list[Fate]]:
        """Themes stay where they are; new ones come from what they do not explain."""
        model, fates = self.model, self._kept()
        for cluster in sorted(set(range(len(self.sizes))) - set(self.of_theme.values())):
            free = float(self.counts[-1, cluster] / self.sizes[cluster])
            source = int(self.counts[:-1, cluster].argmax())
            if free >= _FREE:
                model, theme = self._joined(model, cluster)
                fates.append(Fate("new", theme.id, theme.label, evidence={"unexplained": free}))
            elif evidence := self._split(source, cluster):
                model, theme = self._joined(model, cluster)
                origin = self.model.themes[source].id
                fates.append(Fate("split", theme.id, theme.label, other=origin, evidence=evidence))
        return self._merged(model, fates)

    def renewed(self) -> tuple[ThemeModel, list[Fate]]:
        """Themes move to their clusters; what people touched stays as well."""
        fates = self._kept()
        clusters, own = self.found.clusters, self.model.prototypes
        taken = {cluster: theme for theme, cluster in self.of_theme.items()}
        themes = list(self.model.themes)
        stays = own.held | np.array(
            [at not in self.of_theme and is_touched(self.model, at) for at in own.owners]
        )
        owners = []
        for cluster in range(len(clusters.centroids)):
            if cluster not in taken and (whole := self._whole_of(cluster)) is not None:
                taken[cluster] = whole
            if cluster not in taken:
                theme = _theme(self.found, cluster, themes)
                fates.append(Fate("new", theme.id, theme.label))
                taken[cluster] = len(themes)
                themes.append(theme)
            owners.append(taken[cluster])
        moved = Prototypes(
            clusters.centroids,
            np.array(owners, np.int64),
            clusters.thresholds,
            np.zeros(len(owners), bool),
        )
        model = replace(
            self.model,
            themes=tuple(themes),
            prototypes=_sorted(own.of(stays) + moved),
            sharpness=clusters.sharpness,
        )
        return _without_empty(model, fates)

    def _whole_of(self, cluster: int) -> int | None:
        """The theme that people put together and that a cluster is mainly a part of, if any."""
        source = int(self.counts[:-1, cluster].argmax())
        mainly = self.counts[source, cluster] / self.sizes[cluster]
        held = self.model.prototypes.held[self.model.prototypes.owners == source].any()
        return source if held and mainly >= _MAINLY else None

    def _kept(self) -> list[Fate]:
        return [
            Fate(
                "kept",
                theme.id,
                theme.label,
                evidence={}
                if at not in self.of_theme
                else {
                    "overlap": float(self.overlap[at, self.of_theme[at]]),
                    "cosine": float(self.near[at, self.of_theme[at]]),
                },
            )
            for at, theme in enumerate(self.model.themes)
            if theme.retired is None
        ]

    def _split(self, theme: int, cluster: int) -> dict[str, float]:
        """The evidence that a cluster is a part of a theme that stands for itself, or nothing."""
        both = self.counts[theme, cluster]
        part, mainly = both / max(self.members[theme], 1), both / self.sizes[cluster]
        if part < _PART or mainly < _MAINLY or theme not in self.of_theme:
            return {}
        if is_touched(self.model, theme):
            return {}
        own = self.found.vectors[self.found.clusters.groups == cluster]
        of_theme = self.model.prototypes.centroids[self.model.prototypes.owners == theme]
        apart = float(
            (own @ self.found.clusters.centroids[cluster]).mean()
            - (own @ of_theme.T).max(axis=1).mean()
        )
        if apart < _APART:
            return {}
        return {"part": float(part), "mainly": float(mainly), "apart": apart}

    def _joined(self, model: ThemeModel, cluster: int) -> tuple[ThemeModel, Theme]:
        clusters = self.found.clusters
        theme = _theme(self.found, cluster, model.themes)
        point = Prototypes(
            clusters.centroids[[cluster]],
            np.array([len(model.themes)]),
            clusters.thresholds[[cluster]],
            np.zeros(1, bool),
        )
        grown = replace(
            model, themes=(*model.themes, theme), prototypes=_sorted(model.prototypes + point)
        )
        return grown, theme

    def _merged(self, model: ThemeModel, fates: list[Fate]) -> tuple[ThemeModel, list[Fate]]:
        """Themes that a fit finds to be one; the smaller goes into the larger."""
        shares = self.counts[:-1] / np.maximum(self.members, 1)[:, None]
        centres = middles(self.model)
        alike = centres @ centres.T
        untouched = [at for at in range(len(self.members)) if not is_touched(self.model, at)]
        gone: dict[int, int] = {}
        for small in sorted(untouched, key=lambda at: int(self.members[at])):
            for large in sorted(untouched, key=lambda at: -int(self.members[at])):
                inside = float(np.minimum(shares[small], shares[large]).max())
                if (
                    large not in gone
                    and small not in gone.values()
                    and large != small
                    and inside >= _INSIDE
                    and alike[small, large] >= _ALIKE
                ):
                    gone[small] = large
                    fates = [
                        replace(
                            fate,
                            kind="merged",
                            other=self.model.themes[large].id,
                            evidence={"inside": inside, "cosine": float(alike[small, large])},
                        )
                        if fate.theme == self.model.themes[small].id
                        else fate
                        for fate in fates
                    ]
                    break
        owners = np.array([gone.get(int(at), int(at)) for at in model.prototypes.owners])
        model = replace(model, prototypes=model.prototypes.owned_by(owners))
        return _without_empty(model, fates)


def _without_empty(model: ThemeModel, fates: list[Fate]) -> tuple[ThemeModel, list[Fate]]:
    """The model without themes that have no prototype any more, which are retired."""
    kept = np.unique(model.prototypes.owners)
    gone = {theme.id for at, theme in enumerate(model.themes) if at not in kept}
    fates = [
        replace(fate, kind="retired") if fate.theme in gone and fate.kind == "kept" else fate
        for fate in fates
    ]
    return compact(model), fates


def compact(model: ThemeModel) -> ThemeModel:
    """The model without themes that have no prototype."""
    kept = np.unique(model.prototypes.owners)
    places = {int(old): new for new, old in enumerate(kept)}
    gone = {theme.id for at, theme in enumerate(model.themes) if at not in places}
    examples = np.array([at in places or at < 0 for at in model.examples.owners], bool)
    themes = (model.themes[at] for at in kept)
    return replace(
        model,
        themes=tuple(replace(one, parent=None) if one.parent in gone else one for one in themes),
        prototypes=replace(
            model.prototypes,
            owners=np.array([places[int(at)] for at in model.prototypes.owners], np.int64),
        ),
        examples=Examples(
            model.examples.vectors[examples],
            np.array([places.get(int(at), -1) for at in model.examples.owners[examples]], np.int64),
        ),
        pins=tuple(pin for pin in model.pins if pin.theme not in gone),
    )


def _sorted(prototypes: Prototypes) -> Prototypes:
    return prototypes.owned_by(prototypes.owners)


def counted(
    fates: Sequence[Fate], before: Sequence[str | None], after: Sequence[str | None]
) -> tuple[Fate, ...]:
    """Fates with the excerpts of each theme before and after, and which grew or shrank by share.

    Args:
        fates: what became of the themes.
        before: theme of each excerpt before, None for none.
        after: the same after.
    """
    old, new = _tally(before), _tally(after)
    same = _tally([was if was == now else None for was, now in zip(before, after, strict=True)])
    result = []
    for fate in fates:
        was, now = old.get(fate.theme, 0), new.get(fate.theme, 0)
        kind = fate.kind
        if kind == "kept" and was and now:
            ratio = (now / max(len(after), 1)) / (was / max(len(before), 1))
            kind = "grown" if ratio >= _GREW else "shrunk" if ratio <= 1 / _GREW else "kept"
        result.append(
            replace(fate, kind=kind, before=was, after=now, stayed=same.get(fate.theme, 0))
        )
    return tuple(result)


def kept_share(before: Sequence[str | None], after: Sequence[str | None]) -> float:
    """Share of the excerpts with a theme before that have the same one after."""
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if old is not None]
    return sum(old == new for old, new in pairs) / len(pairs) if pairs else 1.0


def _tally(themes: Sequence[str | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for theme in themes:
        if theme is not None:
            found[theme] = found.get(theme, 0) + 1
    return found
