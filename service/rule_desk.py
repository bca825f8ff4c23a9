"""What people do with their workspace's rules: look, try on the last month, put in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from pipelines.contracts import SEGMENTS, Level, Segment
from pipelines.messages import N_, Told
from pipelines.rules import KINDS, Rules, unusable
from pipelines.rules.documents import RuleError, at_entry, several, shipped
from pipelines.rules.trial import Judged, Trial, try_rules
from pipelines.triage import Standing
from service.storage.access import people
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.document_tables import RuleDocument
from service.storage.feedback import FeedbackRepository
from service.storage.queue import QueueRepository
from service.storage.readings import answer_of, understanding_of
from service.storage.rules import RuleRepository
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

LOOK_BACK = timedelta(days=30)
MOST_TRIED = 2_000


@dataclass(frozen=True)
class Example:
    """When a customer who writes at a moment must have been contacted."""

    written: datetime
    segment: Segment
    level: Level
    due: datetime


class RuleDesk:
    """One person at the rules of one workspace."""

    def __init__(self, odzew: Odzew, workspace: str, who: str) -> None:
        self._odzew, self._workspace, self._who = odzew, workspace, who

    def document(self, kind: str) -> tuple[str, bool, list[RuleDocument]]:
        """The document in use, whether it is the workspace's own, and its versions, newest first.

        Raises:
            NotFoundError: there is no such document.
        """
        _check(kind)
        with self._odzew.database.snapshot() as session:
            repository = RuleRepository(session, self._workspace)
            own = repository.in_use().get(kind, "")
            return own or shipped(kind), bool(own), repository.history(kind)

    def try_out(self, kind: str, content: str) -> tuple[Rules, Trial]:
        """Judge the last month's cases by a document that is not in use.

        Raises:
            NotFoundError: there is no such document.
            RuleError: it cannot be used.
        """
        tried = self._with(kind, content)
        since = datetime.now(UTC) - LOOK_BACK
        with self._odzew.database.snapshot() as session:
            cases = QueueRepository(session, self._workspace).opened_since(since, MOST_TRIED)
            before = FeedbackRepository(session, self._workspace).was_detractor(
                [case.feedback_id for case in cases]
            )
            judged = [
                Judged(
                    case.id,
                    understanding_of(case.feedback),
                    case.feedback.reading.segment,  # type: ignore[arg-type]
                    answer_of(case.feedback),
                    Standing(case.feedback_id in before),
                    case.opened_at,
                )
                for case in cases
            ]
        return tried, try_rules(judged, self._odzew.rules(self._workspace), tried)

    def use(self, kind: str, content: str, seen: int) -> int:
        """Put a document in use and give its number; an empty one stands for the one that ships.

        Args:
            kind: of `KINDS`.
            content: YAML.
            seen: number of the version that was in use when it was written, 0 for the shipped one.

        Raises:
            NotFoundError: there is no such document.
            RuleError: it cannot be used.
            ConflictError: somebody else put another in use meanwhile.
        """
        self._with(kind, content)
        with self._odzew.database.transaction() as session:
            repository = RuleRepository(session, self._workspace)
            versions = repository.history(kind)
            if (versions[0].id if versions else 0) != seen:
                raise ConflictError(
                    N_(
                        "Somebody put other rules in use meanwhile. Yours are kept below: compare "
                        "them with the history, then put them in use again."
                    )
                )
            put = repository.put(kind, content.strip(), who=self._who, at=datetime.now(UTC))
            return put.id

    def trouble(self, kind: str) -> RuleError | None:
        """Why the workspace's own document, stored by an earlier version, is not used."""
        with self._odzew.database.snapshot() as session:
            own = RuleRepository(session, self._workspace).in_use()
        found = unusable(own, self._odzew.settings.zone).get(kind)
        if found is None:
            return None
        return RuleError(
            N_(
                "These rules cannot be used; until they are mended, those that come with Odzew are "
                "in use instead. %(what)s"
            ),
            what=found.told,
        )

    def _with(self, kind: str, content: str) -> Rules:
        _check(kind)
        zone = self._odzew.settings.zone
        typed = content.replace("\r\n", "\n").strip()
        with self._odzew.database.snapshot() as session:
            own = RuleRepository(session, self._workspace).in_use()
            others = {one: own[one] for one in own if one not in {kind, *unusable(own, zone)}}
            rules = Rules.of({**others, kind: typed}, zone)
            _check_names(session, self._workspace, kind, rules)
        examples(rules, datetime.now(UTC))  # a calendar without working time is told here
        return rules


def examples(rules: Rules, now: datetime) -> list[Example]:
    """What the clock says of customers who write now, on Friday evening and on Saturday."""
    local = now.astimezone(rules.clock.calendar.zone)
    friday = (local + timedelta(days=(4 - local.weekday()) % 7)).replace(
        hour=17, minute=0, second=0, microsecond=0
    )
    found = []
    for written in (local, friday, friday + timedelta(hours=19)):
        levels: list[tuple[Segment, Level]] = [("detractor", "P1")]
        levels += [(segment, "P3") for segment in SEGMENTS]
        for segment, level in levels:
            found.append(Example(written, segment, level, _due(rules, written, segment, level)))
    return found


def again(rules: Rules, found: Sequence[Example]) -> list[Example]:
    """The same examples by other rules."""
    return [replace(one, due=_due(rules, one.written, one.segment, one.level)) for one in found]


def _due(rules: Rules, written: datetime, segment: Segment, level: Level) -> datetime:
    due = rules.clock.respond_by(written, segment, level)
    if due is None:  # nothing is paused
        raise RuleError("The clock gives no moment to answer by.")
    return due


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise NotFoundError(
            N_("There are no rules called “%(kind)s”. There are: %(known)s."),
            kind=kind[:40],
            known=", ".join(KINDS),
        )


def _check_names(session: Session, workspace: str, kind: str, rules: Rules) -> None:
    """See that whom and what a document names is there.

    Raises:
        RuleError: a theme that is none here, or a default owner who is neither a member nor has
            signed in.
    """
    troubles = []
    known = {row.id for row in ThemeRepository(session, workspace).living()}
    for place, theme in _themes_named(kind, rules):
        if theme not in known:
            what = N_(
                "there is no theme %(theme)s; take the id from the address of a theme’s page: thm_…"
            )
            troubles.append(at_entry(place, Told(what, {"theme": theme[:40]})))
    owner = rules.team.default_owner if kind == "team" else None
    if owner is not None and owner not in {*rules.team.members, *people(session, workspace)}:
        what = N_(
            "nobody here is called %(name)s; add them under members, with capacity: 0 if they are "
            "to be given nothing else"
        )
        troubles.append(at_entry("default_owner", Told(what, {"name": owner[:60]})))
    if troubles:
        raise several(troubles)


def _themes_named(kind: str, rules: Rules) -> Iterator[tuple[str, str]]:
    """The themes that a document names, each with its place there."""
    if kind == "weights":
        yield from ((f"themes.{theme}", theme) for theme in rules.weights.themes)
    elif kind == "team":
        for number, rule in enumerate(rules.team.rules, 1):
            if rule.when.theme is not None:
                yield f"rules.{number}.when.theme", rule.when.theme
        for name, member in rules.team.members.items():
            yield from ((f"members.{name}.area.themes", theme) for theme in member.area.themes)
