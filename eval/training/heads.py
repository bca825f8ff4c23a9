"""What the adapter's network learned to say of its layers, written for `sentiment` and `signals`.

They are not calibrated yet; the trainings of those two artifacts do that on held-out rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models import artifacts, sentiment, signals
from models.contracts import LANGUAGES, OTHER, ArtifactError, Vectors
from models.encoder import encoder_name
from models.wording import Wording

if TYPE_CHECKING:
    import torch

    from eval.training.student import Student

_CARD = "Not calibrated yet: make train DATA=... ONLY={name}\n"


def write(student: Student) -> None:
    """Write both artifacts for the adapter that was just written."""
    mean, scale = (_array(one) for one in (student.mean, student.scale))
    _save(
        sentiment.NAME,
        sentiment.VERSION,
        {
            "mean": mean,
            "scale": scale,
            "hidden": _array(student.hidden.weight).T,
            "hidden_bias": _array(student.hidden.bias),
            "output": _array(student.output.weight).T,
            "output_bias": _array(student.output.bias),
        },
        {
            "languages": np.array([*LANGUAGES, OTHER]),
            "temperatures": np.ones(len(LANGUAGES) + 1, np.float32),
        },
    )
    weights, bias = _array(student.signals.weight).T, _array(student.signals.bias)
    own_mean, own_scale = mean[-len(weights) :], scale[-len(weights) :]
    weights = weights / own_scale[:, None]
    flat, silent = np.zeros(len(bias), np.float32), Wording.silent(len(bias))
    _save(
        signals.NAME,
        signals.VERSION,
        {"weights": weights},
        {
            "bias": (bias - own_mean @ weights).astype(np.float32),
            "pattern_weights": flat,
            "slopes": flat + 1,
            "shifts": flat,
            "thresholds": flat + 0.5,
            "floors": flat,
            "wording": silent.table,
            "wording_scales": silent.scales,
        },
    )


def taught_along(name: str, version: int, encoder: str) -> dict[str, Vectors] | None:
    """The arrays of an artifact that came with the adapter; None for any other encoder.

    Raises:
        ArtifactError: the packaged encoder's are missing; the adapter is to be trained first.
    """
    if encoder != encoder_name():
        return None
    try:
        return dict(artifacts.load(name, version, encoder).arrays)
    except ArtifactError as error:
        raise ArtifactError(
            f"{error} It is taught along with the adapter: make train DATA=... ONLY=adapter"
        ) from error


def _save(
    name: str, version: int, half: dict[str, Vectors], rest: Mapping[str, NDArray[Any]]
) -> None:
    arrays: dict[str, NDArray[Any]] = {key: one.astype(np.float16) for key, one in half.items()}
    arrays |= rest
    artifacts.save(
        artifacts.Artifact(name, version, encoder_name(), arrays), _CARD.format(name=name)
    )


def _array(values: torch.Tensor) -> Vectors:
    found: Vectors = values.detach().float().cpu().numpy()
    return found
