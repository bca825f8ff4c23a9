"""The taxonomy a workspace uses, with its vectors, which are kept in a file once they are made."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np

from models import artifacts, concepts, neutral
from pipelines.theme_life.touchpoints import (
    SHIPPED,
    Taxonomy,
    TaxonomyError,
    Touchpoint,
    read_taxonomy,
    taxonomy_of,
)
from pipelines.understanding import Reader

log = logging.getLogger(__name__)


def touchpoints_in_use(own: str | None) -> tuple[Touchpoint, ...]:
    """The touchpoints of `taxonomy_in_use`, without vectors: what pages show needs no models."""
    return _read(own)[1]


def taxonomy_in_use(
    own: str | None, folder: Path, encoder: str, reader: Callable[[], Reader]
) -> Taxonomy:
    """The workspace's own taxonomy, or the one shipped.

    Args:
        own: its YAML, None for the one shipped.
        folder: where vectors are kept.
        encoder: name of the encoder.
        reader: gives the models, where vectors have to be made.
    """
    content, touchpoints = _read(own)
    learned = "".join(artifacts.fingerprint(name) for name in (neutral.NAME, concepts.NAME))
    key = hashlib.sha256("\n".join((encoder, learned, content)).encode()).hexdigest()[:16]
    path = folder / f"{key}.npy"
    if path.is_file():
        try:
            vectors = np.load(path, allow_pickle=False)
            if vectors.ndim == 2 and len(vectors) == len(touchpoints):
                return Taxonomy(touchpoints, vectors)
        except (OSError, ValueError):
            log.warning("%s is damaged and made anew.", path)
    made = taxonomy_of(touchpoints, reader())
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part.npy")
    np.save(unfinished, made.vectors)
    unfinished.replace(path)
    return made


@lru_cache(maxsize=32)
def _read(own: str | None) -> tuple[str, tuple[Touchpoint, ...]]:
    """The YAML in use and what stands in it."""
    if own is not None:
        try:
            return own, read_taxonomy(own)
        except TaxonomyError as error:  # stored by a version that took what this one does not
            log.warning("The stored taxonomy is not used: %s", error)
    shipped = SHIPPED.read_text("utf-8")
    return shipped, read_taxonomy(shipped)
