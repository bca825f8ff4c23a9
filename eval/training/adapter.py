"""Trains `adapter`: low-rank changes to the whole encoder, so that it reads feedback better.

Sentiment and signals are learned together in the network that serves; a linear read-out of its last
layer is held to the packaged encoder's sentence vectors, so that themes stay where they are. From
the second epoch on, what it reads in an English sentence also teaches that sentence's translation.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.training.lessons import (
    PERTURBED_SHARE,
    SHAPES,
    SOURCES,
    Lesson,
    batches,
    collect,
    epoch,
    perturbed,
    width_of,
)
from eval.training.sources import SEED, say
from models import adapter, artifacts, bundle
from models.contracts import POLARITIES, Vectors
from models.encoder import TorchEncoder, unit_rows
from models.network import mean_over
from models.signals import NAMES

RANK = 32
RATE, HEAD_RATE, EPOCHS, WARM_UP = 4e-4, 1e-3, 3, 100
HIDDEN, DROPOUT, SMOOTHING = 256, 0.2, 0.05
SIGNALS, VECTORS = 12.0, 4.0
"""How much the losses of signals and of sentence vectors count beside that of sentiment."""
SURE = 0.8
"""How sure a translation must be read to teach a sentence."""


def train(
    home: Path, data: Path, watch: Callable[[Student, int], None] = lambda _, __: None
) -> None:
    """Train and write the adapter with its card.

    Args:
        home: folder of the packaged weights.
        data: folder of the data files.
        watch: called after each step with the student and its number.
    """
    exact = TorchEncoder.load(bundle.ensure_folder(home), bundle.FOLDER_NAME)
    lessons = collect(data, exact.tokenizer)
    say(f"adapter: {len(lessons)} texts to learn from")
    student = Student(exact)
    student.learn(student.prepared(lessons), watch)
    artifacts.save(
        artifacts.Artifact(adapter.NAME, adapter.VERSION, bundle.FOLDER_NAME, student.arrays()),
        card(Counter(lesson.row.source for lesson in lessons)),
    )


def card(texts: Mapping[str, int]) -> str:
    """The adapter's card, of the number of texts by source."""
    sources = "\n".join(
        f"| {name} | {texts[name]} | {often:g} | {weight:g} |"
        for name, (often, weight) in SOURCES.items()
    )
    return CARD.format(
        encoder=bundle.FOLDER_NAME,
        sources=sources,
        rank=RANK,
        seed=SEED,
        rate=RATE,
        head_rate=HEAD_RATE,
        epochs=EPOCHS,
        dropout=DROPOUT,
        smoothing=SMOOTHING,
        signals=SIGNALS,
        vectors=VECTORS,
        sure=SURE,
        perturbed_share=PERTURBED_SHARE,
    )


class Student:
    """The network with its changes, its heads for the time of training, and how it is taught."""

    def __init__(self, exact: TorchEncoder) -> None:
        import torch
        from torch import nn

        torch.manual_seed(SEED)
        self.chance = random.Random(SEED)  # noqa: S311 - to repeat, not to hide
        self.exact = exact
        self.network = exact.network.encoder
        self.depths = exact.pooled_layers
        width = len(self.depths) * exact.dimensions
        self.mean, self.scale = torch.zeros(width), torch.ones(width)
        for weight in self.network.parameters():
            weight.requires_grad_(False)
        self.changes: dict[str, Any] = {}
        self.readout = nn.Parameter(torch.eye(exact.dimensions))
        self.hidden = nn.Linear(width, HIDDEN)
        self.output = nn.Linear(HIDDEN, len(POLARITIES))
        self.signals = nn.Linear(exact.dimensions, len(NAMES))
        self.dropout = nn.Dropout(DROPOUT)

    def prepared(self, lessons: Sequence[Lesson]) -> list[Lesson]:
        """Lessons with the packaged vectors; features are standardised and changes attached."""
        import torch

        found: dict[int, Lesson] = {}
        count, total, squares = 0, 0.0, 0.0
        with torch.inference_mode():
            for batch in batches(lessons):
                pooled = self.pool([part for at in batch for part in lessons[at].parts])
                flat = self._flat(pooled)
                count, total, squares = (
                    count + len(flat),
                    total + flat.double().sum(0),
                    squares + flat.double().square().sum(0),
                )
                vectors = unit_rows(pooled[:, -1].numpy()).astype(np.float16)
                for at in batch:
                    own, vectors = np.split(vectors, [len(lessons[at].parts)])
                    found[at] = replace(lessons[at], vectors=own)
        self.mean = torch.as_tensor(total / count).float()
        variance = torch.as_tensor(squares / count).float() - self.mean.square()
        self.scale = variance.clamp(min=1e-10).sqrt()
        self.changes = _attach(self.network)
        say(f"adapter: {count} excerpts read by the packaged encoder")
        return [found[at] for at in range(len(lessons))]

    def learn(self, lessons: Sequence[Lesson], watch: Callable[[Student, int], None]) -> None:
        """Go through the lessons `EPOCHS` times."""
        import torch

        changes = [weight for one in self.changes.values() for weight in (one.up, one.down)]
        heads = [
            weight
            for head in (self.hidden, self.output, self.signals)
            for weight in head.parameters()
        ]
        groups = [
            {"params": changes, "lr": RATE, "weight_decay": 0.01},
            {"params": [self.readout], "lr": RATE, "weight_decay": 0.0},
            {"params": heads, "lr": HEAD_RATE, "weight_decay": 0.05},
        ]
        optimiser = torch.optim.AdamW(groups)
        rates = [group["lr"] for group in optimiser.param_groups]
        labelled = [lesson for lesson in lessons if lesson.shares]
        pairs = [lesson for lesson in lessons if not lesson.shares]
        total: dict[str, float] = {}
        step = 0
        for turn in range(EPOCHS):
            steps = epoch([*labelled, *(self.told(pairs) if turn else ())], self.chance)
            for at, batch in enumerate(steps):
                step += 1
                cooled = 0.5 * (1 + math.cos(math.pi * (turn + at / len(steps)) / EPOCHS))
                for group, rate in zip(optimiser.param_groups, rates, strict=True):
                    group["lr"] = rate * min(1, step / WARM_UP) * cooled
                losses = self._losses(batch)
                optimiser.zero_grad()
                torch.autograd.backward(sum(losses.values()))
                torch.nn.utils.clip_grad_norm_(changes, 1.0)
                optimiser.step()
                for name, loss in losses.items():
                    total[name] = total.get(name, 0.0) + float(loss.detach())
                if step % 50 == 0:
                    shown = ", ".join(f"{name} {value / 50:.3f}" for name, value in total.items())
                    place = f"epoch {turn + 1}/{EPOCHS}, step {at + 1}/{len(steps)}"
                    say(f"adapter: {place}, {shown}")
                    total.clear()
                watch(self, step)

    def told(self, pairs: Sequence[Lesson]) -> list[Lesson]:
        """Those whose translation it reads surely, with that reading for their label."""
        import torch

        found = []
        translations = [replace(one, parts=(one.translation or [],), lengths=(1,)) for one in pairs]
        with torch.inference_mode():
            for batch in batches(translations):
                pooled = self.pool([translations[at].parts[0] for at in batch])
                read = self.mood(self.standard(pooled)).softmax(dim=1)
                found += [
                    replace(pairs[at], shares=tuple(shares))
                    for at, shares in zip(batch, read.tolist(), strict=True)
                    if max(shares) >= SURE
                ]
        moods = Counter(POLARITIES[int(np.argmax(one.shares))] for one in found)
        say(f"adapter: {len(found)} of {len(pairs)} translations tell: {dict(moods)}")
        return found

    def drop(self, on: bool) -> None:
        """Switch dropout of the heads and of the layers' outputs, never that of attention."""
        for layer in self.network.encoder.layer:
            for one in (layer.attention.output.dropout, layer.output.dropout):
                one.train(on)
        self.dropout.train(on)

    def arrays(self) -> dict[str, Vectors]:
        """The arrays of the artifact."""
        return adapter.packed(
            {
                place: (one.up.detach().numpy(), one.down.detach().numpy())
                for place, one in self.changes.items()
            },
            self.readout.detach().numpy(),
        )

    def pool(self, rows: Sequence[list[int]]) -> Any:
        """Pooled layers, (n, k, d) tensor, in half precision inside."""
        import torch

        width = width_of(max(map(len, rows)))
        height = max(SHAPES[width], len(rows))
        ids = torch.ones(height, width, dtype=torch.long)
        mask = torch.zeros(height, width, dtype=torch.long)
        mask[:, 0] = 1
        for at, row in enumerate(rows):
            ids[at, : len(row)] = torch.tensor(row)
            mask[at, : len(row)] = 1
        with torch.autocast("cpu", torch.bfloat16):
            states = self.network(
                input_ids=ids, attention_mask=mask, output_hidden_states=True
            ).hidden_states
        own = mask[: len(rows)]
        return torch.stack(
            [mean_over(states[depth][: len(rows)].float(), own) for depth in self.depths], dim=1
        )

    def standard(self, layers: Any) -> Any:
        """Standardised features of pooled layers: (n, k, d) -> (n, k * d)."""
        return (self._flat(layers) - self.mean) / self.scale

    def mood(self, features: Any) -> Any:
        """Logits of `POLARITIES`: (n, k * d) -> (n, 3)."""
        from torch.nn import functional

        inside = functional.gelu(self.hidden(self.dropout(features)))
        return self.output(self.dropout(inside))

    def named(self, features: Any) -> Any:
        """Logits of `NAMES`: (n, k * d) -> (n, s)."""
        return self.signals(self.dropout(features[:, -self.exact.dimensions :]))

    def _flat(self, layers: Any) -> Any:
        from torch.nn import functional

        return functional.normalize(layers, dim=2).flatten(1)

    def _losses(self, batch: list[Lesson]) -> dict[str, Any]:
        import torch
        from torch.nn import functional

        self.drop(True)
        given = [perturbed(lesson, self.exact.tokenizer, self.chance) for lesson in batch]
        pooled = self.pool([part for lesson in given for part in lesson.parts])
        features = self.standard(wholes(pooled, given))
        shares = torch.tensor([lesson.shares for lesson in batch])
        weights = torch.tensor([SOURCES[lesson.row.source][1] for lesson in batch])
        mood = functional.cross_entropy(
            self.mood(features), shares, reduction="none", label_smoothing=SMOOTHING
        )
        packaged = torch.from_numpy(
            np.concatenate([one.vectors for one in batch]).astype(np.float32)
        )
        near = functional.cosine_similarity(pooled[:, -1] @ self.readout, packaged)
        losses = {"sentiment": (mood * weights).mean(), "vectors": VECTORS * (1 - near).mean()}
        known = [at for at, lesson in enumerate(batch) if lesson.signals is not None]
        if known:
            truth = torch.from_numpy(np.array([batch[at].signals for at in known]))
            loss = functional.binary_cross_entropy_with_logits(self.named(features[known]), truth)
            losses["signals"] = SIGNALS * loss * len(known) / len(batch)
        self.drop(False)
        return losses


def wholes(pooled: Any, lessons: Sequence[Lesson]) -> Any:
    """Pooled layers of whole texts, the mean of their parts weighted by length: (n, k, d)."""
    import torch

    owners = torch.tensor([at for at, lesson in enumerate(lessons) for _ in lesson.parts])
    lengths = torch.tensor([float(length) for one in lessons for length in one.lengths])
    totals = torch.zeros(len(lessons)).index_add(0, owners, lengths)
    shares = (lengths / totals[owners])[:, None, None]
    return torch.zeros(len(lessons), *pooled.shape[1:]).index_add(0, owners, pooled * shares)


def _attach(network: Any) -> dict[str, Any]:
    """Put a low-rank change on every matrix of `adapter.ADAPTED` in every layer."""
    import torch
    from torch import nn

    class LowRank(nn.Module):
        """W + up @ down, multiplied out: faster on a CPU than two thin products."""

        def __init__(self, whole: nn.Linear) -> None:
            super().__init__()
            self.whole = whole
            spread = 1 / math.sqrt(whole.in_features)
            self.down = nn.Parameter(torch.randn(RANK, whole.in_features) * spread)
            self.up = nn.Parameter(torch.zeros(whole.out_features, RANK))

        def forward(self, states: Any) -> Any:
            weight = self.whole.weight + self.up @ self.down
            return nn.functional.linear(states, weight, self.whole.bias)

    found: dict[str, Any] = {}
    for place, parent, own in adapter.places(network):
        change = LowRank(getattr(parent, own))
        setattr(parent, own, change)
        found[place] = change
    return found


CARD = """# adapter

What: low-rank changes (rank {rank}, int8 with a scale for each direction) to the weight matrices of
all layers of `{encoder}`, and a matrix that reads sentence vectors off its last layer. The changes
are added to the weights when the encoder is made ready, so that serving costs nothing more.
Sentiment and signals read its pooled layers; themes read the sentence vectors, which are held to
the packaged encoder's.

Data (labelled texts, how often one comes in an epoch, how much its sentiment counts):

| source | texts | times | weight |
|---|---|---|---|
{sources}

`sentiment_pl_*`: PolEmo 2.0 review sentences, CC BY-SA 4.0. `sentiment_et_valence`: Estonian
Valence Corpus, CC BY 4.0 by its corpus card (its code repository is GPL-3.0). `feedback_en_nhs`:
patient verbatims, MIT; four rows in five by a hash of the text. `emotions_xed`: XED subtitles,
CC BY 4.0, emotions read as polarity. `pairs`: the same subtitles with their English
translation. `posts` and `signals`: written for this project by a language model (eval/posts, three
in four; eval/signals/train). No text of theirs is kept here.

Czech has no labelled reviews with a clean licence: it learns from emotion-labelled subtitles, from
the written posts and examples, and through the other languages. From the second epoch on the
network reads the English side of Czech and Estonian pairs, and where it is surer than {sure} its
reading is what the other side learns.

Procedure: `make train DATA=... ONLY=adapter` (Hu et al. 2021), seed {seed}, AdamW, rate {rate} with
warm-up and cosine decay ({head_rate} for the heads, which are dropped afterwards), {epochs} epochs,
bfloat16 inside. Losses: cross entropy of sentiment over standardised pooled layers (label
smoothing {smoothing}), {signals} x binary cross entropy of signals over the last of them, and
{vectors} x the cosine distance between the vectors read off and the packaged encoder's of the same
excerpt. Dropout {dropout} in the heads, 0.1 on the layers' outputs. {perturbed_share:.0%} of texts
are perturbed (eval/perturbations.py), their vectors held to those of the text as it was. What
stands on the adapter is trained again after it.

Repeatable: seeded, but sums in half precision depend on threads and machine; how nearly a second
run comes to these figures has not been measured.

Measured: the cards of sentiment and signals say what reading gains, docs/decisions/0005 what was
tried before, docs/measurements.md what it does to themes.

Known weaknesses: Estonian news is read worse than by the packaged encoder (0.633 for 0.668), Czech
negated verbs are rare in what it saw, and it learned from reviews of hotels and medicine, patients'
verbatims and news; other trades are known from written examples only. See the cards of sentiment
and signals.
"""
