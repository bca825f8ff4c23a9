"""Cases and their events between rows and what moves are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipelines.cases import Former, Status, Step
from pipelines.clock import Pause
from pipelines.ports import StepTaken
from pipelines.resolution import Resolution
from service.storage.case_tables import CaseEvent, CaseRow

TOLD = "told"
"""Among the details of an event: its note, where it is ours, as pages tell it."""


def status_of(case: CaseRow) -> Status:
    """A case's row as what moves are made of."""
    return Status(
        state=case.state,  # type: ignore[arg-type]
        started_at=case.started_at,
        owner=case.owner,
        contacted_at=case.contacted_at,
        pauses=tuple(pause_of(stored) for stored in case.pauses),
        snoozed_until=case.snoozed_until,
        resolved_at=case.resolved_at,
        resolution=Resolution.of_json(case.resolution) if case.resolution else None,
        verify_on=case.verify_on,
        is_second_level=case.is_second_level,
    )


def complete(step: Step) -> Step:
    """A step with all that its resolution says, days that nobody named too."""
    ended = step.resolution
    return replace(step, resolution=ended.complete(step.at)) if ended else step


def details_of(step: Step) -> dict[str, Any]:
    """What a step carries besides its note, as it is kept with its event."""
    found: dict[str, Any] = {"owner": step.owner, "unhappy": step.is_unhappy}
    found["until"] = step.until.isoformat() if step.until else None
    found["resolution"] = step.resolution.to_json() if step.resolution else None
    found["former"] = former_json(step.former) if step.former else None
    found[TOLD] = step.said.to_json() if step.said else None
    return {name: value for name, value in found.items() if value}


def former_json(former: Former) -> dict[str, Any]:
    """Where a case stood, as it is kept."""
    return {
        "state": former.state,
        "owner": former.owner,
        "snoozed_until": former.snoozed_until.isoformat() if former.snoozed_until else None,
        "pauses": [pause_json(pause) for pause in former.pauses],
    }


def former_of(stored: Mapping[str, Any]) -> Former:
    """What `former_json` kept."""
    until = stored["snoozed_until"]
    return Former(
        stored["state"],
        stored["owner"],
        datetime.fromisoformat(until) if until else None,
        tuple(pause_of(pause) for pause in stored["pauses"]),
    )


def event_of(case_id: str, taken: StepTaken) -> CaseEvent:
    """A step that was taken, as it is kept."""
    step = taken.step
    return CaseEvent(
        case_id=case_id,
        at=step.at,
        who=step.who,
        move=step.move,
        before=taken.before,
        after=taken.after,
        note=step.note.strip(),
        details=details_of(step),
    )


def pause_json(pause: Pause) -> list[str | None]:
    """A pause, as it is kept."""
    return [pause.start.isoformat(), pause.end.isoformat() if pause.end else None]


def pause_of(stored: Sequence[str | None]) -> Pause:
    """What `pause_json` kept."""
    start, end = stored
    assert start is not None  # noqa: S101 - `pause_json` writes one
    return Pause(datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
