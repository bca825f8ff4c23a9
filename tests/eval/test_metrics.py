from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import metrics

CAUSES = ["a"] * 10 + ["b"] * 10 + ["c"] * 10
LABELS = st.lists(st.sampled_from("abc"), min_size=1, max_size=20)


def test_clusters_that_are_the_labels_score_one_whatever_they_are_called() -> None:
    renamed = [{"a": "z", "b": None, "c": 7}[one] for one in CAUSES]
    assert metrics.v_measure(CAUSES, renamed) == pytest.approx(1)
    assert metrics.nmi(CAUSES, renamed) == pytest.approx(1)


def test_clusters_that_say_nothing_of_the_labels_score_zero() -> None:
    assert metrics.v_measure(CAUSES, [0] * 30) == pytest.approx(0)
    assert metrics.nmi(["pl", "en"] * 10, ["x"] * 10 + ["y"] * 10) == pytest.approx(0)


def test_v_measure_of_a_worked_example() -> None:
    """Two labels; one of four rows in the wrong cluster (computed by hand from the entropies)."""
    labels, clusters = ["a", "a", "b", "b"], [0, 0, 0, 1]
    cluster_entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    label_given_cluster = 0.75 * -(2 / 3 * np.log(2 / 3) + 1 / 3 * np.log(1 / 3))
    cluster_given_label = 0.5 * np.log(2)
    homogeneity = 1 - label_given_cluster / np.log(2)
    completeness = 1 - cluster_given_label / cluster_entropy
    expected = 2 * homogeneity * completeness / (homogeneity + completeness)
    assert metrics.v_measure(labels, clusters) == pytest.approx(expected)


@given(LABELS, st.randoms(use_true_random=False))
def test_measures_lie_between_zero_and_one_and_do_not_mind_the_order(
    labels: list[str], random: object
) -> None:
    clusters = [random.randrange(3) for _ in labels]  # type: ignore[attr-defined]
    for measure in (metrics.v_measure, metrics.nmi):
        value = measure(labels, clusters)
        assert -1e-9 <= value <= 1 + 1e-9
        assert measure(labels[::-1], clusters[::-1]) == pytest.approx(value, abs=1e-9)
    assert metrics.nmi(labels, clusters) == pytest.approx(metrics.nmi(clusters, labels), abs=1e-9)


def test_no_rows_score_zero_instead_of_failing() -> None:
    assert metrics.v_measure([], []) == metrics.nmi([], []) == 0
    assert metrics.pair_agreement([], []) == 0


def test_pair_agreement_is_the_share_of_translation_pairs_in_one_cluster() -> None:
    ids = ["1", "1", "2", "2", "3", "3", "3", "4"]
    clusters = [0, 0, 1, 2, 5, 5, 6, 0]
    # pairs: 1-1 agree; 2-2 not; of the three of 3 one agrees; 4 stands alone
    assert metrics.pair_agreement(ids, clusters) == pytest.approx(2 / 5)
    assert metrics.pair_agreement(["1", "2"], [0, 0]) == 0


def test_ids_and_clusters_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="shorter"):
        metrics.pair_agreement(["1", "1"], [0])


def test_k_means_finds_the_clouds_and_repeats() -> None:
    generator = np.random.default_rng(1)
    clouds = [generator.normal(loc=5 * at, scale=0.1, size=(10, 8)) for at in range(3)]
    vectors = np.concatenate(clouds).astype(np.float32)
    found = metrics.kmeans(vectors, 3)
    assert metrics.v_measure(CAUSES, found.tolist()) == pytest.approx(1)
    assert np.array_equal(found, metrics.kmeans(vectors, 3))


@pytest.mark.parametrize(
    ("right", "confidence", "error"),
    [
        ([True, True], [1.0, 1.0], 0.0),
        ([False], [0.9], 0.9),
        ([True, False], [0.5, 0.5], 0.0),
        ([], [], 0.0),
    ],
)
def test_calibration_error_is_the_gap_between_confidence_and_accuracy(
    right: list[bool], confidence: list[float], error: float
) -> None:
    assert metrics.calibration_error(confidence, right) == pytest.approx(error)


def test_accuracy_at_a_coverage_counts_the_surest_rows_alone() -> None:
    right, confidence = [True, True, True, True, False], [0.9, 0.8, 0.7, 0.6, 0.5]
    assert metrics.accuracy_at(confidence, right, 0.8) == 1
    assert metrics.accuracy_at(confidence, right, 1.0) == pytest.approx(0.8)
    assert metrics.accuracy_at([], [], 0.8) == 0
