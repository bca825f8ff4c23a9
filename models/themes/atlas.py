"""The map: a small network that places every theme vector in the plane, learned from UMAP.

A new excerpt gets its place at once, the same words always the same one, and after a refit the map
looks as it did, for the new layout begins from the old.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contracts import Vectors
from models.themes.reduction import reducer

MOST = 3_000
"""Excerpts that are laid out; the network places the others."""
_HIDDEN = 64
_STEPS = 150
_TOGETHER = 0.3
"""How much groups count beside nearness (UMAP's target weight)."""


@dataclass(frozen=True)
class Atlas:
    """One hidden layer from theme vectors to the plane.

    Attributes:
        hidden: (d, h) float32 with `hidden_bias` (h,).
        output: (h, 2) float32 with `output_bias` (2,).
    """

    hidden: Vectors
    hidden_bias: Vectors
    output: Vectors
    output_bias: Vectors

    def place(self, vectors: Vectors) -> Vectors:
        """Places in the plane: (n, d) float32 -> (n, 2) float32, most of them within -1 and 1."""
        inside = np.tanh(vectors @ self.hidden + self.hidden_bias)
        found: Vectors = (inside @ self.output + self.output_bias).astype(np.float32)
        return found

    def arrays(self) -> dict[str, Any]:
        """For an archive, in half precision; see `of`."""
        return {f"atlas.{name}": getattr(self, name).astype(np.float16) for name in _NAMES}

    @classmethod
    def of(cls, arrays: Mapping[str, Any]) -> Atlas:
        """From an archive's arrays.

        Raises:
            KeyError: one is missing.
        """
        return cls(*(arrays[f"atlas.{name}"].astype(np.float32) for name in _NAMES))

    @classmethod
    def blank(cls, dimensions: int) -> Atlas:
        """Everything in the middle."""
        zero = np.zeros
        return cls(
            zero((dimensions, 1), np.float32),
            zero(1, np.float32),
            zero((1, 2), np.float32),
            zero(2, np.float32),
        )


_NAMES = ("hidden", "hidden_bias", "output", "output_bias")


def fit_atlas(
    vectors: Vectors, groups: NDArray[np.int64], *, seed: int, before: Atlas | None = None
) -> Atlas:
    """Lay excerpts out, those of one group together, and learn the layout.

    Args:
        vectors: (n, d) float32 theme vectors; of more than `MOST`, every so-manieth is laid out.
        groups: (n,) number of each one's group.
        seed: the same input and seed give the same map.
        before: the map so far, from which the layout begins.
    """
    from sklearn.neural_network import MLPRegressor

    if len(vectors) < 4:
        return Atlas.blank(vectors.shape[1])
    step = -(-len(vectors) // MOST)
    shown, together = vectors[::step], groups[::step]
    start: Any = "pca" if before is None else before.place(shown) * 10
    if before is not None and np.ptp(start, axis=0).min() == 0:  # a map that says nothing yet
        start, before = "pca", None
    gently: dict[str, Any] = {} if before is None else {"learning_rate": 0.1, "n_epochs": 50}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # UMAP's about its seed, scikit-learn's about its steps
        layout = reducer(
            shown,
            components=2,
            seed=seed,
            min_dist=0.15,
            init=start,
            target_weight=_TOGETHER,
            **gently,
        ).fit_transform(shown, together)
        middle = np.median(layout, axis=0)
        scale = vectors.shape[1] ** 0.5  # values of about one, from which the network learns faster
        far = np.quantile(np.abs(layout - middle), 0.98) or 1.0
        network = MLPRegressor(
            hidden_layer_sizes=(_HIDDEN,), activation="tanh", max_iter=_STEPS, random_state=seed
        ).fit(shown * scale, (layout - middle) / far)
    weights, biases = network.coefs_, network.intercepts_
    weights[0] = weights[0] * scale
    return Atlas(
        *(
            part.astype(np.float16).astype(np.float32)
            for part in (weights[0], biases[0], weights[1], biases[1])
        )
    )
