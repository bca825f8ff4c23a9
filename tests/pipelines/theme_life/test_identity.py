from __future__ import annotations

from models.contracts import LANGUAGES
from pipelines.theme_life.identity import Place, Rename, Retire
from pipelines.theme_life.membership import Move, PinPhrase
from tests.pipelines.theme_life.edited import (
    COURIER,
    KEYS,
    REFUND,
    after,
    fitted,
    some,
    theme_of,
    themes_in,
)
from tests.pipelines.theme_life.fake_store import heaps


def test_a_name_is_for_all_languages_or_for_one() -> None:
    whole = theme_of(after(Rename(COURIER, "  Door \n bell ")), COURIER)
    assert [whole.name(code) for code in LANGUAGES] == ["Door bell"] * 4
    polish = theme_of(after(Rename(COURIER, "Dzwonek", "pl")), COURIER)
    assert (polish.name("pl"), polish.label) == ("Dzwonek", "courier")


def test_an_empty_name_takes_the_given_one_back() -> None:
    back = after(Rename(COURIER, "Ours"), Rename(COURIER, "Nasze", "pl"), Rename(COURIER, " "))
    assert theme_of(back, COURIER) == theme_of(fitted(), COURIER)
    polish = after(Rename(COURIER, "Ours"), Rename(COURIER, "", "pl"))
    assert dict(theme_of(polish, COURIER).given) == dict.fromkeys(("cs", "et", "en"), "Ours")


def test_the_name_of_a_retired_theme_is_free() -> None:
    model = after(Retire(REFUND), Rename(COURIER, "refund"))
    assert theme_of(model, COURIER).label == "refund"


def test_a_theme_may_be_given_the_name_it_has() -> None:
    assert theme_of(after(Rename(COURIER, "Courier")), COURIER).label == "Courier"


def test_what_falls_to_a_retired_theme_has_none_whatever_put_it_there() -> None:
    moved = some("refund", 1)
    model = after(PinPhrase(COURIER, "locker number"), Move(moved.vectors, COURIER))
    model = Retire(COURIER, " ").apply(model)
    assert theme_of(model, COURIER).retired == "not a theme"
    own = heaps(some("courier", 15), some("locker", 3), moved)
    assert set(themes_in(model, own)) == {None}


def test_parts_of_a_retired_theme_stand_for_themselves() -> None:
    model = after(Place(REFUND, {"parent": COURIER}), Retire(COURIER))
    assert theme_of(model, REFUND).parent is None


def test_what_is_not_named_stays_where_it_is() -> None:
    model = after(
        Place(COURIER, {"touchpoint": KEYS[0], "owner": "Ewa"}, KEYS),
        Place(COURIER, {"parent": REFUND}, KEYS),
        Place(COURIER, {"owner": None}, KEYS),
    )
    theme = theme_of(model, COURIER)
    assert (theme.touchpoint, theme.parent, theme.owner) == (KEYS[0], REFUND, None)
    assert theme.settled == ("parent", "touchpoint")
