"""The topic branch: the encoder's upper layers once more, changed to tell root causes apart.

The lower layers are shared with the encoder's own pass. The changes are of low rank and merged
into a copy of the upper layers when the encoder is opened.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import artifacts

NAME, VERSION = "topics", 1
START = 8
"""The branch leaves the encoder after this layer."""
LINEARS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The linear maps of a layer that are changed, in the order in which the artifact holds them."""


def get_linear(layer: Any, path: str) -> tuple[Any, str, Any]:
    """The owner, the name and the linear map at a dotted path inside a layer."""
    *parents, name = path.split(".")
    owner = layer
    for parent in parents:
        owner = getattr(owner, parent)
    return owner, name, getattr(owner, name)


def load_changes(encoder: str) -> Mapping[str, NDArray[Any]]:
    """The trained changes.

    Raises:
        ArtifactError: see `artifacts.load`.
    """
    return artifacts.load(NAME, VERSION, encoder).arrays


def build(network: Any, changes: Mapping[str, NDArray[Any]]) -> Any:
    """The branch's layers: copies of the upper layers with the changes merged in."""
    import torch

    layers = torch.nn.ModuleList(copy.deepcopy(list(network.encoder.layer[START:])))
    at = 0
    with torch.no_grad():
        for layer in layers:
            for path in LINEARS:
                _, _, linear = get_linear(layer, path)
                up = changes[f"up.{at}"].astype(np.float32)
                down = changes[f"down.{at}"].astype(np.float32)
                linear.weight += torch.from_numpy(up @ down)
                at += 1
    layers.eval()
    return layers


def run(layers: Any, states: Any, mask: Any) -> Any:
    """Mean-pooled output of the branch: (n, t, d) states and (n, t) mask -> (n, d)."""
    import torch

    weights = mask.to(states.dtype)
    bias = (1 - weights[:, None, None, :]) * torch.finfo(states.dtype).min
    for layer in layers:
        states = layer(states, bias)
    return (states * weights.unsqueeze(-1)).sum(1) / weights.sum(1, keepdim=True)
