from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contracts import LANGUAGES, ArtifactError, Encoded, Tokens, Vectors
from models.encoder import unit_rows
from models.patterns import Patterns
from models.signals import NAMES, SURE, SignalModel, SignalReader, hits_of
from models.wording import ROWS, Wording, rows_of
from tests.stand_in import StandInEncoder

SHIPPED = SignalModel.load(StandInEncoder.name)
WIDTH = StandInEncoder.dimensions
ALL_BUT_ASKING = [name for name in NAMES if name != "asks_contact"]
ALL_BUT_DECLINING = [name for name in NAMES if name != "asks_no_contact"]


def model(weights: Vectors, pattern_weight: float = 0.0, threshold: float = 0.5) -> SignalModel:
    """A model with one column of weights for every signal."""
    count = len(NAMES)
    flat = np.zeros(count, np.float32)
    return SignalModel(
        weights=np.repeat(weights[:, None], count, axis=1),
        pattern_weights=flat + pattern_weight,
        bias=flat - 2.0,
        slopes=flat + 1.0,
        shifts=flat,
        thresholds=flat + threshold,
        floors=flat,
    )


def silent(pattern_weight: float = 4.0) -> SignalReader:
    """A reader whose linear layer says nothing: only patterns speak."""
    return SignalReader(model(np.zeros(WIDTH, np.float32), pattern_weight))


def test_the_shipped_model_covers_the_signals_in_their_order() -> None:
    assert SHIPPED.weights.shape == (WIDTH, len(NAMES))
    assert len(set(NAMES)) == len(NAMES) == 24
    assert (SHIPPED.slopes > 0).all()
    assert ((SHIPPED.thresholds > 0) & (SHIPPED.thresholds < 1)).all()


def test_the_shipped_model_is_of_another_encoder_for_any_other_name() -> None:
    with pytest.raises(ArtifactError, match="my-own-encoder"):
        SignalModel.load("my-own-encoder")


@given(st.integers(0, 5), st.integers(0, 2**32 - 1))
def test_probabilities_are_shares_of_their_shape(count: int, seed: int) -> None:
    layers = np.random.default_rng(seed).normal(size=(count, 7, WIDTH)).astype(np.float32)
    shares = SHIPPED.probabilities(
        ["never again"] * count, layers, np.zeros((count, len(NAMES)), np.float32)
    )
    assert shares.shape == (count, len(NAMES))
    assert ((shares >= 0) & (shares <= 1)).all()


def test_a_pattern_makes_its_signal_likelier_and_gives_its_words() -> None:
    text = "I will see you in court!"
    (hits,) = silent().read([text], [text], ["en"], StandInEncoder().encode([text]))
    assert [hit.name for hit in hits] == ["legal_threat"]
    assert "court" in hits[0].text
    assert text[hits[0].start : hits[0].end] == hits[0].text
    assert hits[0].confidence == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-3)


def test_below_its_threshold_a_signal_is_not_named() -> None:
    text = "I will see you in court!"
    unsure = SignalReader(model(np.zeros(WIDTH, np.float32), 1.0))
    assert unsure.read([text], [text], ["en"], StandInEncoder().encode([text])) == [()]


def test_without_a_pattern_the_words_that_add_most_are_the_evidence() -> None:
    text = "all was fine until the roof fell on everybody and then we went home again somehow"
    words = text.split()
    spans, at = [], 0
    for word in words:
        spans.append((at, at + len(word)))
        at += len(word) + 1
    direction = np.zeros(WIDTH, np.float32)
    direction[0] = 30.0
    states = np.full((len(words), WIDTH), 0.01, np.float16)
    states[[words.index("roof"), words.index("fell")], 0] = 1.0
    layers = np.repeat(states.mean(axis=0)[None, None].astype(np.float32), 7, axis=1)[0]
    given = Encoded(unit_rows(layers[-1:]), layers[None], (Tokens(states, tuple(spans)),))
    (hits,) = SignalReader(model(direction)).read([text], [text], ["pl"], given)
    assert {hit.text for hit in hits} == {"roof fell"}


@given(st.lists(st.text(max_size=80), max_size=4), st.sampled_from(LANGUAGES))
def test_evidence_lies_in_its_text_and_signals_come_once_in_order(
    texts: list[str], language: str
) -> None:
    everything = SignalReader(model(np.zeros(WIDTH, np.float32), threshold=0.01))
    read = everything.read(texts, texts, [language] * len(texts), StandInEncoder().encode(texts))
    assert len(read) == len(texts)
    for text, hits in zip(texts, read, strict=True):
        assert [hit.name for hit in hits] in (ALL_BUT_ASKING, ALL_BUT_DECLINING)
        assert all(text[hit.start : hit.end] == hit.text for hit in hits)


def test_how_words_are_spelt_adds_to_a_signal() -> None:
    text, at = "skříň", NAMES.index("price")
    table = np.zeros((ROWS, len(NAMES)), np.int8)
    table[rows_of(text), at] = 100
    plain = model(np.zeros(WIDTH, np.float32))
    worded = replace(plain, wording=Wording(table, np.ones(len(NAMES), np.float32)))
    layers = StandInEncoder().encode([text]).layers
    before, after = (
        one.probabilities([text], layers, np.zeros((1, len(NAMES)), np.float32))[0]
        for one in (plain, worded)
    )
    assert after[at] > 0.99 > before[at]
    assert np.array_equal(np.delete(after, at), np.delete(before, at))


def test_a_sure_pattern_names_its_signal_whatever_else_is_read() -> None:
    text, at = "Dcera se pořezala.", NAMES.index("safety")
    against = model(np.zeros(WIDTH, np.float32))
    floors = np.zeros(len(NAMES), np.float32)
    floors[at] = 0.9
    encoded = StandInEncoder().encode([text])
    for floor, named in ((0 * floors, []), (floors, ["safety"])):
        reader = SignalReader(replace(against, floors=floor))
        (hits,) = reader.read([text], [text], ["cs"], encoded)
        assert [hit.name for hit in hits] == named
    assert hits[0].confidence == pytest.approx(0.9)
    assert hits[0].text == "se pořezala"


def test_a_pattern_that_is_not_sure_lifts_no_signal_to_its_floor() -> None:
    text = "Allergic to latex, as I said."
    _, hits = hits_of(Patterns(NAMES), [text], ["en"])
    assert hits[0, NAMES.index("safety")] == 1
    certain = replace(model(np.zeros(WIDTH, np.float32)), floors=np.ones(len(NAMES), np.float32))
    layers = StandInEncoder().encode([text]).layers
    assert certain.probabilities([text], layers, hits).max() < 0.5


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("Ärge helistage mulle, kirjutage e-postile.", "et", "asks_no_contact"),
        ("Palun helistage mulle tagasi.", "et", "asks_contact"),
    ],
)
def test_no_excerpt_both_asks_for_contact_and_asks_for_none(
    text: str, language: str, named: str
) -> None:
    everything = SignalReader(model(np.zeros(WIDTH, np.float32), threshold=0.01))
    (hits,) = everything.read([text], [text], [language], StandInEncoder().encode([text]))
    assert {hit.name for hit in hits} & {"asks_contact", "asks_no_contact"} == {named}


def test_hits_say_which_patterns_are_sure() -> None:
    _, hits = hits_of(Patterns(NAMES), ["Dcera se pořezala.", "Bylo to fajn."], ["cs", "cs"])
    assert hits.shape == (2, len(NAMES))
    assert hits[0, NAMES.index("safety")] == SURE
    assert not hits[1].any()
    assert hits_of(Patterns(NAMES), [], [])[1].shape == (0, len(NAMES))
