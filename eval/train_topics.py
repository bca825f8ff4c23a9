"""Trains the topic branch: low-rank changes to the upper layers, from hand-written concepts."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from eval import datasets
from models.encoder import TorchEncoder
from models.topics import LINEARS, START, get_linear

CONCEPTS = Path(__file__).parent / "concepts"
SEED = 20261122
RANK = 16
_EPOCHS = 5
_BATCH, _PAIRS = 64, 24
_RATE, _PROTOTYPE_RATE, _DECAY = 2e-3, 1e-2, 0.01
_TEMPERATURE = 0.05
_PAIR_WEIGHT = 0.5
_SMOOTHING = 0.1
_MAX_TOKENS = 48
_MOST_PAIRS = 1_500

States = list[torch.Tensor]
"""Hidden states under the branch, one (t, d) tensor a text."""


@dataclass(frozen=True)
class Concepts:
    """Hand-written examples: text, language and number of the concept of each row."""

    texts: list[str]
    languages: list[str]
    classes: NDArray[np.int64]
    names: list[str]


def read_concepts(folder: Path = CONCEPTS) -> Concepts:
    """Read the examples, one file a language."""
    rows = [
        (row["text"], path.stem, row["concept"])
        for path in datasets.find(folder, "*.csv")
        for row in datasets.read(path, ("concept", "text")).rows
    ]
    names = sorted({concept for _, _, concept in rows})
    at = {name: number for number, name in enumerate(names)}
    return Concepts(
        [text for text, _, _ in rows],
        [code for _, code, _ in rows],
        np.array([at[concept] for _, _, concept in rows]),
        names,
    )


class LowRank(nn.Module):
    """A frozen linear layer plus a trained change of low rank (Hu et al. 2021)."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(
            torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features)
        )
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """The layer's output with the change added."""
        inside = nn.functional.dropout(values, 0.1, self.training) @ self.down.T
        result: torch.Tensor = self.linear(values) + inside @ self.up.T
        return result


class Branch(nn.Module):
    """The upper layers with low-rank changes, mean-pooled to unit vectors."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.layers = nn.ModuleList(copy.deepcopy(list(network.encoder.layer[START:])))
        for parameter in self.parameters():
            parameter.requires_grad_(False)
        self.changes: list[LowRank] = []
        for layer in self.layers:
            for path in LINEARS:
                owner, name, linear = get_linear(layer, path)
                change = LowRank(linear)
                setattr(owner, name, change)
                self.changes.append(change)

    def forward(self, states: Sequence[torch.Tensor]) -> torch.Tensor:
        """(n, d) unit vectors of n texts."""
        longest = max(len(state) for state in states)
        hidden = torch.zeros(len(states), longest, states[0].shape[1])
        mask = torch.zeros(len(states), longest)
        for at, state in enumerate(states):
            hidden[at, : len(state)] = state
            mask[at, : len(state)] = 1
        bias = (1 - mask[:, None, None, :]) * torch.finfo(torch.float32).min
        for layer in self.layers:
            hidden = layer(hidden, bias)
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return nn.functional.normalize(pooled, dim=1)

    def sorted_forward(self, states: Sequence[torch.Tensor]) -> torch.Tensor:
        """The same in two parts of like length, to spend less on padding."""
        order = sorted(range(len(states)), key=lambda at: len(states[at]))
        half = len(order) // 2
        parts = [self([states[at] for at in rows]) for rows in (order[:half], order[half:]) if rows]
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(parts)[back]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What `models.topics` reads: the two factors of each changed layer, in order."""
        found: dict[str, NDArray[Any]] = {}
        for at, change in enumerate(self.changes):
            found[f"down.{at}"] = change.down.detach().numpy().astype(np.float16)
            found[f"up.{at}"] = change.up.detach().numpy().astype(np.float16)
        return found


@torch.no_grad()
def lower_states(encoder: TorchEncoder, texts: Sequence[str]) -> States:
    """Hidden states after layer `START` of each text, computed once for all epochs."""
    ids = [row[:_MAX_TOKENS] for row in encoder.token_ids(texts)]
    order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
    found: States = [torch.empty(0)] * len(ids)
    for start in range(0, len(order), 64):
        rows = order[start : start + 64]
        longest = len(ids[rows[-1]])
        padded = torch.ones(len(rows), longest, dtype=torch.long)
        mask = torch.zeros(len(rows), longest, dtype=torch.long)
        for at, row in enumerate(rows):
            padded[at, : len(ids[row])] = torch.tensor(ids[row])
            mask[at, : len(ids[row])] = 1
        states = encoder.network(
            input_ids=padded, attention_mask=mask, output_hidden_states=True
        ).hidden_states[START]
        for at, row in enumerate(rows):
            found[row] = states[at, : len(ids[row])].clone()
    return found


def train(
    encoder: TorchEncoder,
    concepts: Concepts,
    pairs: tuple[Sequence[str], Sequence[str]],
    say: Any,
) -> dict[str, NDArray[Any]]:
    """Train the branch.

    Two losses: each example against one learned prototype a concept (softmax over all concepts,
    so that wording, language and mood do not matter but the concept does), and each sentence of
    a pair against the translations of the others, which keeps what the encoder knew of meaning.

    Args:
        encoder: the float32 encoder.
        concepts: the hand-written examples.
        pairs: sentences and their English translations.
        say: takes a line of progress.
    """
    torch.manual_seed(SEED)
    chance = np.random.default_rng(SEED)
    chosen = chance.permutation(len(pairs[0]))[:_MOST_PAIRS]
    own = lower_states(encoder, [pairs[0][at] for at in chosen])
    english = lower_states(encoder, [pairs[1][at] for at in chosen])
    examples = lower_states(encoder, concepts.texts)
    say(f"topics: {len(examples)} examples of {len(concepts.names)} concepts, {len(own)} pairs")
    branch = Branch(encoder.network)
    prototypes = nn.Parameter(_first_prototypes(branch, examples, concepts))
    classes = torch.from_numpy(concepts.classes)
    steps = _EPOCHS * (len(examples) // _BATCH)
    optimiser = torch.optim.AdamW(
        [
            {"params": [part for one in branch.changes for part in (one.down, one.up)]},
            {"params": [prototypes], "lr": _PROTOTYPE_RATE},
        ],
        lr=_RATE,
        weight_decay=_DECAY,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [_RATE, _PROTOTYPE_RATE], total_steps=steps, pct_start=0.1
    )
    branch.train()
    started = time.monotonic()
    for epoch in range(_EPOCHS):
        right: list[float] = []
        order = chance.permutation(len(examples))
        for start in range(0, len(order) - _BATCH + 1, _BATCH):
            rows = order[start : start + _BATCH]
            vectors = branch.sorted_forward([examples[at] for at in rows])
            scores = vectors @ nn.functional.normalize(prototypes, dim=1).T / _TEMPERATURE
            loss = nn.functional.cross_entropy(
                scores, classes[rows], label_smoothing=_SMOOTHING
            ) + _PAIR_WEIGHT * _pair_loss(branch, own, english, chance)
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            right.append(float((scores.argmax(1) == classes[rows]).float().mean()))
        seconds = time.monotonic() - started
        say(f"topics: epoch {epoch + 1}/{_EPOCHS}, {np.mean(right):.1%} right, {seconds:.0f} s")
    return branch.arrays()


def _pair_loss(
    branch: Branch, own: States, english: States, chance: np.random.Generator
) -> torch.Tensor:
    rows = chance.choice(len(own), min(_PAIRS, len(own)), replace=False)
    both = branch.sorted_forward([own[at] for at in rows] + [english[at] for at in rows])
    cosines = both[: len(rows)] @ both[len(rows) :].T / _TEMPERATURE
    place = torch.arange(len(rows))
    there = nn.functional.cross_entropy(cosines, place)
    return (there + nn.functional.cross_entropy(cosines.T, place)) / 2


@torch.no_grad()
def _first_prototypes(branch: Branch, examples: States, concepts: Concepts) -> torch.Tensor:
    """Mean of each concept's vectors, each language's own mean taken away."""
    branch.eval()
    vectors = torch.cat(
        [branch(examples[start : start + 64]) for start in range(0, len(examples), 64)]
    )
    codes = np.array(concepts.languages)
    for code in set(concepts.languages):
        vectors[codes == code] -= vectors[codes == code].mean(0)
    classes = torch.from_numpy(concepts.classes)
    means = [vectors[classes == number].mean(0) for number in range(len(concepts.names))]
    return nn.functional.normalize(torch.stack(means), dim=1)
