"""The encoder's network with what one pass gives: sentence vectors, pooled layers, token states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn


class PooledNetwork(nn.Module):
    """A transformers encoder whose pass gives all that reading needs.

    Attributes:
        encoder: the network as it was.
        pooled: layers whose states are pooled, counted from 1.
        readout: (d, d) or None: what the last pooled layer is multiplied with for the sentence
            vector.
    """

    readout: nn.Parameter | None

    def __init__(self, encoder: Any, pooled: Sequence[int]) -> None:
        super().__init__()
        self.encoder = encoder
        self.pooled = tuple(pooled)
        self.readout = None

    def forward(self, ids: Any, mask: Any) -> tuple[Any, Any, Any]:
        """One pass over n texts of t tokens.

        Args:
            ids: (n, t) int64 tensor.
            mask: (n, t) int64 tensor, 1 where a token is.

        Returns:
            Sentence vectors (n, d) before they are brought to unit length, pooled layers (n, k, d)
            and states of the last layer (n, t, d).
        """
        states = self.encoder(
            input_ids=ids, attention_mask=mask, output_hidden_states=True
        ).hidden_states
        means = [mean_over(states[depth], mask) for depth in self.pooled]
        vectors = means[-1] if self.readout is None else means[-1] @ self.readout
        return vectors, torch.stack(means, dim=1), states[-1]


def mean_over(states: Any, mask: Any) -> Any:
    """Mean of the tokens' states: (n, t, d) and the mask (n, t) -> (n, d)."""
    weights = mask.to(states.dtype).unsqueeze(-1)
    return (states * weights).sum(1) / weights.sum(1)
