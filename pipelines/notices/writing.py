"""Writes notices and digests in one of the four languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from pipelines.notices.choices import DIGESTS, Kind
from pipelines.notices.day import Day
from pipelines.notices.facts import CaseFact, Few, Quote
from pipelines.notices.letter import Letter, Line, Section, quoted, words
from pipelines.notices.places import place_of_list, place_of_many
from pipelines.notices.week import Part, PartWeek, Shift, Week
from pipelines.words import shortened

_ABOUT = 60
"""Characters of a customer's words that stand for a theme where there is none."""


@dataclass(frozen=True)
class SpikeFact:
    """A week in which a theme stands out."""

    theme: str
    week: date
    count: int
    expected: float


@dataclass(frozen=True)
class Writer:
    """Writes in one language.

    Attributes:
        names: themes by id, in that language.
        zone: whose dates and hours are told.
        address: where pages are, without a slash at the end.
        customers: names by case, where they may be told: on pages, in no mail.
    """

    language: str
    names: Mapping[str, str]
    zone: ZoneInfo
    address: str
    customers: Mapping[str, str] = field(default_factory=dict)

    def kind(self, kind: Kind) -> str:
        """What a kind is called."""
        return self._say("kind", kind)

    def title(self, kind: Kind, fact: CaseFact | SpikeFact | None, count: int = 1) -> str:
        """A notice in one line; of several things at once where `count` is above one."""
        if kind in DIGESTS:
            return self.kind(kind)
        if count > 1 or fact is None:
            return self._say("many", kind, count=self._number(count))
        return self._say("one", kind, about=self._about(fact))

    def of_case(self, kind: Kind, case: CaseFact, now: datetime) -> Letter:
        """A notice about a case."""
        return Letter(
            self.language,
            self.title(kind, case),
            self._say("intro", kind),
            (Section("", (self._case(case, now, act="case"),)),),
        )

    def of_spike(self, spike: SpikeFact, quotes: Iterable[Quote]) -> Letter:
        """A notice about a theme on the rise."""
        told = self._say(
            "spike",
            "weeks",
            week=self._date(spike.week),
            count=self._number(spike.count),
            expected=self._number(round(spike.expected)),
        )
        lines = [Line(told), *map(self._quote, quotes)]
        act = Line(self._say("act", "theme"), link=f"{self.address}/themes/{spike.theme}")
        return Letter(
            self.language,
            self.title("spike", spike),
            self._say("intro", "spike"),
            (Section("", (*lines, act)),),
        )

    def of_many(self, kind: Kind, count: int, person: str) -> Letter:
        """A notice to a person about several things at once."""
        where = "themes" if kind == "spike" else "queue"
        link = f"{self.address}{place_of_many(kind, person)}"
        act = Line(self._say("act", where), link=link)
        return Letter(
            self.language,
            self.title(kind, None, count),
            self._say("intro", "many"),
            (Section("", (act,)),),
        )

    def digest_title(self, digest: Day | Week) -> str:
        """A digest in one line."""
        if isinstance(digest, Day):
            return self._say("one", "daily", day=self._date(digest.day))
        first, last = self._date(digest.first), self._date(digest.last)
        return self._say("one", "weekly", first=first, last=last)

    def of_day(self, day: Day, now: datetime) -> Letter:
        """A daily digest."""
        sections = [
            self._cases(name, few, day, now)
            for name, few in (
                ("breached", day.breached),
                ("due_today", day.due_today),
                ("new_p1", day.new_p1),
                ("open", day.open),
            )
            if few.count
        ]
        nothing = Section("", (Line(self._say("day", "empty")),))
        intro = self._say("intro", "daily")
        return Letter(self.language, self.digest_title(day), intro, tuple(sections) or (nothing,))

    def of_week(self, week: Week) -> Letter:
        """A weekly digest."""
        mine = self._say(
            "week", "mine", resolved=self._number(week.resolved), open=self._number(week.open)
        )
        return Letter(
            self.language,
            self.digest_title(week),
            self._say("intro", "weekly"),
            (Section("", (Line(mine),)), *map(self._part, week.parts)),
        )

    def with_foot(self, letter: Letter, kind: Kind, stop: str) -> Letter:
        """The letter with why it came and how to get no more of its kind, at the address `stop`."""
        foot = (
            Line(self._say("foot", "why")),
            Line(self._say("foot", "stop", kind=self.kind(kind)), link=stop),
            Line(self._say("foot", "settings"), link=f"{self.address}/notices/settings"),
        )
        return replace(letter, foot=foot)

    def part_name(self, part: Part) -> str:
        """What a part of a weekly digest is called."""
        if part.kind == "theme":
            return self._say("week", "theme", theme=self.names.get(part.value, part.value))
        if part.kind == "place":
            return self._say("week", "place", name=part.name, value=part.value)
        return self._say("week", "all")

    def _cases(self, name: str, few: Few, day: Day, now: datetime) -> Section:
        lines = [self._case(case, now) for case in few.cases]
        if few.count > len(few.cases):
            rest = self._number(few.count - len(few.cases))
            more = self._say("day", "more", count=rest)
            lines.append(Line(more, link=f"{self.address}{place_of_list(name, day.person)}"))
        count, since = self._number(few.count), self._moment(day.since)
        return Section(self._say("day", name, count=count, since=since), tuple(lines))

    def _case(self, case: CaseFact, now: datetime, *, act: str = "") -> Line:
        due = "late" if case.respond_by <= now else "by"
        told = [
            self._say("case", due, level=case.level, due=self._moment(case.respond_by)),
            self._say("case", "owner", owner=case.owner)
            if case.owner
            else self._say("case", "nobody"),
        ]
        if case.themes:
            told.insert(0, self._theme(case.themes[0]))
        if case.id in self.customers:
            told.insert(0, self.customers[case.id])
        if not case.words:
            told.append(self._say("case", "no_words"))
        text = " · ".join(told)
        if act:
            text = f"{self._say('act', act)}: {text}"
        return Line(text, case.words, case.language, f"{self.address}/cases/{case.id}")

    def _part(self, week: PartWeek) -> Section:
        count = self._number(week.answers)
        if week.usual is None:
            lines = [self._say("week", "first_answers", count=count)]
        else:
            usual = self._number(week.usual)
            lines = [self._say("week", "answers", count=count, usual=usual)]
        if week.closed_share is None:
            lines.append(self._say("week", "no_cases"))
        else:
            share = str(format_percent(week.closed_share, locale=self._locale))
            cases = self._number(week.cases)
            lines.append(self._say("week", "cases", count=cases, share=share))
        if week.nps is not None:
            lines.append(self._say("week", "nps", nps=f"{week.nps:+.0f}".replace("-", "−")))
        for name, shifts in (("growing", week.growing), ("falling", week.falling)):
            if shifts:
                themes = "; ".join(map(self._shift, shifts))
                lines.append(self._say("week", name, themes=themes))
        if week.quotes:
            lines.append(f"{self._say('week', 'quotes')}:")
        if not week.answers:
            lines = [self._say("week", "empty")]
        told = [*map(Line, lines), *map(self._quote, week.quotes)]
        return Section(self.part_name(week.part), tuple(told))

    def _shift(self, shift: Shift) -> str:
        return self._say(
            "week",
            "shift",
            theme=self._theme(shift.theme),
            count=self._number(shift.now),
            usual=self._number(shift.usual),
        )

    def _quote(self, quote: Quote) -> Line:
        link = f"{self.address}/cases/{quote.case_id}" if quote.case_id else ""
        about = self._theme(quote.theme) if quote.theme else self._say("case", "no_theme")
        if quote.case_id and quote.case_id in self.customers:
            about = f"{self.customers[quote.case_id]} · {about}"
        return Line(about, quote.text, quote.language, link)

    def _about(self, fact: CaseFact | SpikeFact) -> str:
        if isinstance(fact, SpikeFact):
            return self._theme(fact.theme)
        if fact.id in self.customers:
            return self.customers[fact.id]
        if fact.themes:
            return self._theme(fact.themes[0])
        if fact.words:
            return quoted(shortened(fact.words, _ABOUT), self.language)
        return self._say("case", "no_theme")

    def _theme(self, theme: str) -> str:
        return self.names.get(theme, theme)

    def _say(self, part: str, name: str, /, **values: object) -> str:
        return words(self.language)[part][name].format(**values)

    @property
    def _locale(self) -> str:
        return "en_GB" if self.language == "en" else self.language

    def _number(self, value: float) -> str:
        return str(format_decimal(round(value, 1), locale=self._locale))

    def _date(self, day: date) -> str:
        return str(format_date(day, "long", locale=self._locale))

    def _moment(self, moment: datetime) -> str:
        here = moment.astimezone(self.zone)
        return ", ".join(
            str(format_skeleton(part, here, locale=self._locale)) for part in ("MMMEd", "Hm")
        )
