from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.contracts import LANGUAGES
from models.themes import MIN_TEXTS, Examples, Pin
from models.themes.naming import VARIOUS
from pipelines.theme_life import identity, membership, refit
from pipelines.theme_life.finding import Found
from pipelines.theme_life.matching import middles
from pipelines.theme_life.refit import settle
from tests.models.made_up_texts import DIMENSIONS, around
from tests.pipelines.theme_life.fake_store import found_in, heap, heaps
from tests.pipelines.theme_life.settling import (
    CAUSES,
    WEATHER,
    corpus_of,
    fates,
    first,
    taxonomy,
    themes_of,
)


@pytest.mark.parametrize(
    ("fitted_on", "excerpts", "due"),
    [
        (0, MIN_TEXTS - 1, False),
        (0, MIN_TEXTS, True),
        (100, 149, False),
        (100, 150, True),
        (100, 90, False),
        (0, 0, False),
    ],
)
def test_a_fit_is_due_at_first_and_then_when_the_corpus_has_grown_by_half(
    fitted_on: int, excerpts: int, due: bool
) -> None:
    assert refit.is_due(fitted_on, excerpts) is due


def test_the_first_fit_makes_a_theme_of_every_cluster() -> None:
    content, settled = first()
    assert [theme.label for theme in settled.model.themes] == list(CAUSES)
    assert len({theme.id for theme in settled.model.themes}) == len(CAUSES)
    assert [(fate.kind, fate.theme) for fate in settled.fates] == [
        ("new", theme.id) for theme in settled.model.themes
    ]
    themes = themes_of(settled.model, content)
    assert themes.count(None) <= 0.1 * len(themes)
    for cause, theme in zip(CAUSES, settled.model.themes, strict=True):
        own = {found for found, at in zip(themes, content.causes, strict=True) if at == cause}
        assert own <= {theme.id, None}


def test_every_theme_is_named_in_every_language_and_keeps_the_names_it_has() -> None:
    content, settled = first()
    assert all(set(theme.names) == set(LANGUAGES) for theme in settled.model.themes)
    old = tuple(
        replace(theme, names={"pl": f"nazwa {at}"}, keywords={"pl": ["filtr"]})
        for at, theme in enumerate(settled.model.themes)
    )
    known = replace(settled.model, themes=old)
    after = settle(found_in(content), known, None).model
    assert [theme.names["pl"] for theme in after.themes] == [f"nazwa {at}" for at in range(4)]
    english = [theme.names["en"] for theme in after.themes]
    assert english[0] == f"{VARIOUS['en']}: “filtr”"
    assert len(set(english)) == len(english)


def test_a_name_that_people_gave_in_one_language_stands_in_for_the_others() -> None:
    content, settled = first()
    given = replace(settled.model.themes[0], names={"en": "Mine"}, given={"en": "Mine"})
    known = replace(settled.model, themes=(given, *settled.model.themes[1:]))
    after = settle(found_in(content), known, None).model
    assert after.themes[0].name("et") == "Mine"


def test_two_clusters_of_one_name_become_themes_of_different_names() -> None:
    found = found_in(first()[0])
    alike = replace(found, names=({"en": "Parcel"},) * len(CAUSES))
    names = [theme.label for theme in settle(alike, None, None).model.themes]
    assert names[0] == "Parcel"
    assert len({name.casefold() for name in names}) == len(CAUSES)


def test_a_refit_on_the_same_excerpts_changes_nothing() -> None:
    content, settled = first()
    again = settle(found_in(content), settled.model, None, made_from=len(content.texts))
    assert again.model.version == settled.model.version
    assert [fate.kind for fate in again.fates] == ["kept"] * len(CAUSES)
    assert all(fate.evidence["overlap"] > 0.8 for fate in again.fates)
    assert themes_of(again.model, content) == themes_of(settled.model, content)


def test_a_fifth_more_excerpts_keep_every_id_and_every_known_excerpts_theme() -> None:
    content, settled = first()
    more = content + corpus_of(6, 200)
    again = settle(found_in(more), settled.model, None, made_from=len(content.texts))
    assert {theme.id for theme in again.model.themes} == {
        theme.id for theme in settled.model.themes
    }
    assert themes_of(again.model, content) == themes_of(settled.model, content)
    assert {fate.kind for fate in again.fates} == {"kept"}


def test_a_new_cause_among_excerpts_without_a_theme_becomes_a_new_theme() -> None:
    content, settled = first()
    weather = heap("weather", WEATHER, 20, 300)
    assert set(themes_of(settled.model, weather)) == {None}
    again = settle(found_in(content + weather), settled.model, None, made_from=len(content.texts))
    (new,) = fates(again, "new")
    assert new.label == "weather"
    assert new.evidence["unexplained"] == 1.0
    assert len(again.model.themes) == len(CAUSES) + 1
    themes = themes_of(again.model, weather)
    assert themes.count(new.theme) >= 0.9 * len(themes)
    assert themes_of(again.model, content) == themes_of(settled.model, content)


def test_a_new_theme_never_has_the_found_name_of_another() -> None:
    content, settled = first()
    found = found_in(content + heap("weather", WEATHER, 20, 300), weather="Courier")
    again = settle(found, settled.model, None, made_from=len(content.texts))
    (new,) = fates(again, "new")
    assert new.label.casefold() != "courier"


def test_a_new_theme_never_has_the_name_that_people_gave_another() -> None:
    content, settled = first()
    courier = settled.model.themes[0].id
    renamed = identity.Rename(courier, "Weather").apply(settled.model)
    found = found_in(content + heap("weather", WEATHER, 20, 300))
    again = settle(found, renamed, None, made_from=len(content.texts))
    labels = [theme.label.casefold() for theme in again.model.themes]
    assert len(set(labels)) == len(labels)


def test_a_theme_that_grew_keeps_the_parent_that_people_gave_it() -> None:
    content, settled = first()
    courier, refund = (theme.id for theme in settled.model.themes[:2])
    placed = identity.Place(refund, {"parent": courier}).apply(settled.model)
    more = heaps(
        *(heap(cause, at, 130, 500 + at) for at, cause in enumerate(CAUSES) if at),
    )
    again = settle(found_in(more), placed, None, made_from=len(content.texts))
    assert again.model.themes[again.model.places[refund]].parent == courier


def test_vectors_of_another_length_begin_anew() -> None:
    content, settled = first()
    wider = np.pad(content.vectors, ((0, 0), (0, 4)))
    found = found_in(replace(content, vectors=wider))
    again = settle(found, settled.model, None, made_from=len(content.texts))
    assert again.model.dimensions == DIMENSIONS + 4
    assert {fate.theme for fate in fates(again, "retired")} == set(settled.model.places)
    assert {fate.theme for fate in fates(again, "new")} == set(again.model.places)
    evidence = {"dimensions": float(DIMENSIONS), "dimensions_now": float(DIMENSIONS + 4)}
    assert all(fate.evidence == evidence for fate in fates(again, "retired"))


def test_the_map_of_the_newest_fit_is_the_one_in_use() -> None:
    content, settled = first()
    found: Found = found_in(content)
    moved = replace(found.atlas, output_bias=np.ones(2, np.float32))
    again = settle(replace(found, atlas=moved), settled.model, None, made_from=len(content.texts))
    assert again.model.atlas.place(content.vectors[:1]).tolist() == [[1.0, 1.0]]


def test_themes_are_under_their_nearest_touchpoint_but_for_those_people_placed() -> None:
    content, settled = first()
    ids = [theme.id for theme in settled.model.themes]
    keys = [f"about_{cause}" for cause in CAUSES]
    model = identity.Place(ids[0], {"touchpoint": keys[3]}, keys).apply(settled.model)
    model = identity.Place(ids[1], {"touchpoint": None}, keys).apply(model)
    placed = settle(found_in(content), model, taxonomy(), made_from=len(content.texts)).model
    assert [theme.touchpoint for theme in placed.themes] == [keys[3], None, keys[2], keys[3]]


def test_a_theme_stays_where_people_placed_it_whatever_taxonomy_comes_and_goes() -> None:
    _, settled = first()
    model = identity.Place(settled.model.themes[0].id, {"touchpoint": "gone"}, ["gone"]).apply(
        settled.model
    )
    assert refit.with_touchpoints(model, taxonomy()).themes[0].touchpoint == "gone"


def test_the_middle_of_a_theme_is_the_unit_mean_of_its_prototypes() -> None:
    _, settled = first()
    ids = [theme.id for theme in settled.model.themes]
    merged = membership.Merge(ids[0], ids[1]).apply(settled.model)
    found = middles(merged)
    assert found.shape == (len(CAUSES) - 1, DIMENSIONS)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    own = settled.model.prototypes.centroids[:2]
    expected = own.sum(axis=0) / np.linalg.norm(own.sum(axis=0))
    assert np.allclose(found[merged.places[ids[1]]], expected, atol=1e-5)


def test_a_theme_without_prototypes_goes_with_its_examples_pins_and_parts() -> None:
    _, settled = first()
    courier, refund = (theme.id for theme in settled.model.themes[:2])
    model = replace(
        settled.model,
        themes=tuple(
            replace(theme, parent=courier) if theme.id == refund else theme
            for theme in settled.model.themes
        ),
        prototypes=settled.model.prototypes.of(settled.model.prototypes.owners != 0),
        examples=Examples(around(WEATHER, 3, 1), np.array([0, 1, -1])),
        pins=(Pin("one phrase", courier), Pin("two phrases", refund)),
    )
    left = refit.compact(model)
    assert [theme.id for theme in left.themes] == [t.id for t in settled.model.themes[1:]]
    assert left.prototypes.owners.tolist() == [0, 1, 2]
    assert left.examples.owners.tolist() == [0, -1]
    assert [pin.theme for pin in left.pins] == [refund]
    assert left.themes[0].parent is None
