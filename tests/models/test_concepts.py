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


@pytest.fixture(scope="module")
def space() -> ConceptSpace:
    return concepts.fit(*said(1, EXAMPLES))


def test_unseen_comments_are_guessed_to_be_about_their_concept(space: ConceptSpace) -> None:
    vectors, names = said(2, 20)
    guessed = space.guess(space.theme_vectors(vectors))
    right = [at >= 0 and space.names[at] == name for at, name in zip(guessed, names, strict=True)]
    assert np.mean(right) > 0.9


def test_theme_vectors_tell_concepts_apart_better_than_neutral_ones(space: ConceptSpace) -> None:
    vectors, names = said(3, 20)
    same = np.equal.outer(names, names)
    for_themes = space.theme_vectors(vectors)

    def gap(rows: Vectors) -> float:
        cosines = rows @ rows.T
        return float(cosines[same].mean() - cosines[~same].mean())

    assert gap(for_themes) > gap(vectors) + 0.1


def test_theme_vectors_are_unit_length_and_fit_into_two_bytes_a_value(space: ConceptSpace) -> None:
    moved = space.theme_vectors(said(4, 10)[0])
    assert moved.shape == (50, space.dimensions)
    assert moved.dtype == np.float32
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=2e-3)
    assert np.array_equal(moved, moved.astype(np.float16).astype(np.float32))


def test_the_cosine_of_two_theme_vectors_is_mostly_that_of_the_neutral_ones(
    space: ConceptSpace,
) -> None:
    one, other = said(5, 1)[0], said(6, 1)[0]
    cosines = (one * other).sum(axis=1)
    moved = (space.theme_vectors(one) * space.theme_vectors(other)).sum(axis=1)
    assert (np.abs(moved - (1 - concepts.SHARE) * cosines) <= concepts.SHARE + 0.01).all()


def test_nothing_is_guessed_of_a_vector_that_says_nothing(space: ConceptSpace) -> None:
    nothing = np.zeros((2, DIMENSIONS), np.float32)
    assert space.guess(space.theme_vectors(nothing)).tolist() == [NO_CONCEPT, NO_CONCEPT]


def test_no_vectors_give_no_rows(space: ConceptSpace) -> None:
    moved = space.theme_vectors(np.zeros((0, DIMENSIONS), np.float32))
    assert moved.shape == (0, space.dimensions)
    assert space.guess(moved).tolist() == []


def test_the_same_examples_give_the_same_space_and_names_in_order(space: ConceptSpace) -> None:
    again = concepts.fit(*said(1, EXAMPLES))
    assert space.names == again.names == tuple(sorted(NAMES))
    rows = said(2, 5)[0]
    assert np.array_equal(space.theme_vectors(rows), again.theme_vectors(rows))


def test_the_shipped_space_is_of_another_encoder_for_any_other_name() -> None:
    with pytest.raises(ArtifactError, match=r"my-own-encoder|cannot be read"):
        ConceptSpace.load("my-own-encoder")


def test_the_shipped_space_knows_its_concepts_over_vectors_of_the_packaged_encoder() -> None:
    space = ConceptSpace.load(encoder_name())
    assert len(space.names) == len(set(space.names)) == len(space.prototypes)
    assert space.projection.shape[0] == 384
    assert np.allclose(np.linalg.norm(space.prototypes, axis=1), 1, atol=2e-3)
