"""A model of a few themes that lie along axes, small enough to reckon by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.contracts import Themed, Vectors
from models.themes import Atlas, Examples, Pin, Prototypes, Theme, ThemeModel

DIMENSIONS = 8
COURIER, REFUND, LOCKER = range(3)
SHARP = 8.0
ROUNDING = 2e-4
"""Confidences have four places, and products of matrices differ in their last bits."""


def axis(*numbers: int) -> Vectors:
    rows: Vectors = np.eye(DIMENSIONS, dtype=np.float32)[list(numbers)]
    return rows


def between(one: int, other: int, angle: float) -> Vectors:
    """(1, d) unit row at an angle in degrees from one axis towards another."""
    part = np.radians(angle)
    row: Vectors = (np.cos(part) * axis(one) + np.sin(part) * axis(other)).astype(np.float32)
    return row


def prototypes(
    centroids: Vectors, owners: list[int], thresholds: list[float] | None = None
) -> Prototypes:
    return Prototypes(
        centroids,
        np.array(owners, np.int64),
        np.array(thresholds or [0.5] * len(owners), np.float32),
        np.zeros(len(owners), bool),
    )


def examples(vectors: Vectors, *owners: int) -> Examples:
    return Examples(vectors, np.array(owners, np.int64))


def made() -> ThemeModel:
    """Three themes, each on an axis of its own."""
    return ThemeModel(
        (
            Theme("thm_courier", {"en": "Courier", "pl": "Kurier"}, {"en": ["courier", "bell"]}),
            Theme("thm_refund", {"en": "Refund", "pl": "Zwrot"}, {"pl": ["zwrot"]}),
            Theme("thm_locker", {"en": "Locker"}, {}),
        ),
        prototypes(axis(0, 1, 2), [COURIER, REFUND, LOCKER]),
        Examples.none(DIMENSIONS),
        (),
        SHARP,
        Atlas.blank(DIMENSIONS),
    )


def everything() -> ThemeModel:
    """A model in which nothing is left at its default."""
    base = made()
    generator = np.random.default_rng(3)
    themes = (
        replace(
            base.themes[COURIER],
            given={"pl": "Kurierzy – żółć"},
            touchpoint="delivery",
            owner="Jana Nováková",
            settled=("touchpoint", "parent"),
        ),
        replace(base.themes[REFUND], parent="thm_courier"),
        replace(base.themes[LOCKER], retired="merged"),
    )
    return replace(
        base,
        themes=themes,
        prototypes=Prototypes(
            np.concatenate([axis(0), between(0, 4, 30), axis(1, 2)]),
            np.array([0, 0, 1, 2]),
            np.array([0.51, 0.62, 0.73, 0.84], np.float32),
            np.array([False, True, False, False]),
        ),
        examples=examples(axis(6, 7), REFUND, -1),
        pins=(Pin("zwrot pieniędzy", "thm_refund"),),
        sharpness=4.321,
        atlas=Atlas(
            *(
                generator.normal(size=shape).astype(np.float16).astype(np.float32)
                for shape in ((DIMENSIONS, 5), (5,), (5, 2), (2,))
            )
        ),
    )


def retired(model: ThemeModel, place: int) -> ThemeModel:
    themes = list(model.themes)
    themes[place] = replace(themes[place], retired="nobody speaks of it")
    return replace(model, themes=tuple(themes))


def ids(found: list[Themed]) -> list[tuple[str | None, str | None]]:
    return [
        (one.first.id if one.first else None, one.second.id if one.second else None)
        for one in found
    ]


def first(found: list[Themed]) -> str | None:
    return ids(found)[0][0]
