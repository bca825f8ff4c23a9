"""A model of two themes put in place: the first and the last excerpt's own vectors are centres."""

from __future__ import annotations

import numpy as np

from models.themes import Atlas, Examples, Prototypes, Theme, ThemeModel
from pipelines.ports import Change
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

DELIVERY = Theme(
    "thm_delivery",
    {"en": "Parcel lost", "pl": "Zaginiona paczka"},
    {"en": ["parcel", "lost"], "pl": ["paczka"]},
    touchpoint="delivery",
)
APP = Theme("thm_app", {"en": "App"}, {"en": ["app"]})


def put_two_themes(odzew: Odzew, workspace: str) -> ThemeModel:
    """Two themes that between them have most excerpts."""
    with odzew.database.transaction() as session:
        repository = ThemeRepository(session, workspace)
        stored, vectors = repository.excerpts()
        own = Prototypes(
            vectors[[0, -1]], np.arange(2), np.full(2, 0.05, np.float32), np.zeros(2, bool)
        )
        dimensions = vectors.shape[1]
        model = ThemeModel(
            (DELIVERY, APP), own, Examples.none(dimensions), (), 10.0, _spread(dimensions)
        )
        report = {
            "themes": 2,
            "excerpts": len(stored),
            "unthemed_share": 0.0,
            "kept_share": 1.0,
            "fates": [],
        }
        assigned = model.assign(vectors)
        change = Change(
            "refit", "odzew", model, (DELIVERY.id, APP.id), report, assigned, len(stored)
        )
        repository.put(change)
    return model


def _spread(dimensions: int) -> Atlas:
    """A map on which different vectors have different places."""
    chance = np.random.default_rng(1)
    hidden, output = chance.normal(size=(dimensions, 8)), chance.normal(size=(8, 2)) / 4
    zeros = np.zeros(8, np.float32), np.zeros(2, np.float32)
    return Atlas(
        hidden.astype(np.float16).astype(np.float32),
        zeros[0],
        output.astype(np.float16).astype(np.float32),
        zeros[1],
    )
