"""Reads signals by how words are spelt: a linear model over hashed runs of letters.

The encoder's layers tell meanings apart, but not always the words that customers of one country use
for them; which letters stand in a row tells those, whatever their endings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.contracts import Vectors
from models.folding import fold

ROWS = 2**15
"""Of the table; runs that share a row share its weights."""
SHORTEST, LONGEST = 3, 5
"""Letters of a run; the edge of a word counts as one."""
_READ_CHARACTERS = 2000
_ALPHABET = "abcdefghijklmnopqrstuvwxyz?"
_SIGNS = np.zeros(128, np.uint64)
_SIGNS[[ord(letter) for letter in _ALPHABET]] = np.arange(1, len(_ALPHABET) + 1)
_SIGNS[[ord(digit) for digit in "0123456789"]] = len(_ALPHABET) + 1
_BASE = np.uint64(len(_ALPHABET) + 2)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Fibonacci hashing: 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4)."""
_SHIFT = np.uint64(64 - (ROWS.bit_length() - 1))


@dataclass(frozen=True)
class Wording:
    """What each run of letters says of each signal.

    Attributes:
        table: (`ROWS`, s) int8.
        scales: (s,) float32, what one step in a column of the table is worth.
    """

    table: NDArray[np.int8]
    scales: Vectors

    @classmethod
    def silent(cls, count: int) -> Wording:
        """One that says nothing of any of `count` signals."""
        return cls(np.zeros((ROWS, count), np.int8), np.zeros(count, np.float32))

    def logits(self, texts: Sequence[str]) -> Vectors:
        """What the wording of n texts adds to each signal's logit: (n, s) float32."""
        found = np.zeros((len(texts), self.table.shape[1]), np.float32)
        for at, text in enumerate(texts):
            rows = rows_of(text)
            if len(rows):
                found[at] = self.table[rows].sum(axis=0, dtype=np.int32) / np.sqrt(len(rows))
        return found * self.scales


def rows_of(text: str) -> NDArray[np.intp]:
    """Rows of the table that stand for a text's runs of letters, each once, ascending.

    Case and accents do not count, any figure is like another, and but for the question mark no
    punctuation is read.
    """
    codes = np.frombuffer(fold(f" {text[:_READ_CHARACTERS]} ").encode("utf-32-le"), np.uint32)
    signs = np.where(codes < len(_SIGNS), _SIGNS[np.minimum(codes, len(_SIGNS) - 1)], 0)
    keys = []
    run, is_run = signs, signs > 0
    for length in range(2, LONGEST + 1):
        run = run[:-1] * _BASE + signs[length - 1 :]
        if length > 2:
            within = signs[length - 2 : -1] > 0
            is_run = within if length == SHORTEST else is_run[:-1] & within
            keys.append(run[is_run] + np.uint64(length << 40))
    rows: NDArray[np.intp] = np.unique(np.concatenate(keys) * _FACTOR >> _SHIFT).astype(np.intp)
    return rows
