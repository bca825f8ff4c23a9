"""The network that learns to read feedback: the encoder's layers, heads for it, and its losses."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from eval.training.lessons import (
    SOURCES,
    Choice,
    Course,
    Lesson,
    Parts,
    as_it_was,
    as_typed,
    batches,
    epoch,
    width_of,
)
from eval.training.network import Layers
from eval.training.sources import say
from models.contracts import POLARITIES, Vectors
from models.network import mean_over
from models.signals import NAMES

HIDDEN = 256
"""Units of the sentiment head."""
READOUT_RATE, HEAD_DECAY = 4e-4, 0.05
SHOWN_EVERY = 200
"""Steps between two lines of progress."""


@dataclass(frozen=True)
class Reading:
    """What a network or several read of n lessons.

    Attributes:
        moods: (n, 3) float32 probabilities of `POLARITIES`.
        signals: (n, s) float32 probabilities of `NAMES`.
    """

    moods: Vectors
    signals: Vectors


def device() -> torch.device:
    """The graphics card where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Student(nn.Module):
    """The network that learns.

    Attributes:
        layers: the encoder's, as they change.
        readout: (d, d), from the last pooled layer to the packaged sentence vectors.
        mean: (k * d,) and `scale` (k * d,), by which features are standardised.
    """

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, encoder: Any, depths: Sequence[int], course: Course) -> None:
        super().__init__()
        torch.manual_seed(course.seed)
        self.course, self.depths = course, tuple(depths)
        self.layers = Layers(encoder, course.rank, course.inside)
        self.dimensions = self.layers.dimensions
        width = len(self.depths) * self.dimensions
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))
        self.readout = nn.Parameter(torch.eye(self.dimensions))
        self.hidden = nn.Linear(width, HIDDEN)
        self.output = nn.Linear(HIDDEN, len(POLARITIES))
        self.signals = nn.Linear(self.dimensions, len(NAMES))
        self.dropout = nn.Dropout(course.dropout)
        self.eval()

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.readout.device

    def pool(self, parts: Sequence[Any]) -> torch.Tensor:
        """Pooled layers of n rows of token ids, (n, k, d), in half precision inside."""
        width = width_of(max(map(len, parts)))
        height = max(self.course.tokens // width, len(parts))  # few shapes, so few new kernels
        ids = np.ones((height, width), np.int64)
        mask = np.zeros((height, width), np.int64)
        mask[:, 0] = 1
        for at, part in enumerate(parts):
            ids[at, : len(part)] = part
            mask[at, : len(part)] = 1
        shown = torch.from_numpy(mask).to(self.device, non_blocking=True)
        states = self.layers(torch.from_numpy(ids).to(self.device, non_blocking=True), shown.bool())
        means = [mean_over(states[depth].float(), shown) for depth in self.depths]
        return torch.stack(means, dim=1)[: len(parts)]

    def mood(self, pooled: torch.Tensor) -> torch.Tensor:
        """Logits of `POLARITIES` of whole texts: pooled layers (n, k, d) -> (n, 3)."""
        inside = functional.gelu(self.hidden(self.dropout(self._standard(pooled))))
        logits: torch.Tensor = self.output(self.dropout(inside))
        return logits

    def named(self, pooled: torch.Tensor) -> torch.Tensor:
        """Logits of `NAMES` of excerpts: pooled layers (n, k, d) -> (n, s)."""
        last = self._standard(pooled)[:, -self.dimensions :]
        logits: torch.Tensor = self.signals(self.dropout(last))
        return logits

    @torch.no_grad()
    def standardise(self, lessons: Sequence[Lesson]) -> list[torch.Tensor]:
        """Take the features' mean and scale from lessons.

        Returns:
            For each lesson its excerpts' sentence vectors, (excerpts, d) float16, unit length.
        """
        vectors: list[torch.Tensor] = [torch.empty(0)] * len(lessons)
        count, total = 0, torch.zeros_like(self.mean).double()
        squares = torch.zeros_like(total)
        for batch in batches(lessons, self.course.tokens):
            pooled = self.pool([part for at in batch for part in as_it_was(lessons[at])])
            flat = functional.normalize(pooled, dim=2).flatten(1).double()
            count, total, squares = (
                count + len(flat),
                total + flat.sum(0),
                squares + flat.square().sum(0),
            )
            unit = functional.normalize(pooled[:, -1], dim=1).half()
            own = torch.split(unit, [len(lessons[at].lengths) for at in batch])
            for at, part in zip(batch, own, strict=True):
                vectors[at] = part
        self.mean = (total / count).float()
        self.scale = (squares / count - (total / count).square()).clamp(min=1e-10).sqrt().float()
        return vectors

    def learn(
        self, lessons: Sequence[Lesson], vectors: Sequence[torch.Tensor], told: Reading | None
    ) -> None:
        """Go through lessons as the course says.

        Args:
            lessons: n lessons.
            vectors: their packaged sentence vectors, of `standardise`.
            told: what teachers read of them; without it only labelled lessons are learned.
        """
        course = self.course
        chance = random.Random(course.seed)  # noqa: S311 - to repeat, not to hide
        places = [
            at for at, one in enumerate(lessons) if told is not None or one.shares is not None
        ]
        learned = [lessons[at] for at in places]
        rounds = [epoch(learned, course, chance) for _ in range(course.epochs)]
        steps = [[places[at] for at in batch] for one in rounds for batch in one]
        optimiser = self._optimiser()
        rates = [group["lr"] for group in optimiser.param_groups]
        changing = [one for one in self.layers.parameters() if one.requires_grad]
        warm_up = max(1, round(course.warm_up * len(steps)))
        self.train()
        total: dict[str, torch.Tensor] = {}
        for step, batch in enumerate(steps):
            factor = (
                min(1, (step + 1) / warm_up) * 0.5 * (1 + math.cos(math.pi * step / len(steps)))
            )
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            losses = self._losses(
                [lessons[at] for at in batch], batch, vectors, told, as_typed(chance)
            )
            optimiser.zero_grad()
            torch.autograd.backward(torch.stack(list(losses.values())).sum())
            nn.utils.clip_grad_norm_(changing, 1.0)
            optimiser.step()
            for name, loss in losses.items():
                total[name] = total.get(name, torch.zeros((), device=self.device)) + loss.detach()
            since = step % SHOWN_EVERY + 1
            if since == SHOWN_EVERY or step + 1 == len(steps):
                shown = ", ".join(
                    f"{name} {float(value) / since:.3f}" for name, value in total.items()
                )
                say(f"step {step + 1}/{len(steps)}, {shown}")
                total.clear()
        self.eval()

    @torch.no_grad()
    def blend(self, before: Mapping[str, torch.Tensor], share: float) -> None:
        """Go back a share of the way to what it was (Wortsman et al. 2022).

        Args:
            before: an earlier `state_dict` of it, a copy.
            share: 0 stays, 1 goes all the way.
        """
        for name in ("square", "wide", "narrow"):
            own = getattr(self.layers, name)
            own.blend(before[f"layers.{name}.up"], before[f"layers.{name}.down"], share)
        for name, weight in self.named_parameters():
            if not name.startswith("layers."):
                weight.lerp_(before[name], share)

    @torch.inference_mode()
    def read(self, lessons: Sequence[Lesson], choice: Choice = as_it_was) -> Reading:
        """What it reads of n lessons."""
        moods = np.zeros((len(lessons), len(POLARITIES)), np.float32)
        signals = np.zeros((len(lessons), len(NAMES)), np.float32)
        for batch in batches(lessons, self.course.tokens):
            own = [lessons[at] for at in batch]
            _, mood, named = self._logits(own, [choice(one) for one in own])
            moods[batch] = mood.softmax(1).cpu().numpy()
            signals[batch] = named.sigmoid().cpu().numpy()
        return Reading(moods, signals)

    def _standard(self, pooled: torch.Tensor) -> torch.Tensor:
        """Standardised features: (n, k, d) -> (n, k * d)."""
        return (functional.normalize(pooled, dim=2).flatten(1) - self.mean) / self.scale

    def _logits(
        self, lessons: Sequence[Lesson], shown: Sequence[Parts]
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Of n lessons with m excerpts: pooled layers (m, k, d), moods (n, 3), signals (n, s).

        As when it serves, a text's mood is that of its excerpts' mean weighted by their lengths,
        and a signal is there where one of its excerpts shows it.
        """
        pooled = self.pool([part for parts in shown for part in parts])
        owners = np.repeat(np.arange(len(lessons)), [len(one.lengths) for one in lessons])
        lengths = np.array([length for one in lessons for length in one.lengths], np.float32)
        shares = lengths / np.bincount(owners, lengths)[owners].astype(np.float32)
        at = torch.from_numpy(owners).to(self.device)
        weights = self._tensor(shares)[:, None, None]
        wholes = torch.zeros(len(lessons), *pooled.shape[1:], device=self.device)
        mood = self.mood(wholes.index_add(0, at, pooled * weights))
        each = self.named(pooled)
        named = torch.full((len(lessons), each.shape[1]), -torch.inf, device=self.device)
        named = named.scatter_reduce(0, at[:, None].expand_as(each), each, "amax")
        return pooled, mood, named

    def _losses(
        self,
        own: Sequence[Lesson],
        places: Sequence[int],
        vectors: Sequence[torch.Tensor],
        told: Reading | None,
        choice: Choice,
    ) -> dict[str, torch.Tensor]:
        course = self.course
        pooled, mood_logits, signal_logits = self._logits(own, [choice(one) for one in own])
        packaged = torch.cat([vectors[at] for at in places]).float()
        near = functional.cosine_similarity(pooled[:, -1] @ self.readout, packaged)
        weights = self._tensor([SOURCES[one.source][1] for one in own])
        moods, mood_shares = self.targets(
            [one.shares for one in own],
            None if told is None else told.moods[places],
            len(POLARITIES),
        )
        moods = moods * (1 - course.smoothing) + course.smoothing / len(POLARITIES)
        mood = -(moods * mood_logits.log_softmax(1)).sum(1)
        signals, signal_shares = self.targets(
            [one.signals for one in own], None if told is None else told.signals[places], len(NAMES)
        )
        named = functional.binary_cross_entropy_with_logits(
            signal_logits, signals, reduction="none"
        ).mean(1)
        return {
            "sentiment": (mood * weights * mood_shares).mean(),
            "signals": course.signals * (named * signal_shares).mean(),
            "vectors": course.vectors * (1 - near).mean(),
        }

    def targets(
        self, labels: Sequence[Vectors | None], told: Vectors | None, classes: int
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What to learn (n, c), and how much each row counts (n,)."""
        known = np.array([one is not None for one in labels])
        truth = np.stack([np.zeros(classes, np.float32) if one is None else one for one in labels])
        if told is None:
            return self._tensor(truth), self._tensor(known.astype(np.float32))
        taught = np.where(known, self.course.taught, 1.0).astype(np.float32)[:, None]
        return self._tensor(truth * (1 - taught) + told * taught), self._tensor(np.ones(len(known)))

    def _tensor(self, values: Any) -> torch.Tensor:
        return torch.as_tensor(np.asarray(values, np.float32)).to(self.device, non_blocking=True)

    def _optimiser(self) -> torch.optim.Optimizer:
        course = self.course
        heads = [
            weight
            for head in (self.hidden, self.output, self.signals)
            for weight in head.parameters()
        ]
        layers = [one for one in self.layers.parameters() if one.requires_grad]
        return torch.optim.AdamW(
            [
                {"params": layers, "lr": course.rate, "weight_decay": course.decay},
                {"params": [self.readout], "lr": READOUT_RATE, "weight_decay": 0.0},
                {"params": heads, "lr": course.head_rate, "weight_decay": HEAD_DECAY},
            ],
            fused=True,
        )
