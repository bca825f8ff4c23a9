"""Trains the artifacts in models/artifacts: `python -m eval.train --data DIR`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.training import adapter, concepts, language, neutral, sentiment, signals
from models.contracts import TextEncoder
from models.encoder import open_encoder

OVER_THE_ENCODER: dict[str, Callable[[TextEncoder, Path], None]] = {
    "neutral": neutral.train,
    "concepts": lambda encoder, _: concepts.train(encoder),
    "sentiment": sentiment.train,
    "signals": lambda encoder, _: signals.train(encoder),
}
"""Artifacts that stand on the encoder, in the order in which they stand on each other."""
ARTIFACTS = ("language", "adapter", *OVER_THE_ENCODER)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train one artifact or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data files")
    parser.add_argument("--home", type=Path, default=Path("var"), help="where the encoder lies")
    parser.add_argument("--only", choices=ARTIFACTS)
    parser.add_argument("--encoder", help="instead of the packaged one, which alone is adapted")
    options = parser.parse_args(arguments)
    wanted = ARTIFACTS if options.only is None else (options.only,)
    cache = options.home / "encoder"
    if "language" in wanted:
        language.train(options.data)
    if "adapter" in wanted and options.encoder is None:
        adapter.train(cache, options.data)
    for name, train in OVER_THE_ENCODER.items():
        if name in wanted:
            train(open_encoder(cache, options.encoder), options.data)


if __name__ == "__main__":
    main()
