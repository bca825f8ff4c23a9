from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from models import concepts, themes
from models.contracts import ThemeMatch, TooFewTextsError, Vectors
from models.themes import ThemeModel
from pipelines import theme_life
from pipelines.ports import StoredExcerpt, ThemeStore
from tests.models.made_up_texts import CAUSES, DIMENSIONS, Corpus, around, corpus, fitted


class FakeThemeStore:
    """Keeps excerpts and the model in memory."""

    def __init__(self, content: Corpus) -> None:
        self.content = content
        self.model: ThemeModel | None = None
        self.assigned: dict[int, ThemeMatch | None] = {}

    def excerpts(self) -> tuple[list[StoredExcerpt], Vectors]:
        made = self.content
        stored = [
            StoredExcerpt(1000 + at, f"fb_{at}", code, text)
            for at, (text, code) in enumerate(zip(made.texts, made.languages, strict=True))
        ]
        return stored, made.vectors

    def current_model(self) -> ThemeModel | None:
        return self.model

    def replace_model(self, model: ThemeModel, assigned: Mapping[int, ThemeMatch | None]) -> None:
        self.model, self.assigned = model, dict(assigned)


ARRIVALS = Corpus(
    ["the courier did not even ring", "what a lovely day"],
    ["en", "en"],
    np.concatenate([around(0, 1, 77, 0.1), around(DIMENSIONS - 1, 1, 78, 0.1)]),
    ["courier", ""],
)


CONCEPTS = concepts.fit(corpus().vectors, corpus().causes)


def as_stored(made: Corpus) -> Corpus:
    """The corpus with theme vectors instead of neutral ones."""
    return replace(made, vectors=CONCEPTS.theme_vectors(made.vectors))


def test_a_fit_over_stored_excerpts_finds_their_causes_and_repeats() -> None:
    store: ThemeStore = FakeThemeStore(as_stored(corpus()))
    model = theme_life.fit(*store.excerpts(), CONCEPTS)
    assert len(model.themes) == len(CAUSES)
    assert theme_life.fit(*store.excerpts(), CONCEPTS).to_bytes() == model.to_bytes()


def test_installing_a_model_gives_every_excerpt_its_theme_and_new_arrivals_too() -> None:
    store = FakeThemeStore(corpus() + ARRIVALS)
    refit = theme_life.install(store, fitted())
    stored, vectors = store.excerpts()
    assert store.model is not None
    assert store.model.version == refit.version == fitted().version
    assert store.assigned == dict(
        zip([one.id for one in stored], fitted().assign(vectors), strict=True)
    )
    courier, weather = (store.assigned[one.id] for one in stored[-2:])
    assert courier is not None
    assert weather is None


def test_what_is_reported_is_what_was_done() -> None:
    store = FakeThemeStore(corpus() + ARRIVALS)
    refit = theme_life.install(store, fitted())
    unthemed = sum(match is None for match in store.assigned.values())
    assert refit.themes == len(fitted().themes)
    assert refit.excerpts == len(store.assigned) == len(corpus().texts) + 2
    assert refit.unthemed_share == pytest.approx(unthemed / refit.excerpts, abs=1e-4)
    assert unthemed >= 1


def test_installing_over_no_excerpts_is_no_error() -> None:
    nothing = Corpus([], [], np.zeros((0, DIMENSIONS), np.float32), [])
    refit = theme_life.install(FakeThemeStore(nothing), fitted())
    assert (refit.excerpts, refit.unthemed_share) == (0, 0.0)


def test_too_few_excerpts_leave_the_model_in_use_alone() -> None:
    store = FakeThemeStore(as_stored(ARRIVALS))
    store.model = fitted()
    with pytest.raises(TooFewTextsError):
        theme_life.install(store, theme_life.fit(*store.excerpts(), CONCEPTS))
    assert store.model is fitted()


@pytest.mark.parametrize(
    ("fitted_on", "excerpts", "due"),
    [
        (0, themes.MIN_TEXTS - 1, False),
        (0, themes.MIN_TEXTS, True),
        (100, 149, False),
        (100, 150, True),
        (100, 90, False),
        (0, 0, False),
    ],
)
def test_a_fit_is_due_at_first_and_then_when_the_corpus_has_grown_by_half(
    fitted_on: int, excerpts: int, due: bool
) -> None:
    assert theme_life.is_due(fitted_on, excerpts) is due
