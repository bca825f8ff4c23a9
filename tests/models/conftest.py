"""The real encoder, opened once for the slow tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import bundle
from models.contracts import TextEncoder
from models.encoder import TorchEncoder, open_encoder
from models.fast_encoder import OnnxEncoder


@pytest.fixture(scope="session")
def exact_encoder(encoder_cache: Path) -> TorchEncoder:
    """The adapted encoder in float32."""
    encoder = open_encoder(encoder_cache, fast=False)
    assert isinstance(encoder, TorchEncoder)
    return encoder


@pytest.fixture(scope="session")
def packaged_encoder(encoder_cache: Path) -> TorchEncoder:
    """The packaged weights in float32, as they came."""
    return TorchEncoder.load(bundle.ensure_folder(encoder_cache), bundle.FOLDER_NAME)


@pytest.fixture(scope="session")
def fast_encoder(encoder_cache: Path) -> TextEncoder:
    """The adapted encoder in int8; the test is skipped where that path cannot be built."""
    encoder = open_encoder(encoder_cache)
    if not isinstance(encoder, OnnxEncoder):
        pytest.skip("the int8 path cannot be built on this machine, float32 serves instead")
    return encoder
