"""Turns texts into vectors: the sentence-transformers model, and the choice of its fast path."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models import bundle
from models.contracts import BundleError, Encoded, TextEncoder, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PREFIX = "query: "
"""What e5 models expect before a text that is compared with other texts of its kind."""
BATCH_TEXTS = 32
BATCH_TOKENS = 1_536
"""Padding included; bounds the memory that a batch of long texts takes."""
MAX_TOKENS = 256
_LAYER_DEPTHS = (1 / 4, 1 / 2, 2 / 3, 3 / 4, 5 / 6, 11 / 12, 1.0)

log = logging.getLogger(__name__)


class TorchEncoder:
    """The encoder in float32, through sentence-transformers on PyTorch."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self.model = model
        self.name = name
        self.version = f"{name}+fp32"
        first: Any = model[0]
        self.network: Any = first.auto_model
        self.network.eval()
        self.pooled_layers = pooled_layers(self.network.config.num_hidden_layers)
        self.dimensions: int = self.network.config.hidden_size

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

    def encode(self, texts: Sequence[str]) -> Encoded:
        """See `TextEncoder.encode`."""
        import torch

        with torch.inference_mode():
            return encode_sorted(texts, self.token_ids, self._pool, self._shape)

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each prefixed text, special tokens included, at most `MAX_TOKENS`."""
        if not texts:
            return []
        prefixed = [PREFIX + text for text in texts]
        ids: list[list[int]] = self.model.tokenizer(
            prefixed, truncation=True, max_length=MAX_TOKENS
        )["input_ids"]
        return ids

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.pooled_layers), self.dimensions

    def _pool(self, ids: Vectors, mask: Vectors) -> Vectors:
        import torch

        pooled: Vectors = pool_layers(
            self.network, torch.from_numpy(ids), torch.from_numpy(mask), self.pooled_layers
        ).numpy()
        return pooled


def quiet_transformers() -> None:
    """Keep transformers' load reports and progress bars off people's screens."""
    from transformers.utils import logging as theirs

    untyped: Any = theirs
    untyped.set_verbosity_error()
    untyped.disable_progress_bar()


def pool_layers(network: Any, ids: Any, mask: Any, layers: Sequence[int]) -> Any:
    """Mean of the hidden states over the mask, for each of `layers`: (n, k, d) tensor."""
    import torch

    states = network(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
    weights = mask.to(states[0].dtype).unsqueeze(-1)
    total = weights.sum(1)
    return torch.stack([(states[layer] * weights).sum(1) / total for layer in layers], dim=1)


def pooled_layers(depth: int) -> tuple[int, ...]:
    """Layers whose states are pooled: 3, 6, 8-12 of twelve, the same depths of any other."""
    return tuple(sorted({max(1, round(depth * share)) for share in _LAYER_DEPTHS}))


def encode_sorted(
    texts: Sequence[str], token_ids: Any, pool: Any, shape: tuple[int, int]
) -> Encoded:
    """Encode in batches of like length, so that little is spent on padding.

    Args:
        texts: n texts.
        token_ids: texts -> one list of token ids a text.
        pool: (ids, mask), both (b, t) int64 -> (b, k, d) float32, pooled hidden states.
        shape: (k, d).
    """
    ids = token_ids(texts)
    layers = np.zeros((len(texts), *shape), np.float32)
    for rows in _batches([len(row) for row in ids]):
        longest = len(ids[rows[-1]])
        padded = np.ones((len(rows), longest), np.int64)
        mask = np.zeros((len(rows), longest), np.int64)
        for at, row in enumerate(rows):
            padded[at, : len(ids[row])] = ids[row]
            mask[at, : len(ids[row])] = 1
        layers[rows] = pool(padded, mask)
    vectors = layers[:, -1]
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return Encoded(vectors / np.maximum(norms, 1e-12), layers)


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
    """
    from models import fast_encoder

    name = encoder_name(model_id)
    folder = cache / f"{name}-int8"
    if fast:
        ready = fast_encoder.open_built(folder, name)
        if ready is not None:
            return ready
    exact = TorchEncoder.load(model_id or bundle.ensure_folder(cache), name)
    if not fast:
        return exact
    try:
        return fast_encoder.build(exact, folder)
    except fast_encoder.FastPathError as error:
        log.warning("The int8 fast path is not used, the float32 encoder is: %s", error)
        return exact


def encoder_name(model_id: str | None = None) -> str:
    """Name of an encoder, in files and artifacts; a hash tells two models of one name apart."""
    if model_id is None:
        return bundle.FOLDER_NAME
    return f"{Path(model_id).name}-{hashlib.sha256(model_id.encode()).hexdigest()[:8]}"
