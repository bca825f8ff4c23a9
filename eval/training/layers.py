"""Pooled layers of whole texts, from the pass over their excerpts, as the product reads them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.contracts import TextEncoder, Vectors
from models.sentiment import of_whole
from pipelines.page import Comment, Page


def whole_layers(encoder: TextEncoder, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
    """Pooled layers of whole texts; a text without excerpts is encoded as it is.

    Args:
        encoder: the encoder.
        texts: n texts, one at least.
        languages: their codes.

    Returns:
        (n, k, d) float32.
    """
    pages = [Page.of(Comment(text), code) for text, code in zip(texts, languages, strict=True)]
    parts = [page.forms or [page.comment.text] for page in pages]
    layers = encoder.encode([part for own in parts for part in own]).layers
    wholes, start = [], 0
    for page, own in zip(pages, parts, strict=True):
        lengths = [max(one.end - one.start, 1) for one in page.excerpts] or [1]
        wholes.append(of_whole(layers[start : start + len(own)], lengths))
        start += len(own)
    return np.concatenate(wholes)
