"""Settles what a fit found among the themes there are, so that they hold still.

Known themes stay where they are, and so do their excerpts, however much the corpus has grown. Only
what they do not explain becomes a new theme; a theme is split, merged or retired on evidence alone,
and never where people touched it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.contracts import LANGUAGES, Vectors
from models.themes import MIN_TEXTS, Examples, Prototypes, Theme, ThemeModel
from models.themes.naming import SEPARATOR, concept_named, names_of, unlike
from pipelines.theme_life.fates import Fate
from pipelines.theme_life.finding import Found
from pipelines.theme_life.matching import Match, is_touched, middles
from pipelines.theme_life.places import PLACES
from pipelines.theme_life.touchpoints import Taxonomy

GROWTH = 0.5
"""By how much the excerpts must have grown since the last fit for another to be due."""
RENEWAL = 3.0
"""Times the excerpts a reach was measured on at which it is measured again."""


@dataclass(frozen=True)
class Settled:
    """A new model and what became of each theme, before excerpts are counted.

    Attributes:
        measured: whether how far themes reach was measured on the excerpts there are now.
    """

    model: ThemeModel
    fates: tuple[Fate, ...]
    measured: bool


def is_due(fitted_on: int, excerpts: int) -> bool:
    """Whether a fit is due: the first, or the corpus has grown by `GROWTH`."""
    if fitted_on == 0:
        return excerpts >= MIN_TEXTS
    return excerpts >= fitted_on * (1 + GROWTH)


def settle(
    found: Found,
    model: ThemeModel | None,
    taxonomy: Taxonomy | None,
    *,
    made_from: int = 0,
    in_use: Collection[str] | None = None,
) -> Settled:
    """The model that follows: known themes first, then what is new.

    Args:
        found: what a fit found.
        model: the model in use, None before the first fit.
        taxonomy: gives themes their touchpoint where people have not.
        made_from: excerpts there were when it was last measured how far themes reach.
        in_use: ids of the themes that any excerpt has; None where all are.
    """
    measured = True
    if model is None:
        model, fates = _first(found)
    elif model.dimensions != found.vectors.shape[1]:
        gone = _of_other_vectors(model, found.vectors.shape[1])
        model, fates = _first(found)
        fates = [*gone, *fates]
    else:
        measured = found.excerpts >= RENEWAL * max(made_from, 1)
        model, fates = _held(found, model, in_use, reach_anew=measured)
    model = replace(model, atlas=found.atlas)
    if taxonomy is not None:
        model = with_touchpoints(model, taxonomy)
    model = with_all_names(model)
    return Settled(model, tuple(fates), measured)


def with_touchpoints(model: ThemeModel, taxonomy: Taxonomy) -> ThemeModel:
    """Every theme under a touchpoint, but for those that people have placed.

    It is that of the concept it is named by, where the taxonomy has it, else the nearest.
    """
    keys = {one.key for one in taxonomy.touchpoints}
    heads = (theme.names.get("en", "").split(SEPARATOR)[0] for theme in model.themes)
    known = [PLACES.get(concept_named(head) or "") for head in heads]
    nearest = taxonomy.nearest(middles(model))
    found = [own if own in keys else near for own, near in zip(known, nearest, strict=True)]
    return replace(
        model,
        themes=tuple(
            theme if "touchpoint" in theme.settled else replace(theme, touchpoint=key)
            for theme, key in zip(model.themes, found, strict=True)
        ),
    )


def with_all_names(model: ThemeModel) -> ThemeModel:
    """Every theme named in every language; names that there are stay, those of people alone."""
    themes = list(model.themes)
    for at, theme in enumerate(themes):
        missing = set(LANGUAGES) - set(theme.names)
        if missing and not theme.given:
            others = [{**one.names, **one.given} for one in (*themes[:at], *themes[at + 1 :])]
            names = names_of(theme.keywords) or dict.fromkeys(LANGUAGES, theme.label)
            told = unlike({code: names[code] for code in missing}, theme.keywords, others)
            themes[at] = replace(theme, names={**told, **theme.names})
    return replace(model, themes=tuple(themes))


def theme_id(centroid: Vectors, taken: Collection[str] = ()) -> str:
    """The id of a theme that is new, from where it lies and unlike those taken."""
    content = centroid.astype(np.float16).tobytes()
    while (found := f"thm_{hashlib.sha256(content).hexdigest()[:12]}") in taken:
        content += b"+"
    return found


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


def _first(found: Found) -> tuple[ThemeModel, list[Fate]]:
    """Every cluster as a theme."""
    clusters = found.clusters
    count = len(clusters.centroids)
    themes: list[Theme] = []
    for at in range(count):
        themes.append(_theme(found, at, themes))
    points = Prototypes(
        clusters.centroids, np.arange(count), clusters.thresholds, np.zeros(count, bool)
    )
    none = Examples.none(found.vectors.shape[1])
    model = ThemeModel(tuple(themes), points, none, (), clusters.sharpness, found.atlas)
    return model, [Fate("new", theme.id, theme.label) for theme in themes]


def _of_other_vectors(model: ThemeModel, dimensions: int) -> list[Fate]:
    """Themes of another encoder, which no vector of this one can be compared with."""
    evidence = {"dimensions": float(model.dimensions), "dimensions_now": float(dimensions)}
    living = (theme for theme in model.themes if theme.retired is None)
    return [Fate("retired", theme.id, theme.label, evidence=evidence) for theme in living]


def _held(
    found: Found, known: ThemeModel, in_use: Collection[str] | None, *, reach_anew: bool
) -> tuple[ThemeModel, list[Fate]]:
    """Themes stay where they are; new ones come from what they do not explain."""
    match = Match(found, known)
    model, joined = known, []
    if reach_anew:
        model = replace(known, prototypes=replace(known.prototypes, thresholds=match.reach()))
    for cluster in match.left_over():
        if evidence := match.newness(cluster):
            model, theme = _joined(found, model, cluster)
            joined.append(Fate("new", theme.id, theme.label, evidence=evidence))
        elif evidence := match.split(cluster):
            model, theme = _joined(found, model, cluster)
            origin = known.themes[match.source(cluster)].id
            joined.append(Fate("split", theme.id, theme.label, other=origin, evidence=evidence))
    gone = _out_of_use(found, known, in_use)
    for small, large, evidence in match.mergers():
        if small not in gone and large not in gone:
            theme, other = known.themes[small], known.themes[large].id
            gone[small] = Fate("merged", theme.id, theme.label, other=other, evidence=evidence)
    kept = [
        gone.get(at) or Fate("kept", theme.id, theme.label, evidence=match.of_pair(at))
        for at, theme in enumerate(known.themes)
        if theme.retired is None
    ]
    return _without(model, gone), [*kept, *joined]


def _out_of_use(found: Found, model: ThemeModel, in_use: Collection[str] | None) -> dict[int, Fate]:
    """Themes that no excerpt has any more and that people never touched, by place."""
    return {
        at: Fate(
            "retired",
            theme.id,
            theme.label,
            evidence={"excerpts": 0.0, "of_excerpts": float(found.excerpts)},
        )
        for at, theme in enumerate(model.themes)
        if in_use is not None and theme.id not in in_use and not is_touched(model, at)
    }


def _without(model: ThemeModel, gone: dict[int, Fate]) -> ThemeModel:
    """The model with the prototypes of merged themes given to others and of retired ones gone."""
    places = model.places
    into = {at: places[fate.other] for at, fate in gone.items() if fate.other is not None}
    dropped = np.isin(model.prototypes.owners, sorted(set(gone) - set(into)))
    points = model.prototypes.of(~dropped)
    owners = np.array([into.get(int(at), int(at)) for at in points.owners], np.int64)
    return compact(replace(model, prototypes=points.owned_by(owners)))


def _joined(found: Found, model: ThemeModel, cluster: int) -> tuple[ThemeModel, Theme]:
    """The model with a cluster as one more theme."""
    clusters = found.clusters
    theme = _theme(found, cluster, model.themes)
    point = Prototypes(
        clusters.centroids[[cluster]],
        np.array([len(model.themes)]),
        clusters.thresholds[[cluster]],
        np.zeros(1, bool),
    )
    return replace(model, themes=(*model.themes, theme), prototypes=model.prototypes + point), theme


def _theme(found: Found, at: int, others: Sequence[Theme]) -> Theme:
    """A cluster as a theme, with a name and an id that none of the others has."""
    named = [{**one.names, **one.given} for one in others]
    names = unlike(found.names[at], found.keywords[at], named)
    own = theme_id(found.clusters.centroids[at], {one.id for one in others})
    return Theme(own, names, found.keywords[at])
