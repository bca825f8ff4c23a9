"""Task `alignment`: does a sentence find its own translation among many, both ways?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from eval.results import Result
from eval.training.sources import pairs_by_language
from models.neutral import PIVOT
from pipelines.understanding import Reader

NAME = "alignment"


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure the tenth of `pairs.csv` that training does not see."""
    if data is None or not (data / "pairs.csv").is_file():
        return
    for code, (own, english) in sorted(pairs_by_language(data, held_out=True).items()):
        left = reader.neutral.project(reader.encoder.encode(own).vectors, [code] * len(own))
        right = reader.neutral.project(
            reader.encoder.encode(english).vectors, [PIVOT] * len(english)
        )
        cosines = left @ right.T
        place = np.arange(len(own))
        values = {
            "to_english": float((cosines.argmax(axis=1) == place).mean()),
            "from_english": float((cosines.argmax(axis=0) == place).mean()),
        }
        yield Result(NAME, "pairs", code, len(own), values)
