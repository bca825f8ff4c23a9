from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pipelines import cases
from pipelines.cases import MAX_NOTE, MOVES, STATES, MoveError, allowed_moves, next_state

TABLE = {
    ("new", "contact"): "contacting",
    ("new", "resolve"): "resolved",
    ("new", "close"): "closed",
    ("contacting", "resolve"): "resolved",
    ("contacting", "close"): "closed",
    ("contacting", "reopen"): "new",
    ("resolved", "reopen"): "new",
    ("closed", "reopen"): "new",
}
"""Every move there is; whoever changes the rules changes this too."""

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
BAD_NOTES = ("x" * (MAX_NOTE + 1), "NUL \x00", "half a pair \ud800")
NOTES = st.one_of(st.sampled_from(["", " \n\t"]), WORDS, st.sampled_from(BAD_NOTES))


class CaseLife(RuleBasedStateMachine):
    """A case that takes any moves in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.state: str = "new"

    @rule(move=st.sampled_from([*MOVES, "delete", "", "Contact"]), note=NOTES)
    def take(self, move: str, note: str) -> None:
        to = TABLE.get((self.state, move))
        needs_note = move in {"close", "reopen"}
        if to is None or (needs_note and not note.strip()) or note in BAD_NOTES:
            with pytest.raises(MoveError):
                next_state(self.state, move, note)
        else:
            self.state = next_state(self.state, move, note)
            assert self.state == to

    @invariant()
    def the_state_is_known_and_never_a_dead_end(self) -> None:
        assert self.state in STATES
        assert allowed_moves(self.state)


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(deadline=None, max_examples=40, stateful_step_count=20)


@pytest.mark.parametrize("state", STATES)
def test_allowed_moves_are_those_that_can_be_taken(state: str) -> None:
    taken = []
    for move in MOVES:
        try:
            next_state(state, move, "because")
        except MoveError:
            continue
        taken.append(move)
    assert tuple(taken) == allowed_moves(state)
    assert set(taken) == {move for known, move in TABLE if known == state}


def test_every_state_can_be_reached_from_new() -> None:
    reached, waiting = {"new"}, ["new"]
    while waiting:
        state = waiting.pop()
        for move in allowed_moves(state):
            to = next_state(state, move, "because")
            if to not in reached:
                reached.add(to)
                waiting.append(to)
    assert reached == set(STATES)


@given(st.text(max_size=60), st.text(max_size=200))
def test_unknown_states_and_moves_are_refused_in_words(state: str, move: str) -> None:
    if (state, move) not in TABLE:
        with pytest.raises(MoveError) as caught:
            next_state(state, move, "because")
        assert len(str(caught.value)) < 300


def test_messages_say_what_can_be_done_instead() -> None:
    with pytest.raises(MoveError, match=r"resolved cannot take the move close; it can take reopen"):
        next_state("resolved", "close", "because")
    with pytest.raises(MoveError, match=r"Moves are: contact, resolve, close, reopen"):
        next_state("new", "vanish", "")
    with pytest.raises(MoveError, match="needs a note that says why"):
        next_state("new", "close", "  ")
    with pytest.raises(MoveError, match=r"at most 2,000 characters; this one has 2,001"):
        next_state("new", "resolve", "x" * (cases.MAX_NOTE + 1))
