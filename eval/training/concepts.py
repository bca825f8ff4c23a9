"""Trains `concepts`, the directions that set root causes apart, on the example comments."""

from __future__ import annotations

import numpy as np

from eval.training.sources import read_concepts, say
from models import artifacts, concepts
from models.contracts import TextEncoder, Vectors


def train(encoder: TextEncoder) -> None:
    """Fit the concept space on the example comments and write it with its card."""
    examples = read_concepts()
    say(f"concepts: {len(examples)} examples")
    codes = [row["language"] for row in examples]
    last = encoder.encode([row["text"] for row in examples]).layers[:, -1]
    labels = [row["concept"] for row in examples]
    space = concepts.fit(last, codes, labels)
    arrays = {
        "names": np.array(space.names),
        "languages": np.array(space.languages),
        "means": space.means,
        "projection": space.projection.astype(np.float16),
        "prototypes": space.prototypes.astype(np.float16),
    }
    figures = "\n".join(
        f"| {code} | {_transfer(last, labels, codes, code):.3f} |" for code in sorted(set(codes))
    )
    card = CARD.format(
        encoder=encoder.version,
        rows=len(examples),
        concepts=len(space.names),
        ridge=concepts.RIDGE,
        dimensions=concepts.DIMENSIONS,
        figures=figures,
    )
    artifacts.save(artifacts.Artifact(concepts.NAME, concepts.VERSION, encoder.name, arrays), card)


def _transfer(last: Vectors, labels: list[str], codes: list[str], held: str) -> float:
    """Share of one language's examples that a space of the other languages puts right."""
    own = np.array(codes) == held
    names = np.array(labels)
    spoken = np.array(codes)
    space = concepts.fit(last[~own], spoken[~own].tolist(), names[~own].tolist())
    unit = last[own] / np.linalg.norm(last[own], axis=1, keepdims=True)
    projected = (unit - unit.mean(axis=0)) @ space.projection
    cosines = projected @ space.prototypes.T
    return float((np.array(space.names)[cosines.argmax(axis=1)] == names[own]).mean())


CARD = """# concepts

What: a projection to {dimensions} directions and one prototype for each of {concepts} concepts of
customer feedback (see `models/concepts.py`), over the last pooled layer of `{encoder}`,
with the mean of each language.

Data: {rows} example comments in eval/concepts, written for this project by a language model in the
four languages, the same number of each concept and language; licence as the project's. The sample
workspace was written apart from them.

Procedure: `make train DATA=...`, linear discriminant analysis with ridge {ridge}; deterministic.

Measured: share of a language's examples put to the right concept by a space of the other three, its
own mean taken away:

| language | right |
|---|---|
{figures}

What it does for themes is in docs/measurements.md.

Known weaknesses: the concepts are those of services and shops; texts about anything else lie in it
as they happen to. The examples are no real customers' words.
"""
