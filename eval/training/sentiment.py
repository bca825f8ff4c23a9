"""Trains `sentiment`: a small network over pooled layers, its confidence calibrated by language."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from eval import metrics
from eval.perturbations import KINDS
from eval.training.layers import whole_layers
from eval.training.sources import SEED, Row, say, sentiment_rows
from models import artifacts, sentiment
from models.contracts import LANGUAGES, OTHER, POLARITIES, TextEncoder, Vectors

SOURCES = {
    "sentiment_pl_hotels": 1.0,
    "sentiment_pl_medicine": 1.0,
    "sentiment_et_valence": 3.0,
    "feedback_en_nhs": 1.5,
    "emotions_xed.pl": 0.05,
    "emotions_xed.cs": 0.15,
    "emotions_xed.et": 0.15,
    "emotions_xed.en": 0.05,
    **{f"posts.{code}": 2.0 for code in LANGUAGES},
    **{f"signals.{code}": 0.3 for code in LANGUAGES},
}
"""How much a row of each source counts; emotions are a weak label, so they count little."""
PERTURBED_SHARE = 0.3
"""Training rows that are read once more, perturbed."""
PERTURBED = ("no_diacritics", "no_diacritics", "typos", "typos", "careless", "code_switching")
HIDDEN, EPOCHS, BATCH, RATE, DECAY, DROPOUT, SMOOTHING = 256, 6, 256, 1e-3, 0.1, 0.4, 0.05
_GRID = np.arange(0.4, 3.0, 0.02)
_BATCH = 512


def train(encoder: TextEncoder, data: Path) -> None:
    """Train the network, fit its temperatures on held-out rows, write it with its card."""
    rows = sentiment_rows(data)
    taught = [row for row in rows if not row.is_held_out]
    taught += _perturbed(taught)
    held = [row for row in rows if row.is_held_out and _tells(row)]
    say(f"sentiment: {len(taught)} texts to learn from, {len(held)} held out")
    arrays: dict[str, NDArray[Any]] = {
        name: values.astype(np.float16)
        for name, values in _fit_network(_layers(encoder, taught), taught).items()
    }
    plain = sentiment.SentimentModel(
        **{name: values.astype(np.float32) for name, values in arrays.items()},
        temperatures={OTHER: 1.0},
    )
    logits = plain.logits(_layers(encoder, held))
    temperatures = {code: _temperature(held, logits, code) for code in LANGUAGES}
    temperatures[OTHER] = round(float(np.mean(list(temperatures.values()))), 2)
    arrays["languages"] = np.array(list(temperatures))
    arrays["temperatures"] = np.array(list(temperatures.values()), np.float32)
    card = CARD.format(
        encoder=encoder.version,
        rows="\n".join(
            f"| {name} | {sum(row.source == name for row in taught)} | {weight} |"
            for name, weight in SOURCES.items()
        ),
        temperatures=", ".join(f"{code} {heat:.2f}" for code, heat in temperatures.items()),
        figures="\n".join(_figures(held, logits, temperatures)),
        seed=SEED,
        share=PERTURBED_SHARE,
        hidden=HIDDEN,
        epochs=EPOCHS,
        batch=BATCH,
        rate=RATE,
        decay=DECAY,
        dropout=DROPOUT,
        smoothing=SMOOTHING,
    )
    artifacts.save(
        artifacts.Artifact(sentiment.NAME, sentiment.VERSION, encoder.name, arrays), card
    )


def _perturbed(rows: Sequence[Row]) -> list[Row]:
    """A share of the rows as people might have typed them as well."""
    chance = random.Random(SEED)  # noqa: S311 - to repeat, not to hide
    chosen = [row for row in rows if chance.random() < PERTURBED_SHARE and _tells(row)]
    return [
        replace(row, text=KINDS[chance.choice(PERTURBED)](row.text, row.language, chance))
        for row in chosen
    ]


def _layers(encoder: TextEncoder, rows: Sequence[Row]) -> Vectors:
    parts = []
    for start in range(0, len(rows), _BATCH):
        own = rows[start : start + _BATCH]
        parts.append(
            whole_layers(encoder, [row.text for row in own], [row.language for row in own])
        )
        if start % (_BATCH * 10) == 0:
            say(f"sentiment: {start} of {len(rows)} texts encoded")
    return np.concatenate(parts)


def _fit_network(layers: Vectors, rows: Sequence[Row]) -> dict[str, Vectors]:
    import torch
    from torch import nn

    torch.manual_seed(SEED)
    inputs = torch.from_numpy(sentiment.features(layers))
    targets = torch.tensor([POLARITIES.index(row.label) for row in rows])
    weights = torch.tensor([SOURCES[row.source] for row in rows])
    mean, scale = inputs.mean(0), inputs.std(0) + 1e-6
    inputs = (inputs - mean) / scale
    hidden, output = nn.Linear(inputs.shape[1], HIDDEN), nn.Linear(HIDDEN, len(POLARITIES))
    network = nn.Sequential(nn.Dropout(DROPOUT), hidden, nn.GELU(), nn.Dropout(DROPOUT), output)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimiser, EPOCHS * -(-len(inputs) // BATCH)
    )
    for epoch in range(EPOCHS):
        losses = []
        order = torch.randperm(len(inputs))
        for start in range(0, len(order), BATCH):
            own = order[start : start + BATCH]
            loss = nn.functional.cross_entropy(
                network(inputs[own]), targets[own], reduction="none", label_smoothing=SMOOTHING
            )
            loss = (loss * weights[own]).mean()
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        say(f"sentiment: epoch {epoch + 1}/{EPOCHS}, loss {np.mean(losses):.4f}")
    with torch.no_grad():
        return {
            "mean": mean.numpy(),
            "scale": scale.numpy(),
            "hidden": hidden.weight.T.contiguous().numpy(),
            "hidden_bias": hidden.bias.numpy(),
            "output": output.weight.T.contiguous().numpy(),
            "output_bias": output.bias.numpy(),
        }


def _tells(row: Row) -> bool:
    """Emotions are a weak label, and signal examples are not drawn like answers to a survey."""
    return not row.source.startswith(("emotions", "signals"))


def _temperature(held: list[Row], logits: Vectors, code: str) -> float:
    """The temperature with the least log loss, each source of a language counting the same."""
    sources = sorted({row.source for row in held if row.language == code})

    def loss(heat: float) -> float:
        total = 0.0
        for source in sources:
            rows = [at for at, row in enumerate(held) if row.source == source]
            truth = [POLARITIES.index(held[at].label) for at in rows]
            shares = sentiment.softmax(logits[rows] / heat)
            total -= float(np.log(shares[np.arange(len(rows)), truth] + 1e-9).mean())
        return total

    return round(float(min(_GRID, key=loss)), 2)


def _figures(held: list[Row], logits: Vectors, temperatures: Mapping[str, float]) -> list[str]:
    lines = []
    for source in sorted({row.source for row in held}):
        rows = [at for at, row in enumerate(held) if row.source == source]
        heat = temperatures[held[rows[0]].language]
        shares = sentiment.softmax(logits[rows] / heat)
        truth = np.array([POLARITIES.index(held[at].label) for at in rows])
        guesses = shares.argmax(axis=1)
        score = f1_score(truth, guesses, labels=np.unique(truth), average="macro")
        error = metrics.calibration_error(shares.max(axis=1), guesses == truth)
        lines.append(f"| {source} | {len(rows)} | {score:.3f} | {error:.3f} |")
    return lines


CARD = """# sentiment

What: one hidden layer of {hidden} units over the standardised pooled layers of `{encoder}`, three
classes (negative, neutral, positive), logits divided by a temperature of the language:
{temperatures}.

Data (texts used for training with their perturbed copies, weight of a text):

| source | texts | weight |
|---|---|---|
{rows}

`sentiment_pl_*`: PolEmo 2.0 review sentences, CC BY-SA 4.0. `sentiment_et_valence`: Estonian
Valence Corpus, CC BY 4.0 by its corpus card (its code repository is GPL-3.0). `feedback_en_nhs`:
patient verbatims, MIT; four rows in five by a hash of the text. `emotions_xed`: XED subtitles,
CC BY 4.0, emotions read as polarity, four rows in five. `posts` and `signals`: written for this
project by a language model (eval/posts, three in four; eval/signals/train). No text of theirs is
kept in the artifact. Czech has no labelled reviews with a clean licence: it learns from subtitles,
from the written texts, and through the other languages.

Procedure: texts are read as the product does, from the length-weighted mean of their excerpts'
pooled layers; {share:.0%} of them once more as people might have typed them
(eval/perturbations.py). `make train DATA=... ONLY=sentiment`, seed {seed}, AdamW, rate {rate} with
cosine decay, weight decay {decay}, {epochs} epochs in batches of {batch}, dropout {dropout} before
and after the hidden layer, label smoothing {smoothing}. Each language's temperature is the one with
the least log loss on held-out rows, each source counting the same. Training twice
on one machine gives the same arrays (tests/eval/test_training.py does it on little data). Another
draw of the perturbed rows has moved figures by up to two points, on the own posts by up to ten.

Measured on rows that training did not see (macro F1 over the classes that occur, expected
calibration error over ten bins):

| source | rows | macro F1 | ECE |
|---|---|---|---|
{figures}

Aims missed: hotels 0.88, medicine 0.83, valence 0.69 and patients 0.76, polarity, and ECE 0.05 but
for hotels and medicine (docs/measurements.md). What was tried to reach them, in which
order and with what result, is in docs/decisions/0005.

Known weaknesses: Czech has no labelled reviews, and its negated verbs ("nepomohl") are at times
read as what they negate, so that a complaint can be taken for praise; Estonian rows are news
paragraphs and written posts; sarcasm, and neutral against weakly positive, are often mistaken. The
temperatures were fitted on the same held-out rows that are reported.
"""
