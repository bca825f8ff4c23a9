"""The encoder's int8 fast path on onnxruntime: built once, checked against float32, then served."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from models.contracts import Encoded
from models.encoder import PREFIX, Row, TorchEncoder, Windows

FORMAT = 5
"""Raised when the graph or its quantisation changes, so that old ones are built again."""
OUTPUTS = ("vectors", "layers", "states")
"""What the graph gives, as `models.network.PooledNetwork` does."""
MIN_COSINE = 0.98
MIN_MEAN_COSINE = 0.99
_WAITING = 2
"""Windows a caller hands over ahead, to each core; others' windows come in between."""
_MODEL, _CARD, _TOKENIZER = "model.onnx", "card.json", "tokenizer.json"

_CHECK_TEXTS = (
    "Kurier nawet nie zadzwonił, tylko zostawił awizo.",
    "Paczka przyszła w terminie, dziękuję!",
    "Czekam na zwrot pieniędzy od trzech tygodni i nikt nie odbiera telefonu",
    "super",
    "Balík dorazil s dvoudenním zpožděním a krabice byla promáčklá.",
    "Paní na výdejním místě byla moc milá.",
    "Aplikace mě pořád odhlašuje, nedá se to používat",
    "ok",
    "Pakiautomaadi uks ei avanenud ja klienditugi ei vastanud.",
    "Väga kiire ja mugav teenus, aitäh!",
    "Hind on jälle tõusnud, aga teenus pole paremaks läinud.",
    "korras",
    "The parcel was left in the rain and the box fell apart.",
    "Quick, easy, no complaints.",
    "I have called three times and nobody could tell me where my order is.",
    "Why do I have to print the label myself in 2026?",
)

log = logging.getLogger(__name__)


class FastPathError(Exception):
    """The int8 fast path cannot be built here."""


class OnnxEncoder:
    """The encoder in int8, through onnxruntime."""

    def __init__(self, session: Any, tokenizer: Any, name: str) -> None:
        self.session = session
        self.tokenizer = tokenizer
        self.name = name
        self.version = f"{name}+int8.{FORMAT}"
        _, layers, dimensions = session.get_outputs()[1].shape
        self.dimensions: int = dimensions
        self._shape = (layers, dimensions)
        self._ahead = _WAITING * _cores()
        self._threads = ThreadPoolExecutor(_cores(), thread_name_prefix="encode")

    def encode(self, texts: Sequence[str]) -> Encoded:
        """See `TextEncoder.encode`.

        Each text goes through alone, several at once: int8 ranges are taken over a whole batch,
        so that in a batch a text's vector would depend on its neighbours. Callers take turns: one
        with a few windows does not wait until another's thousand have passed.
        """
        windows = Windows.cut(self.tokenizer.encode_batch([PREFIX + text for text in texts]))
        return windows.join(list(self._in_turn(windows.rows)), self._shape)

    def _in_turn(self, rows: Sequence[list[int]]) -> Iterator[Row]:
        running: deque[Future[Row]] = deque()
        for row in rows:
            if len(running) == self._ahead:
                yield running.popleft().result()
            running.append(self._threads.submit(self._row, row))
        while running:
            yield running.popleft().result()

    def _row(self, ids: list[int]) -> Row:
        given = {"ids": np.array([ids], np.int64), "mask": np.ones((1, len(ids)), np.int64)}
        vectors, layers, states = self.session.run(list(OUTPUTS), given)
        return Row(vectors[0], layers[0], states[0])


def open_built(folder: Path, name: str) -> OnnxEncoder | None:
    """Open the fast path that an earlier `build` left, or None where it must be built (again)."""
    try:
        card = json.loads((folder / _CARD).read_text("utf-8"))
        model = folder / _MODEL
        if card["format"] != FORMAT or card["bytes"] != model.stat().st_size:
            return None
        return _open(folder, name)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    except Exception as error:  # onnxruntime raises its own kinds for a damaged model
        log.warning("%s is damaged and is built again: %s", folder, error)
        return None


def build(exact: TorchEncoder, folder: Path) -> OnnxEncoder:
    """Export, quantise and check the encoder; the folder appears in one step.

    Raises:
        FastPathError: a step failed, or the vectors differ too much from float32's.
    """
    log.info("Building the int8 fast path in %s (once, about a minute)", folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        _export(exact, scratch / "float.onnx")
        _quantise(scratch / "float.onnx", scratch / _MODEL)
        exact.model.tokenizer.backend_tokenizer.save(str(scratch / _TOKENIZER))
        figures = _compare(exact, _open(scratch, exact.name))
        for path in scratch.glob("float.onnx*"):
            path.unlink()
        size = (scratch / _MODEL).stat().st_size
        card = {"format": FORMAT, "bytes": size, "source": exact.version, **figures}
        (scratch / _CARD).write_text(json.dumps(card, indent=1), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        scratch.chmod(0o755)  # readable when another user serves, as in the image
        scratch.rename(folder)
        return _open(folder, exact.name)
    except FastPathError:
        raise
    except Exception as error:
        raise FastPathError(f"{type(error).__name__}: {error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _open(folder: Path, name: str) -> OnnxEncoder:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(folder / _MODEL), sess_options=options, providers=["CPUExecutionProvider"]
    )
    # Not through transformers, which would load PyTorch: serving does without either.
    tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return OnnxEncoder(session, tokenizer, name)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _export(exact: TorchEncoder, path: Path) -> None:
    import torch

    ids = torch.tensor([[0, 41, 1294, 12, 2], [0, 41, 12, 2, 1]])
    mask = (ids != 1).long()
    texts, tokens = torch.export.Dim("texts", min=1), torch.export.Dim("tokens", min=2)
    dynamic = {"ids": {0: texts, 1: tokens}, "mask": {0: texts, 1: tokens}}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            exact.network,
            (ids, mask),
            str(path),
            dynamo=True,
            input_names=["ids", "mask"],
            output_names=list(OUTPUTS),
            dynamic_shapes=dynamic,
            verbose=False,
        )


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Seven bits: without VNNI, processors add products in 16 bits, which eight would overflow.
    quantize_dynamic(
        source, target, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
    )


def _compare(exact: TorchEncoder, fast: OnnxEncoder) -> dict[str, float]:
    cosines = np.sum(exact.encode(_CHECK_TEXTS).vectors * fast.encode(_CHECK_TEXTS).vectors, axis=1)
    lowest, mean = float(cosines.min()), float(cosines.mean())
    if lowest < MIN_COSINE or mean < MIN_MEAN_COSINE:
        raise FastPathError(f"cosine with float32 is {mean:.4f} on average, {lowest:.4f} at least")
    return {"min_cosine": round(lowest, 5), "mean_cosine": round(mean, 5)}
