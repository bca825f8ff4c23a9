from __future__ import annotations

import pytest

from models.themes import ThemeModel
from pipelines.theme_life.edits import ThemeEditError
from pipelines.theme_life.identity import Place, Rename
from pipelines.theme_life.membership import Make, Merge, Move, PinPhrase
from tests.models.made_up_texts import around
from tests.pipelines.theme_life.edited import (
    COURIER,
    INVOICE,
    KEYS,
    LOCKER,
    REFUND,
    WEATHER,
    after,
    content,
    fitted,
    made_of,
    some,
    theme_of,
    themes_in,
)
from tests.pipelines.theme_life.fake_store import heap, heaps


def test_a_merger_keeps_the_name_pins_and_examples_of_both() -> None:
    told = Move(around(WEATHER, 1, 1, 0.1), COURIER)
    model = after(Rename(COURIER, "Ours"), PinPhrase(COURIER, "a bell"), told)
    model = Merge(COURIER, REFUND).apply(model)
    assert COURIER not in model.places
    assert theme_of(model, REFUND).label == "refund"
    assert [(pin.phrase, pin.theme) for pin in model.pins] == [("a bell", REFUND)]
    assert model.examples.owners.tolist() == [model.places[REFUND]]
    both = heaps(some("courier", 15), some("refund", 15))
    assert {REFUND, None} >= set(themes_in(model, both))
    assert model.prototypes.held.sum() == 2


def test_a_merger_takes_parts_along() -> None:
    model = after(Place(LOCKER, {"parent": COURIER}), Merge(COURIER, REFUND))
    assert theme_of(model, LOCKER).parent == REFUND


def test_a_theme_merged_into_its_part_leaves_it_a_theme() -> None:
    model = after(
        Place(LOCKER, {"parent": COURIER}),
        Place(REFUND, {"parent": COURIER}),
        Merge(COURIER, REFUND),
    )
    assert theme_of(model, REFUND).parent is None
    assert theme_of(model, LOCKER).parent == REFUND


def test_a_theme_with_parts_merged_into_a_part_makes_no_fourth_level() -> None:
    model = after(
        Place(REFUND, {"parent": COURIER}),
        Place(LOCKER, {"parent": INVOICE}),
        Merge(COURIER, LOCKER),
    )
    assert_no_part_has_parts(model)


def assert_no_part_has_parts(model: ThemeModel) -> None:
    for theme in model.themes:
        if theme.parent is not None:
            assert theme_of(model, theme.parent).parent is None


def test_a_made_theme_holds_all_that_was_chosen_wherever_it_lies() -> None:
    own = heaps(some("courier", 4), some("locker", 4), heap("weather", WEATHER, 2, 70))
    made = made_of(own)
    model = made.apply(fitted())
    assert set(themes_in(model, own)) == {made.made}
    assert theme_of(model, made.made).given == {"en": "Ours"}


def test_a_made_theme_holds_what_was_moved_elsewhere_before() -> None:
    own = some("courier", 4)
    made = made_of(own)
    model = after(Move(own.vectors, REFUND), made)
    assert set(themes_in(model, own)) == {made.made}


def test_a_made_theme_holds_what_was_chosen_though_it_says_a_pinned_phrase() -> None:
    own = some("courier", 4)
    made = made_of(own)
    model = after(PinPhrase(REFUND, "courier number"), made)
    assert set(themes_in(model, own)) == {made.made}


def test_a_split_leaves_the_others_where_they_were_and_takes_the_touchpoint() -> None:
    own = heap("partial", 0, 8, 80, towards=12, tilt=0.8)
    rest = some("courier", 15)
    model = Place(COURIER, {"touchpoint": KEYS[0]}, KEYS).apply(fitted())
    split = Make(own.vectors, {"en": "Part"}, {}, COURIER, rest.vectors)
    model = split.apply(model)
    assert set(themes_in(model, own)) == {split.made}
    assert themes_in(model, rest).count(COURIER) >= 13
    assert theme_of(model, split.made).touchpoint == KEYS[0]
    held = model.prototypes.owners[model.prototypes.held].tolist()
    assert held == [model.places[split.made]]


def test_a_split_leaves_the_source_where_it_lies_though_a_pin_brought_it_others() -> None:
    model = PinPhrase(COURIER, "locker number").apply(fitted())
    own, rest = some("courier", 3), some("courier", 15)
    held = [at for at, theme in enumerate(themes_in(model, content())) if theme == COURIER]
    assert len(held) > 25
    left = content().vectors[[at for at in held if at >= len(own.texts)]]
    model = Make(own.vectors, {"en": "Part"}, {}, COURIER, left).apply(model)
    assert themes_in(model, rest)[3:].count(COURIER) >= 10


def test_the_last_place_of_a_moved_excerpt_counts() -> None:
    one = some("courier", 1)
    model = after(Move(one.vectors, REFUND), Move(one.vectors, LOCKER))
    assert themes_in(model, one) == [LOCKER]
    assert len(model.examples.owners) == 1
    model = Move(one.vectors, None).apply(model)
    assert themes_in(model, one) == [None]
    assert Move(one.vectors, None).themes == ()


def test_a_moved_excerpt_goes_before_a_pinned_phrase() -> None:
    one = some("courier", 1)
    model = after(PinPhrase(REFUND, "courier number"), Move(one.vectors, LOCKER))
    assert themes_in(model, one) == [LOCKER]


def test_a_phrase_is_pinned_to_one_theme_at_a_time() -> None:
    model = after(PinPhrase(REFUND, "Courier number"), PinPhrase(LOCKER, "courier  NUMBER"))
    assert [(pin.phrase, pin.theme) for pin in model.pins] == [("courier NUMBER", LOCKER)]
    assert set(themes_in(model, some("courier", 5))) == {LOCKER}


def test_accents_do_not_make_another_pin_and_the_edit_says_where_it_was() -> None:
    model = after(PinPhrase(REFUND, "zwrot środków"))
    again = PinPhrase(LOCKER, "Zwrot  srodkow")
    name = model.themes[model.places[REFUND]].label
    assert f"pinned to “{name}” already" in again.note(model)
    assert [(pin.phrase, pin.theme) for pin in again.apply(model).pins] == [
        ("Zwrot srodkow", LOCKER)
    ]
    assert PinPhrase(REFUND, "zwrot srodkow").note(model) == ""
    assert PinPhrase(LOCKER, "zwrot").note(model) == ""


def test_a_pin_of_another_theme_is_not_taken_away() -> None:
    model = after(PinPhrase(REFUND, "courier number"))
    with pytest.raises(ThemeEditError, match="not pinned"):
        PinPhrase(LOCKER, "courier number", taken_away=True).apply(model)
