"""Reads whole texts as the product does: from the one pass over their excerpts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.contracts import LANGUAGES, OTHER, TextEncoder, Vectors
from models.excerpts import split
from models.sentiment import of_whole


def whole_layers(encoder: TextEncoder, texts: Sequence[str], language: str) -> Vectors:
    """Pooled layers of whole texts, (n, k, d) float32; a text without excerpts is encoded as it is.

    Args:
        encoder: the encoder.
        texts: n texts.
        language: code of all of them; one that is not read is split at sentences only.
    """
    code = language if language in LANGUAGES else OTHER
    cut = [split(text, code) for text in texts]
    parts = [
        [excerpt.text for excerpt in excerpts] or [text]
        for excerpts, text in zip(cut, texts, strict=True)
    ]
    layers = encoder.encode([part for own in parts for part in own]).layers
    wholes, start = [], 0
    for own in parts:
        lengths = [max(len(part), 1) for part in own]
        wholes.append(of_whole(layers[start : start + len(own)], lengths))
        start += len(own)
    return np.concatenate(wholes) if wholes else layers
