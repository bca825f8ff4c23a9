"""What people change about themes: each edit makes a new model, which a preview can show before.

An edit is a constraint: what it made is marked, and no later refit takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.contracts import LANGUAGES, Vectors
from models.folding import fold
from models.themes import Examples, Pin, Prototypes, Theme, ThemeModel
from models.themes.fit import ABSTAIN_SHARE, unit_mean
from pipelines.contracts import PipelineError
from pipelines.messages import N_, Fact
from pipelines.theme_life.gone import NO_THEME
from pipelines.theme_life.refit import compact, theme_id

LONGEST_NAME = 120
MOST_PINS = 500
_FEWEST = 3
"""Excerpts that make a theme by hand."""


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


@dataclass(frozen=True)
class Rename:
    """Give a theme a name, in one language or in all."""

    theme: str
    name: str
    language: str | None = None

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        return (self.theme,)

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`; an empty name takes the given one back."""
        name = clean_name(self.name) if self.name.strip() else ""
        if self.language is not None and self.language not in LANGUAGES:
            raise ThemeEditError(
                N_("Languages are %(known)s; not %(code)s."),
                known=", ".join(LANGUAGES),
                code=self.language[:20],
            )
        codes = LANGUAGES if self.language is None else (self.language,)
        at = _living(model, self.theme)
        _check_free(model, name, codes, but=at)
        given = {code: own for code, own in model.themes[at].given.items() if code not in codes}
        if name:
            given |= dict.fromkeys(codes, name)
        return _with_theme(model, at, given=given)


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
        gone, stays = _living(model, self.theme), _living(model, self.into)
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
            _check_free(model, name, (code,))
        if self.source is not None:
            _living(model, self.source)
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
        return self._holding_others(model, _with_examples(grown, self.vectors, place))

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
            grown = _with_examples(grown, self.others[rows], owner)
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
        owner = -1 if self.theme is None else _living(model, self.theme)
        return _with_examples(model, self.vectors, owner)


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
        _living(model, self.theme)
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


@dataclass(frozen=True)
class Retire:
    """Say that a theme is none (any more): what falls to it is left without a theme."""

    theme: str
    reason: str = NO_THEME

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        return (self.theme,)

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`."""
        reason = " ".join(self.reason.split())[:LONGEST_NAME] or NO_THEME
        at = _living(model, self.theme)
        themes = tuple(
            replace(one, parent=None) if one.parent == self.theme else one for one in model.themes
        )
        return _with_theme(replace(model, themes=themes), at, retired=reason, parent=None)


@dataclass(frozen=True)
class Place:
    """Set where a theme belongs: touchpoint, parent theme, owner; what is not named stays.

    Attributes:
        changes: of touchpoint, parent and owner; None takes one away.
        touchpoints: keys that there are.
    """

    theme: str
    changes: Mapping[str, str | None]
    touchpoints: Sequence[str] = ()

    @property
    def themes(self) -> tuple[str, ...]:
        """See `Edit`."""
        parent = self.changes.get("parent")
        return (self.theme, *((parent,) if parent else ()))

    def apply(self, model: ThemeModel) -> ThemeModel:
        """See `Edit`."""
        at = _living(model, self.theme)
        unknown = set(self.changes) - {"touchpoint", "parent", "owner"}
        if unknown or not self.changes:
            raise ThemeEditError(N_("What can be set is touchpoint, parent and owner."))
        touchpoint, parent = self.changes.get("touchpoint"), self.changes.get("parent")
        if touchpoint is not None and touchpoint not in self.touchpoints:
            raise ThemeEditError(
                N_("There is no touchpoint %(key)s in the taxonomy."), key=touchpoint[:60]
            )
        if parent is not None:
            self._check_parent(model, parent)
        owner = self.changes.get("owner")
        if owner is not None and not 0 < len(owner.strip()) <= LONGEST_NAME:
            raise ThemeEditError(N_("An owner has 1 to %(most)s characters."), most=LONGEST_NAME)
        theme = model.themes[at]
        settled = dict.fromkeys((*theme.settled, *(set(self.changes) - {"owner"})))
        return _with_theme(model, at, **dict(self.changes), settled=tuple(sorted(settled)))

    def _check_parent(self, model: ThemeModel, parent: str) -> None:
        above = model.themes[_living(model, parent)]
        if parent == self.theme:
            raise ThemeEditError(N_("A theme cannot be its own parent."))
        if above.parent is not None:
            raise ThemeEditError(
                N_(
                    "“%(theme)s” is a part of another theme itself; there are three levels: "
                    "touchpoint, theme, part."
                ),
                theme=above.label,
            )
        if any(one.parent == self.theme for one in model.themes):
            raise ThemeEditError(N_("A theme that has parts cannot become a part."))


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


def _check_free(model: ThemeModel, name: str, codes: Sequence[str], but: int | None = None) -> None:
    """Refuse a name that another theme has in one of these languages."""
    for at, theme in enumerate(model.themes):
        taken = {theme.name(code).casefold() for code in codes}
        if name and at != but and theme.retired is None and name.casefold() in taken:
            raise ThemeEditError(
                N_("Another theme is named “%(theme)s” already. Merge them?"), theme=name
            )


def _living(model: ThemeModel, theme: str) -> int:
    if not theme:
        raise ThemeEditError(N_("Choose a theme first."))
    at = model.places.get(theme)
    if at is None:
        raise UnknownThemeError(theme)
    if model.themes[at].retired is not None:
        raise UnknownThemeError(theme, N_("“%(label)s” was retired."), label=model.themes[at].label)
    return at


def _with_theme(model: ThemeModel, at: int, **changes: object) -> ThemeModel:
    changed = replace(model.themes[at], **changes)  # type: ignore[arg-type]
    return replace(model, themes=(*model.themes[:at], changed, *model.themes[at + 1 :]))


def _with_examples(model: ThemeModel, vectors: Vectors, owner: int) -> ThemeModel:
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
