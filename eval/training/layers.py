"""Pooled layers of texts' excerpts and of whole texts, from one pass, as the product reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.contracts import TextEncoder, Vectors
from pipelines.page import Comment, Page


@dataclass(frozen=True)
class ReadTexts:
    """Texts as laid out for the encoder, and what it gave for their excerpts.

    Attributes:
        layers: (m, k, d) float32, of all excerpts.
        owners: (m,) which of n texts each belongs to.
        lengths: (m,) characters of each.
        words: of each excerpt, as people see it.
    """

    layers: Vectors
    owners: NDArray[np.intp]
    lengths: NDArray[np.intp]
    words: list[str]

    @classmethod
    def of(cls, encoder: TextEncoder, texts: Sequence[str], languages: Sequence[str]) -> ReadTexts:
        """Encode n texts; one without excerpts is encoded as it is."""
        forms: list[str] = []
        words: list[str] = []
        owners: list[int] = []
        for at, (text, code) in enumerate(zip(texts, languages, strict=True)):
            page = Page.of(Comment(text), code)
            forms += page.forms or [text]
            own = [piece.text for piece in page.pieces] or [text]
            words += own
            owners += [at] * len(own)
        lengths = np.array([max(len(one), 1) for one in words], np.intp)
        return cls(encoder.encode(forms).layers, np.array(owners, np.intp), lengths, words)

    @property
    def wholes(self) -> Vectors:
        """Pooled layers of whole texts, means weighted by lengths: (n, k, d) float32."""
        shares = self.lengths / np.bincount(self.owners, self.lengths)[self.owners]
        starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        wholes: Vectors = np.add.reduceat(
            self.layers * shares[:, None, None].astype(np.float32), starts
        )
        return wholes

    def largest(self, values: Vectors) -> Vectors:
        """Of each text the largest of its excerpts' values: (m, c) -> (n, c)."""
        starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        found: Vectors = np.maximum.reduceat(values, starts)
        return found
