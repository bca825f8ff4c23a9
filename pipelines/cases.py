"""The states of a case and the moves between them, in one table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pipelines.contracts import PipelineError

State: TypeAlias = Literal["new", "contacting", "resolved", "closed"]
STATES: tuple[State, ...] = ("new", "contacting", "resolved", "closed")
Move: TypeAlias = Literal["contact", "resolve", "close", "reopen"]


class MoveError(PipelineError):
    """A move that the case's state does not allow."""


@dataclass(frozen=True, slots=True)
class MoveRule:
    """Where a move leads and from which states; some moves need a reason in words."""

    to: State
    allowed_from: tuple[State, ...]
    needs_note: bool = False


MOVES: dict[Move, MoveRule] = {
    "contact": MoveRule("contacting", ("new",)),
    "resolve": MoveRule("resolved", ("new", "contacting")),
    "close": MoveRule("closed", ("new", "contacting"), needs_note=True),
    "reopen": MoveRule("new", ("contacting", "resolved", "closed"), needs_note=True),
}
"""`contact`: a follow-up was approved or a call is under way. `close`: without contact."""

MAX_NOTE = 2_000
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def next_state(state: str, move: str, note: str) -> State:
    """State after a move.

    Raises:
        MoveError: no such move, not allowed from this state, or its note is missing or too long.
    """
    rule = MOVES.get(move)  # type: ignore[call-overload]
    if rule is None:
        raise MoveError(f"There is no move {move[:40]!r}. Moves are: {', '.join(MOVES)}.")
    if state not in rule.allowed_from:
        allowed = [name for name, other in MOVES.items() if state in other.allowed_from]
        raise MoveError(
            f"A case that is {state} cannot take the move {move}; it can take {', '.join(allowed)}."
        )
    if rule.needs_note and not note.strip():
        raise MoveError(f"The move {move} needs a note that says why.")
    try:
        check_words("A note", note, MAX_NOTE)
    except PipelineError as error:
        raise MoveError(str(error)) from error
    return rule.to  # type: ignore[no-any-return]


def check_words(what: str, words: str, most: int) -> None:
    """See that what a person typed can be kept.

    Raises:
        PipelineError: too long, or with characters that no one types (NUL, half a surrogate pair).
    """
    if len(words) > most:
        raise PipelineError(f"{what} has at most {most:,} characters; this one has {len(words):,}.")
    found = _CONTROLS.search(words)
    if found:
        raise PipelineError(f"{what} holds a control character (U+{ord(found[0]):04X}): remove it.")


def allowed_moves(state: str) -> tuple[Move, ...]:
    """Moves that a state allows, in the table's order."""
    return tuple(move for move, rule in MOVES.items() if state in rule.allowed_from)
