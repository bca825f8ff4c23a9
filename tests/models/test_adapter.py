from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from models import adapter, artifacts
from models.contracts import ArtifactError, Vectors
from models.encoder import TorchEncoder

TEXTS = ("Paczka przyszła rozbita", "The parcel was late", "ok")


@pytest.fixture
def tiny(tiny_folder: Path) -> TorchEncoder:
    return TorchEncoder.load(tiny_folder, "tiny")


def changes(
    encoder: TorchEncoder, size: float, rank: int = 4
) -> dict[str, tuple[Vectors, Vectors]]:
    """Random changes to every adapted matrix."""
    chance = np.random.default_rng(1)
    found = {}
    for place, parent, own in adapter.places(encoder.network.encoder):
        out, given = getattr(parent, own).weight.shape
        up, down = chance.normal(size=(out, rank)), chance.normal(size=(rank, given))
        found[place] = ((up * size).astype(np.float32), (down * size).astype(np.float32))
    return found


def save(folder: Path, arrays: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch) -> None:
    made = artifacts.Artifact(adapter.NAME, adapter.VERSION, "tiny", arrays)
    artifacts.save(made, "# adapter\n", folder)
    monkeypatch.setattr(artifacts, "load", partial(artifacts.load, folder=folder))


def test_six_matrices_of_every_layer_are_adapted(tiny: TorchEncoder) -> None:
    places = [place for place, _, _ in adapter.places(tiny.network.encoder)]
    depth = len(tiny.network.encoder.encoder.layer)
    assert len(places) == len(set(places)) == 6 * depth


def test_changes_are_added_to_the_weights_within_what_int8_can_say(
    tiny: TorchEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = changes(tiny, 0.1)
    before = {
        place: getattr(parent, name).weight.detach().numpy().copy()
        for place, parent, name in adapter.places(tiny.network.encoder)
    }
    save(tmp_path, adapter.packed(own, np.eye(tiny.dimensions, dtype=np.float32)), monkeypatch)
    adapter.apply(tiny.network, "tiny")
    for place, parent, name in adapter.places(tiny.network.encoder):
        added = getattr(parent, name).weight.detach().numpy() - before[place]
        up, down = own[place]
        assert np.abs(added - up @ down).max() < 0.03 * np.abs(up @ down).max(), place


def test_no_change_and_an_even_readout_leave_the_vectors_as_they_were(
    tiny: TorchEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tiny.encode(TEXTS).vectors
    even = np.eye(tiny.dimensions, dtype=np.float32)
    save(tmp_path, adapter.packed(changes(tiny, 0.0), even), monkeypatch)
    adapter.apply(tiny.network, "tiny")
    assert np.allclose(tiny.encode(TEXTS).vectors, before, atol=1e-5)


def test_the_readout_turns_sentence_vectors_and_leaves_the_layers(
    tiny: TorchEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tiny.encode(TEXTS)
    turned = np.eye(tiny.dimensions, dtype=np.float32)[::-1].copy()
    save(tmp_path, adapter.packed(changes(tiny, 0.0), turned), monkeypatch)
    adapter.apply(tiny.network, "tiny")
    after = tiny.encode(TEXTS)
    assert np.allclose(after.vectors, before.vectors[:, ::-1], atol=1e-5)
    assert np.allclose(after.layers, before.layers, atol=1e-5)


def test_an_adapter_of_another_encoder_is_refused(
    tiny: TorchEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    even = np.eye(tiny.dimensions, dtype=np.float32)
    save(tmp_path, adapter.packed(changes(tiny, 0.0), even), monkeypatch)
    with pytest.raises(ArtifactError, match="trained for the encoder tiny"):
        adapter.apply(tiny.network, "another")
