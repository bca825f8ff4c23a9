from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import neutral
from models.contracts import LANGUAGES, ArtifactError, ModelError, Vectors
from models.encoder import encoder_name
from models.neutral import NeutralSpace

DIMENSIONS, PAIRS, NOISY = 48, 400, 8
"""Made-up vectors: what is meant, a shift for each language, and noise in a few directions."""


def unit(vectors: Vectors) -> Vectors:
    rows: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return rows


def spoken(meaning: Vectors, shift: Vectors, generator: np.random.Generator) -> Vectors:
    noise = np.zeros_like(meaning)
    noise[:, :NOISY] = generator.normal(scale=1.5, size=(len(meaning), NOISY))
    return unit(meaning + shift + noise)


Pairs = dict[str, tuple[Vectors, Vectors]]
Spoken = dict[str, Vectors]


def made_up(seed: int) -> tuple[Pairs, Spoken, Spoken]:
    """Pairs and comments to learn from, and 60 unseen meanings said in each language."""
    generator = np.random.default_rng(seed)
    shifts = {
        code: generator.normal(scale=2, size=DIMENSIONS).astype(np.float32)
        for code in (*LANGUAGES, "de")
    }
    pairs = {}
    for code in ("pl", "cs", "et"):
        meaning = generator.normal(size=(PAIRS, DIMENSIONS)).astype(np.float32)
        pairs[code] = (
            spoken(meaning, shifts[code], generator),
            spoken(meaning, shifts["en"], generator),
        )
    themes = generator.normal(size=(PAIRS, DIMENSIONS)).astype(np.float32)
    comments = {code: spoken(themes, shifts[code], generator) for code in LANGUAGES}
    unseen = generator.normal(size=(60, DIMENSIONS)).astype(np.float32)
    return pairs, comments, {c: spoken(unseen, s, generator) for c, s in shifts.items()}


def found_share(left: Vectors, right: Vectors) -> float:
    return float(((left @ right.T).argmax(axis=1) == np.arange(len(left))).mean())


@pytest.fixture(scope="module")
def learned() -> tuple[NeutralSpace, dict[str, Vectors]]:
    pairs, comments, unseen = made_up(7)
    return neutral.fit(pairs, comments), unseen


def test_unseen_translations_find_each_other_far_oftener_than_before(
    learned: tuple[NeutralSpace, dict[str, Vectors]],
) -> None:
    space, unseen = learned
    projected = {code: space.project(rows, [code] * len(rows)) for code, rows in unseen.items()}
    for left, right in (("pl", "en"), ("cs", "et"), ("et", "pl")):
        before = found_share(unseen[left], unseen[right])
        after = found_share(projected[left], projected[right])
        assert after > 0.9, (left, right, before, after)
        assert after > before + 0.2, (left, right, before, after)


def test_language_no_longer_shows_in_the_space(
    learned: tuple[NeutralSpace, dict[str, Vectors]],
) -> None:
    space, unseen = learned
    raw = {code: unseen[code].mean(axis=0) for code in LANGUAGES}
    moved = {code: space.project(unseen[code], [code] * 60).mean(axis=0) for code in LANGUAGES}
    for left, right in (("pl", "en"), ("cs", "et")):
        before = np.linalg.norm(raw[left] - raw[right])
        assert np.linalg.norm(moved[left] - moved[right]) < 0.4 * before


def test_rows_are_unit_length(
    learned: tuple[NeutralSpace, dict[str, Vectors]],
) -> None:
    space, unseen = learned
    moved = space.project(unseen["pl"], ["pl"] * 60)
    assert moved.dtype == np.float32
    assert moved.shape == (60, DIMENSIONS)
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=2e-3)


def test_a_row_is_moved_by_its_own_language_whatever_stands_beside_it(
    learned: tuple[NeutralSpace, dict[str, Vectors]],
) -> None:
    space, unseen = learned
    mixed = np.concatenate([unseen["pl"][:3], unseen["et"][:3], unseen["de"][:3]])
    codes = ["pl"] * 3 + ["et"] * 3 + ["de"] * 3
    together = space.project(mixed, codes)
    for at, code in enumerate(codes):
        alone = space.project(mixed[at : at + 1], [code])
        assert np.allclose(together[at], alone[0], atol=2e-3)


def test_every_language_that_was_not_learned_is_treated_alike(
    learned: tuple[NeutralSpace, dict[str, Vectors]],
) -> None:
    space, unseen = learned
    as_german = space.project(unseen["de"], ["de"] * 60)
    as_other = space.project(unseen["de"], ["other"] * 60)
    as_polish = space.project(unseen["de"], ["pl"] * 60)
    assert np.array_equal(as_german, as_other)
    assert not np.allclose(as_german, as_polish, atol=0.01)
    assert np.allclose(np.linalg.norm(as_german, axis=1), 1, atol=2e-3)


def test_the_same_pairs_give_the_same_space() -> None:
    one, other = neutral.fit(*made_up(3)[:2]), neutral.fit(*made_up(3)[:2])
    rows = made_up(3)[2]["cs"]
    assert np.array_equal(one.project(rows, ["cs"] * 60), other.project(rows, ["cs"] * 60))


def test_no_vectors_give_no_rows_of_the_same_width(
    learned: tuple[NeutralSpace, dict[str, Vectors]],
) -> None:
    nothing = learned[0].project(np.zeros((0, DIMENSIONS), np.float32), [])
    assert nothing.shape == (0, DIMENSIONS)


def test_vectors_and_languages_must_be_as_many(
    learned: tuple[NeutralSpace, dict[str, Vectors]],
) -> None:
    with pytest.raises(ModelError, match="2 vectors came with 1 languages"):
        learned[0].project(np.ones((2, DIMENSIONS), np.float32), ["pl"])


def test_a_space_without_pairs_or_without_comments_is_refused() -> None:
    pairs, comments, _ = made_up(3)
    for given_pairs, given_comments in (({}, comments), (pairs, {}), ({}, {})):
        with pytest.raises(ModelError, match="translation pairs and comments"):
            neutral.fit(given_pairs, given_comments)


def test_the_shipped_space_is_of_another_encoder_for_any_other_name() -> None:
    with pytest.raises(ArtifactError, match="my-own-encoder"):
        NeutralSpace.load("my-own-encoder")


@pytest.fixture(scope="module")
def shipped() -> NeutralSpace:
    return NeutralSpace.load(encoder_name())


@settings(deadline=None)
@given(
    st.lists(st.sampled_from((*LANGUAGES, "other", "de", "")), max_size=5),
    st.integers(0, 2**32 - 1),
)
def test_the_shipped_space_moves_any_vectors_to_unit_vectors(
    shipped: NeutralSpace, codes: list[str], seed: int
) -> None:
    rows = np.random.default_rng(seed).normal(size=(len(codes), 384)).astype(np.float32)
    moved = shipped.project(rows, codes)
    assert moved.shape == (len(codes), 384)
    assert np.isfinite(moved).all()
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=2e-3)


def test_the_shipped_space_gives_each_of_the_four_languages_its_own_mean(
    shipped: NeutralSpace,
) -> None:
    row = unit(np.ones((1, 384), np.float32))
    moved = [shipped.project(row, [code])[0] for code in (*LANGUAGES, "other")]
    for at, one in enumerate(moved):
        for other in moved[at + 1 :]:
            assert not np.allclose(one, other, atol=1e-3)
