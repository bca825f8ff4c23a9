from __future__ import annotations

import numpy as np
import pytest

from pipelines.theme_life import identity, membership
from pipelines.theme_life.fates import kept_share
from pipelines.theme_life.refit import settle
from tests.models.made_up_texts import Corpus
from tests.pipelines.theme_life.fake_store import found_in, heap, heaps
from tests.pipelines.theme_life.settling import (
    CAUSES,
    WEATHER,
    fates,
    first,
    leaning,
    themes_of,
)


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
