"""What the theme pages' templates are given: plain dataclasses, made from stored rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from pipelines.theme_life.touchpoints import Touchpoint
from service.review.language import ngettext
from service.review.pages import day
from service.storage.answer_tables import ExcerptRow
from service.storage.cases import CaseRepository
from service.storage.theme_excerpts import ExcerptFilter, ThemeExcerpts
from service.storage.theme_figures import ThemeFigures
from service.storage.theme_tables import ThemeIncident

EXCERPTS_A_PAGE = 50


@dataclass(frozen=True)
class ThemeCard:
    """A theme with its figures, language and text of one quote, and its parts."""

    figures: ThemeFigures
    quote: tuple[str, str] = ("", "")
    parts: tuple[ThemeCard, ...] = ()
    rises: bool = False

    @property
    def bars(self) -> tuple[tuple[int, int], ...]:
        """Height in percent and count of each week's bar."""
        most = max((*self.figures.weekly, 1))
        return tuple((round(100 * count / most), count) for count in self.figures.weekly)


@dataclass(frozen=True)
class Branch:
    """A touchpoint with its themes; no touchpoint is the branch of those that have none."""

    touchpoint: Touchpoint | None
    cards: tuple[ThemeCard, ...]

    @property
    def size(self) -> int:
        """Excerpts of all its themes."""
        return sum(card.figures.size for card in self.cards)

    @property
    def share(self) -> float:
        """Of all excerpts."""
        return sum(card.figures.share for card in self.cards)


@dataclass(frozen=True)
class Happening:
    """A spike as a sentence."""

    theme: str
    label: str
    sentence: str
    rises: bool


@dataclass(frozen=True)
class ExcerptPage:
    """One page of a filtered list of excerpts.

    Attributes:
        path: address of the list without its filter.
        total: excerpts that fit the filter.
        cases: id of the case of an answer, by the answer's id.
    """

    path: str
    wanted: ExcerptFilter
    rows: tuple[ExcerptRow, ...]
    total: int
    offset: int
    cases: Mapping[str, str]

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the theme is asked for."""
        return bool(self.wanted.language or self.wanted.mood or self.wanted.words)

    @property
    def here(self) -> str:
        """Address of this page."""
        return self._at(self.offset)

    @property
    def previous(self) -> str:
        """Address of the page before, empty on the first."""
        return self._at(max(self.offset - EXCERPTS_A_PAGE, 0)) if self.offset else ""

    @property
    def following(self) -> str:
        """Address of the page after, empty on the last."""
        after = self.offset + EXCERPTS_A_PAGE
        return self._at(after) if after < self.total else ""

    @property
    def every(self) -> str:
        """The filter as a form holds it."""
        theme = {"theme": self.wanted.theme} if self.wanted.theme else {}
        return urlencode({**theme, **self._filter}) or "every=1"

    @property
    def _filter(self) -> dict[str, str]:
        fields = {name: getattr(self.wanted, name) for name in ("language", "mood", "words")}
        return {name: value for name, value in fields.items() if value}

    def _at(self, offset: int) -> str:
        query = self._filter | ({"offset": str(offset)} if offset else {})
        return self.path + (f"?{urlencode(query)}" if query else "")


def excerpt_page(
    session: Session, workspace: str, wanted: ExcerptFilter, offset: int
) -> ExcerptPage:
    """The page of a list at an offset; the last page where the list is shorter."""
    excerpts = ThemeExcerpts(session, workspace)
    rows, total = excerpts.page(wanted, limit=EXCERPTS_A_PAGE, offset=offset)
    if not rows and total:
        offset = (total - 1) // EXCERPTS_A_PAGE * EXCERPTS_A_PAGE
        rows, total = excerpts.page(wanted, limit=EXCERPTS_A_PAGE, offset=offset)
    cases = CaseRepository(session, workspace).of_feedback([row.feedback_id for row in rows])
    path = f"/themes/{wanted.theme}/excerpts" if wanted.theme else "/themes/none"
    return ExcerptPage(path, wanted, tuple(rows), total, offset, cases)


def branches(cards: Sequence[ThemeCard], touchpoints: Sequence[Touchpoint]) -> tuple[Branch, ...]:
    """Cards under their touchpoints, parts under their themes; the largest branch first."""
    by_id = {card.figures.theme.id for card in cards}
    parts: dict[str, list[ThemeCard]] = {}
    tops: dict[str | None, list[ThemeCard]] = {}
    for card in cards:
        theme = card.figures.theme
        if theme.parent_id in by_id:
            parts.setdefault(str(theme.parent_id), []).append(card)
    known = {one.key: one for one in touchpoints}
    for card in cards:
        theme = card.figures.theme
        if theme.parent_id not in by_id:
            own = ThemeCard(
                card.figures, card.quote, tuple(parts.get(theme.id, ())), rises=card.rises
            )
            key = theme.touchpoint if theme.touchpoint in known else None
            tops.setdefault(key, []).append(own)
    found = [Branch(known[key] if key else None, tuple(own)) for key, own in tops.items()]
    return tuple(sorted(found, key=lambda one: (one.touchpoint is None, -one.size)))


def happenings(
    incidents: Sequence[ThemeIncident], names: Mapping[str, str]
) -> tuple[Happening, ...]:
    """Incidents of living themes as sentences."""
    found = []
    for one in incidents:
        if one.theme_id not in names or not one.weeks:
            continue
        week = max(one.weeks, key=lambda week: abs(week["count"] - week["expected"]))
        sentence = ngettext(
            "%(num)s answer in the week of %(week)s, where %(expected)s were to be expected; "
            "since %(since)s",
            "%(num)s answers in the week of %(week)s, where %(expected)s were to be expected; "
            "since %(since)s",
            week["count"],
            week=day(date.fromisoformat(week["week"])),
            expected=round(week["expected"], 1),
            since=day(one.first_week),
        )
        if one.reopened:
            sentence += ", " + ngettext(
                "came back %(num)s time", "came back %(num)s times", one.reopened
            )
        rises = one.direction == "emerging"
        found.append(Happening(one.theme_id, names[one.theme_id], sentence, rises))
    return tuple(found)
