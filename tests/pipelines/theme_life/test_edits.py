from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.contracts import LANGUAGES
from models.themes import Pin, Theme, ThemeModel
from pipelines.theme_life.edits import LONGEST_NAME, Edit, ThemeEditError, UnknownThemeError
from pipelines.theme_life.identity import Place, Rename, Retire
from pipelines.theme_life.matching import is_touched
from pipelines.theme_life.membership import MOST_PINS, Make, Merge, Move, PinPhrase
from pipelines.theme_life.refit import settle
from tests.models.made_up_texts import Corpus, around
from tests.pipelines.theme_life.fake_store import found_in, heap, heaps

CAUSES = ("courier", "refund", "locker", "invoice")
KEYS = ("delivery", "money")
WEATHER = 9
"""An axis that no theme lies on."""
MANY = 60
"""Excerpts of a cause after thrice as many have come."""


@cache
def content(count: int = 15, seed: int = 1) -> Corpus:
    return heaps(*(heap(cause, at, count, seed + at) for at, cause in enumerate(CAUSES)))


@cache
def fitted() -> ThemeModel:
    return settle(found_in(content()), None, None).model


COURIER, REFUND, LOCKER, INVOICE = (theme.id for theme in fitted().themes)


def theme_of(model: ThemeModel, theme: str) -> Theme:
    return model.themes[model.places[theme]]


def after(*made: Edit) -> ThemeModel:
    """The fitted model after some edits."""
    model = fitted()
    for edit in made:
        model = edit.apply(model)
    return model


def themes_in(
    model: ThemeModel, own: Corpus, languages: list[str] | None = None
) -> list[str | None]:
    found = model.assign(own.vectors, own.texts, languages or own.languages)
    return [one.first.id if one.first else None for one in found]


def some(cause: str, count: int) -> Corpus:
    rows = [at for at, own in enumerate(content().causes) if own == cause][:count]
    own = content()
    return Corpus(
        [own.texts[at] for at in rows],
        [own.languages[at] for at in rows],
        own.vectors[rows],
        [own.causes[at] for at in rows],
    )


def made_of(own: Corpus, name: str = "Ours", source: str | None = None, left: int = 9) -> Make:
    """A theme of excerpts, split from a source that keeps so many."""
    rest = None if source is None else content().vectors[len(own.texts) : len(own.texts) + left]
    return Make(own.vectors, {"en": name}, {"en": ["word"]}, source, rest)


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


@dataclass(frozen=True)
class Draft:
    """An edit that fits, or nearly fits, any model: themes are told by their places."""

    kind: str
    one: int
    other: int
    text: str
    language: str | None
    rows: list[int]
    taken: bool

    def of(self, model: ThemeModel) -> Edit:
        ids = [theme.id for theme in model.themes]
        first, second = ids[self.one % len(ids)], ids[self.other % len(ids)]
        vectors = content().vectors[self.rows]
        held = np.array(themes_in(model, content())) == first
        chosen = held & np.isin(np.arange(len(held)), self.rows)
        part, left = content().vectors[chosen], content().vectors[held & ~chosen]
        found: dict[str, Edit] = {
            "rename": Rename(first, self.text, self.language),
            "merge": Merge(first, second),
            "make": Make(vectors, {"en": f"made {self.text}"}, {}),
            "split": Make(part, {"en": f"split {self.text}"}, {}, first, left),
            "move": Move(vectors, None if self.taken else first),
            "pin": PinPhrase(first, f"{CAUSES[self.other % 4]} number", taken_away=self.taken),
            "retire": Retire(first, self.text),
            "place": Place(first, {"touchpoint": KEYS[self.other % 2], "owner": "Ewa"}, KEYS),
            "parent": Place(first, {"parent": second}),
        }
        return found[self.kind]


DRAFTS = st.builds(
    Draft,
    st.sampled_from(
        ["rename", "merge", "make", "split", "move", "pin", "retire", "place", "parent"]
    ),
    st.integers(0, 9),
    st.integers(0, 9),
    st.text("abcż ", max_size=8),
    st.sampled_from([None, *LANGUAGES]),
    st.lists(st.integers(0, 59), min_size=1, max_size=12, unique=True),
    st.booleans(),
)


PINNED_AND_SPLIT = [
    Draft("pin", 0, 2, "", None, [0], False),
    Draft("split", 0, 0, "", None, [0, 30, 31], False),
]


@example(PINNED_AND_SPLIT, "again")
@settings(max_examples=150)
@given(st.lists(DRAFTS, max_size=8), st.sampled_from(["again", "held", "renewed"]))
def test_whatever_people_do_a_refit_keeps_it_and_everything_stays_in_order(
    made: list[Draft], then: str
) -> None:
    model = fitted()
    for draft in made:
        try:
            model = draft.of(model).apply(model)
        except ThemeEditError:
            continue
        assert_in_order(model)
    own = content()
    if then != "again":
        own = own + content(4 if then == "held" else MANY, 90)
    settled = settle(found_in(own), model, None, made_from=len(content().texts))
    again = ThemeModel.from_bytes(settled.model.to_bytes())
    assert again.version == settled.model.version
    assert_in_order(again)
    kept = [theme for at, theme in enumerate(model.themes) if is_touched(model, at)]
    assert {theme.id for theme in kept} <= set(again.places)
    if then != "renewed":
        assert set(model.places) <= set(again.places)
    for theme in kept:
        now = theme_of(again, theme.id)
        assert (now.given, now.owner, now.retired) == (theme.given, theme.owner, theme.retired)
        assert now.settled == theme.settled
        assert now.touchpoint == theme.touchpoint
        assert then == "renewed" or now.parent == theme.parent
    assert again.pins == model.pins
    assert moved(again) == moved(model)


def moved(model: ThemeModel) -> list[str | None]:
    """Where the excerpts that people moved are."""
    return [model.themes[at].id if at >= 0 else None for at in model.examples.owners]


def assert_in_order(model: ThemeModel) -> None:
    own = model.prototypes
    assert len(model.places) == len(model.themes)
    assert (np.diff(own.owners) >= 0).all()
    assert set(own.owners.tolist()) == set(range(len(model.themes)))
    assert own.centroids.shape == (len(own), model.dimensions)
    assert own.centroids.dtype == own.thresholds.dtype == np.float32
    assert len(own) == len(own.thresholds) == len(own.held)
    assert np.allclose(np.linalg.norm(own.centroids, axis=1), 1, atol=0.01)
    assert len(model.examples.owners) == len(model.examples.vectors)
    assert all(-1 <= at < len(model.themes) for at in model.examples.owners)
    assert {pin.theme for pin in model.pins} <= set(model.places)
    phrases = [pin.phrase.casefold() for pin in model.pins]
    assert len(set(phrases)) == len(phrases)
    assert {theme.parent for theme in model.themes} <= {None, *model.places}
