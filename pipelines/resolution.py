"""How a case ended: the outcome, the root cause as a chain of whys, and what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias, get_args

from pipelines.contracts import PipelineError
from pipelines.messages import N_, Codes
from pipelines.words import MAX_NOTE, check_words

Outcome: TypeAlias = Literal["solved", "explained", "compensated", "not_solvable", "not_reached"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
MOST_WHYS = 7
VERIFY_AFTER = timedelta(days=14)
LATEST_VERIFICATION = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What somebody says of a case that they resolve.

    Attributes:
        causes: why it happened, why that happened, and so on; the last is the root cause.
        unknown_because: why the root cause is not known, where there is no chain.
        promised: what the customer was promised; empty for nothing.
        promised_by: the day it was promised for.
        verify_on: the day on which the customer is asked whether it worked; None for the usual.
    """

    outcome: str
    causes: tuple[str, ...] = ()
    unknown_because: str = ""
    promised: str = ""
    promised_by: date | None = None
    verify_on: date | None = None

    def complete(self, at: datetime) -> Resolution:
        """With the usual day of verification, where none is given."""
        return self if self.verify_on else replace(self, verify_on=(at + VERIFY_AFTER).date())

    @property
    def root_cause(self) -> str | None:
        """The last why; None where it is unknown."""
        return self.causes[-1] if self.causes else None

    def to_json(self) -> dict[str, Any]:
        """As it is stored and shown to machines."""
        return {
            "outcome": self.outcome,
            "causes": list(self.causes),
            "unknown_because": self.unknown_because,
            "promised": self.promised,
            "promised_by": self.promised_by.isoformat() if self.promised_by else None,
            "verify_on": self.verify_on.isoformat() if self.verify_on else None,
        }

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Resolution:
        """What `to_json` gave."""
        days = {
            name: date.fromisoformat(stored[name]) if stored[name] else None
            for name in ("promised_by", "verify_on")
        }
        return cls(
            stored["outcome"],
            tuple(stored["causes"]),
            stored["unknown_because"],
            stored["promised"],
            **days,
        )


def check_resolution(resolution: Resolution | None, at: datetime) -> None:
    """See that a case can be resolved with this.

    Raises:
        PipelineError: what is missing, and what to write.
    """
    if resolution is None or resolution.outcome not in OUTCOMES:
        raise PipelineError(
            N_("Resolving needs an outcome: one of %(outcomes)s."),
            outcomes=Codes("outcome", OUTCOMES),
        )
    _check_cause(resolution)
    if resolution.promised_by is not None and not resolution.promised.strip():
        raise PipelineError(N_("There is a day for a promise, but no promise. Write what it was."))
    if resolution.promised_by is not None and resolution.promised_by < at.date():
        raise PipelineError(N_("The day of a promise has passed. Write the day it is kept by."))
    check_words(N_("A promise"), resolution.promised, MAX_NOTE)
    verify_on = resolution.verify_on or at.date()
    if not at.date() <= verify_on <= (at + LATEST_VERIFICATION).date():
        raise PipelineError(
            N_("verify_on is a day from today to a year from now; two weeks is usual.")
        )


def _check_cause(resolution: Resolution) -> None:
    causes = resolution.causes
    if not causes and not resolution.unknown_because.strip():
        raise PipelineError(
            N_(
                "Resolving needs the root cause: why it happened, why that happened, as far as you "
                "know; or that it is unknown, and why."
            )
        )
    if causes and resolution.unknown_because.strip():
        raise PipelineError(N_("The root cause is given or unknown, not both. Leave one empty."))
    if len(causes) > MOST_WHYS or not all(cause.strip() for cause in causes):
        raise PipelineError(
            N_("A chain of whys has up to %(most)s steps, none of them empty."), most=MOST_WHYS
        )
    for cause in (*causes, resolution.unknown_because):
        check_words(N_("A cause"), cause, MAX_NOTE)
