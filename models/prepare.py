"""Makes the encoder ready ahead of the first start: `python -m models.prepare FOLDER`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from models.contracts import ModelError
from models.encoder import open_encoder


def main() -> int:
    """Decode the weights and build the fast path; 2 with a sentence where that fails."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("models").setLevel(logging.INFO)
    if len(sys.argv) != 2:
        sys.stderr.write("Usage: python -m models.prepare FOLDER\n")
        return 2
    try:
        encoder = open_encoder(Path(sys.argv[1]))
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write(f"Encoder ready: {encoder.version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
