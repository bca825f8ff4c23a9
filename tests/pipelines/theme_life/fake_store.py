"""Themes in memory with their whole history, and finds that are made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.contracts import Themed, Vectors
from models.themes import Atlas, Clusters, ThemeModel
from models.themes.fit import sharpness_of, thresholds_of, unit_mean
from pipelines.ports import Change, StoredExcerpt
from pipelines.theme_life.finding import Found
from tests.models.made_up_texts import DIMENSIONS, Corpus, around

SHIFT = 1000
"""Number of the first excerpt."""


@dataclass(frozen=True)
class Row:
    """One change as it is kept.

    Attributes:
        stands_for: the change whose model is in use after it.
        before: the change that was in use before; for an undo, the change it undid.
    """

    id: int
    kind: str
    who: str
    themes: tuple[str, ...]
    report: Mapping[str, Any]
    content: bytes | None
    stands_for: int | None
    before: int | None
    made_from: int


class FakeThemeStore:
    """Keeps excerpts, their themes and every change; implements `pipelines.ports.ThemeStore`."""

    def __init__(self, content: Corpus) -> None:
        self.content = content
        self.assigned: list[Themed] = [Themed()] * len(content.texts)
        self.history: list[Row] = []

    def excerpts(self) -> tuple[list[StoredExcerpt], Vectors]:
        return stored(self.content), self.content.vectors

    def themes_of_excerpts(self) -> list[str | None]:
        return [one.first.id if one.first else None for one in self.assigned]

    def current_model(self) -> ThemeModel | None:
        return self._model_of(self.history[-1].stands_for) if self.history else None

    def made_from(self) -> int:
        return self.history[-1].made_from if self.history else 0

    def put(self, change: Change) -> int:
        assert len(change.assigned) == len(self.content.texts)
        number = len(self.history) + 1
        self.assigned = list(change.assigned)
        self.history.append(
            Row(
                number,
                change.kind,
                change.who,
                change.themes,
                change.report,
                change.model.to_bytes(),
                stands_for=number,
                before=self.history[-1].stands_for if self.history else None,
                made_from=change.made_from,
            )
        )
        return number

    def model_before(self, change_id: int) -> ThemeModel | None:
        if not self.history or self.history[-1].stands_for != change_id:
            return None
        return self._model_of(self._row(change_id).before)

    def put_back(
        self, change_id: int, model: ThemeModel, assigned: Sequence[Themed], *, who: str
    ) -> None:
        assert len(assigned) == len(self.content.texts)
        undone = self._row(change_id)
        assert undone.before is not None
        self.assigned = list(assigned)
        self.history.append(
            Row(
                len(self.history) + 1,
                "undo",
                who,
                undone.themes,
                {"undone": undone.kind},
                None,
                stands_for=undone.before,
                before=change_id,
                made_from=self._row(undone.before).made_from,
            )
        )

    @property
    def model(self) -> ThemeModel:
        """The model in use, where there is one."""
        found = self.current_model()
        assert found is not None
        return found

    @property
    def undoable(self) -> int:
        """Id of the change that is in use."""
        found = self.history[-1].stands_for
        assert found is not None
        return found

    def arrive(self, more: Corpus) -> None:
        """Take in excerpts; each gets the theme that the model in use gives it."""
        model = self.current_model()
        self.content += more
        self.assigned += (
            [Themed()] * len(more.texts)
            if model is None
            else model.assign(more.vectors, more.texts, more.languages)
        )

    def of_cause(self, *causes: str) -> list[str | None]:
        """Themes of the excerpts of some causes."""
        themes = self.themes_of_excerpts()
        return [
            one for one, cause in zip(themes, self.content.causes, strict=True) if cause in causes
        ]

    def _row(self, change_id: int) -> Row:
        return self.history[change_id - 1]

    def _model_of(self, change_id: int | None) -> ThemeModel | None:
        content = None if change_id is None else self._row(change_id).content
        return None if content is None else ThemeModel.from_bytes(content)


def stored(content: Corpus) -> list[StoredExcerpt]:
    """Excerpts as a store gives them."""
    return [
        StoredExcerpt(SHIFT + at, f"fb_{at}", code, text)
        for at, (text, code) in enumerate(zip(content.texts, content.languages, strict=True))
    ]


def heap(
    cause: str,
    centre: int,
    count: int,
    seed: int,
    *,
    towards: int = 0,
    tilt: float = 0.0,
    spread: float = 0.25,
) -> Corpus:
    """Excerpts of one cause round an axis, which may lean towards another."""
    rows = around(centre, count, seed, spread)
    rows = rows + tilt * np.eye(DIMENSIONS, dtype=np.float32)[towards]
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    texts = [f"{cause} number {seed} {at}" for at in range(count)]
    return Corpus(texts, ["en"] * count, unit.astype(np.float32), [cause] * count)


def heaps(*parts: Corpus) -> Corpus:
    """All of them, one after the other."""
    whole = parts[0]
    for part in parts[1:]:
        whole += part
    return whole


def found_in(content: Corpus, **called: str) -> Found:
    """What a fit would find: one cluster a cause; causes that are called alike are one.

    Excerpts of a cause called "" shape nothing.
    """
    causes = np.array([called.get(cause, cause) for cause in content.causes])
    rows = np.flatnonzero(causes != "")
    names = list(dict.fromkeys(causes[rows].tolist()))
    own = content.vectors[rows]
    groups = np.array([names.index(cause) for cause in causes[rows].tolist()], np.int64)
    centroids = np.stack([unit_mean(own[groups == at]) for at in range(len(names))])
    clusters = Clusters(
        rows,
        groups,
        centroids,
        thresholds_of(own, groups, centroids),
        sharpness_of(own @ centroids.T),
        5,
    )
    return Found(
        clusters,
        own,
        tuple({"en": name} for name in names),
        tuple({"en": [f"{name} word"]} for name in names),
        Atlas.blank(DIMENSIONS),
        len(content.texts),
    )
