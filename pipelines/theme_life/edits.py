"""What an edit of themes is, why one is refused, and what edits have in common.

An edit is a constraint: what it made is marked, and no later refit takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from models.contracts import Vectors
from models.themes import Examples, ThemeModel
from pipelines.contracts import PipelineError
from pipelines.messages import N_, Fact

LONGEST_NAME = 120


class ThemeEditError(PipelineError):
    """An edit cannot be made; the message says why."""


class UnknownThemeError(ThemeEditError):
    """The theme is not there, or is one no more.

    Attributes:
        theme: the id asked for.
    """

    def __init__(self, theme: str, message: str = "", /, **facts: Fact) -> None:
        if not message:
            message, facts = N_("There is no theme %(id)s here."), {"id": theme[:40]}
        super().__init__(message, **facts)
        self.theme = theme


class Edit(Protocol):
    """One change of the themes."""

    def apply(self, model: ThemeModel) -> ThemeModel:
        """The model after it.

        Raises:
            ThemeEditError: it cannot be made.
        """

    @property
    def themes(self) -> tuple[str, ...]:
        """Ids of the themes it is about."""


def clean_name(name: str) -> str:
    """A name with single spaces.

    Raises:
        ThemeEditError: it is too long, has characters that are not seen, or no letter or digit.
    """
    clean = " ".join(name.split())
    if len(clean) > LONGEST_NAME:
        raise ThemeEditError(
            N_("A theme's name has at most %(most)s characters."), most=LONGEST_NAME
        )
    if not clean.isprintable() or not any(letter.isalnum() for letter in clean):
        raise ThemeEditError(
            N_("A theme's name is made of letters, digits and signs that are seen.")
        )
    return clean


def check_free(model: ThemeModel, name: str, codes: Sequence[str], but: int | None = None) -> None:
    """Refuse a name that another theme has in one of these languages.

    Raises:
        ThemeEditError: it is taken.
    """
    for at, theme in enumerate(model.themes):
        taken = {theme.name(code).casefold() for code in codes}
        if name and at != but and theme.retired is None and name.casefold() in taken:
            raise ThemeEditError(
                N_("Another theme is named “%(theme)s” already. Merge them?"), theme=name
            )


def living(model: ThemeModel, theme: str) -> int:
    """Place of a theme that there is.

    Raises:
        UnknownThemeError: it is not there, or was retired.
    """
    if not theme:
        raise ThemeEditError(N_("Choose a theme first."))
    at = model.places.get(theme)
    if at is None:
        raise UnknownThemeError(theme)
    if model.themes[at].retired is not None:
        raise UnknownThemeError(theme, N_("“%(label)s” was retired."), label=model.themes[at].label)
    return at


def with_theme(model: ThemeModel, at: int, **changes: object) -> ThemeModel:
    """The model with some facts of a theme changed."""
    changed = replace(model.themes[at], **changes)  # type: ignore[arg-type]
    return replace(model, themes=(*model.themes[:at], changed, *model.themes[at + 1 :]))


def with_examples(model: ThemeModel, vectors: Vectors, owner: int) -> ThemeModel:
    """The model with examples; of an excerpt that was one before, the new place counts."""
    if not len(vectors):
        return model
    own = model.examples
    stays = np.ones(len(own.owners), bool)
    if len(own.owners):
        stays = (own.vectors @ vectors.T).max(axis=1) < 0.999
    return replace(
        model,
        examples=Examples(
            np.concatenate([own.vectors[stays], vectors]).astype(np.float32),
            np.concatenate([own.owners[stays], np.full(len(vectors), owner, np.int64)]),
        ),
    )
