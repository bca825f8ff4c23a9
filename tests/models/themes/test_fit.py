"""Clusters are those of the causes, whatever the language, and what says nothing makes none."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import v_measure_score

from models.contracts import TooFewTextsError, Vectors
from models.themes import MIN_TEXTS, Clusters, clustering, find_clusters, fit
from tests.models.made_up_texts import (
    A_CAUSE,
    CAUSES,
    DIMENSIONS,
    Corpus,
    around,
    clustered,
    corpus,
)

BOILERPLATE = 7


def groups_of(clusters: Clusters, vectors: Vectors) -> NDArray[np.int64]:
    """Cluster of each vector, -1 where it does not reach the threshold."""
    cosines = vectors @ clusters.centroids.T
    best = cosines.argmax(axis=1)
    return np.where(cosines.max(axis=1) >= clusters.thresholds[best], best, -1)


def likeness(clusters: Clusters, made: Corpus) -> float:
    """V-measure of the clusters that excerpts fall to against their causes."""
    found = groups_of(clusters, made.vectors)
    causes = np.array(made.causes)
    return float(v_measure_score(causes[found >= 0], found[found >= 0]))


def as_shaped(clusters: Clusters, made: Corpus) -> float:
    """V-measure of the clusters' own excerpts against their causes, sure or not."""
    return float(v_measure_score(np.array(made.causes)[clusters.rows], clusters.groups))


def numbers() -> NDArray[np.int64]:
    return np.array([list(CAUSES).index(cause) for cause in corpus().causes])


def guided(guides: NDArray[np.int64]) -> Clusters:
    made = corpus()
    return find_clusters(made.texts, made.languages, made.vectors, guides)


def same(one: Clusters, other: Clusters) -> bool:
    return (
        (one.sharpness, one.smallest) == (other.sharpness, other.smallest)
        and one.rows.tobytes() == other.rows.tobytes()
        and one.groups.tobytes() == other.groups.tobytes()
        and one.centroids.tobytes() == other.centroids.tobytes()
        and one.thresholds.tobytes() == other.thresholds.tobytes()
    )


# What is found


def test_clusters_that_are_there_are_recovered() -> None:
    made, found = corpus(), clustered()
    assert len(found.centroids) == len(CAUSES)
    assert likeness(found, made) > 0.95
    assert (groups_of(found, made.vectors) >= 0).mean() >= 0.85


def test_every_cluster_holds_both_languages_in_equal_parts() -> None:
    polish = np.array(corpus().languages)[clustered().rows] == "pl"
    for group in range(len(CAUSES)):
        assert 0.4 < polish[clustered().groups == group].mean() < 0.6


def test_each_row_is_there_once_with_a_group_whose_centroid_is_nearest() -> None:
    found = clustered()
    assert len(set(found.rows.tolist())) == len(found.rows) >= 0.95 * len(corpus().texts)
    cosines = corpus().vectors[found.rows] @ found.centroids.T
    assert found.groups.tolist() == cosines.argmax(axis=1).tolist()


def test_centroids_are_of_unit_length_and_keep_their_values_in_two_bytes() -> None:
    centroids = clustered().centroids
    assert centroids.dtype == np.float32
    assert np.allclose(np.linalg.norm(centroids, axis=1), 1, atol=1e-3)
    assert np.array_equal(centroids, centroids.astype(np.float16).astype(np.float32))


def test_the_same_input_gives_the_same_bytes() -> None:
    assert same(corpus().clusters(), clustered())


@pytest.mark.parametrize("sample", [fit.SAMPLE, 60])
def test_the_same_excerpts_in_another_order_give_the_same_clusters_of_the_same_excerpts(
    monkeypatch: pytest.MonkeyPatch, sample: int
) -> None:
    monkeypatch.setattr(fit, "SAMPLE", sample)
    made = corpus() + corpus(seed=50)  # every text twice, with two vectors
    order = np.random.default_rng(3).permutation(len(made.texts))
    shuffled = Corpus(
        [made.texts[at] for at in order],
        [made.languages[at] for at in order],
        made.vectors[order],
        [made.causes[at] for at in order],
    )
    found, again = made.clusters(), shuffled.clusters()
    assert same(found, replace(again, rows=order[again.rows]))


def test_a_text_about_nothing_known_reaches_no_threshold() -> None:
    assert (groups_of(clustered(), around(DIMENSIONS - 1, 40, 300)) == -1).mean() >= 0.9


def test_a_text_in_no_direction_of_its_own_reaches_no_threshold() -> None:
    made = corpus()
    apart = made.vectors - made.vectors.mean(axis=0)
    drawn = np.random.default_rng(5).standard_normal((2_000, len(apart))) @ apart
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    assert (groups_of(clustered(), drawn.astype(np.float32)) == -1).mean() >= 0.75


# Guides


@pytest.mark.parametrize("known", [2, 0], ids=["two causes", "none"])
def test_texts_without_a_guide_are_no_error(known: int) -> None:
    found = guided(np.where(numbers() < known, numbers(), -1))
    assert likeness(found, corpus()) > 0.95


def test_guides_help_where_causes_run_into_each_other() -> None:
    made = corpus()
    vectors = np.concatenate([around(at, A_CAUSE, 50 + at, 1.2) for at in range(len(CAUSES))])
    blurred = Corpus(made.texts, made.languages, vectors, made.causes)
    found, alone = (
        find_clusters(made.texts, made.languages, vectors, guides) for guides in (numbers(), None)
    )
    assert as_shaped(found, blurred) > as_shaped(alone, blurred) + 0.05


def test_guides_that_put_two_causes_together_do_not_bind() -> None:
    refund, invoice = list(CAUSES).index("refund"), list(CAUSES).index("invoice")
    found = groups_of(
        guided(np.where(np.isin(numbers(), (refund, invoice)), 0, -1)), corpus().vectors
    )
    one, other = ({*found[numbers() == at].tolist()} - {-1} for at in (refund, invoice))
    assert one
    assert other
    assert not one & other


def test_a_guide_of_too_few_texts_to_be_a_theme_changes_nothing() -> None:
    rare, none = np.full(len(corpus().texts), -1), np.full(len(corpus().texts), -1)
    rare[: clustering.SMALLEST - 1] = 3
    assert same(guided(rare), guided(none))


# What never shapes a theme


def with_boilerplate() -> tuple[Corpus, NDArray[np.int64]]:
    """The corpus and a cloud of texts that a guide knows to say nothing."""
    texts = [f"Everything was perfect thanks {text}" for text in corpus().texts[:60]]
    cloud = Corpus(texts, ["en"] * 60, around(20, 60, 9, 0.05), [""] * 60)
    return corpus() + cloud, np.array([-1] * len(corpus().texts) + [BOILERPLATE] * 60)


def test_texts_of_the_boilerplate_concept_shape_no_theme_though_others_like_them_would() -> None:
    made, guides = with_boilerplate()
    own = made.texts, made.languages, made.vectors, guides
    with_it, without = find_clusters(*own), find_clusters(*own, boilerplate=BOILERPLATE)
    unseen = around(20, 20, 10, 0.05)
    assert len(with_it.centroids) == len(CAUSES) + 1
    assert (groups_of(with_it, unseen) >= 0).any()
    assert len(without.centroids) == len(CAUSES)
    assert (groups_of(without, unseen) == -1).all()
    assert without.rows.max() < len(corpus().texts)


def test_stock_answers_in_their_hundreds_never_make_a_theme() -> None:
    short = ["ok", "super", "-", "...", "nothing", "n/a", "👍", ""] * 10
    stock = [f"No comments{'.' * (at % 7)}{' ' * (at % 3)}" for at in range(80)]
    texts = short + stock
    filler = Corpus(texts, ["en"] * len(texts), around(20, len(texts), 9, 0.05), [""] * len(texts))
    found = (corpus() + filler).clusters()
    assert (groups_of(found, around(20, 20, 10, 0.05)) == -1).all()
    assert len(found.centroids) == len(CAUSES)


def telling(*texts: str, language: str = "en") -> list[bool]:
    kept: list[bool] = fit.is_telling(texts, [language] * len(texts)).tolist()
    return kept


@pytest.mark.parametrize(
    "text", ["", "ok", "nothing", "12345678", "👍👍👍👍👍👍👍👍", "n / a . . ."]
)
def test_a_text_of_fewer_than_eight_letters_is_not_telling(text: str) -> None:
    assert telling(text) == [False]


def test_case_digits_and_punctuation_do_not_make_a_text_another_one() -> None:
    assert telling("Courier never came", "COURIER never came!!", "courier never came 24") == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("The courier lost my parcel", "My parcels, the couriers lost", "en"),
        ("Kurier zgubił paczkę", "Paczki zgubił kurier", "pl"),
        ("Kurýr nepřivezl balík", "Balík kurýr nepřivezl!", "cs"),
        ("Kuller kaotas mu paki", "Paki kaotas kuller", "et"),
    ],
)
def test_the_same_words_in_other_order_and_with_other_endings_count_once(
    one: str, other: str, language: str
) -> None:
    assert telling(one, other, language=language) == [True, False]


def test_a_text_with_one_telling_word_more_is_another_one() -> None:
    assert telling("The courier lost my parcel", "The courier lost my red parcel") == [True, True]


def test_texts_of_stop_words_alone_are_told_apart_by_their_letters() -> None:
    assert telling("it was not the other", "they have been with you") == [True, True]


def test_a_text_too_short_to_shape_a_theme_does_not_keep_a_longer_one_from_it() -> None:
    assert telling("refund", "Where is my refund") == [False, True]


def test_texts_that_say_the_same_count_once() -> None:
    said = ("COURIER lost my parcel", "my parcels: lost by the courier", "couriers lost parcels")
    texts = [f"{said[at % 3]}{'!' * at} {at}" for at in range(200)]
    with pytest.raises(TooFewTextsError, match="there are 1"):
        find_clusters(texts, ["en"] * 200, around(0, 200, 1))


# Edges


def test_too_few_texts_are_refused_with_their_number() -> None:
    made = corpus()
    with pytest.raises(TooFewTextsError, match=rf"at least {MIN_TEXTS}.*there are 12"):
        find_clusters(made.texts[:12], made.languages[:12], made.vectors[:12])
    with pytest.raises(TooFewTextsError, match="there are 0"):
        find_clusters([], [], np.zeros((0, DIMENSIONS), np.float32), np.zeros(0, np.int64))


def test_texts_of_the_boilerplate_concept_do_not_count_towards_the_fewest() -> None:
    made = corpus()
    guides = np.full(len(made.texts), BOILERPLATE)
    guides[:20] = -1
    with pytest.raises(TooFewTextsError, match="there are 20"):
        find_clusters(made.texts, made.languages, made.vectors, guides, boilerplate=BOILERPLATE)


def test_the_smallest_corpus_that_is_allowed_has_clusters_and_one_text_less_is_refused() -> None:
    made = corpus()
    rows = clustered().rows[:: len(made.texts) // (MIN_TEXTS + 5)][:MIN_TEXTS]
    texts, codes = [made.texts[at] for at in rows], [made.languages[at] for at in rows]
    found = find_clusters(texts, codes, made.vectors[rows])
    assert len(found.rows) == MIN_TEXTS
    assert len(found.centroids) >= 1
    with pytest.raises(TooFewTextsError, match=f"there are {MIN_TEXTS - 1}"):
        find_clusters(texts[1:], codes[1:], made.vectors[rows[1:]])


def test_one_giant_cloud_is_no_error_and_most_of_it_is_themed() -> None:
    made = corpus()
    vectors = around(0, len(made.texts), 4, 0.8)
    found = find_clusters(made.texts, made.languages, vectors)
    assert (groups_of(found, vectors) >= 0).mean() >= 0.5


@cache
def of_one_vector() -> tuple[Clusters, Vectors]:
    made = corpus()
    vectors = np.repeat(around(3, 1, 6), len(made.texts), axis=0)
    return find_clusters(made.texts, made.languages, vectors), vectors


def test_different_texts_with_one_and_the_same_vector_make_one_theme() -> None:
    found, vectors = of_one_vector()
    assert len(found.centroids) == 1
    assert (vectors @ found.centroids.T).min() > 0.999


def test_texts_of_one_and_the_same_vector_reach_their_own_threshold() -> None:
    found, vectors = of_one_vector()
    assert (groups_of(found, vectors) == 0).all()


def test_of_many_texts_a_sample_shapes_the_clusters_that_keeps_each_language_s_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = corpus()
    polish = ["en" if at < len(made.texts) // 4 else "pl" for at in range(len(made.texts))]
    monkeypatch.setattr(fit, "SAMPLE", 100)
    found, other = (
        find_clusters(made.texts, polish, made.vectors, seed=seed) for seed in (fit.SEED, 7)
    )
    assert len(found.rows) == len(found.groups) == 100
    assert 0.65 < np.mean([polish[row] == "pl" for row in found.rows]) < 0.85
    assert set(found.rows.tolist()) != set(other.rows.tolist())
    assert likeness(found, made) > 0.95
    assert same(found, find_clusters(made.texts, polish, made.vectors))


def test_most_of_what_was_drawn_is_drawn_again_when_other_texts_come_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fit, "SAMPLE", 80)
    made = corpus()
    first = range(0, len(made.texts) - 20)
    early = find_clusters(made.texts[:-20], made.languages[:-20], made.vectors[: len(first)])
    assert len({*early.rows.tolist()} & {*made.clusters().rows.tolist()}) >= 60


def test_guides_go_with_the_texts_that_were_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "SAMPLE", 100)
    assert likeness(guided(numbers()), corpus()) > 0.95


# Thresholds, sharpness, means


def test_all_but_the_share_that_abstains_reach_their_group_s_threshold() -> None:
    rows = np.concatenate([around(0, 400, 1), around(1, 400, 2, 0.6)])
    groups = np.repeat([0, 1], 400)
    centroids = np.stack([fit.unit_mean(rows[:400]), fit.unit_mean(rows[400:])])
    thresholds = fit.thresholds_of(rows, groups, centroids)
    reached = (rows * centroids[groups]).sum(axis=1) >= thresholds[groups]
    for group in (0, 1):
        assert 0.88 <= reached[groups == group].mean() <= 0.93
    assert thresholds[0] > thresholds[1]


def test_a_member_does_not_vouch_for_itself() -> None:
    pair = np.eye(2, dtype=np.float32)
    middle = fit.unit_mean(pair)[None]
    assert float((pair @ middle.T).min()) > 0.7
    assert fit.thresholds_of(pair, np.zeros(2, np.int64), middle).tolist() == [0]


def test_a_group_of_no_or_one_member_asks_for_the_same_vector() -> None:
    axes = np.eye(3, dtype=np.float32)
    assert np.allclose(fit.thresholds_of(axes[:1], np.array([0]), axes), 0.999)


def test_a_typical_member_s_theme_has_a_share_of_one_half_or_more() -> None:
    cosines = corpus().vectors[clustered().rows] @ clustered().centroids.T
    powers = np.exp(cosines * clustered().sharpness)
    assert np.median(powers.max(axis=1) / powers.sum(axis=1)) >= 0.5
    assert clustered().sharpness == fit.sharpness_of(cosines)


def test_sharpness_is_bounded_where_themes_lie_on_each_other_and_one_for_a_single_theme() -> None:
    assert fit.sharpness_of(np.ones((5, 1), np.float32)) == 1
    assert fit.sharpness_of(np.ones((5, 2), np.float32)) == round(float(np.log(2)) * 100, 3)


def test_the_mean_of_vectors_that_cancel_each_other_out_is_no_error() -> None:
    axis = np.eye(2, dtype=np.float32)[:1]
    assert fit.unit_mean(np.concatenate([axis, -axis])).tolist() == [0, 0]
