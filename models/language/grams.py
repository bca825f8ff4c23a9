"""Turns words into rows of a table: hashed runs of letters, whole words, letters with marks."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.language.letters import Letters

LONGEST = 5
"""Longest run of letters; the edge of a word counts as a letter."""
_WORD, _MARK, _MARK_AFTER, _MARK_BEFORE, _MARKED_WORD = range(LONGEST, LONGEST + 5)
_SLOTS = LONGEST + 5
_SPACE = ord(" ")
_ALPHABET = np.uint64(27)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Fibonacci hashing: 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4)."""
_HALF = np.uint64(32)


def rows_of(texts: Sequence[Letters], rows: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Rows of a hashed table that describe each text.

    A text is described by its runs of 1 to `LONGEST` plain letters inside words, its plain words,
    and each letter with a mark: alone, with the plain letter before or after, and in its word.

    Args:
        texts: n texts, at least one.
        rows: rows of the table.

    Returns:
        Rows of all texts in a row, (m,), each below `rows`, and how many are of each text, (n,).
    """
    plain = "".join(text.plain for text in texts)
    codes = np.frombuffer(plain.encode("ascii"), np.uint8)
    is_letter = codes != _SPACE
    keys = np.zeros((len(codes), _SLOTS), np.uint64)
    numbers = np.where(is_letter, codes - np.uint8(ord("a") - 1), 0).astype(np.uint64)
    _runs(numbers, is_letter, keys)
    starts = np.flatnonzero(is_letter & ~np.roll(is_letter, 1))
    keys[starts, _WORD] = [_key(word, _WORD) for word in plain.split()]
    written = "".join(text.written for text in texts)
    if not written.isascii():
        _marks(written, numbers, starts, keys)
    filled = keys != 0
    found = ((keys[filled] * _FACTOR >> _HALF) * np.uint64(rows)) >> _HALF
    ends = np.cumsum([len(text.plain) for text in texts])
    counts = np.add.reduceat(filled.sum(axis=1), np.concatenate(([0], ends[:-1])))
    return found.astype(np.int32), counts


def _runs(
    numbers: NDArray[np.uint64], is_letter: NDArray[np.bool_], keys: NDArray[np.uint64]
) -> None:
    """Fill in runs of letters; a space may only be a run's first or last letter."""
    size = len(numbers)
    run, inside = numbers, np.ones(size, np.bool_)
    keys[:, 0] = np.where(is_letter, _tagged(run, 0), 0)
    for length in range(2, min(LONGEST, size) + 1):
        count = size - length + 1
        run = run[:count] * _ALPHABET + numbers[length - 1 :]
        if length == 2:
            is_run = is_letter[:-1] | is_letter[1:]
        else:
            inside = inside[:count] & is_letter[length - 2 : length - 2 + count]
            is_run = inside
        keys[:count, length - 1] = np.where(is_run, _tagged(run, length - 1), 0)


def _marks(
    written: str,
    numbers: NDArray[np.uint64],
    starts: NDArray[np.int64],
    keys: NDArray[np.uint64],
) -> None:
    points = np.frombuffer(written.encode("utf-32-le"), np.uint32).astype(np.uint64)
    at = np.flatnonzero(points > 127)
    keys[at, _MARK] = _tagged(points[at], _MARK)
    keys[at, _MARK_AFTER] = _tagged(points[at] * _ALPHABET + numbers[at - 1], _MARK_AFTER)
    keys[at, _MARK_BEFORE] = _tagged(points[at] * _ALPHABET + numbers[at + 1], _MARK_BEFORE)
    for start, word in zip(starts, written.split(), strict=True):
        if not word.isascii():
            keys[start, _MARKED_WORD] = _key(word, _MARKED_WORD)


def _tagged(values: NDArray[np.uint64], slot: int) -> NDArray[np.uint64]:
    return values + np.uint64((slot + 1) << 40)


def _key(word: str, slot: int) -> int:
    return zlib.crc32(word.encode()) + ((slot + 1) << 40)
