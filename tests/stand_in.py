"""A tiny encoder of the right shapes: hashed character trigrams instead of a network."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from models.contracts import Encoded, Tokens, Vectors
from models.encoder import encoder_name, unit_rows
from models.signals import NAMES, SignalModel, SignalReader

LAYERS = 7
_TOKEN = 4
"""Characters to a token."""


class StandInEncoder:
    """Texts with many trigrams in common lie near one another; equal texts get equal vectors.

    It bears the packaged encoder's name, so that the artifacts trained for that one load.
    """

    name = encoder_name()
    version = f"{name}+standin"
    dimensions = 384

    def encode(self, texts: Sequence[str]) -> Encoded:
        """See `TextEncoder.encode`."""
        layers = [self._layers(text) for text in texts]
        pooled = np.array(layers, np.float32).reshape(-1, LAYERS, self.dimensions)
        return Encoded(unit_rows(pooled[:, -1]), pooled, tuple(map(self._tokens, texts)))

    def _layers(self, text: str) -> Vectors:
        padded = f"  {text} ".encode("utf-8", "replace")
        counts = np.zeros(self.dimensions, np.float32)
        for start in range(len(padded) - 2):
            code = crc32(padded[start : start + 3])
            counts[code % self.dimensions] += 1.0 if code & 1024 else -1.0
        counts[0] += 0.5  # never all zero
        return np.stack([np.roll(counts, layer) for layer in range(LAYERS - 1, -1, -1)])

    def _tokens(self, text: str) -> Tokens:
        spans = tuple(
            (start, min(start + _TOKEN, len(text))) for start in range(0, max(len(text), 1), _TOKEN)
        )
        states = [self._layers(text[start:end])[-1] for start, end in spans]
        return Tokens(np.stack(states).astype(np.float16), spans)


def patterns_alone() -> SignalReader:
    """Signals by patterns alone: the learned layer knows the real encoder's vectors only."""
    flat = np.zeros(len(NAMES), np.float32)
    silent = np.zeros((StandInEncoder.dimensions, len(NAMES)), np.float32)
    return SignalReader(SignalModel(silent, flat + 4, flat - 2, flat + 1, flat, flat + 0.5, flat))
