"""Edits of what belongs to a theme: merging, making and splitting, moving, pinned phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.contracts import Vectors
from models.folding import fold
from models.themes import Pin, Prototypes, Theme, ThemeModel
from models.themes.fit import ABSTAIN_SHARE, unit_mean
from pipelines.messages import N_
from pipelines.theme_life.edits import (
    LONGEST_NAME,
    ThemeEditError,
    check_free,
    clean_name,
    living,
    with_examples,
)
from pipelines.theme_life.refit import compact, theme_id

MOST_PINS = 500
_FEWEST = 3
"""Excerpts that make a theme by hand."""


@dataclass(frozen=True)
class Merge:
    """Make a theme a part of another, whose id and name stay."""

    theme: str
    into: str

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        return (self.theme, self.into)

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`."""
        gone, stays = living(model, self.theme), living(model, self.into)
        if gone == stays:
            raise ThemeEditError(N_("A theme cannot be merged with itself."))

        def moved(owners: NDArray[np.int64]) -> NDArray[np.int64]:
            return np.where(owners == gone, stays, owners)

        own = model.prototypes
        both = np.isin(own.owners, [gone, stays])
        pins = tuple(
            replace(pin, theme=self.into) if pin.theme == self.theme else pin for pin in model.pins
        )
        merged = replace(
            model,
            prototypes=replace(own, held=own.held | both).owned_by(moved(own.owners)),
            examples=replace(model.examples, owners=moved(model.examples.owners)),
            pins=pins,
            themes=tuple(
                replace(theme, parent=self._parent(model, at == stays))
                if theme.parent == self.theme
                else theme
                for at, theme in enumerate(model.themes)
            ),
        )
        return compact(merged)

    def _parent(self, model: ThemeModel, is_the_one_that_stays: bool) -> str | None:
        """What a part of the theme becomes a part of; there are three levels and no more."""
        gone, stays = model.themes[model.places[self.theme]], model.themes[model.places[self.into]]
        if is_the_one_that_stays:
            return gone.parent
        return self.into if stays.parent in {None, self.theme} else stays.parent


@dataclass(frozen=True)
class Make:
    """Make a theme of excerpts, split from another or chosen on the map.

    Attributes:
        vectors: (n, d) theme vectors of the excerpts.
        names: what it is called, by language.
        keywords: words that set the excerpts apart, by language.
        source: the theme they are split from, if they are.
        others: (m, d) of the other excerpts, which stay where they are.
        left: how many of those are the source's; all of them where it is not given.
    """

    vectors: Vectors
    names: Mapping[str, str]
    keywords: Mapping[str, list[str]]
    source: str | None = None
    others: Vectors | None = None
    left: int | None = None

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        return (self.made, *((self.source,) if self.source else ()))

    @property
    def made(self) -> str:
        """Id of the new theme."""
        return theme_id(unit_mean(self.vectors))

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`; the excerpts chosen are in the new theme, and no other changes its own."""
        if len(self.vectors) < _FEWEST:
            raise ThemeEditError(
                N_("A theme is made of at least %(fewest)s excerpts."), fewest=_FEWEST
            )
        if self.made in model.places:
            raise ThemeEditError(N_("These very excerpts make up a theme already."))
        names = {code: clean_name(name) for code, name in self.names.items() if name.strip()}
        if not names:
            raise ThemeEditError(N_("The new theme needs a name."))
        for code, name in names.items():
            check_free(model, name, (code,))
        if self.source is not None:
            living(model, self.source)
            others = 0 if self.others is None else len(self.others)
            if (others if self.left is None else self.left) < _FEWEST:
                raise ThemeEditError(
                    N_(
                        "A split leaves at least %(fewest)s excerpts behind; rename the theme "
                        "instead?"
                    ),
                    fewest=_FEWEST,
                )
        centre = unit_mean(self.vectors)
        place = len(model.themes)
        threshold = np.quantile(self.vectors @ centre, ABSTAIN_SHARE)
        point = Prototypes(
            centre[None],
            np.array([place]),
            np.array([threshold], np.float32),
            np.ones(1, bool),
        )
        touchpoint = model.themes[model.places[self.source]].touchpoint if self.source else None
        theme = Theme(
            self.made,
            names,
            dict(self.keywords),
            given=names,
            touchpoint=touchpoint,
        )
        grown = replace(
            model,
            themes=(*model.themes, theme),
            prototypes=model.prototypes + point,
        )
        return self._holding_others(model, with_examples(grown, self.vectors, place))

    def _holding_others(self, model: ThemeModel, grown: ThemeModel) -> ThemeModel:
        """The new model in which every other excerpt has the theme it had."""
        if self.others is None:
            return grown
        before, after = model.assign(self.others), grown.assign(self.others)
        held: dict[int, list[int]] = {}
        for at, (old, new) in enumerate(zip(before, after, strict=True)):
            was, now = (one.first.id if one.first else None for one in (old, new))
            if was != now:
                held.setdefault(-1 if was is None else model.places[was], []).append(at)
        for owner, rows in held.items():
            grown = with_examples(grown, self.others[rows], owner)
        return grown


@dataclass(frozen=True)
class Move:
    """Put excerpts under a theme, or under none."""

    vectors: Vectors
    theme: str | None

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        return (self.theme,) if self.theme else ()

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`."""
        if not len(self.vectors):
            raise ThemeEditError(N_("No excerpt was chosen."))
        owner = -1 if self.theme is None else living(model, self.theme)
        return with_examples(model, self.vectors, owner)


@dataclass(frozen=True)
class PinPhrase:
    """Put whoever says a phrase under a theme, or take such a pin away."""

    theme: str
    phrase: str
    taken_away: bool = False

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        return (self.theme,)

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`; a phrase is pinned to one theme at a time."""
        living(model, self.theme)
        phrase = " ".join(self.phrase.split())
        said = self._said(model)
        others = tuple(pin for pin in model.pins if pin not in said)
        if self.taken_away:
            if not any(pin.theme == self.theme for pin in said):
                raise ThemeEditError(
                    N_("The phrase “%(phrase)s” is not pinned here."), phrase=phrase[:60]
                )
            return replace(model, pins=others)
        if not 3 <= len(phrase) <= LONGEST_NAME or not any(one.isalpha() for one in phrase):
            raise ThemeEditError(
                N_("A pinned phrase has 3 to %(most)s characters, with letters."), most=LONGEST_NAME
            )
        if len(others) >= MOST_PINS:
            raise ThemeEditError(
                N_("There are %(count)s pinned phrases already; take some away."), count=MOST_PINS
            )
        return replace(model, pins=(*others, Pin(phrase, self.theme)))

    def note(self, model: ThemeModel) -> str:
        """From which theme the edit takes the phrase away; empty where from none."""
        names = [
            f"“{model.themes[model.places[pin.theme]].label}”"
            for pin in self._said(model)
            if pin.theme != self.theme and not self.taken_away
        ]
        where = " and ".join(names)
        return (
            f"This phrase is pinned to {where} already; pinned here, it is not there."
            if where
            else ""
        )

    def _said(self, model: ThemeModel) -> list[Pin]:
        """Pins of the same phrase, accents aside."""
        phrase = " ".join(self.phrase.split())
        return [pin for pin in model.pins if fold(pin.phrase) == fold(phrase)]
