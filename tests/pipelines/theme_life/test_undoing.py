from __future__ import annotations

import pytest

from pipelines.theme_life import changes, identity, membership
from pipelines.theme_life.edits import ThemeEditError
from tests.pipelines.theme_life.causes import (
    CAUSES,
    FIFTH_MORE,
    FIRST,
    THRICE,
    WEATHER,
    WHO,
    fitted_store,
    ids,
    refitted,
)
from tests.pipelines.theme_life.edit_cases import (
    CASES,
    edited,
    mostly,
)
from tests.pipelines.theme_life.fake_store import FakeThemeStore, heap


def test_an_undone_edit_is_gone_after_the_next_refit_too() -> None:
    store, known = edited(CASES[2])
    changes.undo(store, store.undoable, who=WHO)
    store.arrive(FIFTH_MORE)
    refitted(store)
    assert mostly(store.of_cause("courier"), known["courier"])
    assert mostly(store.of_cause("refund"), known["refund"])


def test_two_undos_in_a_row_go_back_two_changes() -> None:
    store = fitted_store()
    known, first = ids(store), store.themes_of_excerpts()
    changes.make(store, membership.Merge(known["courier"], known["refund"]), kind="merge", who=WHO)
    merged = store.themes_of_excerpts()
    changes.make(store, identity.Retire(known["locker"]), kind="retire", who=WHO)
    changes.undo(store, store.undoable, who=WHO)
    assert store.themes_of_excerpts() == merged
    changes.undo(store, store.undoable, who=WHO)
    assert store.themes_of_excerpts() == first
    with pytest.raises(ThemeEditError, match="first fit cannot"):
        changes.undo(store, store.undoable, who=WHO)
    assert [row.kind for row in store.history] == ["refit", "merge", "retire", "undo", "undo"]


def test_after_an_undo_another_edit_can_be_made_and_undone() -> None:
    store = fitted_store()
    known, first = ids(store), store.themes_of_excerpts()
    changes.make(store, identity.Retire(known["locker"]), kind="retire", who=WHO)
    changes.undo(store, store.undoable, who=WHO)
    changes.make(store, identity.Retire(known["invoice"]), kind="retire", who=WHO)
    assert known["invoice"] not in store.themes_of_excerpts()
    changes.undo(store, store.undoable, who=WHO)
    assert store.themes_of_excerpts() == first


def test_the_first_fit_cannot_be_undone() -> None:
    store = fitted_store()
    before = list(store.assigned)
    with pytest.raises(ThemeEditError, match="first fit cannot"):
        changes.undo(store, store.undoable, who=WHO)
    assert store.assigned == before
    assert len(store.history) == 1


@pytest.mark.parametrize("change", [0, 1, 2, 99])
def test_only_the_newest_change_can_be_undone(change: int) -> None:
    store = fitted_store()
    known = ids(store)
    changes.make(store, identity.Retire(known["locker"]), kind="retire", who=WHO)
    changes.make(store, identity.Rename(known["courier"], "Ours"), kind="rename", who=WHO)
    with pytest.raises(ThemeEditError, match="newest change"):
        changes.undo(store, change, who=WHO)
    assert len(store.history) == 3


def test_the_same_change_cannot_be_undone_twice() -> None:
    store = fitted_store()
    changes.make(store, identity.Retire(ids(store)["locker"]), kind="retire", who=WHO)
    changes.undo(store, 2, who=WHO)
    with pytest.raises(ThemeEditError):
        changes.undo(store, 2, who=WHO)


def test_nothing_can_be_undone_where_there_is_nothing() -> None:
    with pytest.raises(ThemeEditError):
        changes.undo(FakeThemeStore(FIRST), 1, who=WHO)


def test_a_refit_can_be_undone_and_new_excerpts_keep_a_theme() -> None:
    store = fitted_store()
    first = store.themes_of_excerpts()
    store.arrive(heap("weather", WEATHER, 20, 400) + FIFTH_MORE)
    refitted(store)
    assert len(store.model.themes) == len(CAUSES) + 1
    changes.undo(store, store.undoable, who=WHO)
    assert len(store.model.themes) == len(CAUSES)
    assert store.themes_of_excerpts()[: len(first)] == first
    assert set(store.of_cause("weather")) == {None}
    assert mostly(store.of_cause("courier"), ids(store)["courier"])


def test_an_undone_refit_after_thrice_the_excerpts_is_made_again_by_the_next() -> None:
    store = fitted_store()
    store.arrive(THRICE)
    refitted(store)
    renewed = store.model.version
    changes.undo(store, store.undoable, who=WHO)
    assert store.made_from() == len(FIRST.texts)
    refitted(store)
    assert store.model.version == renewed
