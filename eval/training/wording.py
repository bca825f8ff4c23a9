"""Teaches what runs of letters say of each signal: a logistic regression each, kept in int8."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from models.wording import ROWS, Wording, rows_of

STRENGTH = 60.0
"""Inverse of the ridge (scikit-learn's C)."""
_STEPS = 127


def teach(texts: Sequence[str], truth: NDArray[np.bool_]) -> Wording:
    """Learn from n texts and which of s signals each carries, (n, s); deterministic."""
    inputs = _counted(texts)
    weights = np.stack(
        [
            LogisticRegression(C=STRENGTH, solver="liblinear").fit(inputs, column).coef_[0]
            for column in truth.T
        ],
        axis=1,
    )
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-12) / _STEPS
    return Wording(np.round(weights / scales).astype(np.int8), scales.astype(np.float32))


def _counted(texts: Sequence[str]) -> sparse.csr_matrix:
    """One line a text, its rows at the square root of their number, as `Wording` reads it."""
    rows = [rows_of(text) for text in texts]
    ends = np.cumsum([0, *map(len, rows)])
    values = np.concatenate([np.full(len(own), 1 / np.sqrt(max(len(own), 1))) for own in rows])
    return sparse.csr_matrix((values, np.concatenate(rows), ends), shape=(len(texts), ROWS))
