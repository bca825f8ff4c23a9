"""The encoder's layers in training: matrices of one shape stacked, so that a step is few products.

The same sums as transformers' BERT (post-layer-norm, exact GELU): low-rank changes of all layers
are multiplied out together, and a layer's query, key and value are one product.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from models import adapter
from models.contracts import Vectors

_SQUARE = adapter.ADAPTED[:4]
"""Query, key, value and the attention's output, which have one shape."""
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


class Matrices(nn.Module):
    """Matrices of one shape, m of (out, in), with low-rank changes or free to change whole.

    Attributes:
        whole: (m, out, in); `bias` (m, out).
        up: (m, out, r) and `down` (m, r, in), where the rank is not 0.
    """

    def __init__(self, weights: torch.Tensor, biases: torch.Tensor, rank: int) -> None:
        super().__init__()
        self.whole = nn.Parameter(weights, requires_grad=not rank)
        self.bias = nn.Parameter(biases, requires_grad=not rank)
        self.rank = rank
        if rank:
            count, out, given = weights.shape
            self.down = nn.Parameter(torch.randn(count, rank, given) / math.sqrt(given))
            self.up = nn.Parameter(torch.zeros(count, out, rank))

    def forward(self, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
        """The matrices as they are now (m, out, in), and their biases (m, out)."""
        now = torch.baddbmm(self.whole, self.up, self.down) if self.rank else self.whole
        return now.to(dtype), self.bias.to(dtype)

    @torch.no_grad()
    def blend(self, up: torch.Tensor, down: torch.Tensor, share: float) -> None:
        """Go back a share of the way to earlier low-rank changes, cut to the same rank again."""
        mean = (1 - share) * (self.up @ self.down) + share * (up @ down)
        left, sizes, right = torch.linalg.svd(mean, full_matrices=False)
        roots = sizes[:, : self.rank].sqrt()
        self.up.copy_(left[:, :, : self.rank] * roots[:, None, :])
        self.down.copy_(roots[:, :, None] * right[:, : self.rank])


class Layers(nn.Module):
    """A transformers BERT with its layers' weights stacked.

    Attributes:
        embeddings: the transformers model's own, which stay as they are.
        dtype: in which the layers compute; what is learned is kept in float32.
        square, wide, narrow: the matrices of all layers by shape.
        norms: (2 * layers, 2, d), weight and bias of each layer norm.
    """

    def __init__(
        self, encoder: Any, rank: int, dropout: float, dtype: torch.dtype = torch.bfloat16
    ) -> None:
        super().__init__()
        self.dtype = dtype
        self.embeddings = encoder.embeddings
        self.embeddings.requires_grad_(False)
        config = encoder.config
        self.heads: int = config.num_attention_heads
        self.depth: int = config.num_hidden_layers
        self.dimensions: int = config.hidden_size
        self.epsilon: float = config.layer_norm_eps
        self.dropout = dropout
        layers = encoder.encoder.layer

        def stacked(names: tuple[str, ...], part: str) -> torch.Tensor:
            found = [getattr(one.get_submodule(name), part) for one in layers for name in names]
            return torch.stack([weight.detach() for weight in found])

        self.square, self.wide, self.narrow = (
            Matrices(stacked(names, "weight"), stacked(names, "bias"), rank)
            for names in (_SQUARE, adapter.ADAPTED[4:5], adapter.ADAPTED[5:])
        )
        norms = torch.stack([stacked(_NORMS, "weight"), stacked(_NORMS, "bias")], dim=1)
        self.norms = nn.Parameter(norms, requires_grad=not rank)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        """States after the embeddings and after each layer, each (n, t, d).

        Args:
            ids: (n, t) int64.
            mask: (n, t) bool, true where a token is.
        """
        states = self.embeddings(input_ids=ids).to(self.dtype)
        found = [states]
        seen = mask[:, None, None, :]
        squares, biases = (
            part.view(self.depth, 4 * self.dimensions, *part.shape[2:])
            for part in self.square(self.dtype)
        )
        wides, wide_biases = self.wide(self.dtype)
        narrows, narrow_biases = self.narrow(self.dtype)
        norms = self.norms.to(self.dtype)
        cut = 3 * self.dimensions
        for at in range(self.depth):
            asked = functional.linear(states, squares[at, :cut], biases[at, :cut])
            query, key, value = asked.view(*ids.shape, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            heard = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
            heard = heard.transpose(1, 2).flatten(2)
            heard = functional.linear(heard, squares[at, cut:], biases[at, cut:])
            states = self._normed(states, heard, norms[2 * at])
            inside = functional.gelu(functional.linear(states, wides[at], wide_biases[at]))
            inside = functional.linear(inside, narrows[at], narrow_biases[at])
            states = self._normed(states, inside, norms[2 * at + 1])
            found.append(states)
        return found

    def changes(self) -> Iterator[tuple[str, tuple[Vectors, Vectors]]]:
        """Each adapted matrix's name, as `models.adapter.places` has it, with its two factors."""
        for names, group in (
            (_SQUARE, self.square),
            (adapter.ADAPTED[4:5], self.wide),
            (adapter.ADAPTED[5:], self.narrow),
        ):
            ups, downs = (part.detach().cpu().numpy() for part in (group.up, group.down))
            for at, factors in enumerate(zip(ups, downs, strict=True)):
                yield f"{at // len(names)}.{names[at % len(names)]}", factors

    def _normed(self, states: torch.Tensor, more: torch.Tensor, norm: torch.Tensor) -> torch.Tensor:
        more = functional.dropout(more, self.dropout, self.training)
        return functional.layer_norm(
            states + more, (self.dimensions,), norm[0], norm[1], self.epsilon
        )
