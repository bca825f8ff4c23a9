"""Who is told what: whoever has a case, whose area it is in, who leads, or else everybody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pipelines.contracts import AttributeValue
from pipelines.notices.choices import Kind
from pipelines.rules.team import Member

_OF_OWNERS: tuple[Kind, ...] = ("due_soon", "replied", "bounced")
"""What is told to whoever has the case, and to nobody else."""


@dataclass(frozen=True)
class Occasion:
    """Something that people are told of.

    Attributes:
        kind: of those that are not digests.
        key: says which one it is; nobody is told twice of one kind and key.
        case_id: of the case it is about, None for a theme.
        theme_id: of the theme it is about, None for a case.
        owner: who has the case or the theme.
        by: who did it.
        level: of the case.
        themes: of the case, or the theme itself.
        places: attributes of the answers that it is about, every value of each.
    """

    kind: Kind
    key: str
    case_id: str | None = None
    theme_id: str | None = None
    owner: str | None = None
    by: str | None = None
    level: str | None = None
    themes: frozenset[str] = field(default=frozenset())
    places: Mapping[str, Collection[AttributeValue]] = field(default_factory=dict)


def recipients(
    occasion: Occasion, members: Mapping[str, Member], everybody: Collection[str]
) -> set[str]:
    """Names of those who are told.

    Whoever has the case is told of all but what they did themselves. A new P1, a breach and a
    spike are also told to whose area it is in and to leads. What would be told to nobody is told
    to the leads, and where there are none, to everybody; but a case that somebody took is theirs.

    Args:
        occasion: what happened.
        members: the team by name.
        everybody: all who may be told, members and others.
    """
    owner = {occasion.owner} & {*everybody}
    if occasion.kind == "assigned":
        return {name for name in owner if name and name != occasion.by}
    told = {name for name in owner if name}
    leads = {name for name, member in members.items() if member.lead}
    if occasion.kind not in _OF_OWNERS:
        told |= leads | {
            name
            for name, member in members.items()
            if member.area.holds(occasion.themes, occasion.places)
        }
    return told or leads or set(everybody)


def without_doubles(told: Mapping[str, list[Occasion]]) -> dict[str, list[Occasion]]:
    """What each person is told at once, where of one case the gravest stands for the others.

    Whoever is given a new P1 case is told that it is a P1, not besides that they have it.
    """
    order = ("breached", "new_p1", "bounced", "replied", "due_soon", "assigned", "spike")
    found = {}
    for person, occasions in told.items():
        gravest: dict[str, Occasion] = {}
        for one in sorted(occasions, key=lambda one: order.index(one.kind)):
            gravest.setdefault(one.case_id or one.key, one)
        found[person] = [one for one in occasions if one in gravest.values()]
    return found
