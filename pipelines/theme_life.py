"""The life of themes: fit on all excerpts, put the model in place, say when a refit is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models import themes
from models.concepts import ConceptSpace
from models.contracts import Vectors
from models.themes import ThemeModel
from pipelines.ports import StoredExcerpt, ThemeStore

REFIT_GROWTH = 0.5
"""By how much the excerpts must have grown since the last fit for another to be due."""


@dataclass(frozen=True)
class Refit:
    """What a fit found: themes, excerpts in all, and the share of them without a theme."""

    version: str
    themes: int
    excerpts: int
    unthemed_share: float


def fit(excerpts: Sequence[StoredExcerpt], vectors: Vectors, concepts: ConceptSpace) -> ThemeModel:
    """Find themes; takes seconds to minutes and needs no storage meanwhile.

    Raises:
        TooFewTextsError: there is too little to find themes in.
    """
    return themes.fit(
        [excerpt.text for excerpt in excerpts],
        [excerpt.language for excerpt in excerpts],
        vectors,
        concepts.guess(vectors) if excerpts else None,
        concepts.names,
    )


def install(store: ThemeStore, model: ThemeModel) -> Refit:
    """Put a fitted model in place and give every excerpt its theme, new arrivals too."""
    excerpts, vectors = store.excerpts()
    matches = model.assign(vectors)
    store.replace_model(
        model, {excerpt.id: match for excerpt, match in zip(excerpts, matches, strict=True)}
    )
    unthemed = sum(match is None for match in matches) / max(len(matches), 1)
    return Refit(model.version, len(model.themes), len(excerpts), round(unthemed, 4))


def is_due(fitted_on: int, excerpts: int) -> bool:
    """Whether a fit is due: the first, or the corpus has grown by `REFIT_GROWTH`."""
    if fitted_on == 0:
        return excerpts >= themes.MIN_TEXTS
    return excerpts >= fitted_on * (1 + REFIT_GROWTH)
