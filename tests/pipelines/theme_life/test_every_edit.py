from __future__ import annotations

from collections import Counter

import pytest

from pipelines.theme_life import changes, membership
from pipelines.theme_life.changes import Effect
from tests.pipelines.theme_life.causes import (
    FIFTH_MORE,
    FIRST,
    THRICE,
    WHO,
    found_again,
    ids,
    refitted,
    taxonomy,
)
from tests.pipelines.theme_life.edit_cases import (
    Case,
    _is_true,
    edited,
    every_edit,
    ready_for,
)
from tests.pipelines.theme_life.fake_store import FakeThemeStore


@every_edit
def test_an_edit_does_what_it_says(case: Case) -> None:
    store = ready_for(case)
    known = ids(store)
    assert not _is_true(case, store, known)
    edit = case.edit(store)
    effect = changes.make(store, edit, kind=case.name, who=WHO)
    assert case.holds(store, known)
    row = store.history[-1]
    assert (row.kind, row.who, effect.change) == (case.name, WHO, row.id)
    ends = {end for one in effect.moved for end in (one.source, one.target) if end}
    assert row.themes[: len(edit.themes)] == edit.themes
    assert set(row.themes) == {*edit.themes, *ends}
    assert set(row.report["names"]) == set(row.themes)
    assert effect.made == (edit.themes[0] if isinstance(edit, membership.Make) else None)
    assert row.made_from == len(FIRST.texts)


@every_edit
def test_a_preview_changes_nothing_and_shows_what_then_happens(case: Case) -> None:
    store = ready_for(case)
    before, history = store.themes_of_excerpts(), list(store.history)
    shown = changes.preview(store, case.edit(store))
    assert store.themes_of_excerpts() == before
    assert store.history == history
    assert changes.make(store, case.edit(store), kind=case.name, who=WHO) == shown
    assert_is_what_happened(shown, before, store)


def assert_is_what_happened(shown: Effect, before: list[str | None], store: FakeThemeStore) -> None:
    after = store.themes_of_excerpts()
    pairs = Counter(pair for pair in zip(before, after, strict=True) if pair[0] != pair[1])
    assert {(one.source, one.target): one.count for one in shown.moved} == dict(pairs)
    assert [one.count for one in shown.moved] == sorted(pairs.values(), reverse=True)
    for one in shown.moved:
        known = [
            text
            for text, was, now in zip(store.content.texts, before, after, strict=True)
            if (was, now) == (one.source, one.target)
        ]
        assert list(one.texts) == known[:8]
    count = len(after)
    assert shown.unthemed_share == pytest.approx(
        (before.count(None) / count, after.count(None) / count), abs=1e-4
    )


@every_edit
def test_an_edit_survives_a_refit_after_a_fifth_more_excerpts(case: Case) -> None:
    store, known = edited(case)
    others = set(store.model.places)
    store.arrive(FIFTH_MORE)
    refit = refitted(store)
    assert case.holds(store, known)
    assert set(store.model.places) == others
    assert refit.kept_share == 1.0


@every_edit
def test_an_edit_survives_a_refit_after_thrice_the_excerpts(case: Case) -> None:
    store, known = edited(case)
    others = set(store.model.places)
    store.arrive(THRICE)
    refitted(store)
    assert case.holds(store, known)
    assert others <= set(store.model.places)


@every_edit
def test_an_edit_made_while_a_fit_runs_counts(case: Case) -> None:
    store = ready_for(case)
    known = ids(store)
    store.arrive(FIFTH_MORE)
    found = found_again(store.content)
    changes.make(store, case.edit(store), kind=case.name, who=WHO)
    changes.install(store, found, taxonomy(), who="odzew")
    assert case.holds(store, known)


@every_edit
def test_an_undo_restores_model_and_assignment_exactly(case: Case) -> None:
    store = ready_for(case)
    before, model = list(store.assigned), store.model
    changes.make(store, case.edit(store), kind=case.name, who=WHO)
    edited_themes = store.themes_of_excerpts()
    effect = changes.undo(store, store.undoable, who="Jan")
    assert store.assigned == before
    assert store.model.version == model.version
    assert_is_what_happened(effect, edited_themes, store)
    assert (store.history[-1].kind, store.history[-1].who) == ("undo", "Jan")
