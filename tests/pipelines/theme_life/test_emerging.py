from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.contracts import LANGUAGES
from pipelines.ports import StoredExcerpt
from pipelines.theme_life import emerging
from pipelines.theme_life.emerging import Group
from tests.models.made_up_texts import DIMENSIONS, Corpus, around
from tests.pipelines.theme_life.fake_store import SHIFT, heap, heaps, stored

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(weeks=20)


def scattered(count: int, seed: int = 502) -> Corpus:
    """Excerpts that have nothing in common, words included."""
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    texts = [f"{''.join(chr(97 + (at * 7 + by) % 26) for by in range(9))}" for at in range(count)]
    return Corpus(texts, ["en"] * count, unit, [""] * count)


NOISE = scattered(15)
BROKEN, FLICKERS = "boiler broke", "lamp flickers"
BOILER = heap(BROKEN, 5, 12, 9, spread=0.15)
LAMP = heap(FLICKERS, 7, 9, 19, spread=0.15)
WHOLE = heaps(NOISE, BOILER, LAMP)
NOTHING = Corpus([], [], np.zeros((0, DIMENSIONS), np.float32), [])


def said(boiler: datetime, lamp: datetime, noise: datetime = NOON) -> list[datetime]:
    return [noise] * len(NOISE.texts) + [boiler] * len(BOILER.texts) + [lamp] * len(LAMP.texts)


def groups_of(content: Corpus, moments: Sequence[datetime] | None = None) -> tuple[Group, ...]:
    when = [NOON] * len(content.texts) if moments is None else moments
    return emerging.emerging(stored(content), content.vectors, when)


def about(cause: str, groups: Sequence[Group], content: Corpus = WHOLE) -> Group:
    """The group that is mostly about a cause and holds nearly all of it; there is one."""
    wanted = ids_of(content, cause)
    (found,) = [one for one in groups if len(wanted & set(one.excerpts)) > len(one.excerpts) / 2]
    assert len(wanted & set(found.excerpts)) >= 0.9 * len(wanted)
    return found


def ids_of(content: Corpus, cause: str) -> set[int]:
    return {SHIFT + at for at, own in enumerate(content.causes) if own == cause}


def test_groups_are_found_among_what_is_scattered_and_named_by_their_words() -> None:
    groups = groups_of(WHOLE)
    boiler, lamp = about(BROKEN, groups), about(FLICKERS, groups)
    assert "boiler" in boiler.label
    assert "lamp" in lamp.label
    assert boiler.names["en"] == boiler.label
    assert boiler.keywords["en"]
    assert 0.7 < boiler.cohesion <= 1
    ids = [one for group in groups for one in group.excerpts]
    assert len(set(ids)) == len(ids)


def test_one_group_among_what_is_scattered_is_found() -> None:
    content = heaps(NOISE, BOILER)
    assert "boiler" in about(BROKEN, groups_of(content), content).label


def test_one_group_alone_is_found() -> None:
    assert "boiler" in about(BROKEN, groups_of(BOILER), BOILER).label


def test_the_most_central_excerpt_of_a_group_is_first() -> None:
    for group in groups_of(WHOLE):
        own = WHOLE.vectors[[one - SHIFT for one in group.excerpts]]
        near = own @ own.mean(axis=0)
        assert (np.diff(near) <= 1e-6).all()


def test_what_is_new_and_large_is_first() -> None:
    assert groups_of(WHOLE)[0] == about(BROKEN, groups_of(WHOLE))
    lamp_new = groups_of(WHOLE, said(LONG_AGO, NOON, LONG_AGO))
    assert lamp_new[0] == about(FLICKERS, lamp_new)
    assert lamp_new[0].recent_share > 0.7
    assert about(BROKEN, lamp_new).recent_share == 0.0


@pytest.mark.parametrize(
    ("before", "share"), [(timedelta(weeks=4) - timedelta(minutes=1), 1), (timedelta(weeks=4), 0)]
)
def test_recent_are_the_four_weeks_before_the_newest_excerpt(
    before: timedelta, share: float
) -> None:
    moments = said(NOON - before, NOON - before, NOON - before)
    newest = WHOLE.causes.index(FLICKERS)
    moments[newest] = NOON
    groups = groups_of(WHOLE, moments)
    assert about(BROKEN, groups).recent_share == share


def test_part_of_a_group_may_be_recent() -> None:
    moments = said(LONG_AGO, LONG_AGO, LONG_AGO)
    first = WHOLE.causes.index(BROKEN)
    moments[first : first + 3] = [NOON] * 3
    found = about(BROKEN, groups_of(WHOLE, moments))
    assert found.recent_share == pytest.approx(3 / len(found.excerpts), abs=1e-4)


def test_every_language_of_a_group_has_a_name() -> None:
    polish = Corpus(
        [f"kocioł pęka {at}" for at in range(6)],
        ["pl"] * 6,
        heap(BROKEN, 5, 6, 29, spread=0.15).vectors,
        [BROKEN] * 6,
    )
    content = WHOLE + polish
    boiler = about(BROKEN, groups_of(content), content)
    assert set(boiler.names) == set(LANGUAGES)
    assert "kocioł" in boiler.names["pl"]


def test_a_group_without_words_has_no_name() -> None:
    wordless = Corpus(["?!"] * 12, ["en"] * 12, BOILER.vectors, [BROKEN] * 12)
    content = heaps(NOISE, wordless, LAMP)
    found = about(BROKEN, groups_of(content), content)
    assert (found.names, found.label) == ({}, "")


def test_a_group_is_called_by_its_english_name() -> None:
    assert Group({"pl": "kocioł", "en": "boiler"}, {}, (1,), 1.0, 1.0).label == "boiler"


@pytest.mark.parametrize(
    "content", [NOTHING, scattered(1), heap("boiler", 5, 4, 9), scattered(40, 7)]
)
def test_where_nothing_lies_together_there_is_no_group(content: Corpus) -> None:
    assert groups_of(content) == ()


def parts_of(content: Corpus) -> tuple[Group, ...]:
    return emerging.parts(stored(content), content.vectors, [NOON] * len(content.texts))


LEFT = heap("bell rings", 0, 30, 1, towards=9, tilt=0.9)
RIGHT = heap("door sticks", 0, 20, 2, towards=9, tilt=-0.9)


def test_parts_of_a_theme_are_found_the_largest_first() -> None:
    content = RIGHT + LEFT
    left, right = parts_of(content)
    assert set(left.excerpts) == ids_of(content, "bell rings")
    assert set(right.excerpts) == ids_of(content, "door sticks")
    assert "bell" in left.label
    assert "door" in right.label


@pytest.mark.parametrize("content", [NOTHING, scattered(1), heap("boiler", 5, 7, 9)])
def test_a_theme_of_a_few_excerpts_has_no_parts(content: Corpus) -> None:
    assert parts_of(content) == ()


def test_a_theme_that_says_the_same_all_over_has_no_parts() -> None:
    same = around(3, 1, 1).repeat(40, axis=0)
    assert parts_of(Corpus(["the same"] * 40, ["en"] * 40, same, [""] * 40)) == ()


def test_a_theme_that_is_round_has_no_parts() -> None:
    assert parts_of(heap("courier", 0, 60, 3)) == ()


def test_chosen_excerpts_are_named_by_what_tells_them_apart() -> None:
    chosen = [StoredExcerpt(at, "fb", "en", f"parcel bell {at}") for at in range(4)]
    others = [StoredExcerpt(at, "fb", "en", f"parcel door {at}") for at in range(4, 9)]
    names, keywords = emerging.named(chosen, others)
    assert set(names) == set(LANGUAGES)
    assert all("bell" in name and "door" not in name for name in names.values())
    assert keywords == {"en": ["parcel bell"]}


def test_chosen_excerpts_without_words_in_common_have_no_name() -> None:
    chosen = [StoredExcerpt(1, "fb", "en", "one bell"), StoredExcerpt(2, "fb", "en", "a door")]
    assert emerging.named(chosen, []) == ({}, {})
