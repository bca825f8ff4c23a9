"""Reads and writes small trained artifacts: arrays in an .npz beside a card that people read."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.contracts import ArtifactError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Artifact:
    """A trained artifact.

    Attributes:
        name: also the file's stem.
        version: raised whenever the arrays change in meaning or content.
        encoder: name of the encoder whose vectors it was trained on.
        arrays: what was learned.
    """

    name: str
    version: int
    encoder: str
    arrays: Mapping[str, NDArray[Any]]


def save(artifact: Artifact, card: str, folder: Path = FOLDER) -> None:
    """Write `<name>.npz` and its card `<name>.md`."""
    head = {"name": artifact.name, "version": artifact.version, "encoder": artifact.encoder}
    arrays: dict[str, Any] = {"head": np.array(json.dumps(head)), **artifact.arrays}
    np.savez_compressed(folder / f"{artifact.name}.npz", **arrays)
    (folder / f"{artifact.name}.md").write_text(card, "utf-8")


def fingerprint(name: str, folder: Path = FOLDER) -> str:
    """Eight hexadecimal digits that change with the artifact's bytes.

    Raises:
        ArtifactError: its file cannot be read.
    """
    path = folder / f"{name}.npz"
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    except OSError as error:
        raise ArtifactError(
            f"The artifact {path} cannot be read ({error}). Train it: make train DATA=..."
        ) from error


def load(name: str, version: int, encoder: str, folder: Path = FOLDER) -> Artifact:
    """Read an artifact.

    Raises:
        ArtifactError: it is missing, unreadable, of another version, or made for another encoder.
    """
    path = folder / f"{name}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            head = json.loads(str(data["head"]))
            arrays = {key: data[key] for key in data.files if key != "head"}
            found, trained_for = head["version"], head["encoder"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error) as error:
        raise ArtifactError(
            f"The artifact {path} cannot be read ({error}). Train it: make train DATA=..."
        ) from error
    if found != version:
        raise ArtifactError(
            f"The artifact {path} is version {found}, this code needs {version}. "
            "Train it again: make train DATA=..."
        )
    if trained_for != encoder:
        raise ArtifactError(
            f"The artifact {path} was trained for the encoder {trained_for}, not for {encoder}."
            " Train it for this encoder: python -m eval.train --data DIR --encoder MODEL"
        )
    return Artifact(name, version, encoder, arrays)
