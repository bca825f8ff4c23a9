"""Trains the artifacts in models/artifacts: `python -m eval.train --data DIR`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.training import concepts, language, neutral, sentiment, signals
from models.contracts import TextEncoder
from models.encoder import open_encoder

ARTIFACTS: dict[str, Callable[[TextEncoder, Path], None]] = {
    "language": lambda _, data: language.train(data),
    "neutral": neutral.train,
    "concepts": lambda encoder, _: concepts.train(encoder),
    "sentiment": sentiment.train,
    "signals": lambda encoder, _: signals.train(encoder),
}
"""In the order in which they stand on each other."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Train one artifact or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data files")
    parser.add_argument("--home", type=Path, default=Path("var"), help="where the encoder lies")
    parser.add_argument("--only", choices=ARTIFACTS)
    options = parser.parse_args(arguments)
    encoder = open_encoder(options.home / "encoder")
    for name, train in ARTIFACTS.items():
        if options.only in (None, name):
            train(encoder, options.data)


if __name__ == "__main__":
    main()
