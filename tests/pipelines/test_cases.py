from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pipelines.cases import (
    MOVES,
    OPEN,
    STATES,
    MoveError,
    OwnerError,
    Status,
    Step,
    allowed_moves,
    due,
    take,
)
from pipelines.contracts import ENGINE
from pipelines.resolution import Resolution
from pipelines.words import MAX_NOTE
from tests.pipelines.house import RULES

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ENDED = Resolution("solved", ("The courier had no key", "Nobody gives out keys"))
TABLE = {
    "assign": {
        ("new", "assigned"),
        ("assigned", "assigned"),
        ("contacting", "contacting"),
        ("waiting", "waiting"),
        ("snoozed", "snoozed"),
    },
    "contact": {(state, "contacting") for state in ("new", "assigned", "waiting", "snoozed")},
    "wait": {("contacting", "waiting")},
    "snooze": {(state, "snoozed") for state in ("new", "assigned", "contacting")},
    "wake": {("snoozed", "new")},
    "resolve": {("contacting", "resolved"), ("waiting", "resolved")},
    "verify": {("resolved", "verified")},
    "close": {
        (state, "closed") for state in ("new", "assigned", "contacting", "waiting", "snoozed")
    },
    "reopen": {("resolved", "new"), ("verified", "new"), ("closed", "new")},
}
"""Moves of a case that nobody has; whoever changes the rules changes this."""
BAD_NOTES = ("x" * (MAX_NOTE + 1), "NUL \x00", "half a pair \ud800")


def step(move: str, who: str = "Ewa", at: datetime = NOW, **changes: object) -> Step:
    """A step with all that any move asks for."""
    plain = Step(move, who, at, "because", "Jan", at + timedelta(days=1), ENDED)
    return replace(plain, **changes)  # type: ignore[arg-type]


def standing(state: str, **changes: object) -> Status:
    return Status(state, NOW - timedelta(hours=2), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", [*TABLE, "delete", "", "Contact", "answer"])
def test_moves_lead_where_the_table_says(state: str, move: str) -> None:
    leads = dict(TABLE.get(move, ()))
    if state in leads:
        assert move in allowed_moves(state)
        assert take(standing(state), step(move)).state == leads[state]
    else:
        assert move not in allowed_moves(state)
        with pytest.raises(MoveError) as caught:
            take(standing(state), step(move))
        assert len(str(caught.value)) < 300


class CaseLife(RuleBasedStateMachine):
    """A case of two people, who make any moves at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.status = Status("new", NOW)
        self.now = NOW

    @rule(
        move=st.sampled_from([*MOVES, "delete"]),
        who=st.sampled_from(["Ewa", "Jan", ENGINE]),
        note=st.sampled_from(["", " \n", "because", *BAD_NOTES]),
        owner=st.sampled_from([None, "Ewa", "Jan", " "]),
        sleep_h=st.sampled_from([None, -1, 0, 5, 24 * 91]),
        ended=st.sampled_from([None, ENDED, Resolution("solved")]),
    )
    def act(
        self,
        move: str,
        who: str,
        note: str,
        owner: str | None,
        sleep_h: int | None,
        ended: Resolution | None,
    ) -> None:
        until = None if sleep_h is None else self.now + timedelta(hours=sleep_h)
        before = self.status
        try:
            self.status = take(before, Step(move, who, self.now, note, owner, until, ended))
        except MoveError:
            assert self.status is before
            return
        assert note not in BAD_NOTES
        assert self.status.state in STATES
        if MOVES[move].of_owner and before.owner and who != ENGINE:  # type: ignore[index]
            assert before.owner == who, "nobody moves another's case"

    @rule(hours=st.sampled_from([0, 1, 30, 24 * 8]))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def the_status_is_whole(self) -> None:
        status = self.status
        assert status.state in STATES
        assert allowed_moves(status.state), "no dead end"
        assert status.state != "new" or status.owner is None
        assert status.state != "assigned" or status.owner
        assert (status.state == "snoozed") == (status.snoozed_until is not None)
        running = [pause for pause in status.pauses if pause.end is None]
        assert len(running) == (status.state == "waiting")
        assert (status.state in ("resolved", "verified")) <= (status.resolution is not None)
        assert (status.resolution is None) == (status.verify_on is None)
        moment = due(status, RULES.clock, "detractor", "P1")
        assert (moment is not None) == (status.state in OPEN and status.state != "waiting")


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(deadline=None, max_examples=60, stateful_step_count=30)


def test_whoever_contacts_first_has_the_case() -> None:
    assert take(standing("new"), step("contact")).owner == "Ewa"
    assert take(standing("assigned", owner="Ewa"), step("contact")).contacted_at == NOW


def test_nobody_moves_what_another_has_until_they_take_it_over() -> None:
    hers = standing("assigned", owner="Ewa")
    with pytest.raises(OwnerError, match="Ewa has this case"):
        take(hers, step("contact", who="Jan"))
    taken = take(hers, step("assign", who="Jan", owner="Jan"))
    assert take(taken, step("contact", who="Jan")).state == "contacting"


def test_waiting_for_the_customer_stops_the_clock() -> None:
    called = take(standing("new"), step("contact"))
    waits = take(called, step("wait", at=NOW + timedelta(hours=1)))
    assert due(waits, RULES.clock, "detractor", "P2") is None
    wrote = take(waits, step("answer", who=ENGINE, at=NOW + timedelta(hours=3)))
    without = due(called, RULES.clock, "detractor", "P2")
    paused = due(wrote, RULES.clock, "detractor", "P2")
    assert without is not None
    assert paused == without + timedelta(hours=2)


def test_a_snoozed_case_wakes_with_whoever_has_it() -> None:
    asleep = take(standing("assigned", owner="Ewa"), step("snooze"))
    assert asleep.snoozed_until == NOW + timedelta(days=1)
    awake = take(asleep, step("wake", who=ENGINE))
    assert (awake.state, awake.snoozed_until) == ("assigned", None)


def test_a_reopened_case_begins_its_clock_again_and_may_be_of_the_second_level() -> None:
    resolved = take(standing("contacting", owner="Ewa", contacted_at=NOW), step("resolve"))
    assert resolved.verify_on == date(2026, 12, 7)
    later = NOW + timedelta(days=9)
    again = take(resolved, step("reopen", at=later, is_unhappy=True))
    assert (again.state, again.started_at, again.is_second_level) == ("assigned", later, True)
    assert (again.contacted_at, again.resolution, again.verify_on) == (None, None, None)


@given(st.text(max_size=60), st.text(max_size=200))
def test_unknown_moves_are_refused_in_words(move: str, who: str) -> None:
    if move not in MOVES:
        with pytest.raises(MoveError) as caught:
            take(standing("new"), step(move, who=who))
        assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("state", "changes", "words"),
    [
        (
            "resolved",
            {"move": "close"},
            "resolved cannot take the move close; it can take verify, reopen",
        ),
        ("new", {"move": "vanish"}, "Moves are: assign, contact, wait, snooze, wake, resolve"),
        ("new", {"move": "close", "note": "  "}, "needs a note that says why"),
        ("new", {"move": "contact", "note": BAD_NOTES[0]}, "at most 2,000 characters"),
        ("new", {"move": "assign", "owner": None}, "needs an owner"),
        ("assigned", {"move": "assign", "owner": "Ewa"}, "Ewa has this case already"),
        ("new", {"move": "snooze", "until": None}, "needs until"),
        ("new", {"move": "snooze", "until": NOW}, "in the next 90 days"),
        ("contacting", {"move": "resolve", "resolution": None}, "needs an outcome: one of solved"),
    ],
)
def test_messages_say_what_can_be_done_instead(
    state: str, changes: dict[str, object], words: str
) -> None:
    owner = "Ewa" if state == "assigned" else None
    with pytest.raises(MoveError) as caught:
        take(standing(state, owner=owner), replace(step("x"), **changes))  # type: ignore[arg-type]
    assert words in str(caught.value)
