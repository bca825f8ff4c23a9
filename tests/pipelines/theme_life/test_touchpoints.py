from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import yaml

from models.contracts import LANGUAGES, Vectors
from pipelines.theme_life import touchpoints
from pipelines.theme_life.touchpoints import (
    MOST,
    SURE,
    Taxonomy,
    TaxonomyError,
    Touchpoint,
    read_taxonomy,
    shipped,
    taxonomy_of,
)
from pipelines.understanding import Reader


def entry(key: Any = "delivery", **changed: Any) -> dict[str, Any]:
    """A good entry, but for what is changed."""
    texts = dict.fromkeys(LANGUAGES, "Words of it")
    return {"key": key, "name": dict(texts), "description": dict(texts)} | changed


def without(part: str, code: str) -> dict[str, Any]:
    own = entry()
    del own[part][code]
    return own


def written(*entries: Any) -> str:
    return str(yaml.safe_dump(list(entries), allow_unicode=True, sort_keys=False))


def test_the_one_shipped_is_complete_in_every_language() -> None:
    assert len(shipped()) >= 10
    for one in shipped():
        assert set(one.name) == set(one.description) == set(LANGUAGES)
        for text in (*one.name.values(), *one.description.values()):
            assert text == text.strip()
            assert text
        assert all(text[0].isupper() for text in one.name.values())
        assert all(text.endswith(".") for text in one.description.values())


def test_the_one_shipped_says_nothing_twice() -> None:
    assert len({one.key for one in shipped()}) == len(shipped())
    for code in LANGUAGES:
        assert len({one.name[code].casefold() for one in shipped()}) == len(shipped())
        assert len({one.description[code] for one in shipped()}) == len(shipped())


def test_no_text_of_the_one_shipped_is_left_in_another_language() -> None:
    for one in shipped():
        assert len(set(one.description.values())) == len(LANGUAGES)


def test_a_taxonomy_is_read_in_its_order() -> None:
    first, second = read_taxonomy(written(entry("delivery_2"), entry("a")))
    assert (first.key, second.key) == ("delivery_2", "a")
    assert dict(first.name) == dict.fromkeys(LANGUAGES, "Words of it")


@pytest.mark.parametrize("count", [2, MOST])
def test_a_taxonomy_may_have_two_to_two_hundred_entries(count: int) -> None:
    content = written(*(entry(f"place_{at}") for at in range(count)))
    assert len(read_taxonomy(content)) == count


WRONG_WHOLE = [
    "",
    "   \n",
    "delivery",
    "42",
    "null",
    "[]",
    "key: delivery",
    written(entry()),
    written(*(entry(f"place_{at}") for at in range(MOST + 1))),
]


@pytest.mark.parametrize("content", WRONG_WHOLE)
def test_what_is_no_list_of_entries_is_refused(content: str) -> None:
    with pytest.raises(TaxonomyError, match="list of 2 to 200"):
        read_taxonomy(content)


NO_YAML = [
    "- [",
    "- {key: delivery",
    "key: a: b",
    "\t- tab",
    "- 'open",
    "- *nowhere",
    "- !!python/object/apply:os.getcwd []",
    "- \x00",
    "- {[a]: b}",
]


@pytest.mark.parametrize("content", NO_YAML)
def test_what_is_no_yaml_is_refused(content: str) -> None:
    with pytest.raises(TaxonomyError, match="no YAML"):
        read_taxonomy(content)


@pytest.mark.parametrize(
    "content",
    ["- 2026-13-45", "- " + "9" * 5000, "[" * 5000],
    ids=["impossible date", "endless number", "endless lists"],
)
def test_yaml_that_the_reader_chokes_on_is_refused(content: str) -> None:
    with pytest.raises(TaxonomyError):
        read_taxonomy(content)


WRONG_SHAPE: dict[str, Any] = {
    "a word": "delivery",
    "nothing": None,
    "a list": ["key", "name", "description"],
    "no key": {part: entry()[part] for part in ("name", "description")},
    "no description": {part: entry()[part] for part in ("key", "name")},
    "a part too many": entry(colour="red"),
    "numbers as parts": {1: "a", 2: "b", 3: "c"},
}


@pytest.mark.parametrize("wrong", WRONG_SHAPE.values(), ids=WRONG_SHAPE)
def test_an_entry_of_another_shape_is_named(wrong: Any) -> None:
    with pytest.raises(TaxonomyError, match=r"^Touchpoint 2 needs exactly key, name and"):
        read_taxonomy(written(entry("fine"), wrong))


@pytest.mark.parametrize(
    "key",
    ["", "Delivery", "2nd", "_a", "a b", "a-b", "dodání", "a" * 61, "a\n", 7, None, True, ["a"]],
)
def test_an_entry_with_a_wrong_key_is_named(key: Any) -> None:
    with pytest.raises(TaxonomyError, match=r"^Touchpoint 3: the key is"):
        read_taxonomy(written(entry("fine"), entry("good"), entry(key)))


@pytest.mark.parametrize("part", ["name", "description"])
@pytest.mark.parametrize(
    "texts",
    [
        "Delivery",
        None,
        ["Delivery"] * 4,
        {},
        dict.fromkeys((*LANGUAGES, "de"), "x"),
        dict.fromkeys(LANGUAGES, ""),
        dict.fromkeys(LANGUAGES, "  "),
        dict.fromkeys(LANGUAGES, 7),
        dict.fromkeys(LANGUAGES, None),
        dict.fromkeys(LANGUAGES, "x" * 501),
    ],
)
def test_an_entry_with_wrong_texts_is_named_with_its_part(part: str, texts: Any) -> None:
    with pytest.raises(TaxonomyError, match=rf"^Touchpoint 1 \(delivery\): {part} is needed in pl"):
        read_taxonomy(written(entry(**{part: texts}), entry("fine")))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("part", ["name", "description"])
def test_no_language_may_lack(part: str, code: str) -> None:
    with pytest.raises(TaxonomyError, match=rf"^Touchpoint 2 \(delivery\): {part}"):
        read_taxonomy(written(entry("fine"), without(part, code)))


def test_a_key_that_stands_twice_is_named() -> None:
    with pytest.raises(TaxonomyError, match="key delivery stands twice"):
        read_taxonomy(written(entry("fine"), entry(), entry()))


def taxonomy(vectors: Vectors) -> Taxonomy:
    names = [f"place_{at}" for at in range(len(vectors))]
    return Taxonomy(
        tuple(
            Touchpoint(key, dict.fromkeys(LANGUAGES, key), dict.fromkeys(LANGUAGES, key))
            for key in names
        ),
        vectors,
    )


def unit(*values: float) -> Vectors:
    found: Vectors = (np.array([values]) / np.linalg.norm(values)).astype(np.float32)
    return found


def test_the_nearest_touchpoint_is_the_one_that_is_clearly_nearest() -> None:
    axes = taxonomy(np.eye(4, dtype=np.float32)[:3])
    centroids = np.concatenate([unit(1, 0, 0, 0), unit(0.1, 0.2, 0.9, 0), unit(0, 1, 0, 1)])
    assert axes.nearest(centroids) == ["place_0", "place_2", "place_1"]


@pytest.mark.parametrize(
    ("centroid", "key"),
    [
        (unit(1, 1, 0, 0), None),
        (unit(1, 0.998, 0, 0), None),
        (unit(1, 0.985, 0, 0), "place_0"),
        (unit(1, 0.9, 0, 0), "place_0"),
        (unit(0, 0, 0, 1), None),
        (unit(0.19, 0, 0, 0.98), None),
        (unit(0.22, 0, 0, 0.98), "place_0"),
        (unit(-1, -1, -1, 0), None),
    ],
)
def test_where_two_are_as_near_or_none_is_near_no_touchpoint_is_chosen(
    centroid: Vectors, key: str | None
) -> None:
    axes = taxonomy(np.eye(4, dtype=np.float32)[:3])
    assert axes.nearest(centroid) == [key]


def test_no_centroids_have_no_touchpoints() -> None:
    axes = taxonomy(np.eye(4, dtype=np.float32)[:3])
    assert axes.nearest(np.zeros((0, 4), np.float32)) == []


def test_the_names_of_places_near_by_are_told_the_nearest_first_and_of_none_that_is_far() -> None:
    axes = taxonomy(np.eye(4, dtype=np.float32)[:3])
    centroids = np.concatenate([unit(0, 1, 1, 0), unit(0.5, 0.1, 1, 0), unit(0, 0, 0.1, 1)])
    told = [[one["et"] for one in axes.names(centroid)] for centroid in centroids]
    assert told == [["place_1", "place_2"], ["place_2", "place_0"], []]


def test_a_place_is_clear_where_the_middle_and_half_of_the_excerpts_are_nearest_to_it() -> None:
    axes = taxonomy(np.eye(4, dtype=np.float32)[:3])
    own, other = unit(1, 0.2, 0, 0), unit(0.2, 1, 0, 0)
    half = np.concatenate([own, other])
    assert axes.place(own[0], half) == axes.touchpoints[0].name
    third = np.concatenate([half, other])
    assert axes.place(own[0], third) is None
    assert axes.place(own[0], third, 0.3) == axes.touchpoints[0].name
    assert axes.place(unit(SURE - 0.05, 0, 0, 1)[0], half) is None
    assert axes.place(own[0], half[:0]) is None


def test_a_touchpoint_lies_where_its_texts_of_all_languages_lie(reader: Reader) -> None:
    found = taxonomy_of(shipped(), reader)
    assert found.touchpoints == shipped()
    assert found.vectors.shape == (len(shipped()), reader.concepts.dimensions)
    assert found.vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-3)
    one = shipped()[3]
    texts = [f"{one.name[code]}. {one.description[code]}" for code in LANGUAGES]
    own = reader.theme_vectors(reader.encoder.encode(texts), LANGUAGES).mean(axis=0)
    assert np.allclose(found.vectors[3], own / np.linalg.norm(own), atol=1e-3)


def test_every_touchpoint_is_the_nearest_to_itself(reader: Reader) -> None:
    found = taxonomy_of(shipped(), reader)
    assert (found.vectors @ found.vectors.T).argmax(axis=1).tolist() == list(range(len(shipped())))
    assert [found.names(own)[0] for own in found.vectors] == [one.name for one in shipped()]


def test_the_file_shipped_reads_as_a_workspaces_own_would() -> None:
    assert read_taxonomy(touchpoints.SHIPPED.read_text("utf-8")) == shipped()
