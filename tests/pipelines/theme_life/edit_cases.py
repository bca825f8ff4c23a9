"""Every kind of edit as a case: how it is made, and how one sees that it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pipelines.theme_life import changes, identity, membership
from pipelines.theme_life.edits import Edit
from tests.pipelines.theme_life.causes import (
    FIRST,
    KEYS,
    NEIGHBOUR,
    PARTIAL,
    WHO,
    fitted_store,
    ids,
    rows_of,
)
from tests.pipelines.theme_life.fake_store import FakeThemeStore


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


def _is_true(case: Case, store: FakeThemeStore, known: dict[str, str]) -> bool:
    try:
        return case.holds(store, known)
    except KeyError:  # of a theme that is still to be made
        return False
