"""What a workspace may decide itself: documents in YAML that ship with defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipelines.clock import Clock
from pipelines.rules.clock_rules import clock_of
from pipelines.rules.documents import RuleError, shipped
from pipelines.rules.promises import Promises, promises_of
from pipelines.rules.team import Team, team_of
from pipelines.rules.weights import Weights, weights_of

KINDS = ("promises", "clock", "team", "weights")
"""The documents there are; each ships as a file of its name."""
_READ: Mapping[str, Callable[[str, ZoneInfo], object]] = {
    "clock": clock_of,
    "promises": lambda content, _: promises_of(content),
    "team": lambda content, _: team_of(content),
    "weights": lambda content, _: weights_of(content),
}


@dataclass(frozen=True)
class Rules:
    """The rules of one workspace."""

    clock: Clock
    weights: Weights
    team: Team
    promises: Promises

    @classmethod
    def of(cls, own: Mapping[str, str], zone: ZoneInfo) -> Rules:
        """Rules from a workspace's own documents, by kind, and the shipped ones for the rest.

        Args:
            own: kind -> YAML.
            zone: of the clock, where its document names none.

        Raises:
            RuleError: a document cannot be used.
        """
        return cls(
            clock_of(own.get("clock") or shipped("clock"), zone),
            weights_of(own.get("weights") or shipped("weights")),
            team_of(own.get("team") or shipped("team")),
            promises_of(own.get("promises") or shipped("promises")),
        )


def unusable(own: Mapping[str, str], zone: ZoneInfo) -> dict[str, RuleError]:
    """What is wrong, by kind, with documents that were kept by a version that took them.

    Args:
        own: kind -> YAML.
        zone: as in `Rules.of`.
    """
    found = {}
    for kind, content in own.items():
        try:
            if content:
                _READ[kind](content, zone)
        except RuleError as error:
            found[kind] = error
    return found
