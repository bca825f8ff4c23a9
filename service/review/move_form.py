"""The form that moves a case: what people typed, and the step that it stands for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from pipelines.cases import Step
from pipelines.contracts import PipelineError
from pipelines.messages import N_
from pipelines.resolution import VERIFY_AFTER, Resolution

_MORNING = 9


class MoveForm(BaseModel):
    """Fields of the form as they were typed; days are `2026-12-31`, `until` has a time too."""

    move: str = ""
    revision: int | None = None
    note: str = ""
    owner: str = ""
    until: str = ""
    outcome: str = ""
    cause: list[str] = []
    unknown_because: str = ""
    promised: str = ""
    promised_by: str = ""
    verify_on: str = ""

    @classmethod
    def for_day(cls, now: datetime) -> MoveForm:
        """An empty form: sleep until tomorrow morning, verification after the usual time."""
        tomorrow = (now + timedelta(days=1)).replace(hour=_MORNING, minute=0)
        return cls(
            until=tomorrow.strftime("%Y-%m-%dT%H:%M"),
            verify_on=(now + VERIFY_AFTER).date().isoformat(),
        )

    def step(self, who: str, at: datetime, zone: ZoneInfo) -> Step:
        """The step that somebody asks for.

        Raises:
            PipelineError: a day or a moment is none.
        """
        return Step(
            self.move,
            who,
            at,
            self.note,
            self.owner.strip() or None,
            self._until(zone) if self.move == "snooze" else None,
            self._resolution() if self.move == "resolve" else None,
            is_unhappy=self.move == "reopen" and self.outcome == "unhappy",
        )

    def _until(self, zone: ZoneInfo) -> datetime | None:
        if not self.until:
            return None
        try:
            return datetime.fromisoformat(self.until).replace(tzinfo=zone)
        except ValueError as error:
            raise PipelineError(
                N_("%(typed)s is no moment; write it as 2026-12-31T09:00."),
                typed=repr(self.until[:40]),
            ) from error

    def _resolution(self) -> Resolution:
        return Resolution(
            self.outcome,
            tuple(cause.strip() for cause in self.cause if cause.strip()),
            self.unknown_because.strip(),
            self.promised.strip(),
            _day(self.promised_by),
            _day(self.verify_on),
        )


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        raise PipelineError(
            N_("%(typed)s is no day; write it as 2026-12-31."), typed=repr(typed[:40])
        ) from error
