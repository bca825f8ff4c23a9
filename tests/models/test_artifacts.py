from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models import artifacts
from models.artifacts import Artifact
from models.bundle import FOLDER_NAME
from models.contracts import ArtifactError

ARRAYS = {"weights": np.arange(6, dtype=np.float16).reshape(2, 3), "codes": np.array(["pl", "en"])}
MADE = Artifact("made", 3, "an-encoder", ARRAYS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    artifacts.save(MADE, "# made\n\nLicence: CC BY 4.0, żółć\n", tmp_path)
    return tmp_path


def test_what_was_saved_is_loaded(folder: Path) -> None:
    read = artifacts.load("made", 3, "an-encoder", folder)
    assert (read.name, read.version, read.encoder) == ("made", 3, "an-encoder")
    assert read.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert np.array_equal(read.arrays[name], array)
        assert read.arrays[name].dtype == array.dtype


def test_the_card_lies_beside_it_as_written(folder: Path) -> None:
    assert (folder / "made.md").read_text("utf-8") == "# made\n\nLicence: CC BY 4.0, żółć\n"


@pytest.mark.parametrize(
    ("name", "version", "encoder", "said"),
    [
        ("made", 4, "an-encoder", "is version 3, this code needs 4"),
        ("made", 3, "another", "trained for the encoder an-encoder, not for another"),
        ("gone", 3, "an-encoder", "gone.npz cannot be read"),
    ],
)
def test_an_artifact_that_does_not_fit_is_refused_with_what_to_do(
    name: str, version: int, encoder: str, said: str, folder: Path
) -> None:
    with pytest.raises(ArtifactError, match=said) as caught:
        artifacts.load(name, version, encoder, folder)
    assert "Train it" in str(caught.value)


@pytest.mark.parametrize("kept", [0, 1, 4, 30, 200, -1, -30])
def test_a_truncated_artifact_is_an_artifact_error(kept: int, folder: Path) -> None:
    path = folder / "made.npz"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ArtifactError):
        artifacts.load("made", 3, "an-encoder", folder)


def test_bytes_that_were_changed_are_an_artifact_error(folder: Path) -> None:
    path = folder / "made.npz"
    content = bytearray(path.read_bytes())
    start = content.index(b"weights.npy") + len("weights.npy") + 20
    content[start : start + 12] = b"\xff" * 12
    path.write_bytes(content)
    with pytest.raises(ArtifactError):
        artifacts.load("made", 3, "an-encoder", folder)


def test_pickled_objects_are_never_loaded(folder: Path) -> None:
    head = json.dumps({"name": "made", "version": 3, "encoder": "an-encoder"})
    objects = np.array([{"a": 1}], dtype=object)
    np.savez(folder / "made.npz", head=np.array(head), weights=objects)
    with pytest.raises(ArtifactError, match="cannot be read"):
        artifacts.load("made", 3, "an-encoder", folder)


@pytest.mark.parametrize("head", ["[]", "{}", "null", '"text"', "not JSON"])
def test_a_head_of_another_shape_is_an_artifact_error(head: str, folder: Path) -> None:
    np.savez(folder / "made.npz", head=np.array(head))
    with pytest.raises(ArtifactError):
        artifacts.load("made", 3, "an-encoder", folder)


SHIPPED = sorted(path.stem for path in artifacts.FOLDER.glob("*.npz"))


def test_the_artifacts_that_the_models_load_are_shipped() -> None:
    assert set(SHIPPED) == {"adapter", "concepts", "language", "neutral", "sentiment", "signals"}
    size = sum(path.stat().st_size for path in artifacts.FOLDER.iterdir() if path.is_file())
    assert size < 8 * 2**20


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_artifact_has_a_card_that_says_where_it_comes_from(name: str) -> None:
    card = (artifacts.FOLDER / f"{name}.md").read_text("utf-8")
    assert card.startswith(f"# {name}\n")
    for part in ("What:", "Data", "Procedure:", "Measured", "Known weaknesses:"):
        assert part in card, part
    assert name == "language" or FOLDER_NAME in card, "the encoder it was trained for"
    assert any(word in card for word in ("CC BY", "MIT", "Apache", "licence")), "of its data"


def test_no_card_is_left_without_its_artifact() -> None:
    assert sorted(path.stem for path in artifacts.FOLDER.glob("*.md")) == SHIPPED
