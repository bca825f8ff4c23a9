"""Trains the artifacts in models/artifacts: `python -m eval.train --data DIR`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval import datasets
from eval.reading import whole_layers
from models import artifacts, concepts, neutral, sentiment
from models.contracts import POLARITIES, TextEncoder, Vectors
from models.encoder import open_encoder

PAIRS_HELD_OUT = 10
"""One pair in ten is kept for the task `alignment`."""
FEEDBACK_HELD_OUT = 5
"""One verbatim in five of a file without a split is kept for the task `sentiment`."""
SEED = 20261122
CONCEPTS = Path(__file__).parent / "concepts"

SENTIMENT_WEIGHTS = {
    "sentiment_pl_hotels": 1.0,
    "sentiment_pl_medicine": 1.0,
    "sentiment_et_valence": 3.0,
    "feedback_en_nhs": 1.0,
    "emotions_xed.pl": 0.1,
    "emotions_xed.cs": 0.3,
    "emotions_xed.et": 0.3,
    "emotions_xed.en": 0.1,
}
"""How much a row of each source counts; emotions are a weak label, so they count little."""
TRAINED_ON = frozenset(name.partition(".")[0] for name in SENTIMENT_WEIGHTS)
"""Files whose rows training has seen, but for those held out."""
_HIDDEN, _EPOCHS, _BATCH, _RATE, _DECAY = 256, 14, 256, 1e-3, 0.1

Labelled = tuple[Vectors, NDArray[np.int64]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train one artifact or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data files")
    parser.add_argument("--home", type=Path, default=Path("var"), help="where the encoder lies")
    parser.add_argument("--only", choices=(neutral.NAME, concepts.NAME, sentiment.NAME))
    options = parser.parse_args(arguments)
    encoder = open_encoder(options.home / "encoder")
    if options.only in (None, neutral.NAME):
        train_neutral(encoder, options.data)
    if options.only in (None, concepts.NAME):
        train_concepts(encoder)
    if options.only in (None, sentiment.NAME):
        train_sentiment(encoder, options.data)


def pairs_by_language(data: Path, *, held_out: bool) -> dict[str, tuple[list[str], list[str]]]:
    """Translation pairs of `pairs.csv`: language -> (its sentences, English sentences)."""
    pairs: dict[str, tuple[list[str], list[str]]] = {}
    for row in datasets.read(data / "pairs.csv", ("language", "text", "english")).rows:
        if datasets.is_held_out(row["text"] + row["english"], PAIRS_HELD_OUT) == held_out:
            own, english = pairs.setdefault(row["language"], ([], []))
            own.append(row["text"])
            english.append(row["english"])
    return pairs


def train_neutral(encoder: TextEncoder, data: Path) -> None:
    """Fit the neutral space on nine tenths of the pairs and write it with its card."""
    texts = pairs_by_language(data, held_out=False)
    say(f"neutral: {sum(len(own) for own, _ in texts.values())} pairs")
    vectors = {
        code: (encoder.encode(own).vectors, encoder.encode(english).vectors)
        for code, (own, english) in texts.items()
    }
    examples = read_concepts()
    codes = np.array([row["language"] for row in examples])
    comments = encoder.encode([row["text"] for row in examples]).vectors
    space = neutral.fit(vectors, {code: comments[codes == code] for code in sorted(set(codes))})
    arrays = {
        "languages": np.array(space.languages),
        "means": space.means,
        "projection": space.projection.astype(np.float16),
    }
    counts = ", ".join(f"{code} {len(own)}" for code, (own, _) in sorted(texts.items()))
    card = NEUTRAL_CARD.format(encoder=encoder.version, counts=counts, ridge=neutral.RIDGE)
    artifacts.save(artifacts.Artifact(neutral.NAME, neutral.VERSION, encoder.name, arrays), card)


def read_concepts(folder: Path = CONCEPTS) -> list[dict[str, str]]:
    """Example comments by concept: rows with concept, text and language."""
    return [
        {**row, "language": path.stem}
        for path in datasets.find(folder, "*.csv")
        for row in datasets.read(path, ("concept", "text")).rows
    ]


def train_concepts(encoder: TextEncoder) -> None:
    """Fit the concept space on the example comments and write it with its card."""
    examples = read_concepts()
    say(f"concepts: {len(examples)} examples")
    codes = [row["language"] for row in examples]
    vectors = neutral.NeutralSpace.load(encoder.name).project(
        encoder.encode([row["text"] for row in examples]).vectors, codes
    )
    labels = [row["concept"] for row in examples]
    space = concepts.fit(vectors, labels)
    arrays = {
        "names": np.array(space.names),
        "projection": space.projection.astype(np.float16),
        "prototypes": space.prototypes.astype(np.float16),
    }
    figures = "\n".join(
        f"| {code} | {_transfer(vectors, labels, codes, code):.3f} |" for code in sorted(set(codes))
    )
    card = CONCEPTS_CARD.format(
        encoder=encoder.version,
        rows=len(examples),
        concepts=len(space.names),
        ridge=concepts.RIDGE,
        dimensions=concepts.DIMENSIONS,
        figures=figures,
    )
    artifacts.save(artifacts.Artifact(concepts.NAME, concepts.VERSION, encoder.name, arrays), card)


def _transfer(vectors: Vectors, labels: list[str], codes: list[str], held: str) -> float:
    """Share of one language's examples that a space of the other languages puts right."""
    own = np.array(codes) == held
    names = np.array(labels)
    space = concepts.fit(vectors[~own], names[~own].tolist())
    cosines = (vectors[own] @ space.projection) @ space.prototypes.T
    return float((np.array(space.names)[cosines.argmax(axis=1)] == names[own]).mean())


def train_sentiment(encoder: TextEncoder, data: Path) -> None:
    """Train the sentiment network, fit its temperature, and write it with its card."""
    train, held = sentiment_sets(encoder, data)
    arrays = _fit_network(train)
    model = sentiment.SentimentModel(**arrays, temperature=1.0)
    temperature = _fit_temperature(model, held)
    final: dict[str, NDArray[Any]] = {
        name: array.astype(np.float16) for name, array in arrays.items()
    }
    final["temperature"] = np.array(temperature, np.float32)
    rows = "\n".join(
        f"| {name} | {len(x)} | {SENTIMENT_WEIGHTS[name]} |" for name, (x, _) in train.items()
    )
    figures = "\n".join(
        f"| {name} | {len(x)} | {_macro_f1(model, x, y):.3f} |" for name, (x, y) in held.items()
    )
    card = SENTIMENT_CARD.format(
        encoder=encoder.version,
        rows=rows,
        figures=figures,
        seed=SEED,
        hidden=_HIDDEN,
        epochs=_EPOCHS,
        batch=_BATCH,
        rate=_RATE,
        decay=_DECAY,
        temperature=temperature,
    )
    artifacts.save(artifacts.Artifact(sentiment.NAME, sentiment.VERSION, encoder.name, final), card)


def sentiment_sets(
    encoder: TextEncoder, data: Path
) -> tuple[dict[str, Labelled], dict[str, Labelled]]:
    """Training and held-out sets by source: pooled layers (n, k, d) and classes (n,)."""
    train: dict[str, Labelled] = {}
    held: dict[str, Labelled] = {}
    for name, rows in _labelled_rows(data):
        code = name[-2:] if "." in name else datasets.language_of(name)
        for part, target in ((False, train), (True, held)):
            chosen = [(text, label) for text, label, is_held in rows if is_held == part]
            say(f"sentiment: {name} {'held out' if part else 'train'} {len(chosen)}")
            layers = whole_layers(encoder, [text for text, _ in chosen], code)
            classes = [POLARITIES.index(label) for _, label in chosen]
            target[name] = layers, np.array(classes)
    return train, held


def _labelled_rows(data: Path) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    sources = []
    for name in ("sentiment_pl_hotels", "sentiment_pl_medicine", "sentiment_et_valence"):
        rows = datasets.read(data / f"{name}.csv", ("text", "label", "split")).rows
        sources.append((name, [(r["text"], r["label"], r["split"] != "train") for r in rows]))
    name = "feedback_en_nhs"
    rows = datasets.read(data / f"{name}.csv", ("text", "sentiment")).rows
    sources.append(
        (name, [(r["text"], r["sentiment"], is_feedback_held_out(r["text"])) for r in rows])
    )
    emotions = datasets.read(data / "emotions_xed.csv", ("text", "language", "emotions")).rows
    for code in ("pl", "cs", "et", "en"):
        own = [r for r in emotions if r["language"] == code]
        sources.append(
            (
                f"emotions_xed.{code}",
                [
                    (r["text"], polarity_of(r["emotions"]), is_feedback_held_out(r["text"]))
                    for r in own
                ],
            )
        )
    return [(name, [row for row in rows if row[1] in POLARITIES]) for name, rows in sources]


def is_feedback_held_out(text: str) -> bool:
    """Whether a verbatim of a file without a split is kept from training."""
    return datasets.is_held_out(text, FEEDBACK_HELD_OUT)


def polarity_of(emotions: str) -> str:
    """Polarity behind XED's emotion numbers; empty where they are mixed or say neither.

    Joy (5) without a negative emotion is positive; anger (1), disgust (3) or sadness (6) without
    joy or trust (8) is negative. Anticipation, fear and surprise alone say too little.
    """
    kinds = set(emotions.split(","))
    if "5" in kinds and not kinds & {"1", "3", "4", "6"}:
        return "positive"
    if kinds & {"1", "3", "6"} and not kinds & {"5", "8"}:
        return "negative"
    return ""


def _fit_network(train: dict[str, Labelled]) -> dict[str, Vectors]:
    import torch
    from torch import nn

    torch.manual_seed(SEED)
    inputs = torch.from_numpy(
        np.concatenate([sentiment.features(layers) for layers, _ in train.values()])
    )
    targets = torch.from_numpy(np.concatenate([classes for _, classes in train.values()]))
    weights = torch.cat(
        [torch.full((len(x),), SENTIMENT_WEIGHTS[name]) for name, (x, _) in train.items()]
    )
    mean, scale = inputs.mean(0), inputs.std(0) + 1e-6
    inputs = (inputs - mean) / scale
    hidden, output = nn.Linear(inputs.shape[1], _HIDDEN), nn.Linear(_HIDDEN, len(POLARITIES))
    network = nn.Sequential(nn.Dropout(0.3), hidden, nn.GELU(), nn.Dropout(0.3), output)
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    steps = _EPOCHS * -(-len(inputs) // _BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for epoch in range(_EPOCHS):
        losses = []
        order = torch.randperm(len(inputs))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            loss = nn.functional.cross_entropy(
                network(inputs[rows]), targets[rows], reduction="none"
            )
            loss = (loss * weights[rows]).mean()
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        say(f"sentiment: epoch {epoch + 1}/{_EPOCHS}, loss {np.mean(losses):.4f}")
    with torch.no_grad():
        return {
            "mean": mean.numpy(),
            "scale": scale.numpy(),
            "hidden": hidden.weight.T.contiguous().numpy(),
            "hidden_bias": hidden.bias.numpy(),
            "output": output.weight.T.contiguous().numpy(),
            "output_bias": output.bias.numpy(),
        }


def _fit_temperature(model: sentiment.SentimentModel, held: dict[str, Labelled]) -> float:
    """Temperature with the least log loss, each review and feedback source counting the same."""
    sets = [
        (np.log(np.maximum(model.probabilities(layers), 1e-9)), classes)
        for name, (layers, classes) in held.items()
        if not name.startswith("emotions")
    ]

    def loss(temperature: float) -> float:
        total = 0.0
        for logs, classes in sets:
            scaled = logs / temperature
            scaled -= np.log(np.exp(scaled).sum(axis=1, keepdims=True))
            total -= float(scaled[np.arange(len(classes)), classes].mean())
        return total

    grid = np.arange(0.6, 3.0, 0.05)
    return round(float(min(grid, key=loss)), 2)


def _macro_f1(
    model: sentiment.SentimentModel, layers: Vectors, classes: NDArray[np.int64]
) -> float:
    from sklearn.metrics import f1_score

    guesses = model.probabilities(layers).argmax(axis=1)
    present = np.unique(classes)
    return float(f1_score(classes, guesses, labels=present, average="macro"))


def say(text: str) -> None:
    """Progress, on stderr."""
    sys.stderr.write(text + "\n")


CONCEPTS_CARD = """# concepts

What: a projection to {dimensions} directions and one prototype for each of {concepts} concepts of
customer feedback (see `models/concepts.py`), over the neutral space of `{encoder}`.

Data: {rows} example comments in eval/concepts, written for this project by a language model in the
four languages, the same number of each concept and language; licence as the project's. The sample
workspace was written apart from them.

Procedure: `make train DATA=...`, linear discriminant analysis with ridge {ridge}; deterministic.

Measured: share of a language's examples put to the right concept by a space of the other three:

| language | right |
|---|---|
{figures}

What it does for themes is in docs/measurements.md.

Known weaknesses: the concepts are those of services and shops; texts about anything else lie in it
as they happen to. The examples are no real customers' words.
"""

NEUTRAL_CARD = """# neutral

What: language means and a projection (see `models/neutral.py`) for vectors of `{encoder}`.

Data: `pairs.csv`, nine pairs in ten ({counts}; each with its English side). Tatoeba sentences,
CC BY 2.0 FR, https://tatoeba.org; subtitles of XED (Öhman et al. 2020), CC BY 4.0. The means are
those of the comments in eval/concepts, written for this project.

Procedure: `make train DATA=...`, ridge {ridge}; deterministic, no seed. The tenth that training
does not see is the task `alignment`.

Measured: run `odzew eval --data DIR --task alignment` and `--task topics`; the figures of the last
release are in docs/measurements.md.

Known weaknesses: Tatoeba and subtitles are everyday speech; long or technical sentences were not
seen. Languages other than pl, cs, et and en get the mean of the four means.
"""

SENTIMENT_CARD = """# sentiment

What: one hidden layer of {hidden} units over the standardised pooled layers of `{encoder}`, three
classes (negative, neutral, positive), probabilities divided by a temperature of {temperature}.

Data (rows used for training, weight of a row):

| source | rows | weight |
|---|---|---|
{rows}

`sentiment_pl_*`: PolEmo 2.0 review sentences, CC BY-SA 4.0. `sentiment_et_valence`: Estonian
Valence Corpus, CC BY 4.0 by its corpus card (its code repository is GPL-3.0).
`feedback_en_nhs`: patient verbatims, MIT; four rows in five by a hash of the text.
`emotions_xed`: XED subtitles, CC BY 4.0, emotions read as polarity, four rows in five. No text of
theirs is kept in the artifact.

Procedure: texts are read as the product does, from the length-weighted mean of their excerpts'
pooled layers. `make train DATA=...`, seed {seed}, AdamW, rate {rate} with cosine decay, weight
decay {decay}, {epochs} epochs in batches of {batch}, dropout 0.3 before and after the hidden layer.
The temperature is the one with the least log loss on the held-out rows of reviews and feedback.

Measured on rows that training did not see (macro F1 over the classes that occur):

| source | rows | macro F1 |
|---|---|---|
{figures}

Known weaknesses: Czech has no labelled reviews (subtitles and transfer only); Estonian rows are
news paragraphs; sarcasm, and neutral against weakly positive, are often mistaken. The temperature
was fitted on the same held-out rows that are reported.
"""

if __name__ == "__main__":
    main()
