"""The history of a case reads as a person would write it, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines import assignment
from pipelines.messages import Told
from service import bucket_desk
from service.review import language
from service.review.history import _MOVES, _SAID, history_of
from service.storage.case_rows import TOLD
from service.storage.draft_tables import DecisionRow, DraftRow, MessageRow
from service.storage.tables import CaseAlert, CaseEvent

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Warsaw")
RULE = Told("By rule %(number)s of the team", {"number": 2})


@pytest.fixture(params=list(language.LANGUAGES))
def reader(request: pytest.FixtureRequest) -> Iterator[str]:
    """Somebody who reads in one of the four languages."""
    token = language._visit.set(language.Visit(request.param))
    yield request.param
    language._visit.reset(token)


def event(move: str, note: str = "", told: Told | None = None, **details: Any) -> CaseEvent:
    kept = {**details, TOLD: told.to_json()} if told else details
    return CaseEvent(at=NOW, who="Ewa", move=move, note=note or str(told or ""), details=kept)


def line(one: CaseEvent) -> str:
    ((_, _, what),) = history_of([one], [], [], [], ZONE)
    return what


def facts_of(message: str) -> Told:
    """A reason of ours with some value in each place."""
    facts: dict[str, Any] = {name: "Jan" for name in re.findall(r"%\((\w+)\)s", message)}
    if "why" in facts:
        facts["why"] = RULE
    return Told(message, facts)


def test_every_move_and_reason_is_a_whole_sentence(reader: str) -> None:
    carried: dict[str, Any] = {
        "owner": "Jan",
        "until": NOW.isoformat(),
        "level": "P1",
        "instead_of": "P2",
    }
    plain = [event(move, **carried) for move in _MOVES]
    ours = [event(move, told=facts_of(message), owner="Jan") for move, message in _SAID]
    told = [line(one) for one in (*plain, *ours)]
    for sentence in told:
        assert sentence[0].isupper(), sentence
        assert "%(" not in sentence
        assert "  " not in sentence
    if reader != "en":
        english = {line for line in told if "The " in line or "It " in line}
        assert not english


def test_what_the_engine_can_note_has_a_sentence() -> None:
    known = {message for _, message in _SAID}
    noted = {assignment._TO_DEFAULT, assignment._TO_NOBODY, *bucket_desk._MOVED.values()}
    assert noted <= known


def test_a_second_level_names_who_has_the_case_and_by_which_rule(reader: str) -> None:
    said = line(event("assign", told=Told("Second level: %(why)s", {"why": RULE}), owner="Jan"))
    assert "Jan" in said
    assert "2" in said
    assert ":" not in said


def test_a_reason_that_is_not_known_stands_behind_its_move(reader: str) -> None:
    said = line(event("contact", told=Told("Rung by the switchboard")))
    assert said == f"{line(event('contact'))}: Rung by the switchboard"


def test_a_persons_words_stand_in_quotes(reader: str) -> None:
    mark = {"en": "“Spam”", "pl": "„Spam”", "cs": "„Spam“", "et": "„Spam“"}[reader]
    assert line(event("close", "Spam")).endswith(f": {mark}")


def test_how_a_case_ended_is_told_with_its_cause() -> None:
    ended = {"outcome": "solved", "causes": ["Late van", "No spare van"], "unknown_because": None}
    said = line(event("resolve", resolution=ended))
    assert said == "The case was resolved. Outcome: solved. Root cause: “No spare van”"
    unknown = {"outcome": "explained", "causes": [], "unknown_because": "The van is gone"}
    said = line(event("resolve", resolution=unknown))
    assert said.endswith("Outcome: explained. The root cause is not known: “The van is gone”")


def test_drafts_messages_and_alerts_are_told_with_who_and_why() -> None:
    message = MessageRow(way="mail", who="Jan", created_at=NOW)
    rejected = DecisionRow(verdict="rejected", who="Ola", at=NOW, reason="Too stiff")
    draft = DraftRow(number=2, author="odzew", created_at=NOW)
    draft.decisions, draft.message = [rejected], message
    alert = CaseAlert(kind="breached", at=NOW)
    told = [(who, what) for _, who, what in history_of([], [draft], [alert], [], ZONE)]
    assert told == [
        ("odzew", "The time for this case has run out"),
        ("odzew", "Draft 2 was written"),
        ("Ola", "Draft 2 was rejected: “Too stiff”"),
        ("Jan", "Draft 2 was put in the outbox"),
    ]
