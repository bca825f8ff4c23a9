"""Trains `neutral`, the language-neutral space, on translation pairs."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from eval.training.sources import pairs_by_language, read_concepts, say
from models import artifacts, neutral
from models.contracts import TextEncoder


def train(encoder: TextEncoder, data: Path) -> None:
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
    card = CARD.format(encoder=encoder.version, counts=counts, ridge=neutral.RIDGE)
    artifacts.save(artifacts.Artifact(neutral.NAME, neutral.VERSION, encoder.name, arrays), card)


CARD = """# neutral

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
