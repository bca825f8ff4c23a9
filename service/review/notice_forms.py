"""The form of a person's choices of notices."""

from __future__ import annotations

from datetime import time

from pydantic import BaseModel, Field

from pipelines.notices.choices import CHANNELS, KINDS, Channel, Choices, Kind, Quiet


class ChoicesForm(BaseModel):
    """What the page sends: the kinds that are ticked of each channel, and the rest."""

    app: list[Kind] = Field(default_factory=list)
    mail: list[Kind] = Field(default_factory=list)
    quiet_start: time
    quiet_end: time
    days_off: bool = False
    p1_always: bool = False
    digest_hour: int = Field(ge=0, le=23)
    language: str

    def choices(self) -> Choices:
        """The choices that were made.

        Raises:
            PipelineError: no such language.
        """
        ticked: dict[Channel, list[Kind]] = {"app": self.app, "mail": self.mail}
        return Choices(
            {
                kind: frozenset(channel for channel in CHANNELS if kind in ticked[channel])
                for kind in KINDS
            },
            Quiet(
                self.quiet_start.replace(second=0, microsecond=0, tzinfo=None),
                self.quiet_end.replace(second=0, microsecond=0, tzinfo=None),
                self.days_off,
                self.p1_always,
            ),
            self.digest_hour,
            self.language,
        )
