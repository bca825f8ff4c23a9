"""The states of a case and the moves between them, in one table, and what each move leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias

from pipelines.clock import Clock, Pause
from pipelines.contracts import ENGINE, Level, PipelineError, Segment
from pipelines.messages import N_, Codes, Told
from pipelines.resolution import Resolution, check_resolution
from pipelines.words import MAX_NOTE, check_words

State: TypeAlias = Literal[
    "new", "assigned", "contacting", "waiting", "snoozed", "resolved", "verified", "closed"
]
STATES: tuple[State, ...] = (
    *("new", "assigned", "contacting", "waiting", "snoozed"),
    *("resolved", "verified", "closed"),
)
OPEN: tuple[State, ...] = ("new", "assigned", "contacting", "waiting", "snoozed")
"""States of a customer's small loop that is not closed yet."""
TO_CONTACT: tuple[State, ...] = ("new", "assigned")
"""States in which nobody has contacted the customer, and somebody should."""
TIMED: tuple[State, ...] = ("new", "assigned", "snoozed", "contacting")
"""States whose clock runs: something is due by a moment."""
PersonsMove: TypeAlias = Literal[
    "assign", "contact", "wait", "snooze", "wake", "resolve", "verify", "close", "reopen"
]
Move: TypeAlias = PersonsMove | Literal["answer", "undo"]
LONGEST_SNOOZE = timedelta(days=90)
_BY_OWNER: Literal["by owner"] = "by owner"
"""A state as by whether somebody has the case: assigned, or new."""
_AS_BEFORE: Literal["as before"] = "as before"
"""The state that the step carries."""
_STAYS: Mapping[str, str] = {state: state for state in OPEN}


class MoveError(PipelineError):
    """A move that the case's state does not allow, or that lacks something."""


class OwnerError(MoveError):
    """A move of a case that somebody else has."""


@dataclass(frozen=True, slots=True)
class MoveRule:
    """Where a move leads from each state that allows it.

    Attributes:
        needs_note: whether it needs a reason in words.
        of_owner: whether only the one who has the case makes it.
        of_engine: whether no person makes it by itself.
    """

    leads: Mapping[str, str]
    needs_note: bool = False
    of_owner: bool = True
    of_engine: bool = False


MOVES: Mapping[Move, MoveRule] = {
    "assign": MoveRule({**_STAYS, "new": "assigned"}, of_owner=False),
    "contact": MoveRule(dict.fromkeys(("new", "assigned", "waiting", "snoozed"), "contacting")),
    "wait": MoveRule({"contacting": "waiting"}),
    "snooze": MoveRule(
        dict.fromkeys(("new", "assigned", "contacting"), "snoozed"), needs_note=True
    ),
    "wake": MoveRule({"snoozed": _BY_OWNER}, of_owner=False),
    "answer": MoveRule(
        {**_STAYS, "waiting": "contacting", "snoozed": _BY_OWNER}, of_owner=False, of_engine=True
    ),
    "resolve": MoveRule(dict.fromkeys(("contacting", "waiting"), "resolved")),
    "verify": MoveRule({"resolved": "verified"}, of_owner=False),
    "close": MoveRule(dict.fromkeys(OPEN, "closed"), needs_note=True),
    "reopen": MoveRule(
        dict.fromkeys(("resolved", "verified", "closed"), _BY_OWNER),
        needs_note=True,
        of_owner=False,
    ),
    "undo": MoveRule(dict.fromkeys((*OPEN, "closed"), _AS_BEFORE), of_owner=False, of_engine=True),
}
"""`contact`: a message was sent or a call is under way. `wait`: for the customer, the clock
stands still. `answer`: the customer wrote again. `close`: nothing more is done, and why. `undo`: a
move was a mistake and nothing came after it."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where a case stands; moments are aware.

    Attributes:
        started_at: when its clock began: the customer wrote, or it was reopened.
        contacted_at: when the customer was first contacted since then.
        pauses: when the customer was waited for since then.
        verify_on: the day on which somebody asks the customer whether it worked.
        is_second_level: whether the customer was still unhappy once the case had been handled.
    """

    state: State
    started_at: datetime
    owner: str | None = None
    contacted_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    snoozed_until: datetime | None = None
    resolved_at: datetime | None = None
    resolution: Resolution | None = None
    verify_on: date | None = None
    is_second_level: bool = False


@dataclass(frozen=True, slots=True)
class Former:
    """What an assignment or a closing changed in a case, as it was before."""

    state: State
    owner: str | None
    snoozed_until: datetime | None
    pauses: tuple[Pause, ...]

    @classmethod
    def of(cls, status: Status) -> Former:
        """Of a case before it is moved."""
        return cls(status.state, status.owner, status.snoozed_until, status.pauses)


@dataclass(frozen=True, slots=True)
class Step:
    """A move as somebody makes it.

    Attributes:
        owner: who is to have the case, of `assign`.
        until: when a snoozed case wakes, aware.
        resolution: what `resolve` leaves.
        is_unhappy: of a `reopen`: the customer is still unhappy after the case was handled.
        former: what an `undo` goes back to.
        said: the note, where it is ours and not a person's: pages tell it in other languages.
    """

    move: str
    who: str
    at: datetime
    note: str = ""
    owner: str | None = None
    until: datetime | None = None
    resolution: Resolution | None = None
    is_unhappy: bool = False
    former: Former | None = None
    said: Told | None = None

    @classmethod
    def of_engine(cls, move: str, at: datetime, said: Told, **more: Any) -> Step:
        """A step that the engine takes, for a reason of its own."""
        return cls(move, ENGINE, at, str(said), said=said, **more)


def take(status: Status, step: Step) -> Status:
    """A case's status after a move.

    Raises:
        MoveError: no such move, not allowed from this state, or something is missing or too long.
        OwnerError: somebody else has the case.
    """
    rule = _allowed(status, step)
    _check(status, step, rule)
    leads: Any = rule.leads[status.state]
    if leads == _AS_BEFORE:
        return _undone(status, step)
    owner = step.owner if step.move == "assign" else status.owner
    if step.move == "contact" and owner is None and step.who != ENGINE:
        owner = step.who
    to: State = ("assigned" if owner else "new") if leads == _BY_OWNER else leads
    after = replace(
        status,
        state=to,
        owner=owner,
        snoozed_until=(step.until or status.snoozed_until) if to == "snoozed" else None,
        pauses=_pauses(status, to, step.at),
    )
    if to == "contacting" and after.contacted_at is None:
        after = replace(after, contacted_at=step.at)
    if step.move == "resolve" and step.resolution is not None:
        resolution = step.resolution.complete(step.at)
        after = replace(
            after, resolved_at=step.at, resolution=resolution, verify_on=resolution.verify_on
        )
    if step.move == "reopen":
        after = replace(
            after,
            started_at=step.at,
            contacted_at=None,
            pauses=(),
            resolved_at=None,
            resolution=None,
            verify_on=None,
            is_second_level=status.is_second_level or step.is_unhappy,
        )
    return after


def check_contact(status: Status, who: str, at: datetime) -> None:
    """See that somebody may contact the customer of a case, or go on doing so.

    Raises:
        MoveError: the case is resolved or closed.
        OwnerError: somebody else has it.
    """
    step = Step("contact", who, at)
    take(replace(status, state="assigned") if status.state == "contacting" else status, step)


def allowed_moves(state: str) -> tuple[Move, ...]:
    """Moves that a person can make from a state, in the table's order."""
    return tuple(move for move, rule in MOVES.items() if state in rule.leads and not rule.of_engine)


def due(status: Status, clock: Clock, segment: Segment, level: Level) -> datetime | None:
    """Until when the customer must be contacted, and once they were, the case be resolved.

    None while nothing is due: the customer is waited for, or the case is not open.
    """
    if status.state not in OPEN or status.state == "waiting":
        return None
    if status.contacted_at is None:
        return clock.respond_by(status.started_at, segment, level, status.pauses)
    return clock.resolve_by(status.contacted_at, status.pauses)


def _allowed(status: Status, step: Step) -> MoveRule:
    rule = MOVES.get(step.move)  # type: ignore[call-overload]
    if rule is None or (rule.of_engine and step.who != ENGINE and step.former is None):
        known = [name for name, one in MOVES.items() if not one.of_engine]
        raise MoveError(
            N_("There is no move %(move)s. Moves are: %(known)s."),
            move=repr(step.move[:40]),
            known=Codes("step", tuple(known)),
        )
    if status.state not in rule.leads:
        raise MoveError(
            N_("A case that is %(state)s cannot take the move %(move)s; it can take %(allowed)s."),
            state=Codes("state", (status.state,)),
            move=Codes("step", (step.move,)),
            allowed=Codes("step", allowed_moves(status.state)),
        )
    if rule.of_owner and status.owner not in (None, step.who) and step.who != ENGINE:
        raise OwnerError(
            N_(
                "%(name)s has this case. Take it over first (the move assign), or leave it to them."
            ),
            name=status.owner or "",
        )
    return rule  # type: ignore[no-any-return]


def _undone(status: Status, step: Step) -> Status:
    former = step.former
    if former is None:
        raise MoveError(N_("The move undo needs to know where the case stood before."))
    return replace(
        status,
        state=former.state,
        owner=former.owner,
        snoozed_until=former.snoozed_until,
        pauses=former.pauses,
    )


def _check(status: Status, step: Step, rule: MoveRule) -> None:
    if rule.needs_note and not step.note.strip():
        raise MoveError(
            N_("The move %(move)s needs a note that says why."), move=Codes("step", (step.move,))
        )
    try:
        check_words(N_("A note"), step.note, MAX_NOTE)
        if step.move == "resolve":
            check_resolution(step.resolution, step.at)
    except MoveError:
        raise
    except PipelineError as error:
        raise MoveError(error.told.message, **error.told.facts) from error
    if step.move == "assign":
        _check_owner(status, step.owner)
    if step.move == "snooze":
        _check_snooze(step)


def _check_owner(status: Status, owner: str | None) -> None:
    if owner is None or not re.fullmatch(r"\S(.{0,198}\S)?", owner):
        raise MoveError(N_("The move assign needs an owner: the name of who is to have the case."))
    if owner == status.owner:
        raise MoveError(N_("%(name)s has this case already."), name=owner)


def _check_snooze(step: Step) -> None:
    if step.until is None or step.until.tzinfo is None:
        raise MoveError(N_("The move snooze needs until: the moment, with its zone, it wakes at."))
    if not step.at < step.until <= step.at + LONGEST_SNOOZE:
        raise MoveError(
            N_(
                "A case sleeps until a moment in the next %(days)s days. Close it, with the "
                "reason, if nothing is to be done."
            ),
            days=LONGEST_SNOOZE.days,
        )


def _pauses(status: Status, to: str, at: datetime) -> tuple[Pause, ...]:
    """Pauses with the running one ended, or one begun."""
    pauses = status.pauses
    is_paused = bool(pauses) and pauses[-1].end is None
    if to == "waiting" and not is_paused:
        return (*pauses, Pause(at))
    if to != "waiting" and is_paused:
        return (*pauses[:-1], Pause(pauses[-1].start, max(at, pauses[-1].start)))
    return pauses
