from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from pipelines.ports import ThemeStore
from pipelines.theme_life import changes, identity, membership
from pipelines.theme_life.changes import Effect
from pipelines.theme_life.edits import ThemeEditError
from pipelines.theme_life.fates import SHOWN
from pipelines.theme_life.refit import RENEWAL
from pipelines.theme_life.touchpoints import Taxonomy, Touchpoint
from tests.pipelines.theme_life.causes import (
    CAUSES,
    FIFTH_MORE,
    FIRST,
    KEYS,
    NEIGHBOUR,
    NOTHING,
    PARTIAL,
    THRICE,
    WEATHER,
    WHO,
    corpus_of,
    fitted_store,
    found_again,
    ids,
    refitted,
    taxonomy,
)
from tests.pipelines.theme_life.fake_store import FakeThemeStore, found_in, heap


def test_the_first_fit_gives_every_excerpt_its_theme_and_keeps_the_change() -> None:
    fake = FakeThemeStore(FIRST)
    store: ThemeStore = fake
    refit = changes.install(store, found_again(FIRST), taxonomy(), who="odzew")
    model = fake.model
    assert refit.version == model.version
    assert fake.assigned == model.assign(FIRST.vectors, FIRST.texts, FIRST.languages)
    for cause, theme in ids(fake).items():
        own = fake.of_cause(cause)
        assert set(own) <= {theme, None}
        assert own.count(theme) >= 0.8 * len(own)
    assert set(fake.of_cause("")) == {None}
    (row,) = fake.history
    assert (row.kind, row.who, row.made_from) == ("refit", "odzew", len(FIRST.texts))
    assert set(row.themes) == set(model.places)
    assert [theme.touchpoint for theme in model.themes] == KEYS


def test_what_is_reported_is_what_was_done() -> None:
    store = FakeThemeStore(FIRST)
    refit = refitted(store)
    unthemed = store.themes_of_excerpts().count(None)
    assert unthemed >= 3
    assert (refit.themes, refit.excerpts) == (len(CAUSES), len(FIRST.texts))
    assert refit.unthemed_share == pytest.approx(unthemed / len(FIRST.texts), abs=1e-4)
    counts = Counter(store.themes_of_excerpts())
    assert {fate.theme: fate.after for fate in refit.fates} == {
        theme: counts[theme] for theme in store.model.places
    }
    assert {(fate.kind, fate.before) for fate in refit.fates} == {("new", 0)}


def test_the_report_of_every_change_can_be_written_as_json() -> None:
    store = fitted_store()
    known = ids(store)
    refitted(store)
    changes.make(
        store, identity.Rename(known["courier"], "Ours"), kind="rename", who=WHO, note="why"
    )
    changes.make(store, membership.Move(FIRST.vectors[:2], None), kind="move", who=WHO)
    changes.undo(store, store.undoable, who=WHO)
    assert all(json.loads(json.dumps(row.report)) for row in store.history)
    refit = json.loads(json.dumps(store.history[1].report))
    assert refit["kept_share"] == 1.0
    assert refit["fates"][0]["evidence"]["overlap"] > 0.9
    rename = store.history[2].report
    assert rename["note"] == "why"
    assert rename["edit"] == {"theme": known["courier"], "name": "Ours", "language": None}


def test_an_edit_in_the_history_holds_no_vectors() -> None:
    store = fitted_store()
    made = membership.Make(FIRST.vectors[:5], {"en": "Ours"}, {"en": ["ours"]})
    changes.make(store, made, kind="make", who=WHO)
    assert store.history[-1].report["edit"] == {"names": {"en": "Ours"}, "source": None}


def test_installing_over_no_excerpts_is_no_error() -> None:
    store = FakeThemeStore(NOTHING)
    refit = changes.install(store, found_again(FIRST), None, who="odzew")
    assert (refit.excerpts, refit.unthemed_share, refit.kept_share) == (0, 0.0, 1.0)
    assert refit.themes == len(CAUSES)


def test_a_refit_on_the_same_excerpts_keeps_every_id_and_every_theme() -> None:
    store = fitted_store()
    before, themes = list(store.assigned), store.model.places
    refit = refitted(store)
    assert store.assigned == before
    assert store.model.places == themes
    assert refit.kept_share == 1.0
    assert {fate.kind for fate in refit.fates} == {"kept"}


def test_after_a_fifth_more_excerpts_ids_and_themes_are_kept() -> None:
    store = fitted_store()
    themes = set(store.model.places)
    store.arrive(FIFTH_MORE)
    refit = refitted(store)
    assert set(store.model.places) == themes
    assert refit.kept_share == 1.0
    assert store.made_from() == len(FIRST.texts)


def test_after_thrice_the_excerpts_ids_and_themes_are_kept() -> None:
    store = fitted_store()
    themes = set(store.model.places)
    before = store.model.prototypes.centroids
    store.arrive(THRICE)
    refit = refitted(store)
    assert set(store.model.places) == themes
    assert refit.kept_share == 1.0
    assert np.array_equal(store.model.prototypes.centroids, before)


def test_how_far_themes_reach_is_measured_again_at_thrice_the_excerpts() -> None:
    store = fitted_store()
    store.arrive(THRICE)
    refitted(store)
    assert len(store.content.texts) >= RENEWAL * len(FIRST.texts)
    assert store.made_from() == len(store.content.texts)
    before = store.model.prototypes.thresholds
    store.arrive(corpus_of(10, 300))
    refitted(store)
    assert np.array_equal(store.model.prototypes.thresholds, before)
    assert store.made_from() < len(store.content.texts)


def test_shares_of_a_refit_are_of_excerpts_that_had_a_theme_before() -> None:
    store = fitted_store()
    store.arrive(heap("weather", WEATHER, 20, 400))
    before = store.themes_of_excerpts()
    refit = changes.install(
        store,
        found_in(store.content, **{NEIGHBOUR: "invoice", PARTIAL: "refund"}),
        None,
        who="odzew",
    )
    after = store.themes_of_excerpts()
    (new,) = [fate for fate in refit.fates if fate.kind == "new"]
    assert (new.label, new.before) == ("weather", 0)
    off = [cause in {"", "weather"} for cause in store.content.causes]
    told = {one.id for one, is_off in zip(store.excerpts()[0], off, strict=True) if is_off}
    assert len(new.excerpts) == SHOWN
    assert set(new.excerpts) <= told
    assert new.after == after.count(new.theme) >= 18
    assert refit.kept_share == 1.0
    assert all(now == was for was, now in zip(before, after, strict=True) if was is not None)


def test_a_change_keeps_what_themes_were_called_before_it() -> None:
    store = fitted_store()
    (theme, *_) = store.model.themes
    for name in ("First", "Second"):
        changes.make(store, identity.Rename(theme.id, name), kind="rename", who=WHO)
    names = [row.report["names"][theme.id] for row in store.history[-2:]]
    assert names == [theme.label, "First"]


@pytest.mark.parametrize("change", [changes.preview, changes.make])
def test_without_themes_there_is_nothing_to_edit(change: Callable[..., Effect]) -> None:
    store = FakeThemeStore(FIRST)
    told = {} if change is changes.preview else {"kind": "rename", "who": WHO}
    with pytest.raises(ThemeEditError, match="no themes yet"):
        change(store, identity.Rename("thm_1", "Ours"), **told)
    assert store.history == []


def test_an_edit_that_cannot_be_made_leaves_everything_alone() -> None:
    store = fitted_store()
    before = list(store.assigned)
    with pytest.raises(ThemeEditError):
        changes.make(store, identity.Retire("thm_unknown"), kind="retire", who=WHO)
    assert store.assigned == before
    assert len(store.history) == 1


def test_a_preview_shows_at_most_eight_texts_of_each_move() -> None:
    store = fitted_store()
    effect = changes.preview(store, identity.Retire(ids(store)["courier"]))
    (moved,) = effect.moved
    assert moved.count > 20
    assert len(moved.texts) == 8


def test_other_touchpoints_sort_themes_anew_and_move_no_excerpt() -> None:
    store = fitted_store()
    known = ids(store)
    changes.make(
        store, identity.Place(known["courier"], {"touchpoint": None}, KEYS), kind="place", who=WHO
    )
    before = list(store.assigned)
    turned = taxonomy()
    other = Taxonomy(
        tuple(
            Touchpoint(f"new_{one.key}", one.name, one.description) for one in turned.touchpoints
        ),
        turned.vectors,
    )
    changes.sort_under(store, other, who=WHO)
    assert [theme.touchpoint for theme in store.model.themes] == [
        None,
        *(f"new_{key}" for key in KEYS[1:]),
    ]
    assert store.assigned == before
    assert (store.history[-1].kind, store.history[-1].who) == ("taxonomy", WHO)
    changes.undo(store, store.undoable, who=WHO)
    assert [theme.touchpoint for theme in store.model.themes] == [None, *KEYS[1:]]


def test_without_themes_there_is_nothing_to_sort() -> None:
    store = FakeThemeStore(FIRST)
    changes.sort_under(store, taxonomy(), who=WHO)
    assert store.history == []
