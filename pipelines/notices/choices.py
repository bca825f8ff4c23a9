"""What one person wants to be told, where, when, and in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from models.contracts import LANGUAGES
from pipelines.contracts import PipelineError
from pipelines.messages import N_

Kind: TypeAlias = Literal[
    "new_p1",
    "due_soon",
    "breached",
    "assigned",
    "replied",
    "bounced",
    "spike",
    "daily",
    "weekly",
]
Digest: TypeAlias = Literal["daily", "weekly"]
DIGESTS: tuple[Digest, ...] = ("daily", "weekly")
OF_CASES: tuple[Kind, ...] = (
    *("new_p1", "due_soon", "breached", "assigned"),
    *("replied", "bounced"),
)
"""What a case is told of. `replied`: its customer wrote back. `bounced`: a message came back."""
KINDS: tuple[Kind, ...] = (*OF_CASES, "spike", *DIGESTS)
Channel: TypeAlias = Literal["app", "mail"]
CHANNELS: tuple[Channel, ...] = ("app", "mail")
_FORMAT = 1


@dataclass(frozen=True)
class Quiet:
    """When a person gets no mail; `start` equal to `end` is at no hour.

    Attributes:
        start: by the team's clock on the wall; later than `end` where it is over midnight.
        end: the first minute that is not quiet any more.
        on_days_off: whether weekends, holidays and other free days of the team are quiet too.
        p1_always: whether a P1 case is told of at any hour all the same.
    """

    start: time = time(20)
    end: time = time(7)
    on_days_off: bool = True
    p1_always: bool = False


@dataclass(frozen=True)
class Choices:
    """One person's choices; all that there is, by day and in English, before they choose.

    Attributes:
        channels: where each kind is told; a kind that is not there is told everywhere.
        digest_hour: when digests are written, 0-23 by the team's clock on the wall.
    """

    channels: Mapping[Kind, frozenset[Channel]] = field(default_factory=dict)
    quiet: Quiet = Quiet()
    digest_hour: int = 8
    language: str = "en"

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise PipelineError(
                N_("Notices are written in %(languages)s. Choose one."),
                languages=", ".join(LANGUAGES),
            )
        if not 0 <= self.digest_hour < 24:
            raise PipelineError(N_("The hour of digests is a full hour from 0 to 23."))
        object.__setattr__(self, "channels", MappingProxyType(dict(self.channels)))

    def wants(self, kind: Kind, channel: Channel) -> bool:
        """Whether a kind is to be told there."""
        return channel in self.channels.get(kind, CHANNELS)

    def with_mail(self, kind: Kind, wanted: bool) -> Choices:
        """The same choices with or without mail of a kind."""
        there: frozenset[Channel] = frozenset(self.channels.get(kind, CHANNELS))
        mail: frozenset[Channel] = frozenset(("mail",))
        after = there | mail if wanted else there - mail
        return replace(self, channels={**self.channels, kind: after})

    def to_json(self) -> dict[str, Any]:
        """The choices as they are kept."""
        return {
            "format": _FORMAT,
            "channels": {kind: sorted(told) for kind, told in self.channels.items()},
            "quiet": {
                "start": f"{self.quiet.start:%H:%M}",
                "end": f"{self.quiet.end:%H:%M}",
                "on_days_off": self.quiet.on_days_off,
                "p1_always": self.quiet.p1_always,
            },
            "digest_hour": self.digest_hour,
            "language": self.language,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Choices:
        """The choices that `to_json` gave."""
        quiet = kept["quiet"]
        return cls(
            {kind: frozenset(told) for kind, told in kept["channels"].items()},
            Quiet(
                time.fromisoformat(quiet["start"]),
                time.fromisoformat(quiet["end"]),
                quiet["on_days_off"],
                quiet["p1_always"],
            ),
            kept["digest_hour"],
            kept["language"],
        )
