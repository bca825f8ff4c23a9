from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.themes import Pin
from pipelines.theme_life.edits import LONGEST_NAME, Edit, ThemeEditError, UnknownThemeError
from pipelines.theme_life.identity import Place, Rename, Retire
from pipelines.theme_life.matching import is_touched
from pipelines.theme_life.membership import MOST_PINS, Make, Merge, Move, PinPhrase
from tests.models.made_up_texts import around
from tests.pipelines.theme_life.edited import (
    CAUSES,
    COURIER,
    INVOICE,
    KEYS,
    LOCKER,
    REFUND,
    WEATHER,
    after,
    fitted,
    made_of,
    some,
)

UNKNOWN: list[Edit] = [
    Rename("thm_unknown", "Ours"),
    Merge("thm_unknown", COURIER),
    Merge(COURIER, "thm_unknown"),
    Move(around(0, 2, 1), "thm_unknown"),
    PinPhrase("thm_unknown", "some phrase"),
    Retire("thm_unknown"),
    Place("thm_unknown", {"owner": "Ewa"}),
    Place(COURIER, {"parent": "thm_unknown"}),
    made_of(some("courier", 5), source="thm_unknown"),
]


@pytest.mark.parametrize("edit", UNKNOWN, ids=lambda edit: type(edit).__name__)
def test_a_theme_that_is_not_there_cannot_be_edited(edit: Edit) -> None:
    with pytest.raises(UnknownThemeError, match="thm_unknown"):
        edit.apply(fitted())


RETIRED: list[Edit] = [
    Rename(COURIER, "Ours"),
    Merge(COURIER, REFUND),
    Merge(REFUND, COURIER),
    Move(around(0, 2, 1), COURIER),
    PinPhrase(COURIER, "some phrase"),
    Retire(COURIER),
    Place(COURIER, {"owner": "Ewa"}),
    Place(REFUND, {"parent": COURIER}),
    made_of(some("courier", 5), source=COURIER),
]


@pytest.mark.parametrize("edit", RETIRED, ids=lambda edit: type(edit).__name__)
def test_a_retired_theme_cannot_be_edited(edit: Edit) -> None:
    retired = after(Retire(COURIER))
    with pytest.raises(UnknownThemeError, match="retired"):
        edit.apply(retired)


PARENTED = Place(REFUND, {"parent": COURIER})
BAD: list[tuple[str, list[Edit], Edit, str]] = [
    ("merge with itself", [], Merge(COURIER, COURIER), "with itself"),
    ("its own parent", [], Place(COURIER, {"parent": COURIER}), "its own parent"),
    ("part of a part", [PARENTED], Place(LOCKER, {"parent": REFUND}), "three levels"),
    ("parent with parts", [PARENTED], Place(COURIER, {"parent": LOCKER}), "has parts"),
    ("long name", [], Rename(COURIER, "x" * (LONGEST_NAME + 1)), "at most 120"),
    ("unknown language", [], Rename(COURIER, "Ours", "de"), "not de"),
    ("name of another", [], Rename(COURIER, "  REFUND "), "named “REFUND” already"),
    (
        "given name of another",
        [Rename(REFUND, "Money", "pl")],
        Rename(COURIER, "money", "pl"),
        "already",
    ),
    ("too few excerpts", [], made_of(some("courier", 2)), "at least 3"),
    ("no name", [], made_of(some("courier", 5), "  "), "needs a name"),
    ("long name for a new one", [], made_of(some("courier", 5), "x" * 121), "at most 120"),
    ("split leaves too few", [], made_of(some("courier", 5), source=COURIER, left=2), "behind"),
    ("split leaves nothing", [], Make(some("courier", 5).vectors, {"en": "x"}, {}, COURIER), "be"),
    ("made twice", [made_of(some("courier", 5))], made_of(some("courier", 5), "Too"), "already"),
    ("move of nothing", [], Move(np.zeros((0, 32), np.float32), COURIER), "No excerpt"),
    ("short phrase", [], PinPhrase(COURIER, " a  "), "3 to 120"),
    ("long phrase", [], PinPhrase(COURIER, "word " * 25), "3 to 120"),
    ("phrase without letters", [], PinPhrase(COURIER, "123 456"), "with letters"),
    ("unpin of what is not pinned", [], PinPhrase(COURIER, "a bell", True), "is not pinned"),
    ("unknown touchpoint", [], Place(COURIER, {"touchpoint": "moon"}, KEYS), "touchpoint moon"),
    ("nothing to set", [], Place(COURIER, {}), "can be set"),
    ("other things to set", [], Place(COURIER, {"id": "thm_1"}), "can be set"),
    ("empty owner", [], Place(COURIER, {"owner": "  "}), "1 to 120"),
    ("long owner", [], Place(COURIER, {"owner": "x" * 121}), "1 to 120"),
]


@pytest.mark.parametrize(
    ("made", "edit", "message"), [one[1:] for one in BAD], ids=[one[0] for one in BAD]
)
def test_an_edit_that_makes_no_sense_says_why(made: list[Edit], edit: Edit, message: str) -> None:
    with pytest.raises(ThemeEditError, match=message) as caught:
        edit.apply(after(*made))
    assert not isinstance(caught.value, UnknownThemeError)


def test_a_made_theme_never_has_the_name_of_another() -> None:
    with pytest.raises(ThemeEditError, match="already"):
        made_of(some("courier", 5), "Refund").apply(fitted())


def test_there_are_so_many_pins_at_most() -> None:
    full = replace(
        fitted(),
        pins=tuple(Pin(f"phrase {'ab'[at % 2]}{at}", COURIER) for at in range(MOST_PINS)),
    )
    with pytest.raises(ThemeEditError, match="500"):
        PinPhrase(REFUND, "one more").apply(full)
    assert len(PinPhrase(REFUND, "phrase a0").apply(full).pins) == MOST_PINS


def test_no_edit_changes_the_model_it_is_made_of() -> None:
    before = fitted().to_bytes()
    after(
        Rename(COURIER, "Theirs"),
        made_of(some("courier", 5), source=COURIER),
        Merge(LOCKER, REFUND),
        Move(around(0, 2, 1), REFUND),
        PinPhrase(COURIER, "some phrase"),
        Retire(INVOICE),
    )
    assert fitted().to_bytes() == before


@pytest.mark.parametrize(
    ("edit", "themes"),
    [
        (Rename(COURIER, "x"), (COURIER,)),
        (Merge(COURIER, REFUND), (COURIER, REFUND)),
        (Move(around(0, 1, 1), COURIER), (COURIER,)),
        (PinPhrase(COURIER, "a bell"), (COURIER,)),
        (Retire(COURIER), (COURIER,)),
        (Place(COURIER, {"parent": REFUND}), (COURIER, REFUND)),
        (Place(COURIER, {"parent": None}), (COURIER,)),
    ],
)
def test_an_edit_names_the_themes_it_is_about(edit: Edit, themes: tuple[str, ...]) -> None:
    assert edit.themes == themes


def test_a_theme_without_edits_is_untouched() -> None:
    assert not any(is_touched(fitted(), at) for at in range(len(CAUSES)))


TOUCHES: list[Edit] = [
    Rename(COURIER, "Ours"),
    Merge(REFUND, COURIER),
    Move(around(WEATHER, 1, 1), COURIER),
    PinPhrase(COURIER, "a bell"),
    Retire(COURIER),
    Place(COURIER, {"owner": "Ewa"}),
    Place(COURIER, {"touchpoint": None}),
    Place(COURIER, {"parent": REFUND}),
]


@pytest.mark.parametrize("edit", TOUCHES, ids=lambda edit: type(edit).__name__)
def test_every_edit_touches_its_theme_and_no_other(edit: Edit) -> None:
    model = edit.apply(fitted())
    touched = {theme.id for at, theme in enumerate(model.themes) if is_touched(model, at)}
    assert COURIER in touched
    assert touched <= set(edit.themes)
