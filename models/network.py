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
    """

    def __init__(self, encoder: Any, pooled: Sequence[int]) -> None:
        super().__init__()
        self.encoder = encoder
        self.pooled = tuple(pooled)

    def forward(self, ids: Any, mask: Any) -> tuple[Any, Any]:
        """One pass over n texts of t tokens.

        Args:
            ids: (n, t) int64 tensor.
            mask: (n, t) int64 tensor, 1 where a token is.

        Returns:
            Pooled layers (n, k, d), the last of which is the sentence vector before it is brought
            to unit length, and states of the last layer (n, t, d).
        """
        states = self.encoder(
            input_ids=ids, attention_mask=mask, output_hidden_states=True
        ).hidden_states
        weights = mask.to(states[0].dtype).unsqueeze(-1)
        total = weights.sum(1)
        means = [(states[depth] * weights).sum(1) / total for depth in self.pooled]
        return torch.stack(means, dim=1), states[-1]
