"""Low-rank changes to the packaged encoder that make it read feedback better (Hu et al. 2021)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from models import artifacts
from models.contracts import Vectors

if TYPE_CHECKING:
    from models.network import PooledNetwork

NAME, VERSION = "adapter", 1
ADAPTED = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The weight matrices of a layer that are changed."""
READOUT = "readout"


def places(encoder: Any) -> Iterator[tuple[str, Any, str]]:
    """Every adapted matrix of a transformers encoder: (its name, its parent, its name there)."""
    for depth, layer in enumerate(encoder.encoder.layer):
        for name in ADAPTED:
            parent, _, own = name.rpartition(".")
            yield f"{depth}.{name}", layer.get_submodule(parent), own


def packed(
    changes: Mapping[str, tuple[Vectors, Vectors]], readout: Vectors
) -> dict[str, np.ndarray[Any, Any]]:
    """The artifact's arrays: each factor in int8, scaled for each of its r directions.

    Args:
        changes: matrix name -> up (out, r) and down (r, in), float32.
        readout: (d, d) float32.
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {READOUT: readout.astype(np.float16)}
    for place, factors in changes.items():
        for part, factor in zip(("up", "down"), factors, strict=True):
            across = 0 if part == "up" else 1  # one scale for each of the r directions
            scale = np.abs(factor).max(axis=across, keepdims=True) / 127 + 1e-12
            arrays[f"{place}.{part}"] = np.round(factor / scale).astype(np.int8)
            arrays[f"{place}.{part}.scale"] = scale.astype(np.float32)
    return arrays


def apply(network: PooledNetwork, encoder: str) -> None:
    """Change the network's weights in place and give it the read-out of sentence vectors.

    Raises:
        ArtifactError: see `artifacts.load`.
    """
    import torch

    arrays = artifacts.load(NAME, VERSION, encoder).arrays

    def factor(name: str) -> Vectors:
        whole: Vectors = arrays[name].astype(np.float32) * arrays[f"{name}.scale"]
        return whole

    with torch.no_grad():
        for place, parent, own in places(network.encoder):
            change = factor(f"{place}.up") @ factor(f"{place}.down")
            getattr(parent, own).weight += torch.from_numpy(change)
    network.readout = torch.nn.Parameter(
        torch.from_numpy(arrays[READOUT].astype(np.float32)), requires_grad=False
    )
