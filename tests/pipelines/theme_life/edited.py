"""A model of four causes, and what edits are made of."""

from __future__ import annotations

from functools import cache

from models.themes import Theme, ThemeModel
from pipelines.theme_life.edits import Edit
from pipelines.theme_life.membership import Make
from pipelines.theme_life.refit import settle
from tests.models.made_up_texts import Corpus
from tests.pipelines.theme_life.fake_store import found_in, heap, heaps

CAUSES = ("courier", "refund", "locker", "invoice")
KEYS = ("delivery", "money")
WEATHER = 9
"""An axis that no theme lies on."""
MANY = 60
"""Excerpts of a cause after thrice as many have come."""


@cache
def content(count: int = 15, seed: int = 1) -> Corpus:
    return heaps(*(heap(cause, at, count, seed + at) for at, cause in enumerate(CAUSES)))


@cache
def fitted() -> ThemeModel:
    return settle(found_in(content()), None, None).model


COURIER, REFUND, LOCKER, INVOICE = (theme.id for theme in fitted().themes)


def theme_of(model: ThemeModel, theme: str) -> Theme:
    return model.themes[model.places[theme]]


def after(*made: Edit) -> ThemeModel:
    """The fitted model after some edits."""
    model = fitted()
    for edit in made:
        model = edit.apply(model)
    return model


def themes_in(
    model: ThemeModel, own: Corpus, languages: list[str] | None = None
) -> list[str | None]:
    found = model.assign(own.vectors, own.texts, languages or own.languages)
    return [one.first.id if one.first else None for one in found]


def some(cause: str, count: int) -> Corpus:
    rows = [at for at, own in enumerate(content().causes) if own == cause][:count]
    own = content()
    return Corpus(
        [own.texts[at] for at in rows],
        [own.languages[at] for at in rows],
        own.vectors[rows],
        [own.causes[at] for at in rows],
    )


def made_of(own: Corpus, name: str = "Ours", source: str | None = None, left: int = 9) -> Make:
    """A theme of excerpts, split from a source that keeps so many."""
    rest = None if source is None else content().vectors[len(own.texts) : len(own.texts) + left]
    return Make(own.vectors, {"en": name}, {"en": ["word"]}, source, rest)
