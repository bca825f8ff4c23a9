from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from models.contracts import LANGUAGES
from models.themes import MIN_TEXTS, Examples, Pin, ThemeModel
from models.themes.naming import VARIOUS
from pipelines.theme_life import identity, membership, refit
from pipelines.theme_life.fates import Fate, kept_share
from pipelines.theme_life.finding import Found
from pipelines.theme_life.matching import middles
from pipelines.theme_life.refit import Settled, settle
from pipelines.theme_life.touchpoints import Taxonomy, Touchpoint
from tests.models.made_up_texts import DIMENSIONS, Corpus, around
from tests.pipelines.theme_life.fake_store import found_in, heap, heaps

CAUSES = ("courier", "refund", "locker", "invoice")
WEATHER = 9
"""An axis that no theme lies on."""


def corpus_of(count: int, seed: int) -> Corpus:
    """So many excerpts of each cause."""
    return heaps(*(heap(cause, at, count, seed + at) for at, cause in enumerate(CAUSES)))


@cache
def first() -> tuple[Corpus, Settled]:
    """A corpus and its first fit."""
    content = corpus_of(30, 1)
    return content, settle(found_in(content), None, None)


def themes_of(model: ThemeModel, content: Corpus) -> list[str | None]:
    return [one.first.id if one.first else None for one in model.assign(content.vectors)]


def leaning(tilt: float, count: int = 30, seed: int = 60) -> tuple[Corpus, Corpus]:
    """Two causes that lean to either side of the courier's axis."""
    return (
        heap("late", 0, count, seed, towards=WEATHER, tilt=tilt),
        heap("rude", 0, count, seed + 1, towards=WEATHER, tilt=-tilt),
    )


def taxonomy() -> Taxonomy:
    """Touchpoints on the axes of courier, refund, locker and invoice."""
    return Taxonomy(
        tuple(Touchpoint(f"about_{cause}", {"en": cause}, {"en": cause}) for cause in CAUSES),
        np.eye(DIMENSIONS, dtype=np.float32)[: len(CAUSES)],
    )


def fates(settled: Settled, kind: str) -> list[Fate]:
    return [fate for fate in settled.fates if fate.kind == kind]


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


def with_two_causes_in_one() -> tuple[Corpus, ThemeModel]:
    """A corpus in which the first fit did not tell two causes apart, and its model."""
    content = heaps(*leaning(0.8), corpus_of(30, 1))
    found = found_in(content, late="courier", rude="courier")
    return content, settle(found, None, None).model


def test_a_theme_is_split_where_a_large_part_of_it_stands_for_itself() -> None:
    content, model = with_two_causes_in_one()
    courier = model.themes[0].id
    again = settle(found_in(content, late="courier"), model, None, made_from=len(content.texts))
    (split,) = fates(again, "split")
    assert (split.label, split.other) == ("rude", courier)
    assert split.evidence["part"] >= 0.25
    assert split.evidence["mainly"] > 0.6
    assert split.evidence["apart"] > 0.08
    assert [theme.id for theme in again.model.themes[:-1]] == [theme.id for theme in model.themes]
    themes = themes_of(again.model, content)
    own = [at for at, cause in zip(themes, content.causes, strict=True) if cause == "rude"]
    assert own.count(split.theme) >= 0.9 * len(own)


def test_a_theme_is_not_split_into_parts_that_lie_together() -> None:
    content = heaps(*leaning(0.1), corpus_of(30, 1))
    model = settle(found_in(content, late="courier", rude="courier"), None, None).model
    again = settle(found_in(content, late="courier"), model, None, made_from=len(content.texts))
    assert not fates(again, "split")
    assert [theme.id for theme in again.model.themes] == [theme.id for theme in model.themes]


def test_a_theme_is_not_split_for_a_small_part() -> None:
    content = heaps(*leaning(0.8), corpus_of(120, 1))
    model = settle(found_in(content, late="courier", rude="courier"), None, None).model
    again = settle(found_in(content, late="courier"), model, None, made_from=len(content.texts))
    assert not fates(again, "split")


def test_themes_that_people_merged_are_not_split_again() -> None:
    content = heaps(*leaning(0.8), corpus_of(30, 1))
    model = settle(found_in(content, courier="late"), None, None).model
    late, rude = (theme.id for theme in model.themes[:2])
    merged = membership.Merge(late, rude).apply(model)
    found = found_in(content, courier="late")
    again = settle(found, merged, None, made_from=len(content.texts))
    assert again.model.version == merged.version
    assert not fates(again, "split")


def test_a_theme_that_people_named_is_not_split() -> None:
    content, model = with_two_causes_in_one()
    renamed = identity.Rename(model.themes[0].id, "Ours").apply(model)
    again = settle(found_in(content, late="courier"), renamed, None, made_from=len(content.texts))
    assert not fates(again, "split")


def test_what_people_retired_does_not_come_back_as_a_part_of_it() -> None:
    content, model = with_two_causes_in_one()
    retired = identity.Retire(model.themes[0].id).apply(model)
    again = settle(found_in(content, late="courier"), retired, None, made_from=len(content.texts))
    assert len(again.model.themes) == len(model.themes)
    themes = themes_of(again.model, content)
    own = [at for at, cause in zip(themes, content.causes, strict=True) if cause == "rude"]
    assert set(own) == {None}


def test_a_refit_never_makes_a_second_theme_of_one_id() -> None:
    content, settled = first()
    own = settled.model.prototypes
    away = own.centroids.copy()
    away[0] = np.eye(DIMENSIONS)[WEATHER]
    moved = replace(settled.model, prototypes=replace(own, centroids=away))
    again = settle(found_in(content), moved, None, made_from=len(content.texts))
    assert len(again.model.themes) == len(CAUSES) + 1
    assert len(again.model.places) == len(again.model.themes)


def near_twins() -> tuple[Corpus, ThemeModel]:
    """A corpus in which the first fit told apart what is one, and its model."""
    content = heaps(*leaning(0.15), heap("refund", 1, 30, 2), heap("locker", 2, 30, 3))
    return content, settle(found_in(content), None, None).model


def test_two_themes_that_a_fit_finds_to_be_one_are_merged() -> None:
    content, model = near_twins()
    again = settle(found_in(content, late="rude"), model, None, made_from=len(content.texts))
    (merged,) = fates(again, "merged")
    assert {merged.theme, merged.other} == {theme.id for theme in model.themes[:2]}
    assert merged.evidence["inside"] >= 0.7
    assert merged.evidence["cosine"] >= 0.85
    assert len(again.model.themes) == len(model.themes) - 1
    assert merged.theme not in again.model.places
    before, after = themes_of(model, content), themes_of(again.model, content)
    assert after == [merged.other if one == merged.theme else one for one in before]


def _renamed(model: ThemeModel, theme: str) -> ThemeModel:
    return identity.Rename(theme, "Ours").apply(model)


def _pinned(model: ThemeModel, theme: str) -> ThemeModel:
    return membership.PinPhrase(theme, "a phrase").apply(model)


def _owned(model: ThemeModel, theme: str) -> ThemeModel:
    return identity.Place(theme, {"owner": "Ewa"}).apply(model)


def _placed(model: ThemeModel, theme: str) -> ThemeModel:
    return identity.Place(theme, {"touchpoint": None}).apply(model)


def _given(model: ThemeModel, theme: str) -> ThemeModel:
    return membership.Move(around(WEATHER, 1, 1), theme).apply(model)


def _retired(model: ThemeModel, theme: str) -> ThemeModel:
    return identity.Retire(theme).apply(model)


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("touch", [_renamed, _pinned, _owned, _placed, _given, _retired])
def test_themes_that_people_touched_are_not_merged(
    touch: Callable[[ThemeModel, str], ThemeModel], at: int
) -> None:
    content, model = near_twins()
    touched = touch(model, model.themes[at].id)
    again = settle(found_in(content, late="rude"), touched, None, made_from=len(content.texts))
    assert not fates(again, "merged")
    assert [theme.id for theme in again.model.themes] == [theme.id for theme in model.themes]


def test_two_themes_that_lie_apart_are_not_merged_though_one_cluster_holds_both() -> None:
    content = heaps(*leaning(0.8), corpus_of(30, 1))
    model = settle(found_in(content, courier="late"), None, None).model
    found = found_in(content, courier="late", rude="late")
    again = settle(found, model, None, made_from=len(content.texts))
    assert not fates(again, "merged")
    assert len(again.model.themes) == len(model.themes)


def drifted(count: int = 100) -> Corpus:
    """Many more excerpts of the known causes, which have moved a little."""
    return heaps(
        *(
            heap(cause, at, count, 400 + at, towards=20, tilt=0.35)
            for at, cause in enumerate(CAUSES)
        )
    )


@pytest.mark.parametrize("count", [59, 100, 400])
def test_however_much_the_corpus_grows_themes_stay_where_they_are(count: int) -> None:
    content, settled = first()
    more = content + drifted(count)
    again = settle(found_in(more), settled.model, None, made_from=len(content.texts))
    assert [theme.id for theme in again.model.themes] == [
        theme.id for theme in settled.model.themes
    ]
    assert [theme.label for theme in again.model.themes] == list(CAUSES)
    assert np.array_equal(again.model.prototypes.centroids, settled.model.prototypes.centroids)
    assert {fate.kind for fate in again.fates} == {"kept"}
    before = themes_of(settled.model, content)
    assert [
        new for old, new in zip(before, themes_of(again.model, content), strict=True) if old
    ] == [old for old in before if old]


def test_at_three_times_the_excerpts_themes_reach_what_has_come_to_their_clusters() -> None:
    content, settled = first()
    before = themes_of(settled.model, drifted())
    few, many = (
        settle(found_in(content + drifted(count)), settled.model, None, made_from=120)
        for count in (59, 100)
    )
    assert (few.measured, many.measured) == (False, True)
    assert themes_of(few.model, drifted()) == before
    after = themes_of(many.model, drifted())
    assert before.count(None) > 0.3 * len(before)
    assert after.count(None) < 0.15 * len(after)
    assert all(old in {None, new} for old, new in zip(before, after, strict=True))


def test_reach_never_shrinks_and_people_s_own_themes_reach_what_they_did() -> None:
    content, settled = first()
    made = membership.Make(
        content.vectors[:5], {"en": "ours"}, {}, None, content.vectors[5:]
    ).apply(settled.model)
    made = identity.Retire(settled.model.themes[1].id).apply(made)
    again = settle(found_in(content + drifted()), made, None, made_from=len(content.texts))
    before, after = made.prototypes.thresholds, again.model.prototypes.thresholds
    assert np.all(after <= before)
    stays = made.prototypes.held | (made.prototypes.owners == 1)
    assert np.array_equal(after[stays], before[stays])


def test_another_cut_of_the_clusters_retires_no_theme_that_is_in_use() -> None:
    """Ten times the excerpts, cut elsewhere: each half of two causes, and two causes as one."""
    content, settled = first()
    more = heaps(*leaning(0.3, 300), *(heap(CAUSES[at], at, 300, 700 + at) for at in (1, 2, 3)))
    whole = content + more
    found = found_in(whole, courier="late", locker="invoice")
    again = settle(
        found,
        settled.model,
        None,
        made_from=len(content.texts),
        in_use=set(filter(None, themes_of(settled.model, whole))),
    )
    assert {theme.id for theme in settled.model.themes} <= set(again.model.places)
    before, after = themes_of(settled.model, content), themes_of(again.model, content)
    assert kept_share(before, after) >= 0.95
    assert not fates(again, "retired")


def gone() -> Corpus:
    """Excerpts of all causes but the courier's, and of another."""
    return heaps(
        *(heap(cause, at, 110, 500 + at) for at, cause in enumerate(CAUSES) if at),
        heap("weather", WEATHER, 110, 510),
    )


def test_a_theme_that_no_excerpt_has_any_more_is_retired_with_evidence() -> None:
    _, settled = first()
    courier, *others = (theme.id for theme in settled.model.themes)
    again = settle(found_in(gone()), settled.model, None, made_from=400, in_use=set(others))
    kinds = {fate.label: fate.kind for fate in again.fates}
    assert kinds == {
        "courier": "retired",
        "refund": "kept",
        "locker": "kept",
        "invoice": "kept",
        "weather": "new",
    }
    assert courier not in again.model.places
    assert set(others) < set(again.model.places)
    (retired,) = fates(again, "retired")
    assert retired.evidence == {"excerpts": 0.0, "of_excerpts": float(len(gone().texts))}


def test_a_theme_of_which_a_single_excerpt_is_left_is_not_retired() -> None:
    _, settled = first()
    every = {theme.id for theme in settled.model.themes}
    again = settle(found_in(gone()), settled.model, None, made_from=400, in_use=every)
    assert every < set(again.model.places)
    assert not fates(again, "retired")


def test_what_no_excerpt_has_any_more_stays_where_people_touched_it() -> None:
    content, settled = first()
    courier = settled.model.themes[0].id
    renamed = identity.Rename(courier, "Ours").apply(settled.model)
    again = settle(found_in(gone()), renamed, None, made_from=len(content.texts), in_use=set())
    assert again.model.themes[again.model.places[courier]].label == "Ours"
    assert {fate.kind for fate in again.fates if fate.theme == courier} == {"kept"}
    own = [at for at in themes_of(again.model, content) if at == courier]
    assert len(own) >= 25


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
