from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from pipelines.ports import ThemeStore
from pipelines.theme_life import changes, identity, membership
from pipelines.theme_life.changes import Effect, Refit
from pipelines.theme_life.edits import Edit, ThemeEditError
from pipelines.theme_life.fates import SHOWN
from pipelines.theme_life.finding import Found
from pipelines.theme_life.refit import RENEWAL
from pipelines.theme_life.touchpoints import Taxonomy, Touchpoint
from tests.models.made_up_texts import DIMENSIONS, Corpus
from tests.pipelines.theme_life.fake_store import FakeThemeStore, found_in, heap, heaps

CAUSES = ("courier", "refund", "locker", "invoice")
NEIGHBOUR = "loud neighbour"
"""A few of the excerpts about an invoice say this."""
PARTIAL = "partial refund"
"""A part of the excerpts about a refund, which lies to one side of the others."""
WEATHER = 9
"""An axis that no theme lies on."""
WHO = "Ewa"
KEYS = [f"about_{cause}" for cause in CAUSES]


def corpus_of(count: int, seed: int) -> Corpus:
    """So many excerpts of each cause, a few that hold a phrase, and some about nothing."""
    return heaps(
        *(heap(cause, at, count, seed + at) for at, cause in enumerate(CAUSES)),
        heap(NEIGHBOUR, 3, max(count // 5, 3), seed + 10),
        heap(PARTIAL, 1, max(count // 3, 3), seed + 12, towards=12, tilt=0.8),
        heap("", WEATHER, max(count // 10, 1), seed + 11),
    )


FIRST = corpus_of(30, 1)
FIFTH_MORE = corpus_of(6, 100)
THRICE = corpus_of(70, 200)
NOTHING = Corpus([], [], np.zeros((0, DIMENSIONS), np.float32), [])


def found_again(content: Corpus) -> Found:
    """A fit finds the four causes again."""
    return found_in(content, **{NEIGHBOUR: "invoice", PARTIAL: "refund"})


def taxonomy() -> Taxonomy:
    """A touchpoint on the axis of each cause."""
    return Taxonomy(
        tuple(Touchpoint(f"about_{cause}", {"en": cause}, {"en": cause}) for cause in CAUSES),
        np.eye(DIMENSIONS, dtype=np.float32)[: len(CAUSES)],
    )


def refitted(store: FakeThemeStore) -> Refit:
    return changes.install(store, found_again(store.content), taxonomy(), who="odzew")


def fitted_store() -> FakeThemeStore:
    """A store after its first fit."""
    store = FakeThemeStore(FIRST)
    refitted(store)
    return store


def ids(store: FakeThemeStore) -> dict[str, str]:
    """Ids of themes by the name that the fit gave them."""
    return {theme.names["en"]: theme.id for theme in store.model.themes}


def rows_of(cause: str, count: int, content: Corpus = FIRST) -> list[int]:
    return [at for at, own in enumerate(content.causes) if own == cause][:count]


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


@dataclass(frozen=True)
class Case:
    """One edit of the store after its first fit, and what is true for as long as it stands."""

    name: str
    edit: Callable[[FakeThemeStore], Edit]
    holds: Callable[[FakeThemeStore, dict[str, str]], bool]
    before: Callable[[FakeThemeStore], Edit] | None = None


def mostly(themes: list[str | None], wanted: str | None) -> bool:
    """Whether nearly all are this, and none is another theme."""
    return set(themes) <= {wanted, None} and themes.count(wanted) >= 0.8 * len(themes)


def _rename(store: FakeThemeStore) -> Edit:
    return identity.Rename(ids(store)["courier"], "Doorbell")


def _is_renamed(store: FakeThemeStore, known: dict[str, str]) -> bool:
    theme = store.model.themes[store.model.places[known["courier"]]]
    return all(theme.name(code) == "Doorbell" for code in ("pl", "cs", "et", "en"))


def _rename_in_polish(store: FakeThemeStore) -> Edit:
    return identity.Rename(ids(store)["courier"], "Dzwonek", "pl")


def _is_renamed_in_polish(store: FakeThemeStore, known: dict[str, str]) -> bool:
    theme = store.model.themes[store.model.places[known["courier"]]]
    return (theme.name("pl"), theme.name("en")) == ("Dzwonek", "courier")


def _merge(store: FakeThemeStore) -> Edit:
    return membership.Merge(ids(store)["courier"], ids(store)["refund"])


def _are_merged(store: FakeThemeStore, known: dict[str, str]) -> bool:
    return known["courier"] not in store.model.places and mostly(
        store.of_cause("courier", "refund"), known["refund"]
    )


CHOSEN = [*rows_of("courier", 4), *rows_of("locker", 4)]


def _make(store: FakeThemeStore) -> membership.Make:
    return membership.Make(FIRST.vectors[CHOSEN], {"en": "Chosen"}, {"en": ["chosen"]})


def _is_made(store: FakeThemeStore, known: dict[str, str]) -> bool:
    made = _make(store).made
    theme = store.model.themes[store.model.places[made]]
    own = [store.themes_of_excerpts()[at] for at in CHOSEN]
    return set(own) == {made} and theme.name("pl") == "Chosen"


PART = rows_of(PARTIAL, 8)
ANY_PART = rows_of("refund", 8)


def _split_off(store: FakeThemeStore, part: list[int]) -> membership.Make:
    source = ids(store)["refund"]
    themes, vectors = store.themes_of_excerpts(), store.content.vectors
    rest = [at for at, theme in enumerate(themes) if theme == source and at not in part]
    return membership.Make(vectors[part], {"en": "Part"}, {"en": ["part"]}, source, vectors[rest])


def _is_split_off(store: FakeThemeStore, known: dict[str, str], part: list[int]) -> bool:
    made = membership.Make(FIRST.vectors[part], {"en": "Part"}, {}).made
    own = [store.themes_of_excerpts()[at] for at in part]
    return set(own) == {made} and known["refund"] in store.of_cause("refund")


def _split(store: FakeThemeStore) -> Edit:
    return _split_off(store, PART)


def _is_split(store: FakeThemeStore, known: dict[str, str]) -> bool:
    others = store.of_cause("refund")
    return _is_split_off(store, known, PART) and others.count(known["refund"]) > len(others) / 2


def _split_at_will(store: FakeThemeStore) -> Edit:
    return _split_off(store, ANY_PART)


def _is_split_at_will(store: FakeThemeStore, known: dict[str, str]) -> bool:
    return _is_split_off(store, known, ANY_PART)


STRAY = rows_of("", 2)


def _move(store: FakeThemeStore) -> Edit:
    return membership.Move(FIRST.vectors[[*STRAY, *rows_of("locker", 3)]], ids(store)["invoice"])


def _is_moved(store: FakeThemeStore, known: dict[str, str]) -> bool:
    own = [store.themes_of_excerpts()[at] for at in [*STRAY, *rows_of("locker", 3)]]
    return set(own) == {known["invoice"]}


def _move_out(store: FakeThemeStore) -> Edit:
    return membership.Move(FIRST.vectors[rows_of("locker", 5)], None)


def _is_moved_out(store: FakeThemeStore, known: dict[str, str]) -> bool:
    return {store.themes_of_excerpts()[at] for at in rows_of("locker", 5)} == {None}


def _pin(store: FakeThemeStore) -> Edit:
    return membership.PinPhrase(ids(store)["courier"], "Loud  neighbours")


def _is_pinned(store: FakeThemeStore, known: dict[str, str]) -> bool:
    return set(store.of_cause(NEIGHBOUR)) == {known["courier"]}


def _unpin(store: FakeThemeStore) -> Edit:
    return membership.PinPhrase(ids(store)["courier"], "LOUD neighbours", taken_away=True)


def _is_unpinned(store: FakeThemeStore, known: dict[str, str]) -> bool:
    return mostly(store.of_cause(NEIGHBOUR), known["invoice"])


def _retire(store: FakeThemeStore) -> Edit:
    return identity.Retire(ids(store)["locker"], "of no use")


def _is_retired(store: FakeThemeStore, known: dict[str, str]) -> bool:
    theme = store.model.themes[store.model.places[known["locker"]]]
    return set(store.of_cause("locker")) == {None} and theme.retired == "of no use"


def _place(store: FakeThemeStore) -> Edit:
    known = ids(store)
    wanted = {"touchpoint": KEYS[3], "parent": known["locker"], "owner": "Jan"}
    return identity.Place(known["courier"], wanted, KEYS)


def _is_placed(store: FakeThemeStore, known: dict[str, str]) -> bool:
    theme = store.model.themes[store.model.places[known["courier"]]]
    return (theme.touchpoint, theme.parent, theme.owner) == (KEYS[3], known["locker"], "Jan")


def _place_nowhere(store: FakeThemeStore) -> Edit:
    return identity.Place(ids(store)["courier"], {"touchpoint": None}, KEYS)


def _is_nowhere(store: FakeThemeStore, known: dict[str, str]) -> bool:
    touchpoints = {theme.id: theme.touchpoint for theme in store.model.themes}
    return touchpoints[known["courier"]] is None and touchpoints[known["refund"]] == KEYS[1]


CASES = [
    Case("rename", _rename, _is_renamed),
    Case("rename in one language", _rename_in_polish, _is_renamed_in_polish),
    Case("merge", _merge, _are_merged),
    Case("make", _make, _is_made),
    Case("split", _split, _is_split),
    Case("split at will", _split_at_will, _is_split_at_will),
    Case("move", _move, _is_moved),
    Case("move out", _move_out, _is_moved_out),
    Case("pin", _pin, _is_pinned),
    Case("unpin", _unpin, _is_unpinned, before=_pin),
    Case("retire", _retire, _is_retired),
    Case("place", _place, _is_placed),
    Case("place nowhere", _place_nowhere, _is_nowhere),
]
every_edit = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def ready_for(case: Case) -> FakeThemeStore:
    """A store in which the edit of a case can be made, and is not yet."""
    store = fitted_store()
    if case.before is not None:
        changes.make(store, case.before(store), kind="before", who=WHO)
    return store


def edited(case: Case) -> tuple[FakeThemeStore, dict[str, str]]:
    """A store with the edit of a case, and the ids that themes had before."""
    store = ready_for(case)
    known = ids(store)
    changes.make(store, case.edit(store), kind=case.name, who=WHO)
    return store, known


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


def test_a_change_keeps_what_themes_were_called_before_it() -> None:
    store = fitted_store()
    (theme, *_) = store.model.themes
    for name in ("First", "Second"):
        changes.make(store, identity.Rename(theme.id, name), kind="rename", who=WHO)
    names = [row.report["names"][theme.id] for row in store.history[-2:]]
    assert names == [theme.label, "First"]


def _is_true(case: Case, store: FakeThemeStore, known: dict[str, str]) -> bool:
    try:
        return case.holds(store, known)
    except KeyError:  # of a theme that is still to be made
        return False


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
