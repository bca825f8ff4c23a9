"""Keeps one refit of a workspace at a time, and says how far it is and what came of it."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, TypeAlias

from models.contracts import ModelError
from pipelines.contracts import PipelineError
from pipelines.messages import N_
from service.storage.file_lock import FileBusyError, hold

log = logging.getLogger(__name__)

State: TypeAlias = Literal["running", "done", "failed", "stopped"]

STEPS = (
    N_("Reading the excerpts"),
    N_("Finding what belongs together and naming it"),
    N_("Matching it with the themes there are"),
)


class RefitRunningError(PipelineError):
    """Themes are being fitted already; wait for that fit to end."""


@dataclass(frozen=True)
class RefitState:
    """The newest refit of a workspace.

    Attributes:
        state: `stopped` where its process ended before the refit did.
        step: place in `STEPS` of what is being done.
        excerpts: how many are fitted, once they are read.
        usual_s: seconds that the one before took, None where there was none.
        change: its number in the history, once it is done.
        problem: why it failed.
    """

    state: State
    who: str
    started_at: datetime
    step: int = 0
    excerpts: int | None = None
    usual_s: float | None = None
    ended_at: datetime | None = None
    change: int | None = None
    problem: str = ""

    @property
    def took_s(self) -> float:
        """Seconds from its start to its end, or to now."""
        return ((self.ended_at or datetime.now(UTC)) - self.started_at).total_seconds()


class Refit:
    """One refit under way, from its start to the end of a `with` block.

    What is told of it lies in a file beside its lock, so that other processes of the same data
    folder can say it too.

    Raises:
        RefitRunningError: another fit of this workspace is under way, here or in another process
            of this data folder.
    """

    def __init__(self, home: Path, workspace: str, who: str) -> None:
        self._path = _path(home, workspace)
        try:
            self._lock: IO[bytes] = hold(self._path.with_suffix(".lock"))
        except FileBusyError as error:
            raise RefitRunningError(
                N_(
                    "Themes are being fitted already. Wait for that fit to end, then look at what "
                    "came of it in the history."
                )
            ) from error
        before = _read(self._path)
        usual_s = None
        if before is not None:
            usual_s = before.took_s if before.state == "done" else before.usual_s
        self._state = RefitState("running", who, datetime.now(UTC), usual_s=usual_s)
        self._write()

    def at(self, step: int, *, excerpts: int) -> None:
        """Say how far it is."""
        self._state = replace(self._state, step=step, excerpts=excerpts)
        self._write()

    def done(self, change: int) -> None:
        """Say what came of it: a change of this number in the history."""
        self._end("done", change=change)

    def __enter__(self) -> Refit:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, PipelineError | ModelError):
            self._end("failed", problem=str(error))
        elif isinstance(error, Exception):
            self._end("failed", problem="Something went wrong on our side; the log says what.")
        self._lock.close()

    def _end(self, state: State, *, change: int | None = None, problem: str = "") -> None:
        self._state = replace(
            self._state, state=state, ended_at=datetime.now(UTC), change=change, problem=problem
        )
        self._write()

    def _write(self) -> None:
        unfinished = self._path.with_suffix(".part")
        unfinished.write_text(json.dumps(asdict(self._state), default=datetime.isoformat), "utf-8")
        unfinished.replace(self._path)


def newest_refit(home: Path, workspace: str) -> RefitState | None:
    """What is known of the newest refit in this data folder; None where there was none."""
    path = _path(home, workspace)
    found = _read(path)
    if found is None or found.state != "running":
        return found
    try:
        hold(path.with_suffix(".lock")).close()
    except FileBusyError:
        return found
    ended = _read(path)  # it may have ended just before the lock was looked at
    return replace(found, state="stopped") if ended == found else ended


def _path(home: Path, workspace: str) -> Path:
    return home / f"refit-{workspace}.json"


def _read(path: Path) -> RefitState | None:
    try:
        stored = json.loads(path.read_text("utf-8"))
        for name in ("started_at", "ended_at"):
            stored[name] = stored[name] and datetime.fromisoformat(stored[name])
        return RefitState(**stored)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        log.warning("%s cannot be read; the newest refit is not told.", path)
        return None
