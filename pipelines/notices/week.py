"""A weekly digest: how each of a person's places and themes did, with what customers wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from pipelines.cases import OPEN
from pipelines.notices.facts import AnswerFact, CaseFact, Quote
from pipelines.rules.team import Area, same_attribute

WEEK = timedelta(days=7)
WEEKS_BEFORE = 4
"""Weeks that the one told of is compared with."""
QUOTES = 3
_LEAST = 3
_RATIO = 1.5
"""A theme grows or falls with so many answers, now or usually, and so many times as many."""
_SHIFTS = 3

PartKind: TypeAlias = Literal["all", "place", "theme"]


@dataclass(frozen=True)
class Part:
    """What a part of a weekly digest is about: all answers, a place, or a theme.

    Attributes:
        name: of the attribute, of a place; empty otherwise.
        value: of the attribute, or the theme's id; empty for all.
    """

    kind: PartKind = "all"
    name: str = ""
    value: str = ""

    def has(self, themes: Sequence[str] | frozenset[str], attributes: Mapping[str, object]) -> bool:
        """Whether an answer or a case belongs to it."""
        if self.kind == "theme":
            return self.value in themes
        if self.kind == "place":
            given = attributes.get(self.name)
            return given is not None and same_attribute(str(given), self.value)
        return True


@dataclass(frozen=True)
class Shift:
    """A theme's answers of the week, and of a usual one of those before."""

    theme: str
    now: int
    usual: float


@dataclass(frozen=True)
class PartWeek:
    """The week of one part.

    Attributes:
        answers: of the week.
        usual: answers of one of the weeks before, None where none is known.
        cases: that answers of the week belong to.
        closed_share: of those, resolved, verified or closed by now, 0-1; None without cases.
        nps: -100 to 100, None where no answer has a score.
        growing: themes with many more answers than usual, most first; `falling` with fewer.
        quotes: real answers, each of another customer.
    """

    part: Part
    answers: int
    usual: float | None
    cases: int
    closed_share: float | None
    nps: float | None
    growing: tuple[Shift, ...]
    falling: tuple[Shift, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Week:
    """A person's week: seven whole days, and what they have.

    Attributes:
        first: the first day; `last` the last one.
        resolved: cases of the person that were resolved in it.
        open: cases that they have now.
    """

    first: date
    last: date
    resolved: int
    open: int
    parts: tuple[PartWeek, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.resolved or self.open or any(part.answers for part in self.parts))

    @property
    def case_ids(self) -> list[str]:
        """Of all cases that are told of."""
        return [one.case_id for part in self.parts for one in part.quotes if one.case_id]


def parts_of(area: Area) -> tuple[Part, ...]:
    """The parts of somebody's weekly digest: their places and themes, or all answers."""
    places = [
        Part("place", name, str(value)) for name, mine in area.attributes.items() for value in mine
    ]
    return (*places, *(Part("theme", value=theme) for theme in area.themes)) or (Part(),)


def week_of(
    name: str,
    parts: Sequence[Part],
    answers: Sequence[AnswerFact],
    cases: Sequence[CaseFact],
    now: datetime,
    zone: ZoneInfo,
) -> Week:
    """A person's week: the seven days before today.

    Args:
        name: of the person.
        parts: what is told of.
        answers: of the week and of the `WEEKS_BEFORE` before it.
        cases: resolved in the week, and open ones.
        now: aware.
        zone: whose midnights bound the days.
    """
    today = now.astimezone(zone).date()
    last = today - timedelta(days=1)
    first = today - WEEK

    def is_in(moment: datetime | None) -> bool:
        return moment is not None and first <= moment.astimezone(zone).date() <= last

    before = _weeks_before([one.at.astimezone(zone).date() for one in answers], first)
    return Week(
        first,
        last,
        sum(case.owner == name and is_in(case.resolved_at) for case in cases),
        sum(case.owner == name and case.state in OPEN for case in cases),
        tuple(_part_week(part, answers, is_in, first, before, zone) for part in parts),
    )


def _part_week(
    part: Part,
    answers: Sequence[AnswerFact],
    is_in: Callable[[datetime], bool],
    first: date,
    weeks: int,
    zone: ZoneInfo,
) -> PartWeek:
    own = [one for one in answers if part.has(one.themes, one.attributes)]
    now = [one for one in own if is_in(one.at)]
    since = first - WEEKS_BEFORE * WEEK
    before = [one for one in own if since <= one.at.astimezone(zone).date() < first]
    states = {one.case_id: one.case_state for one in now if one.case_id}
    segments = Counter(one.segment for one in now if one.segment)
    scored = segments.total()
    shifts = [] if part.kind == "theme" else _shifts(now, before, weeks)
    growing = [one for one in shifts if one.now > one.usual]
    return PartWeek(
        part,
        len(now),
        len(before) / weeks if weeks else None,
        len(states),
        sum(state not in OPEN for state in states.values()) / len(states) if states else None,
        100 * (segments["promoter"] - segments["detractor"]) / scored if scored else None,
        tuple(growing[:_SHIFTS]),
        tuple([one for one in shifts if one.now < one.usual][:_SHIFTS]),
        _quotes(now, part, [one.theme for one in growing]),
    )


def _weeks_before(days: Sequence[date], first: date) -> int:
    """How many of the weeks before are known: those since the first answer, the last ones."""
    earlier = (first - min(days)).days if days else 0
    return min(WEEKS_BEFORE, -(-earlier // WEEK.days)) if earlier > 0 else 0


def _shifts(now: Sequence[AnswerFact], before: Sequence[AnswerFact], weeks: int) -> list[Shift]:
    """Themes that many more or fewer answers speak of than usual, the largest change first."""
    counts = Counter(theme for one in now for theme in one.themes)
    past = Counter(theme for one in before for theme in one.themes)
    if not past:
        return []
    found = []
    for theme in {*counts, *past}:
        here, usual = counts[theme], past[theme] / weeks
        if max(here, usual) >= _LEAST and not usual / _RATIO < here < usual * _RATIO:
            found.append(Shift(theme, here, usual))
    return sorted(found, key=lambda one: (-abs(one.now - one.usual), one.theme))


def _quotes(now: Sequence[AnswerFact], part: Part, growing: Sequence[str]) -> tuple[Quote, ...]:
    """The worst words of each theme that grows, then of others, each of another answer."""
    found: list[Quote] = []
    seen: set[str | None] = set()
    best = [quote for one in now if (quote := _worst(one, part)) is not None]
    best.sort(key=lambda one: (one.theme not in growing, one.sentiment, one.text))
    for is_new_theme in (True, False):
        for quote in best:
            if len(found) < QUOTES and quote not in found:
                if is_new_theme and quote.theme in seen:
                    continue
                seen.add(quote.theme)
                found.append(quote)
    return tuple(found)


def _worst(one: AnswerFact, part: Part) -> Quote | None:
    """What of an answer is quoted: its worst words about the part."""
    about = [quote for quote in one.quotes if part.kind != "theme" or quote.theme == part.value]
    return min(about, key=lambda quote: quote.sentiment, default=None)
