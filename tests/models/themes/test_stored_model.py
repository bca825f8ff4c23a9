from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.contracts import ArtifactError
from models.themes import Atlas, ThemeModel
from models.themes import model as stored
from tests.models.themes.little_model import (
    DIMENSIONS,
    LOCKER,
    REFUND,
    axis,
    between,
    everything,
    examples,
    ids,
    made,
    prototypes,
    retired,
)


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
