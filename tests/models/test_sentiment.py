from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contracts import (
    OTHER,
    POLARITIES,
    ArtifactError,
    ModelError,
    Polarity,
    Sentiment,
    TextEncoder,
)
from models.sentiment import SentimentModel, is_mixed, of_whole, to_sentiment
from tests.stand_in import StandInEncoder

SHIPPED = SentimentModel.load(StandInEncoder.name)
SHAPE = (7, 384)

CLEAR = {
    "pl": (
        [
            "Jestem bardzo zadowolona, wszystko przebiegło wspaniale i szybko!",
            "Pani w punkcie była przemiła i pomogła mi od ręki, polecam.",
        ],
        [
            "Beznadziejna obsługa, nikt mi nie pomógł, nigdy więcej tu nie kupię.",
            "Kurier był chamski, a paczka przyszła zniszczona. Jestem wściekły.",
        ],
    ),
    "cs": (
        [
            "Jsem nadmíru spokojená, všechno proběhlo skvěle a rychle!",
            "Paní na pobočce byla moc milá a hned mi pomohla, děkuji.",
        ],
        [
            "Čekala jsem dvě hodiny a pak mě hrubě odbyli, jsem rozzlobená.",
            "Kurýr byl drzý a balík přišel zničený. Jsem naštvaný.",
        ],
    ),
    "et": (
        [
            "Olen väga rahul, kõik sujus suurepäraselt ja kiiresti!",
            "Teenindaja oli väga sõbralik ja abivalmis, suur aitäh.",
        ],
        [
            "Kohutav teenindus, keegi ei aidanud mind, ma ei osta siit enam kunagi.",
            "Kuller oli ebaviisakas ja pakk jõudis kohale katkisena. Olen vihane.",
        ],
    ),
    "en": (
        [
            "I am very happy, everything was wonderful and quick!",
            "The lady at the counter was lovely and helped me at once, thank you.",
        ],
        [
            "Terrible service, nobody helped me, I will never buy here again.",
            "The driver was rude and the parcel arrived smashed. I am furious.",
        ],
    ),
}


def layers(count: int, scale: float, seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).normal(size=(count, *SHAPE)) * scale).astype(np.float32)


@settings(deadline=None)
@given(st.integers(0, 4), st.sampled_from([0.0, 1e-6, 1.0, 1e4]), st.integers(0, 2**32 - 1))
def test_probabilities_are_three_shares_that_sum_to_one(
    count: int, scale: float, seed: int
) -> None:
    shares = SHIPPED.probabilities(layers(count, scale, seed), ["pl"] * count)
    assert shares.shape == (count, len(POLARITIES))
    assert (shares >= 0).all()
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_a_text_reads_the_same_whatever_stands_beside_it() -> None:
    rows = layers(5, 1.0, 1)
    codes = ["pl", "cs", "et", "en", OTHER]
    together = SHIPPED.probabilities(rows, codes)
    for at in range(5):
        alone = SHIPPED.probabilities(rows[at : at + 1], codes[at : at + 1])
        assert np.allclose(together[at], alone[0], atol=1e-5)


def test_the_length_of_a_layer_does_not_matter_only_its_direction() -> None:
    rows = layers(3, 1.0, 2)
    near, far = (SHIPPED.probabilities(one, ["et"] * 3) for one in (rows, rows * 7))
    assert np.allclose(near, far, atol=1e-4)


def test_layers_of_another_encoder_are_refused_with_their_shape() -> None:
    with pytest.raises(ModelError, match=r"\(2, 3, 384\)"):
        SHIPPED.probabilities(np.ones((2, 3, 384), np.float32), ["en"] * 2)


def test_the_shipped_model_is_of_another_encoder_for_any_other_name() -> None:
    with pytest.raises(ArtifactError, match="my-own-encoder"):
        SentimentModel.load("my-own-encoder")


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_a_whole_of_parts_of_one_length_is_their_mean(count: int, seed: int) -> None:
    parts = layers(count, 1.0, seed)
    whole = of_whole(parts, [11] * count)
    assert whole.shape == (1, *SHAPE)
    assert whole.dtype == np.float32
    assert np.allclose(whole[0], parts.mean(axis=0), atol=1e-5)


def test_a_longer_part_weighs_more_in_the_whole() -> None:
    parts = layers(2, 1.0, 3)
    assert np.allclose(of_whole(parts, [30, 10])[0], 0.75 * parts[0] + 0.25 * parts[1], atol=1e-6)
    assert np.allclose(of_whole(parts[:1], [5]), parts[:1])


@settings(deadline=None)
@given(st.lists(st.floats(0.001, 1), min_size=3, max_size=3))
def test_label_score_and_confidence_are_those_of_the_probabilities(weights: list[float]) -> None:
    shares = (np.array(weights) / sum(weights)).astype(np.float32)
    read = to_sentiment(shares)
    assert read.confidence == pytest.approx(float(shares.max()), abs=1e-4)
    assert shares[POLARITIES.index(read.label)] == shares.max()
    assert read.score == pytest.approx(float(shares[2] - shares[0]), abs=1e-4)
    assert -1 <= read.score <= 1


def test_only_in_a_language_that_is_not_read_does_an_even_score_take_no_side() -> None:
    torn = np.array([0.38, 0.239, 0.381], np.float32)
    assert to_sentiment(torn).label == "positive"
    unknown = to_sentiment(torn, is_known=False)
    assert (unknown.label, unknown.score) == ("neutral", 0.001)
    assert unknown.confidence == pytest.approx(0.239)
    sure = np.array([0.2, 0.2, 0.6], np.float32)
    assert to_sentiment(sure, is_known=False).label == "positive"


@pytest.mark.slow
@pytest.mark.parametrize("code", CLEAR)
def test_clear_praise_and_clear_anger_are_told_apart(code: str, fast_encoder: TextEncoder) -> None:
    praise, anger = CLEAR[code]
    read = SHIPPED.read(fast_encoder.encode([*praise, *anger]).layers, [code] * 4)
    labels = [one.label for one in read]
    assert labels == ["positive"] * len(praise) + ["negative"] * len(anger), read


@pytest.mark.slow
def test_a_negated_czech_verb_is_not_read_as_what_it_negates(fast_encoder: TextEncoder) -> None:
    anger = "Hrozný přístup, nikdo mi nepomohl, už nikdy u vás nenakoupím."
    (read,) = SHIPPED.read(fast_encoder.encode([anger]).layers, ["cs"])
    assert read.label == "negative"


def mood(label: Polarity, confidence: float) -> Sentiment:
    return Sentiment(label, 0.0, confidence)


def test_a_comment_is_mixed_where_one_part_is_surely_good_and_another_surely_bad() -> None:
    good, bad, even = mood("positive", 0.9), mood("negative", 0.8), mood("neutral", 0.99)
    assert is_mixed([good, even, bad])
    assert not is_mixed([good, even, good])
    assert not is_mixed([good, mood("negative", 0.45)])
    assert not is_mixed([])


def test_a_language_that_is_not_read_has_a_temperature_too() -> None:
    rows = layers(1, 1.0, 4)
    assert np.allclose(SHIPPED.probabilities(rows, ["xx"]), SHIPPED.probabilities(rows, [OTHER]))
