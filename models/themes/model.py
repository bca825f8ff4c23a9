"""The theme model: prototypes that give an excerpt its theme, and what people have settled."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.contracts import ArtifactError, Themed, ThemeMatch, Vectors
from models.labels import holds_phrase, says_nothing
from models.themes.atlas import Atlas
from models.themes.theme import Examples, Pin, Prototypes, Theme

FORMAT = 2
_SAME = 0.999
"""Cosine from which on two vectors are of the same words, half precision considered."""
_AT_ONCE = 2_000
"""Excerpts that are compared at once, which bounds the memory it takes."""
_NOTHING = -1
"""Owner of an example that people have taken out of every theme."""


@dataclass(frozen=True)
class ThemeModel:
    """Everything that decides which theme an excerpt has; never changed, only replaced.

    Attributes:
        themes: t themes, retired ones too.
        prototypes: where they lie; every theme has one at least.
        examples: excerpts whose theme people chose; they go before all else.
        pins: phrases whose theme people chose; they go before prototypes.
        sharpness: factor on cosines before the softmax that gives confidences.
        atlas: where excerpts lie on the map.
    """

    themes: tuple[Theme, ...]
    prototypes: Prototypes
    examples: Examples
    pins: tuple[Pin, ...]
    sharpness: float
    atlas: Atlas

    @cached_property
    def version(self) -> str:
        """A hash of the content; the same content has the same version."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:12]

    @cached_property
    def places(self) -> dict[str, int]:
        """Place of each theme by id."""
        return {theme.id: at for at, theme in enumerate(self.themes)}

    @cached_property
    def touchpoints(self) -> dict[str, str]:
        """Key of the touchpoint of each theme that has one, by id."""
        return {theme.id: theme.touchpoint for theme in self.themes if theme.touchpoint}

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.prototypes.centroids.shape[1])

    def assign(
        self, vectors: Vectors, texts: Sequence[str] = (), languages: Sequence[str] = ()
    ) -> list[Themed]:
        """Theme and second theme of each excerpt, None where the model is unsure.

        Args:
            vectors: (n, d) float32 theme vectors.
            texts: the n excerpts, for stock answers, which have no theme, and pinned phrases;
                without them neither is looked for.
            languages: their n codes.
        """
        if not len(vectors) or not self.themes:
            return [Themed()] * len(vectors)
        found: list[Themed] = []
        for start in range(0, len(vectors), _AT_ONCE):
            cosines = vectors[start : start + _AT_ONCE] @ self.prototypes.centroids.T
            found += self._by_prototype(cosines)
        for at, text in enumerate(texts):
            if says_nothing(text):
                found[at] = Themed()
        for at, owner in self._by_pin(texts, languages):
            found[at] = self._settled(owner)
        for at, owner in self._by_example(vectors):
            found[at] = self._settled(owner)
        return found

    def nearest(self, vectors: Vectors) -> tuple[NDArray[np.int64], Vectors]:
        """The prototype nearest to each vector, and its cosine, sure or not."""
        cosines = vectors @ self.prototypes.centroids.T
        best = cosines.argmax(axis=1)
        return best, cosines[np.arange(len(best)), best]

    def _by_prototype(self, cosines: Vectors) -> list[Themed]:
        own = self.prototypes
        starts = np.flatnonzero(np.r_[True, own.owners[1:] != own.owners[:-1]])
        owners = own.owners[starts]
        of_theme = np.maximum.reduceat(cosines, starts, axis=1)
        sure = np.maximum.reduceat(cosines - own.thresholds, starts, axis=1) >= 0
        shares = _softmax(of_theme * np.float32(self.sharpness))
        order = np.argsort(-of_theme, axis=1, kind="stable")[:, :2]
        found = []
        for row, best in enumerate(order.tolist()):
            matches = [
                self._match(int(owners[at]), float(shares[row, at])) if sure[row, at] else None
                for at in best
            ]
            first, second = matches[0], matches[1] if len(matches) > 1 else None
            found.append(Themed(first, second if first else None))
        return found

    def _by_pin(self, texts: Sequence[str], languages: Sequence[str]) -> list[tuple[int, int]]:
        return [
            (at, self.places[pin.theme])
            for at, (text, language) in enumerate(zip(texts, languages, strict=bool(texts)))
            for pin in self.pins
            if holds_phrase(text, language, pin.phrase)
        ]

    def _by_example(self, vectors: Vectors) -> list[tuple[int, int]]:
        if not len(self.examples.owners):
            return []
        found = []
        for start in range(0, len(vectors), _AT_ONCE):
            cosines = vectors[start : start + _AT_ONCE] @ self.examples.vectors.T
            best = cosines.argmax(axis=1)
            rows = np.flatnonzero(cosines.max(axis=1) >= _SAME)
            found += [(start + int(row), int(self.examples.owners[best[row]])) for row in rows]
        return found

    def _settled(self, owner: int) -> Themed:
        return Themed(None if owner == _NOTHING else self._match(owner, 1.0))

    def _match(self, owner: int, confidence: float) -> ThemeMatch | None:
        theme = self.themes[owner]
        if theme.retired is not None:
            return None
        return ThemeMatch(theme.id, theme.label, round(confidence, 4))

    def to_bytes(self) -> bytes:
        """The model as an .npz archive; holds no pickled object."""
        head = {
            "format": FORMAT,
            "sharpness": self.sharpness,
            "themes": [asdict(theme) for theme in self.themes],
            "pins": [asdict(pin) for pin in self.pins],
        }
        own, examples = self.prototypes, self.examples
        file = io.BytesIO()
        np.savez_compressed(
            file,
            head=np.array(json.dumps(head, ensure_ascii=False)),
            centroids=own.centroids,
            owners=own.owners,
            thresholds=own.thresholds,
            held=own.held,
            examples=examples.vectors.astype(np.float16),
            example_owners=examples.owners,
            **self.atlas.arrays(),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> ThemeModel:
        """Read what `to_bytes` wrote.

        Raises:
            ArtifactError: it is damaged or of another format.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as data:
                head = json.loads(str(data["head"]))
                if head["format"] != FORMAT:
                    raise ArtifactError(
                        f"A stored theme model has format {head['format']}, this code reads "
                        f"{FORMAT}. Fit themes again: odzew themes refit"
                    )
                return cls(
                    tuple(_theme(record) for record in head["themes"]),
                    Prototypes(data["centroids"], data["owners"], data["thresholds"], data["held"]),
                    Examples(data["examples"].astype(np.float32), data["example_owners"]),
                    tuple(Pin(**record) for record in head["pins"]),
                    float(head["sharpness"]),
                    Atlas.of(data),
                )
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            BadZipFile,
            zlib.error,
        ) as error:
            raise ArtifactError(
                f"A stored theme model is damaged ({error}). Fit themes again: odzew themes refit"
            ) from error


def _theme(record: dict[str, Any]) -> Theme:
    return Theme(**{**record, "settled": tuple(record["settled"])})


def _softmax(values: Vectors) -> Vectors:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    shares: Vectors = powers / powers.sum(axis=1, keepdims=True)
    return shares
