"""Who is given a case: the first rule that fits, and among those it names whoever has room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.contracts import AttributeValue
from pipelines.messages import N_, Told
from pipelines.rules.team import Member, Team, When, same_attribute

_TO_DEFAULT = N_("Nobody of %(names)s is there with room and the language: to the default owner")
_TO_NOBODY = N_(
    "Nobody of %(names)s is there with room and the language, and there is no default owner"
)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What rules of assignment ask of a case."""

    language: str
    segment: str | None
    level: str
    themes: frozenset[str] = field(default=frozenset())
    account: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


@dataclass
class Load:
    """How much each member has to do, kept up while cases are given.

    Attributes:
        open_cases: by name.
        turns: by name, a number that is higher the later they were last given a case.
    """

    open_cases: dict[str, int]
    turns: dict[str, int]

    def give(self, name: str) -> None:
        """Count one more case of a member, given last."""
        self.open_cases[name] = self.open_cases.get(name, 0) + 1
        self.turns[name] = max(self.turns.values(), default=0) + 1


@dataclass(frozen=True, slots=True)
class Given:
    """Who is given a case, and why; nobody where `owner` is None."""

    owner: str | None
    why: Told | None = None


def choose(team: Team, facts: CaseFacts, load: Load, day: date) -> Given:
    """Who is given a case.

    Among the members that the first fitting rule names, those who are there, answer in its
    language and have room; the one with the least done of their capacity, then the one whose turn
    was longest ago. Where there is none of them, the default owner, which the reason says.

    Args:
        team: members and rules; with no members nobody is given anything.
        facts: of the case.
        load: what each has; the caller counts the case in once it is given.
        day: today, where the team is.
    """
    if not team.members:
        return Given(None)
    number, named = _first_rule(team, facts, second_level=False) or (
        0,
        team.everyone_else or tuple(team.members),
    )
    return _among(named, number, team, facts, load, day)


def choose_second(team: Team, facts: CaseFacts, load: Load, day: date) -> Given:
    """Who is given a case whose customer is still unhappy, see `choose`.

    Nobody, without a reason, where no rule of the second level fits: it stays with whoever has it.
    """
    found = _first_rule(team, facts, second_level=True)
    return _among(found[1], found[0], team, facts, load, day) if found else Given(None)


def _first_rule(
    team: Team, facts: CaseFacts, *, second_level: bool
) -> tuple[int, tuple[str, ...]] | None:
    """Number and members of the first rule of a level that fits."""
    for number, rule in enumerate(team.rules, 1):
        if rule.when.second_level == second_level and _fits(rule.when, facts):
            return number, rule.to
    return None


def _among(
    named: tuple[str, ...], number: int, team: Team, facts: CaseFacts, load: Load, day: date
) -> Given:
    """The one of the named who is free and has the most room; else the default owner."""
    free = [name for name in named if _has_room(team.members[name], name, facts, load, day)]
    if free:
        owner = min(free, key=lambda name: _order(name, team.members[name], load))
        by_rule = Told(N_("By rule %(number)s of the team"), {"number": number})
        return Given(owner, by_rule if number else Told(N_("In turn")))
    names = {"names": ", ".join(named)}
    if team.default_owner:
        return Given(team.default_owner, Told(_TO_DEFAULT, names))
    return Given(None, Told(_TO_NOBODY, names))


def _order(name: str, member: Member, load: Load) -> tuple[float, int, str]:
    return load.open_cases.get(name, 0) / member.capacity, load.turns.get(name, 0), name


def _has_room(member: Member, name: str, facts: CaseFacts, load: Load, day: date) -> bool:
    return (
        load.open_cases.get(name, 0) < member.capacity
        and (not member.languages or facts.language in member.languages)
        and not member.is_absent(day)
    )


def _fits(when: When, facts: CaseFacts) -> bool:
    return (
        when.language in (None, facts.language)
        and when.segment in (None, facts.segment)
        and when.level in (None, facts.level)
        and when.account in (None, facts.account)
        and (when.theme is None or when.theme in facts.themes)
        and all(
            same_attribute(facts.attributes.get(name), value)
            for name, value in when.attributes.items()
        )
    )
