"""Keyphrases say what sets a group apart, in each language, in words of its own texts."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.contracts import LANGUAGES, Vectors
from models.labels import base_form, content_words, is_stop_word, phrases
from models.themes import keyphrases as module
from models.themes.keyphrases import KEYPHRASES, keyphrases
from tests.models.made_up_texts import CAUSES, clustered, corpus

TEXTS = [
    ("The courier never rang the bell", "en", 0),
    ("Couriers leave without ringing the bell", "en", 0),
    ("Kurier nie zadzwonił do drzwi", "pl", 0),
    ("Znowu nie było kuriera", "pl", 0),
    ("My refund has not come", "en", 1),
    ("Still waiting for refunds, Bartholomew", "en", 1),
    ("Zwrotu nadal nie ma", "pl", 1),
    ("Czekam na zwrot od miesiąca", "pl", 1),
]


def found() -> dict[int, dict[str, list[str]]]:
    texts, languages, groups = (list(column) for column in zip(*TEXTS, strict=True))
    return keyphrases(texts, languages, groups)


def english(*texts: str, groups: list[int]) -> dict[int, list[str]]:
    named = keyphrases(texts, ["en"] * len(texts), groups)
    return {group: own.get("en", []) for group, own in named.items()}


def of_corpus() -> dict[int, dict[str, list[str]]]:
    made, own = corpus(), clustered()
    rows = own.rows.tolist()
    return keyphrases(
        [made.texts[row] for row in rows], [made.languages[row] for row in rows], own.groups
    )


# Keyphrases


def test_forms_of_one_word_count_together_and_name_their_group() -> None:
    named = found()
    assert "courier" in " ".join(named[0]["en"])
    assert "kurier" in " ".join(named[0]["pl"])
    assert named[1]["en"][0] == "refund"
    assert named[1]["pl"][0] == "zwrot"


def test_a_word_of_a_single_text_names_nothing() -> None:
    assert "bartholomew" not in " ".join(found()[1]["en"])


def test_a_phrase_that_every_group_uses_names_none_before_its_own() -> None:
    named = english(
        *[f"parcel. {word}" for word in ("courier", "courier", "refund", "refund")],
        groups=[0, 0, 1, 1],
    )
    assert named[0][0] == "courier"
    assert named[1][0] == "refund"


def test_of_a_phrase_and_its_words_the_phrase_names_the_group() -> None:
    named = english(
        "door bell broken",
        "the door bell",
        "door bells",
        "red box",
        "red box",
        groups=[0] * 3 + [1] * 2,
    )
    assert named[0][0] == "door bell"
    assert named[1] == ["red box"]


def test_a_word_is_shown_in_its_base_form_if_a_dictionary_has_it() -> None:
    assert english(*["couriers"] * 2, groups=[0] * 2)[0] == ["courier"]
    assert english(*["zorbulas"] * 2, groups=[0] * 2)[0] == ["zorbulas"]
    polish = keyphrases(["do rzecznika"] * 2, ["pl"] * 2, [0, 0])
    assert polish == {0: {"pl": ["rzecznik"]}}


def test_a_phrase_is_shown_as_it_begins_in_base_form_or_else_as_it_is_written_most() -> None:
    assert english(*["red boxes"] * 2, "red box", groups=[0] * 3)[0] == ["red boxes"]
    texts = ["do ramki na zdjęcie"] * 2 + ["ramka na zdjęcie"]
    assert keyphrases(texts, ["pl"] * 3, [0] * 3)[0]["pl"][0] == "ramka na zdjęcie"


@pytest.mark.parametrize("mask", ["[name]", "[order_number]", "[NAME]", "[redacted]"])
def test_what_stands_for_personal_data_is_no_word(mask: str) -> None:
    assert english(*[f"courier {mask} laughed"] * 3, groups=[0] * 3)[0] == ["courier", "laugh"]


def test_proper_names_are_no_keyphrases() -> None:
    texts = ["Never again Zipako parcel", "Why does Zipako hide the parcel", "zipako parcel"]
    assert english(*texts, groups=[0] * 3)[0] == ["parcel"]


def test_a_text_that_repeats_a_phrase_counts_once() -> None:
    assert english("courier courier courier", "refund", groups=[0, 0])[0] == []


def test_texts_of_no_group_are_compared_with_and_not_named() -> None:
    texts = ["parcel. courier"] * 2 + ["parcel"] * 8
    named = english(*texts, groups=[0] * 2 + [-1] * 8)
    assert set(named) == {0}
    assert named[0][0] == "courier"
    alone = english(*texts[:2], "bell. box", "bell. box", groups=[0, 0, 0, 0])
    assert set(alone[0]) == {"parcel", "courier", "bell", "box"}


def test_any_negative_number_is_no_group() -> None:
    assert english("blue courier", "blue courier", "red box", "red box", groups=[-2, -2, 0, 0]) == {
        0: ["red box"]
    }


def test_a_language_without_telling_words_is_left_out_and_every_group_is_there() -> None:
    named = keyphrases(["ok", "ok", "xyz"], ["et", "et", "other"], [0, 1, 2])
    assert named == {0: {}, 1: {}, 2: {}}


def test_nothing_gives_nothing() -> None:
    assert keyphrases([], [], []) == {}


def test_clusters_are_named_in_both_languages_by_words_of_their_own_cause() -> None:
    named = of_corpus()
    assert set(named) == set(range(len(CAUSES)))
    said = {cause: {*content_words(one, "en")} for cause, (one, _) in CAUSES.items()}
    for group, own in named.items():
        assert set(own) == {"en", "pl"}
        rows = clustered().rows[clustered().groups == group]
        (cause,) = {corpus().causes[row] for row in rows}
        assert {word for one in own["en"] for word in content_words(one, "en")} <= said[cause]


def shared(named: dict[int, dict[str, list[str]]]) -> list[tuple[str, str]]:
    """Pairs of phrases of one group and language that share a word."""
    return [
        (one, other)
        for own in named.values()
        for code, best in own.items()
        for one, other in combinations(best, 2)
        if set(content_words(one, code)) & set(content_words(other, code))
    ]


def test_no_two_phrases_share_a_word() -> None:
    assert shared(of_corpus()) == shared(found()) == []
    assert any(len(best) > 1 for own in found().values() for best in own.values())


def test_no_phrase_is_or_ends_with_a_stop_word() -> None:
    checked = 0
    for named in (of_corpus(), found()):
        for own in named.values():
            for code, best in own.items():
                for one in best:
                    words = one.split()
                    assert not is_stop_word(words[-1], code)
                    checked += 1
    assert checked > 15


def test_a_group_has_at_most_a_few_phrases() -> None:
    words = ("courier", "bell", "door", "box", "refund", "invoice", "locker", "stamp", "van")
    assert len(english(*[". ".join(words)] * 2, groups=[0, 0])[0]) == KEYPHRASES < len(words)


_any_text = st.text(max_size=40) | st.lists(
    st.sampled_from(("The", "courier", "couriers", "lost", "paczki", "nie", "kulleri", ".")),
    max_size=8,
).map(" ".join)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(_any_text, st.sampled_from((*LANGUAGES, "other")), st.integers(-1, 3)),
        max_size=12,
    )
)
@example([("...", "en", 0), ("courier", "en", 1)])
@example([("NIE0AAA0AAA", "cs", 1), ("NIE0AAA0A0A0AAA", "cs", 1)])
def test_any_texts_give_each_group_at_most_a_few_phrases_of_its_own_texts(
    rows: list[tuple[str, str, int]],
) -> None:
    named = keyphrases([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    assert named.keys() == {group for _, _, group in rows if group >= 0}
    assert shared(named) == []
    for group, languages in named.items():
        for code, best in languages.items():
            own = [r[0] for r in rows if r[1] == code and r[2] == group]
            assert 1 <= len(best) <= KEYPHRASES
            said = {one for text in own for one in phrases(text, code).values()}
            assert {*best} <= said | {base_form(one, code) for one in said}


# Re-ranking by what phrases mean

MEANT: dict[str, float] = {"courier": 0.9, "bell": 0.3, "parcel": 0.05, "moon": -0.8}
"""Cosine of a phrase with the middle of the only group."""


def meaning(texts: list[str], languages: list[str]) -> Vectors:
    assert len(texts) == len(languages) == len(set(texts))
    cosines = np.array([MEANT.get(text, 0.0) for text in texts])
    rows: Vectors = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1).astype(np.float32)
    return rows


def reread(*texts: str) -> list[str]:
    middle = np.array([[1, 0]], np.float32)
    named = keyphrases(texts, ["en"] * len(texts), [0] * len(texts), middle, meaning)
    return named[0].get("en", [])


def test_phrases_near_the_middle_of_their_group_come_first() -> None:
    texts = ["bell. courier"] * 3 + ["bell"] * 6
    assert english(*texts, groups=[0] * 9)[0] == ["bell", "courier"]
    assert reread(*texts) == ["courier", "bell"]


def test_phrases_far_from_the_middle_are_dropped_however_often_they_are_said() -> None:
    texts = ["moon. parcel. courier"] * 2 + ["moon. parcel"] * 20
    assert {"moon", "parcel"} <= set(english(*texts, groups=[0] * 22)[0])
    assert MEANT["parcel"] < module.NEAR
    assert reread(*texts) == ["courier"]


def test_a_group_of_which_every_phrase_is_far_has_none() -> None:
    assert reread("moon", "moon") == []


def test_a_phrase_that_is_dropped_makes_room_for_its_own_words() -> None:
    texts = ["courier bell"] * 3
    assert english(*texts, groups=[0] * 3)[0] == ["courier bell"]
    assert reread(*texts) == ["courier", "bell"]


def test_nothing_is_read_in_a_language_that_has_no_phrase() -> None:
    def never(texts: list[str], languages: list[str]) -> Vectors:
        raise AssertionError(texts)

    middle = np.array([[1, 0]], np.float32)
    assert keyphrases(["ok", "ok"], ["en"] * 2, [0, 0], middle, never) == {0: {}}


def test_phrases_are_read_in_their_own_language_and_only_those_of_groups() -> None:
    seen: dict[str, set[str]] = {}

    def noted(texts: list[str], languages: list[str]) -> Vectors:
        seen.setdefault(languages[0], set()).update(texts)
        assert len(set(languages)) == 1
        return np.ones((len(texts), 1), np.float32)

    keyphrases(
        ["courier", "courier", "kurier", "kurier", "moon", "moon"],
        ["en", "en", "pl", "pl", "en", "en"],
        [0, 0, 0, 0, -1, -1],
        np.ones((1, 1), np.float32),
        noted,
    )
    assert seen == {"en": {"courier"}, "pl": {"kurier"}}


def test_phrases_of_central_texts_come_before_those_of_texts_at_the_edge() -> None:
    texts = ["bell"] * 3 + ["courier"] * 2
    near = np.array([0.1] * 3 + [0.9] * 2, np.float32)
    assert english(*texts, groups=[0] * 5)[0][0] == "bell"
    named = keyphrases(texts, ["en"] * 5, [0] * 5, near=near)
    assert named[0]["en"] == ["courier", "bell"]
