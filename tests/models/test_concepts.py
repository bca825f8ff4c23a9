from __future__ import annotations

import numpy as np
import pytest

from models import concepts
from models.concepts import NO_CONCEPT, ConceptSpace
from models.contracts import ArtifactError, Vectors
from models.encoder import encoder_name

DIMENSIONS, EXAMPLES, NOISY = 48, 30, 12
NAMES = ("courier", "invoice", "locker", "refund", "return")


def said(seed: int, count: int) -> tuple[Vectors, list[str]]:
    """Vectors round one axis a concept, with strong noise in directions that say nothing of it."""
    generator = np.random.default_rng(seed)
    rows, names = [], []
    for at, name in enumerate(NAMES):
        noise = generator.normal(scale=0.1, size=(count, DIMENSIONS))
        noise[:, -NOISY:] *= 8
        rows.append(np.eye(DIMENSIONS)[at] + noise)
        names += [name] * count
    stacked = np.concatenate(rows)
    unit = stacked / np.linalg.norm(stacked, axis=1, keepdims=True)
    return unit.astype(np.float32), names


def fit(seed: int) -> ConceptSpace:
    vectors, names = said(seed, EXAMPLES)
    return concepts.fit(vectors, ["en"] * len(names), names)


def moved_by(space: ConceptSpace, rows: Vectors) -> Vectors:
    """Theme vectors where the neutral vector is the pooled layer itself."""
    return space.theme_vectors(rows, rows, ["en"] * len(rows))


@pytest.fixture(scope="module")
def space() -> ConceptSpace:
    return fit(1)


def test_unseen_comments_are_guessed_to_be_about_their_concept(space: ConceptSpace) -> None:
    vectors, names = said(2, 20)
    guessed = space.guess(moved_by(space, vectors))
    right = [at >= 0 and space.names[at] == name for at, name in zip(guessed, names, strict=True)]
    assert np.mean(right) > 0.9


def test_theme_vectors_tell_concepts_apart_better_than_neutral_ones(space: ConceptSpace) -> None:
    vectors, names = said(3, 20)
    same = np.equal.outer(names, names)
    for_themes = moved_by(space, vectors)

    def gap(rows: Vectors) -> float:
        cosines = rows @ rows.T
        return float(cosines[same].mean() - cosines[~same].mean())

    assert gap(for_themes) > gap(vectors) + 0.1


def test_theme_vectors_are_unit_length_and_fit_into_two_bytes_a_value(space: ConceptSpace) -> None:
    moved = moved_by(space, said(4, 10)[0])
    assert moved.shape == (50, space.dimensions)
    assert moved.dtype == np.float32
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=2e-3)
    assert np.array_equal(moved, moved.astype(np.float16).astype(np.float32))


def test_the_cosine_of_two_theme_vectors_is_mostly_that_of_the_neutral_ones(
    space: ConceptSpace,
) -> None:
    one, other = said(5, 1)[0], said(6, 1)[0]
    cosines = (one * other).sum(axis=1)
    moved = (moved_by(space, one) * moved_by(space, other)).sum(axis=1)
    assert (np.abs(moved - (1 - concepts.SHARE) * cosines) <= concepts.SHARE + 0.01).all()


def test_nothing_is_guessed_of_a_vector_that_says_nothing(space: ConceptSpace) -> None:
    nothing = np.zeros((2, space.dimensions), np.float32)
    assert space.guess(nothing).tolist() == [NO_CONCEPT, NO_CONCEPT]


def test_the_surer_a_guess_must_be_the_fewer_there_are(space: ConceptSpace) -> None:
    vectors = moved_by(space, said(2, 5)[0])
    counts = [(space.guess(vectors, sure=sure) != NO_CONCEPT).sum() for sure in (0.0, 0.9, 1.1)]
    assert counts[0] == len(vectors)
    assert counts[0] >= counts[1] >= counts[2] == 0


def test_no_vectors_give_no_rows(space: ConceptSpace) -> None:
    moved = moved_by(space, np.zeros((0, DIMENSIONS), np.float32))
    assert moved.shape == (0, space.dimensions)
    assert space.guess(moved).tolist() == []


def test_the_same_examples_give_the_same_space_and_names_in_order(space: ConceptSpace) -> None:
    again = fit(1)
    assert space.names == again.names == tuple(sorted(NAMES))
    rows = said(2, 5)[0]
    assert np.array_equal(moved_by(space, rows), moved_by(again, rows))


def test_the_shipped_space_is_of_another_encoder_for_any_other_name() -> None:
    with pytest.raises(ArtifactError, match=r"my-own-encoder|cannot be read"):
        ConceptSpace.load("my-own-encoder")


def test_the_shipped_space_knows_its_concepts_over_vectors_of_the_packaged_encoder() -> None:
    space = ConceptSpace.load(encoder_name())
    assert len(space.names) == len(set(space.names)) == len(space.prototypes)
    assert space.projection.shape[0] == 384
    assert np.allclose(np.linalg.norm(space.prototypes, axis=1), 1, atol=2e-3)


def test_a_language_that_lies_elsewhere_is_moved_to_where_the_others_are() -> None:
    english, names = said(1, EXAMPLES)
    shift = np.full(DIMENSIONS, 0.1, np.float32)
    both = np.concatenate([english, english + shift])
    codes = ["en"] * len(names) + ["et"] * len(names)
    space = concepts.fit(both, codes, names * 2)
    rows, meant = said(2, 20)
    found = space.guess(space.theme_vectors(rows, rows + shift, ["et"] * len(rows)))
    assert np.mean([space.names[at] == one for at, one in zip(found, meant, strict=True)]) > 0.9
