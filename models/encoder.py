"""Turns texts into vectors: the sentence-transformers model, and the choice of its fast path."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models import adapter, artifacts, bundle
from models.contracts import BundleError, Encoded, TextEncoder, Tokens, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PREFIX = "query: "
"""What e5 models expect before a text that is compared with other texts of its kind."""
BATCH_TEXTS = 32
BATCH_TOKENS = 1_536
"""Padding included; bounds the memory that a batch of long texts takes."""
MAX_TOKENS = 256
"""Of one window, special tokens and prefix included."""
_LAYER_DEPTHS = (1 / 4, 1 / 2, 2 / 3, 3 / 4, 5 / 6, 11 / 12, 1.0)

log = logging.getLogger(__name__)


class TorchEncoder:
    """The encoder in float32, through sentence-transformers on PyTorch."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        from models.network import PooledNetwork

        self.model = model
        self.name = name
        self.version = f"{name}+fp32"
        first: Any = model[0]
        encoder: Any = first.auto_model
        self.dimensions: int = encoder.config.hidden_size
        self.pooled_layers = pooled_layers(encoder.config.num_hidden_layers)
        self.network = PooledNetwork(encoder, self.pooled_layers).eval()

    @classmethod
    def load(cls, model_id: str | Path, name: str) -> TorchEncoder:
        """Load a sentence-transformers folder or hub id.

        Raises:
            BundleError: sentence-transformers cannot load it.
        """
        from sentence_transformers import SentenceTransformer

        quiet_transformers()
        try:
            model = SentenceTransformer(str(model_id), device="cpu")
        except Exception as error:
            raise BundleError(
                f"The encoder {model_id} cannot be loaded: {error}. Set ODZEW_ENCODER to a "
                "sentence-transformers model id or folder, or leave it unset for the packaged one."
            ) from error
        return cls(model, name)

    @classmethod
    def adapted(cls, cache: Path) -> TorchEncoder:
        """The packaged encoder with the adapter's changes.

        Args:
            cache: folder for decoded weights.

        Raises:
            BundleError: the weights are missing or altered.
            ArtifactError: see `adapter.apply`.
        """
        encoder = cls.load(bundle.ensure_folder(cache), encoder_name())
        adapter.apply(encoder.network, bundle.FOLDER_NAME)
        return encoder

    def encode(self, texts: Sequence[str]) -> Encoded:
        """See `TextEncoder.encode`."""
        found = [self.tokenizer.encode(PREFIX + text) for text in texts]
        windows = Windows.cut(found)
        shape = len(self.pooled_layers), self.dimensions
        return windows.join(self._sorted(windows.rows), shape)

    @property
    def tokenizer(self) -> Any:
        """The `tokenizers` tokenizer."""
        return self.model.tokenizer.backend_tokenizer

    def _sorted(self, rows: Sequence[list[int]]) -> list[Row]:
        """Encode in batches of like length, so that little is spent on padding."""
        import torch

        passed: list[Row | None] = [None] * len(rows)
        for chosen in _batches([len(row) for row in rows]):
            longest = len(rows[chosen[-1]])
            ids = torch.ones(len(chosen), longest, dtype=torch.long)
            mask = torch.zeros(len(chosen), longest, dtype=torch.long)
            for at, row in enumerate(chosen):
                ids[at, : len(rows[row])] = torch.tensor(rows[row])
                mask[at, : len(rows[row])] = 1
            with torch.inference_mode():
                parts = [part.numpy() for part in self.network(ids, mask)]
            for at, row in enumerate(chosen):
                vector, layers, states = (part[at] for part in parts)
                passed[row] = Row(vector, layers, states[: len(rows[row])])
        return [row for row in passed if row is not None]


def quiet_transformers() -> None:
    """Keep transformers' load reports and progress bars off people's screens."""
    from transformers.utils import logging as theirs

    untyped: Any = theirs
    untyped.set_verbosity_error()
    untyped.disable_progress_bar()


def pooled_layers(depth: int) -> tuple[int, ...]:
    """Layers whose states are pooled: 3, 6, 8-12 of twelve, the same depths of any other."""
    return tuple(sorted({max(1, round(depth * share)) for share in _LAYER_DEPTHS}))


class Row(NamedTuple):
    """What the network gives for one window: vector (d,), layers (k, d), states (t, d)."""

    vector: Vectors
    layers: Vectors
    states: Vectors


@dataclass(frozen=True)
class Windows:
    """Texts as rows of token ids that the network can take; a long text is several of them.

    Attributes:
        rows: m lists of at most `MAX_TOKENS` ids, special tokens and prefix in each.
        shares: of each of n texts, how many tokens of it each of its rows holds.
        opening: how many tokens each text's rows begin with that are not its own.
        spans: of each text's own tokens, offsets into the text.
    """

    rows: list[list[int]]
    shares: list[list[int]]
    opening: list[int]
    spans: list[tuple[tuple[int, int], ...]]

    @classmethod
    def cut(cls, found: Sequence[Any]) -> Windows:
        """Cut texts of any length; nothing is left out.

        Args:
            found: what a `tokenizers` tokenizer says of each prefixed text.
        """
        windows = cls([], [], [], [])
        for one in found:
            ids = list(one.ids)
            first = next(
                (at for at, (_, end) in enumerate(one.offsets) if end > len(PREFIX)), len(ids) - 1
            )
            opening, body, closing = ids[:first], ids[first:-1], ids[-1:]
            room = MAX_TOKENS - first - 1
            parts = [body[at : at + room] for at in range(0, max(len(body), 1), room)]
            windows.rows.extend([*opening, *part, *closing] for part in parts)
            windows.shares.append([max(len(part), 1) for part in parts])
            windows.opening.append(first)
            windows.spans.append(
                tuple(
                    (max(start - len(PREFIX), 0), max(end - len(PREFIX), 0))
                    for start, end in one.offsets[first:-1]
                )
            )
        return windows

    def join(self, rows: Sequence[Row], shape: tuple[int, int]) -> Encoded:
        """One row a text: the mean of its windows weighted by their lengths, its tokens in line.

        Args:
            rows: what the network gave for each of `rows`.
            shape: (k, d), which is needed where there is no text.
        """
        vectors, layers, tokens, start = [], [], [], 0
        for shares, first, spans in zip(self.shares, self.opening, self.spans, strict=True):
            own = rows[start : start + len(shares)]
            start += len(shares)
            states = [row.states[first:-1].astype(np.float16) for row in own]
            tokens.append(Tokens(states[0] if len(own) == 1 else np.concatenate(states), spans))
            vectors.append(_mean([row.vector for row in own], shares))
            layers.append(_mean([row.layers for row in own], shares))
        units = unit_rows(np.array(vectors, np.float32).reshape(-1, shape[1]))
        return Encoded(units, np.array(layers, np.float32).reshape(-1, *shape), tuple(tokens))


def _mean(arrays: Sequence[Vectors], weights: Sequence[int]) -> Vectors:
    """Weighted mean; of one array, itself."""
    if len(arrays) == 1:
        return arrays[0]
    mean: Vectors = np.average(arrays, axis=0, weights=weights)
    return mean


def unit_rows(vectors: Vectors) -> Vectors:
    """Rows brought to unit length: (n, d) float32 -> (n, d) float32."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(norms, 1e-12)
    return scaled


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    batch: list[int] = []
    for at in order:  # the newest is the longest, so it says what padding would cost
        if batch and (len(batch) == BATCH_TEXTS or lengths[at] * (len(batch) + 1) > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def open_encoder(cache: Path, model_id: str | None = None, *, fast: bool = True) -> TextEncoder:
    """Open the encoder, building what is missing under `cache`.

    Args:
        cache: folder for decoded weights and for the fast path.
        model_id: a sentence-transformers id or folder instead of the packaged weights.
        fast: whether to serve through the int8 path where it can be built.

    Raises:
        BundleError: no weights could be had.
        ArtifactError: the adapter cannot be read.
    """
    from models import fast_encoder

    name = encoder_name(model_id)
    folder = cache / f"{name}-int8"
    if fast:
        ready = fast_encoder.open_built(folder, name)
        if ready is not None:
            return ready
    exact = TorchEncoder.load(model_id, name) if model_id else TorchEncoder.adapted(cache)
    if not fast:
        return exact
    try:
        built = fast_encoder.build(exact, folder)
    except fast_encoder.FastPathError as error:
        log.warning("The int8 fast path is not used, the float32 encoder is: %s", error)
        return exact
    if model_id is None:  # of what an earlier adapter made, nothing can be used any more
        for old in set(cache.glob(f"{bundle.FOLDER_NAME}-*int8")) - {folder}:
            shutil.rmtree(old, ignore_errors=True)
    return built


def encoder_name(model_id: str | None = None) -> str:
    """Name of an encoder, in files and artifacts; a hash tells two of one name apart.

    The packaged encoder's hash is its adapter's, without which artifacts do not fit it.

    Raises:
        ArtifactError: the adapter's file cannot be read.
    """
    if model_id is None:
        return f"{bundle.FOLDER_NAME}-{artifacts.fingerprint(adapter.NAME)}"
    return f"{Path(model_id).name}-{hashlib.sha256(model_id.encode()).hexdigest()[:8]}"
