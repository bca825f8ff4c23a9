"""What the model gives an excerpt: by example before pin before prototype, or nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.contracts import ArtifactError, Themed, Vectors
from models.themes import Atlas, Examples, Pin, Prototypes, Theme, ThemeModel
from models.themes import model as stored

DIMENSIONS = 8
COURIER, REFUND, LOCKER = range(3)
SHARP = 8.0
ROUNDING = 2e-4
"""Confidences have four places, and products of matrices differ in their last bits."""


def axis(*numbers: int) -> Vectors:
    rows: Vectors = np.eye(DIMENSIONS, dtype=np.float32)[list(numbers)]
    return rows


def between(one: int, other: int, angle: float) -> Vectors:
    """(1, d) unit row at an angle in degrees from one axis towards another."""
    part = np.radians(angle)
    row: Vectors = (np.cos(part) * axis(one) + np.sin(part) * axis(other)).astype(np.float32)
    return row


def prototypes(
    centroids: Vectors, owners: list[int], thresholds: list[float] | None = None
) -> Prototypes:
    return Prototypes(
        centroids,
        np.array(owners, np.int64),
        np.array(thresholds or [0.5] * len(owners), np.float32),
        np.zeros(len(owners), bool),
    )


def examples(vectors: Vectors, *owners: int) -> Examples:
    return Examples(vectors, np.array(owners, np.int64))


def made() -> ThemeModel:
    """Three themes, each on an axis of its own."""
    return ThemeModel(
        (
            Theme("thm_courier", {"en": "Courier", "pl": "Kurier"}, {"en": ["courier", "bell"]}),
            Theme("thm_refund", {"en": "Refund", "pl": "Zwrot"}, {"pl": ["zwrot"]}),
            Theme("thm_locker", {"en": "Locker"}, {}),
        ),
        prototypes(axis(0, 1, 2), [COURIER, REFUND, LOCKER]),
        Examples.none(DIMENSIONS),
        (),
        SHARP,
        Atlas.blank(DIMENSIONS),
    )


def everything() -> ThemeModel:
    """A model in which nothing is left at its default."""
    base = made()
    generator = np.random.default_rng(3)
    themes = (
        replace(
            base.themes[COURIER],
            given={"pl": "Kurierzy – żółć"},
            touchpoint="delivery",
            owner="Jana Nováková",
            settled=("touchpoint", "parent"),
        ),
        replace(base.themes[REFUND], parent="thm_courier"),
        replace(base.themes[LOCKER], retired="merged"),
    )
    return replace(
        base,
        themes=themes,
        prototypes=Prototypes(
            np.concatenate([axis(0), between(0, 4, 30), axis(1, 2)]),
            np.array([0, 0, 1, 2]),
            np.array([0.51, 0.62, 0.73, 0.84], np.float32),
            np.array([False, True, False, False]),
        ),
        examples=examples(axis(6, 7), REFUND, -1),
        pins=(Pin("zwrot pieniędzy", "thm_refund"),),
        sharpness=4.321,
        atlas=Atlas(
            *(
                generator.normal(size=shape).astype(np.float16).astype(np.float32)
                for shape in ((DIMENSIONS, 5), (5,), (5, 2), (2,))
            )
        ),
    )


def retired(model: ThemeModel, place: int) -> ThemeModel:
    themes = list(model.themes)
    themes[place] = replace(themes[place], retired="nobody speaks of it")
    return replace(model, themes=tuple(themes))


def ids(found: list[Themed]) -> list[tuple[str | None, str | None]]:
    return [
        (one.first.id if one.first else None, one.second.id if one.second else None)
        for one in found
    ]


def first(found: list[Themed]) -> str | None:
    return ids(found)[0][0]


# By prototype


def test_an_excerpt_has_the_theme_of_the_nearest_prototype_with_its_english_label() -> None:
    found = made().assign(axis(2, 0, 1))
    assert ids(found) == [("thm_locker", None), ("thm_courier", None), ("thm_refund", None)]
    assert [one.first.label for one in found if one.first] == ["Locker", "Courier", "Refund"]


def test_confidence_is_the_theme_s_share_by_sharpness() -> None:
    (sure,), (torn,) = made().assign(axis(0)), made().assign(between(0, 1, 44))
    assert sure.first is not None
    assert torn.first is not None
    assert torn.second is not None
    assert sure.first.confidence == pytest.approx(np.exp(SHARP) / (np.exp(SHARP) + 2), abs=ROUNDING)
    assert 0 < torn.second.confidence < torn.first.confidence < 0.55
    assert torn.first.confidence + torn.second.confidence <= 1


def test_below_its_threshold_an_excerpt_is_left_without_a_theme_and_on_it_is_not() -> None:
    assert made().assign(axis(5)) == [Themed()]
    assert ids(made().assign(np.concatenate([between(0, 5, 59), between(0, 5, 61)]))) == [
        ("thm_courier", None),
        (None, None),
    ]
    on_it = replace(made(), prototypes=prototypes(axis(0, 1, 2), [0, 1, 2], [1.0, 1.0, 1.0]))
    assert first(on_it.assign(axis(0))) == "thm_courier"


def test_each_theme_has_a_threshold_of_its_own() -> None:
    model = replace(made(), prototypes=prototypes(axis(0, 1, 2), [0, 1, 2], [0.9, 0.3, 0.3]))
    assert first(model.assign(between(0, 5, 45))) is None
    assert first(model.assign(between(1, 5, 45))) == "thm_refund"


def test_the_second_theme_is_what_an_excerpt_is_about_besides() -> None:
    assert ids(made().assign(between(0, 1, 40))) == [("thm_courier", "thm_refund")]
    assert ids(made().assign(between(0, 1, 50))) == [("thm_refund", "thm_courier")]


def test_there_is_no_second_theme_below_its_threshold_nor_without_a_first() -> None:
    assert ids(made().assign(between(0, 1, 20))) == [("thm_courier", None)]
    strict = replace(made(), prototypes=prototypes(axis(0, 1, 2), [0, 1, 2], [0.9, 0.3, 0.3]))
    assert ids(strict.assign(between(0, 1, 40))) == [(None, None)]


def test_a_model_of_one_theme_gives_no_second_and_a_confidence_of_one() -> None:
    model = replace(made(), themes=made().themes[:1], prototypes=prototypes(axis(0), [0]))
    (found,) = model.assign(axis(0))
    assert found.first is not None
    assert (found.first.confidence, found.second) == (1.0, None)


def merged() -> ThemeModel:
    """Courier has two prototypes, far from each other and with thresholds of their own."""
    own = prototypes(axis(0, 3, 1, 2), [COURIER, COURIER, REFUND, LOCKER], [0.5, 0.9, 0.5, 0.5])
    return replace(made(), prototypes=own)


def test_a_theme_of_several_prototypes_is_had_by_what_is_near_any_of_them() -> None:
    assert ids(merged().assign(axis(0, 3, 1))) == [
        ("thm_courier", None),
        ("thm_courier", None),
        ("thm_refund", None),
    ]


def test_each_prototype_of_a_theme_has_a_threshold_of_its_own() -> None:
    assert first(merged().assign(between(0, 5, 45))) == "thm_courier"
    assert first(merged().assign(between(3, 5, 45))) is None


def test_a_theme_is_not_its_own_second_and_its_prototypes_do_not_share_its_confidence() -> None:
    (found,) = merged().assign(between(0, 3, 10))
    assert found.first is not None
    assert found.second is None
    best = np.exp(SHARP * np.cos(np.radians(10)))
    assert found.first.confidence == pytest.approx(best / (best + 2), abs=ROUNDING)
    assert ids(merged().assign(between(0, 3, 45) * 0.8 + axis(1) * 0.6)) == [
        ("thm_refund", "thm_courier")
    ]


def test_the_nearest_prototype_and_its_cosine_are_given_sure_or_not() -> None:
    best, cosines = merged().nearest(np.concatenate([axis(3), between(2, 5, 80)]))
    assert best.tolist() == [1, 3]
    assert cosines.tolist() == pytest.approx([1, np.cos(np.radians(80))], abs=1e-6)


def test_what_falls_to_a_retired_theme_is_left_without_one() -> None:
    model = retired(made(), COURIER)
    assert ids(model.assign(axis(0, 1))) == [(None, None), ("thm_refund", None)]
    assert ids(model.assign(between(0, 1, 40))) == [(None, None)]
    assert ids(model.assign(between(0, 1, 50))) == [("thm_refund", None)]


def test_nothing_to_assign_gives_nothing_and_no_theme_leaves_everything_without_one() -> None:
    nothing = np.zeros((0, DIMENSIONS), np.float32)
    assert everything().assign(nothing) == []
    assert everything().assign(nothing, [], []) == []
    bare = replace(made(), themes=(), prototypes=prototypes(nothing, []))
    assert bare.assign(axis(0, 1)) == [Themed(), Themed()]


def test_an_excerpt_s_theme_does_not_depend_on_what_stands_beside_it() -> None:
    generator = np.random.default_rng(8)
    rows = generator.normal(size=(200, DIMENSIONS))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    texts = ["zwrotu pieniędzy brak" if at % 9 == 0 else "paczka" for at in range(200)]
    codes = ["pl"] * 200
    model = replace(everything(), themes=made().themes)
    together = model.assign(vectors, texts, codes)
    alone = [
        model.assign(vectors[at : at + 1], texts[at : at + 1], codes[at : at + 1])[0]
        for at in range(200)
    ]
    assert ids(together) == ids(alone)
    assert len(set(ids(together))) > 3
    for one, other in zip(together, alone, strict=True):
        if one.first and other.first:
            assert one.first.confidence == pytest.approx(other.first.confidence, abs=ROUNDING)


# By pin


def pinned(*pins: tuple[str, str]) -> ThemeModel:
    return replace(made(), pins=tuple(Pin(*pin) for pin in pins))


@pytest.mark.parametrize(
    ("phrase", "text", "language"),
    [
        ("zwrot pieniędzy", "Do dziś nie ma ZWROTU PIENIĘDZY.", "pl"),
        ("kurýr", "Celý den bez kurýra", "cs"),
        ("kuller", "Kulleri ootasin kaua", "et"),
        ("late courier", "Two late couriers!", "en"),
    ],
)
def test_a_pinned_phrase_gives_its_theme_in_whatever_form_it_is_said(
    phrase: str, text: str, language: str
) -> None:
    (found,) = pinned((phrase, "thm_refund")).assign(axis(0), [text], [language])
    assert found.first is not None
    assert (found.first.id, found.first.confidence) == ("thm_refund", 1.0)
    assert found.second is None


def test_forms_of_a_pinned_phrase_are_those_of_the_excerpt_s_language() -> None:
    model = pinned(("zwrot", "thm_refund"))
    found = model.assign(axis(0, 0, 0), ["Brak zwrotu"] * 3, ["pl", "en", "other"])
    assert [one.first and one.first.id for one in found] == [
        "thm_refund",
        "thm_courier",
        "thm_courier",
    ]


def test_a_pin_gives_a_theme_to_what_is_near_none_and_nothing_to_who_does_not_say_it() -> None:
    model = pinned(("refund", "thm_refund"))
    assert ids(model.assign(axis(5, 5), ["No refund yet", "Nothing"], ["en", "en"])) == [
        ("thm_refund", None),
        (None, None),
    ]


@pytest.mark.parametrize("text", ["ok", "brak", "Pole.", "-", "test"])
def test_a_stock_answer_has_no_theme_wherever_it_lies(text: str) -> None:
    found = made().assign(axis(0, 0), [text, "the courier"], ["en", "en"])
    assert found[0] == Themed()
    assert found[1].first is not None


def test_pins_are_not_looked_for_without_texts() -> None:
    assert first(pinned(("refund", "thm_refund")).assign(axis(0))) == "thm_courier"


def test_texts_and_languages_of_different_number_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        pinned(("refund", "thm_refund")).assign(axis(0, 1), ["one", "other"], ["en"])


def test_a_pin_to_a_retired_theme_gives_none() -> None:
    model = retired(pinned(("refund", "thm_refund")), REFUND)
    assert model.assign(axis(0), ["Where is my refund"], ["en"]) == [Themed()]


# By example


def test_an_example_goes_before_a_pin_and_a_pin_before_a_prototype() -> None:
    model = replace(pinned(("refund", "thm_refund")), examples=examples(axis(0), LOCKER))
    texts, codes = ["Refunds please", "Refunds please", "Courier"], ["en"] * 3
    found = model.assign(np.concatenate([axis(0), between(0, 5, 20), axis(1)]), texts, codes)
    assert ids(found) == [("thm_locker", None), ("thm_refund", None), ("thm_refund", None)]
    assert found[0].first is not None
    assert found[0].first.confidence == 1
    assert first(made().assign(axis(0), texts[:1], ["en"])) == "thm_courier"


def test_an_example_is_for_the_same_words_and_not_for_like_ones() -> None:
    model = replace(made(), examples=examples(axis(0), LOCKER))
    noisy = (axis(0) + 1e-3).astype(np.float16).astype(np.float32)
    assert first(model.assign(noisy)) == "thm_locker"
    assert first(model.assign(between(0, 5, 5))) == "thm_courier"


@pytest.mark.parametrize("at_once", [1, 3, 4, 7, 10])
def test_examples_are_found_however_many_excerpts_are_compared_at_once(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "_AT_ONCE", at_once)
    model = replace(made(), examples=examples(axis(5, 6), LOCKER, REFUND))
    found = model.assign(axis(0, 5, 1, 6, 5, 7, 6))
    assert [one.first and one.first.id for one in found] == [
        "thm_courier",
        "thm_locker",
        "thm_refund",
        "thm_refund",
        "thm_locker",
        None,
        "thm_refund",
    ]


def test_of_two_examples_the_nearer_one_counts() -> None:
    both = np.concatenate([between(0, 5, 1.5), axis(0)])
    model = replace(made(), examples=examples(both, REFUND, LOCKER))
    assert ids(model.assign(both)) == [("thm_refund", None), ("thm_locker", None)]


def test_an_excerpt_that_people_took_out_of_every_theme_has_none_whatever_it_says() -> None:
    model = replace(pinned(("refund", "thm_refund")), examples=examples(axis(0), -1))
    assert model.assign(axis(0), ["Refund"], ["en"]) == [Themed()]


def test_an_example_of_a_retired_theme_has_none() -> None:
    model = retired(replace(made(), examples=examples(axis(0), LOCKER)), LOCKER)
    assert model.assign(axis(0)) == [Themed()]


# Names


def test_a_given_name_goes_before_a_found_one_of_its_language() -> None:
    theme = Theme("thm_a", {"en": "Found", "pl": "Znaleziony"}, {}, given={"pl": "Nadany"})
    assert [theme.name(code) for code in ("pl", "en", "et", "other")] == [
        "Nadany",
        "Found",
        "Found",
        "Found",
    ]
    assert theme.label == "Found"


def test_a_theme_without_an_english_name_is_labelled_in_the_first_language_that_has_one() -> None:
    assert Theme("thm_a", {"et": "Raha", "cs": "Peníze"}, {}).label == "Peníze"
    assert Theme("thm_a", {"et": "Raha"}, {}, given={"et": "Tasu"}).label == "Tasu"
    assert Theme("thm_a", {}, {}).label == "?"


# Prototypes


def test_prototypes_that_get_other_owners_stand_in_the_order_of_those() -> None:
    own = prototypes(axis(0, 1, 2), [0, 1, 2], [0.1, 0.2, 0.3])
    moved = own.owned_by(np.array([1, 0, 1]))
    assert moved.owners.tolist() == [0, 1, 1]
    assert np.array_equal(moved.centroids, axis(1, 0, 2))
    assert moved.thresholds.tolist() == np.array([0.2, 0.1, 0.3], np.float32).tolist()


def test_prototypes_are_put_together_and_picked_out_with_all_they_have() -> None:
    one, other = everything().prototypes, prototypes(axis(5), [3], [0.25])
    both = one + other
    assert len(both) == len(one) + 1
    assert both.owners.tolist() == [*one.owners.tolist(), 3]
    assert both.held.tolist() == [False, True, False, False, False]
    last = both.of(both.owners == 3)
    assert np.array_equal(last.centroids, axis(5))
    assert (last.thresholds.tolist(), last.held.tolist()) == ([0.25], [False])


# Saved and loaded


def test_a_model_that_was_saved_and_loaded_is_the_same_in_everything() -> None:
    model = everything()
    loaded = ThemeModel.from_bytes(model.to_bytes())
    assert (loaded.themes, loaded.pins) == (model.themes, model.pins)
    assert (loaded.sharpness, loaded.dimensions) == (model.sharpness, DIMENSIONS)
    assert loaded.places == {"thm_courier": 0, "thm_refund": 1, "thm_locker": 2}
    for name in ("centroids", "owners", "thresholds", "held"):
        one, other = getattr(loaded.prototypes, name), getattr(model.prototypes, name)
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)
    assert np.array_equal(loaded.examples.vectors, model.examples.vectors)
    assert loaded.examples.owners.tolist() == [REFUND, -1]
    rows = np.concatenate([axis(*range(DIMENSIONS)), between(0, 1, 40)])
    assert np.array_equal(loaded.atlas.place(rows), model.atlas.place(rows))


def test_a_model_that_was_saved_and_loaded_assigns_the_same_and_has_the_same_version() -> None:
    model = everything()
    loaded = ThemeModel.from_bytes(model.to_bytes())
    rows = np.concatenate([axis(*range(DIMENSIONS)), between(0, 1, 40), between(0, 4, 20)])
    texts = ["brak zwrotu pieniędzy" if at % 2 else "nic" for at in range(len(rows))]
    own = texts, ["pl"] * len(rows)
    assert loaded.assign(rows, *own) == model.assign(rows, *own)
    assert loaded.version == model.version
    assert loaded.to_bytes() == model.to_bytes()


def test_vectors_kept_in_half_precision_are_still_recognised_as_examples() -> None:
    rows = np.random.default_rng(4).normal(size=(20, DIMENSIONS))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    model = replace(made(), examples=examples(vectors, *[LOCKER] * 20))
    loaded = ThemeModel.from_bytes(model.to_bytes())
    assert ids(loaded.assign(vectors)) == [("thm_locker", None)] * 20


def test_a_model_without_themes_can_be_saved_and_loaded() -> None:
    nothing = np.zeros((0, DIMENSIONS), np.float32)
    bare = replace(made(), themes=(), prototypes=prototypes(nothing, []))
    loaded = ThemeModel.from_bytes(bare.to_bytes())
    assert (loaded.themes, loaded.dimensions, loaded.version) == ((), DIMENSIONS, bare.version)


def test_the_same_content_has_the_same_version() -> None:
    assert everything().version == everything().version
    assert len(everything().version) == 12


CHANGES: dict[str, Callable[[ThemeModel], ThemeModel]] = {
    "sharpness": lambda model: replace(model, sharpness=4.322),
    "a pin": lambda model: replace(model, pins=()),
    "an example": lambda model: replace(model, examples=examples(axis(6, 7), LOCKER, -1)),
    "a retired theme": lambda model: retired(model, REFUND),
    "a name": lambda model: replace(
        model, themes=(replace(model.themes[0], given={}), *model.themes[1:])
    ),
    "a threshold": lambda model: replace(
        model, prototypes=replace(model.prototypes, thresholds=np.full(4, 0.5, np.float32))
    ),
    "what is held": lambda model: replace(
        model, prototypes=replace(model.prototypes, held=np.ones(4, bool))
    ),
    "the map": lambda model: replace(model, atlas=Atlas.blank(DIMENSIONS)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_makes_another_version(change: Callable[[ThemeModel], ThemeModel]) -> None:
    assert change(everything()).version != everything().version


def test_a_stored_model_holds_no_pickled_object() -> None:
    with np.load(io.BytesIO(everything().to_bytes()), allow_pickle=False) as data:
        assert all(data[name].dtype != object for name in data.files)


def test_a_model_of_another_format_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = everything().to_bytes()
    monkeypatch.setattr(stored, "FORMAT", stored.FORMAT + 1)
    with pytest.raises(ArtifactError, match=rf"format {stored.FORMAT - 1}.*odzew themes refit"):
        ThemeModel.from_bytes(content)


def archive(**changed: object) -> bytes:
    """A stored model with other arrays in place of some; one that is None is left out."""
    with np.load(io.BytesIO(everything().to_bytes()), allow_pickle=False) as data:
        arrays = {name: data[name] for name in data.files}
    file = io.BytesIO()
    written: dict[str, Any] = {
        name: np.array(one) for name, one in {**arrays, **changed}.items() if one is not None
    }
    np.savez(file, **written)
    return file.getvalue()


def single_array() -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def head(**changed: object) -> str:
    own = {"format": stored.FORMAT, "sharpness": 1.0, "themes": [], "pins": []}
    return json.dumps({**own, **changed})


DAMAGED = {
    "empty": b"",
    "zip start": b"PK\x03\x04",
    "text": b"not a model",
    "one array": single_array(),
    "pickled": archive(head=np.array([{"format": stored.FORMAT}], dtype=object)),
    "head is no json": archive(head="{"),
    "head is a list": archive(head="[]"),
    "head without format": archive(head="{}"),
    "head without themes": archive(head=json.dumps({"format": stored.FORMAT})),
    "unknown field of a theme": archive(head=head(themes=[{"id": "a", "settled": [], "x": 1}])),
    "theme is no record": archive(head=head(themes=["thm_a"])),
    "pin is no record": archive(head=head(pins=[1])),
    "sharpness is a word": archive(head=head(sharpness="much")),
    "no head": archive(head=None),
    "no centroids": archive(centroids=None),
    "no map": archive(**{"atlas.output": None}),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_theme_model_is_an_artifact_error(content: bytes) -> None:
    with pytest.raises(ArtifactError, match="odzew themes refit"):
        ThemeModel.from_bytes(content)


def test_an_archive_that_is_written_anew_is_no_damage() -> None:
    """So that the damaged ones above are refused for what was changed in them."""
    assert ThemeModel.from_bytes(archive()).version == everything().version
    assert ThemeModel.from_bytes(archive(head=head())).themes == ()


@pytest.mark.parametrize("kept", [4, 30, 200, -1, -30])
def test_a_truncated_model_is_an_artifact_error(kept: int) -> None:
    with pytest.raises(ArtifactError):
        ThemeModel.from_bytes(everything().to_bytes()[:kept])


@pytest.mark.parametrize("part", [0.2, 0.4, 0.6])
def test_a_model_with_bytes_overwritten_in_its_arrays_is_an_artifact_error(part: float) -> None:
    content = bytearray(everything().to_bytes())
    at = int(part * len(content))
    content[at : at + 200] = bytes(200)
    with pytest.raises(ArtifactError):
        ThemeModel.from_bytes(bytes(content))


@pytest.mark.parametrize(("offset", "byte"), [(8, 1), (10, 99)], ids=["encrypted", "packing"])
def test_a_damaged_table_of_contents_is_an_artifact_error(offset: int, byte: int) -> None:
    content = bytearray(everything().to_bytes())
    content[content.index(b"PK\x01\x02") + offset] = byte
    with pytest.raises(ArtifactError):
        ThemeModel.from_bytes(bytes(content))
