from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models import bundle, encoder, fast_encoder
from models.contracts import BundleError, TextEncoder
from models.encoder import TorchEncoder, encoder_name, open_encoder, pooled_layers
from tests.models.packed_weights import HIDDEN

WORDS = [f"{first}{second} late" for first in "abcdefghij" for second in "klmnopqrst"]
"""A hundred texts of one length; more than three batches."""
MIXED = ["a", "b c d e f g h i j k l m n o p", "", "late", *WORDS, "a"]

REAL = [
    "Paczka przyszła w terminie, dziękuję!",
    "ok",
    "Balík dorazil s dvoudenním zpožděním a krabice byla promáčklá, nikdo se neomluvil.",
    "Pakiautomaadi uks ei avanenud ja klienditugi ei vastanud.",
    "I have called three times and nobody could tell me where my order is.",
    "",
    "🙂",
    "Czekam na zwrot pieniędzy od trzech tygodni i nikt nie odbiera telefonu",
    *(f"Order number {number} came late again" for number in range(40)),
]


@pytest.fixture(scope="module")
def tiny(tiny_folder: Path) -> TorchEncoder:
    return TorchEncoder.load(tiny_folder, "tiny")


def test_vectors_come_in_the_order_of_the_texts_whatever_their_lengths(tiny: TorchEncoder) -> None:
    together = tiny.encode(MIXED)
    for at, text in enumerate(MIXED):
        alone = tiny.encode([text])
        assert np.allclose(together.vectors[at], alone.vectors[0], atol=1e-5), text
        assert np.allclose(together.layers[at], alone.layers[0], atol=1e-5), text


def test_rows_have_unit_length_and_the_last_layer_has_their_direction(tiny: TorchEncoder) -> None:
    encoded = tiny.encode(MIXED)
    assert encoded.vectors.shape == (len(MIXED), HIDDEN)
    assert encoded.layers.shape == (len(MIXED), len(tiny.pooled_layers), HIDDEN)
    assert encoded.vectors.dtype == encoded.layers.dtype == np.float32
    assert np.allclose(np.linalg.norm(encoded.vectors, axis=1), 1, atol=1e-5)
    last = encoded.layers[:, -1]
    assert np.allclose(
        last, encoded.vectors * np.linalg.norm(last, axis=1, keepdims=True), atol=1e-5
    )


def test_no_texts_give_no_rows_of_the_right_width(tiny: TorchEncoder) -> None:
    nothing = tiny.encode([])
    assert len(nothing) == 0
    assert nothing.vectors.shape == (0, HIDDEN)
    assert nothing.layers.shape[2] == HIDDEN


def test_a_long_text_is_read_in_windows_to_its_end(tiny: TorchEncoder) -> None:
    long = "a " * (3 * encoder.MAX_TOKENS)
    found = [tiny.tokenizer.encode(f"query: {text}") for text in (long, "a")]
    windows = encoder.Windows.cut(found)
    assert max(map(len, windows.rows)) == encoder.MAX_TOKENS
    assert [sum(own) for own in windows.shares] == [3 * encoder.MAX_TOKENS, 1]
    assert not np.allclose(
        tiny.encode([long]).vectors, tiny.encode([long + "z " * 5_000]).vectors, atol=1e-3
    )
    (tokens,) = tiny.encode([long]).tokens
    assert len(tokens.states) == len(tokens.spans) == 3 * encoder.MAX_TOKENS


def test_the_query_prefix_goes_before_each_text(tiny: TorchEncoder) -> None:
    tokens = tiny.tokenizer.encode("query: b").tokens
    assert tokens == ["<s>", "▁query:", "▁b", "</s>"]


def test_vectors_of_the_folder_are_those_of_sentence_transformers(tiny: TorchEncoder) -> None:
    theirs = tiny.model.encode([f"query: {text}" for text in MIXED], normalize_embeddings=True)
    assert np.allclose(tiny.encode(MIXED).vectors, theirs, atol=1e-5)


def test_the_pooled_layers_of_twelve_are_those_of_the_design() -> None:
    assert pooled_layers(12) == (3, 6, 8, 9, 10, 11, 12)


@pytest.mark.parametrize("depth", [1, 2, 4, 6, 24])
def test_any_depth_pools_layers_that_exist_and_the_last(depth: int) -> None:
    layers = pooled_layers(depth)
    assert layers[-1] == depth
    assert layers[0] >= 1
    assert list(layers) == sorted(set(layers))


class SlowSession:
    """A network that gives the ids back, and lets a test hold it after each window."""

    def __init__(self) -> None:
        self.steps = threading.Semaphore(0)

    def get_outputs(self) -> list[Any]:
        return [None, SimpleNamespace(shape=(1, 1, 1))]

    def run(self, _: list[str], given: dict[str, Any]) -> tuple[Any, Any, Any]:
        assert self.steps.acquire(timeout=20)
        ids = given["ids"].astype(np.float32)
        return ids[:, 1:2], ids[:, 1:2, None], ids[:, :, None]


class OneWordOneToken:
    """A tokenizer that tells texts apart by their length in words."""

    def encode_batch(self, texts: list[str]) -> list[Any]:
        return [self._one(len(text.split()) - 1) for text in texts]

    def _one(self, words: int) -> Any:
        spans = [(0, 0), *((7 + at, 8 + at) for at in range(words)), (0, 0)]
        return SimpleNamespace(ids=[0, *range(1, words + 1), 2], offsets=spans)


def test_one_short_text_does_not_wait_until_anothers_thousand_have_passed() -> None:
    session = SlowSession()
    fast = fast_encoder.OnnxEncoder(session, OneWordOneToken(), "slow")
    with ThreadPoolExecutor(2) as callers:
        many = callers.submit(fast.encode, ["a"] * 1_000)
        one = callers.submit(fast.encode, ["b c"])
        released = 0
        while not one.done() and released < 1_000:
            session.steps.release()
            released += 1
            threading.Event().wait(0.005)
        assert one.done()
        assert not many.done()
        session.steps.release(1_001)
        assert len(many.result()) == 1_000


def test_windows_that_take_turns_come_back_in_order() -> None:
    session = SlowSession()
    session.steps.release(10_000)
    fast = fast_encoder.OnnxEncoder(session, OneWordOneToken(), "slow")
    counts = [1 + at % 40 for at in range(300)]
    encoded = fast.encode(["a " * count for count in counts])
    assert [len(tokens.states) for tokens in encoded.tokens] == counts


def no_exporter(*_arguments: object, **_options: object) -> None:
    raise RuntimeError("no exporter on this platform")


def test_float32_serves_with_a_log_line_where_the_fast_path_cannot_be_built(
    tiny_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("torch.onnx.export", no_exporter)
    with caplog.at_level(logging.WARNING, logger="models"):
        opened = open_encoder(tmp_path, str(tiny_folder))
    assert isinstance(opened, TorchEncoder)
    assert opened.encode(["a"]).vectors.shape == (1, HIDDEN)
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "float32 encoder is: RuntimeError: no exporter on this platform" in warnings[0]
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.slow
def test_a_fast_path_once_built_is_opened_without_building_and_by_any_user(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(fast_encoder, "MIN_COSINE", -1.0)  # random weights quantise badly
    monkeypatch.setattr(fast_encoder, "MIN_MEAN_COSINE", -1.0)
    built = open_encoder(tmp_path, str(tiny_folder))
    assert isinstance(built, fast_encoder.OnnxEncoder)
    monkeypatch.delattr(torch.onnx, "export")
    again = open_encoder(tmp_path, str(tiny_folder))
    assert isinstance(again, fast_encoder.OnnxEncoder)
    assert np.array_equal(built.encode(MIXED).vectors, again.encode(MIXED).vectors)
    folders = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert [oct(path.stat().st_mode & 0o055) for path in folders] == ["0o55"]


@pytest.mark.slow
def test_a_fast_path_too_far_from_float32_is_not_served(
    tiny_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(fast_encoder, "MIN_MEAN_COSINE", 1.1)
    opened = open_encoder(tmp_path, str(tiny_folder))
    assert isinstance(opened, TorchEncoder)
    assert "cosine with float32" in caplog.text
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


def built(tiny_folder: Path, cache: Path, model: bytes, card: str) -> None:
    """A fast path as an earlier start might have left it."""
    folder = cache / f"{open_encoder(cache, str(tiny_folder), fast=False).name}-int8"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(model)
    (folder / "card.json").write_text(card)


def test_a_damaged_fast_path_is_not_served_and_said_to_be_built_again(
    tiny_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    card = {"format": fast_encoder.FORMAT, "bytes": 18}
    built(tiny_folder, tmp_path, b"not a model at all", json.dumps(card))
    monkeypatch.setattr("torch.onnx.export", no_exporter)
    assert isinstance(open_encoder(tmp_path, str(tiny_folder)), TorchEncoder)
    assert "damaged and is built again" in caplog.text


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"format": 0, "bytes": 1}', "\x00"])
def test_a_fast_path_without_a_fitting_card_is_not_served(
    card: str, tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(tiny_folder, tmp_path, b"x", card)
    monkeypatch.setattr("torch.onnx.export", no_exporter)
    assert isinstance(open_encoder(tmp_path, str(tiny_folder)), TorchEncoder)


def test_a_model_that_is_no_encoder_is_refused_with_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    with pytest.raises(BundleError, match="Set ODZEW_ENCODER"):
        open_encoder(tmp_path / "cache", str(tmp_path / "model"), fast=False)


def test_two_models_of_one_name_do_not_share_a_name(tiny_folder: Path, tmp_path: Path) -> None:
    other = tmp_path / tiny_folder.name
    other.symlink_to(tiny_folder)
    names = {
        open_encoder(tmp_path / "cache", str(path), fast=False).name
        for path in (tiny_folder, other)
    }
    assert len(names) == 2
    assert bundle.FOLDER_NAME not in names


@pytest.mark.slow
def test_the_packaged_encoder_has_the_shapes_that_the_artifacts_need(
    exact_encoder: TorchEncoder, fast_encoder: TextEncoder
) -> None:
    for opened in (exact_encoder, fast_encoder):
        encoded = opened.encode(REAL)
        assert encoded.vectors.shape == (len(REAL), 384)
        assert encoded.layers.shape == (len(REAL), 7, 384)
        assert np.isfinite(encoded.layers).all()
        assert np.allclose(np.linalg.norm(encoded.vectors, axis=1), 1, atol=1e-5)
        assert opened.encode([]).vectors.shape == (0, 384)
    assert exact_encoder.name == fast_encoder.name == encoder_name()
    assert exact_encoder.version != fast_encoder.version


@pytest.mark.slow
def test_float32_vectors_do_not_depend_on_the_batch(exact_encoder: TorchEncoder) -> None:
    together = exact_encoder.encode(REAL).vectors[:10]
    alone = np.concatenate([exact_encoder.encode([text]).vectors for text in REAL[:10]])
    assert np.allclose(together, alone, atol=1e-5)


@pytest.mark.slow
def test_int8_vectors_hardly_depend_on_the_batch(fast_encoder: TextEncoder) -> None:
    together = fast_encoder.encode(REAL).vectors
    alone = np.concatenate([fast_encoder.encode([text]).vectors for text in REAL])
    cosines = (together * alone).sum(axis=1)
    worst = REAL[int(cosines.argmin())]
    assert cosines.min() >= 0.98, (
        f"cosine {cosines.min():.4f} between alone and in a batch: {worst}"
    )


@pytest.mark.slow
def test_int8_vectors_repeat_to_the_bit(fast_encoder: TextEncoder) -> None:
    assert np.array_equal(fast_encoder.encode(REAL).vectors, fast_encoder.encode(REAL).vectors)


@pytest.mark.slow
def test_translations_lie_nearer_than_other_sentences(fast_encoder: TextEncoder) -> None:
    sentences = ["Kurier się spóźnił.", "Kurýr přijel pozdě.", "The soup was cold."]
    vectors = fast_encoder.encode(sentences).vectors
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > cosines[0, 2] + 0.02
