"""A tiny encoder of the right shapes: hashed character trigrams instead of a network."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from models import bundle
from models.contracts import Encoded, Vectors

LAYERS = 7


class StandInEncoder:
    """Texts with many trigrams in common lie near one another; equal texts get equal vectors.

    It bears the packaged encoder's name, so that the artifacts trained for that one load.
    """

    name = bundle.FOLDER_NAME
    version = f"{bundle.FOLDER_NAME}+standin"
    dimensions = 384

    def encode(self, texts: Sequence[str]) -> Encoded:
        """See `TextEncoder.encode`."""
        layers = np.zeros((len(texts), LAYERS, self.dimensions), np.float32)
        for at, text in enumerate(texts):
            layers[at] = self._layers(text)
        vectors: Vectors = layers[:, -1]
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return Encoded(unit, layers)

    def _layers(self, text: str) -> Vectors:
        padded = f"  {text} ".encode("utf-8", "replace")
        counts = np.zeros(self.dimensions, np.float32)
        for start in range(len(padded) - 2):
            code = crc32(padded[start : start + 3])
            counts[code % self.dimensions] += 1.0 if code & 1024 else -1.0
        counts[0] += 0.5  # never all zero
        return np.stack([np.roll(counts, layer) for layer in range(LAYERS - 1, -1, -1)])
