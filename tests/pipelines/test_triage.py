from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import signals
from pipelines import triage
from pipelines.clock import respond_by
from pipelines.contracts import (
    LEVELS,
    SCORE_TEXT_MISMATCH,
    SEGMENTS,
    Person,
    Priority,
    Scale,
    Segment,
    Understanding,
)
from pipelines.segments import NPS
from pipelines.triage import effective_segment, needs_case, prioritise
from tests.pipelines.made_up import NOON, PEOPLE, SIGNALS, scored, understandings, understood

Scored = tuple[Segment | None, float | None, Scale]


def priority(
    read: Understanding,
    segment: Segment | None = "detractor",
    score: float | None = 3,
    scale: Scale = NPS,
    person: Person | None = None,
) -> Priority:
    return prioritise(read, segment, score=score, scale=scale, person=person, occurred_at=NOON)


def codes(found: Priority) -> dict[str, int]:
    return {reason.code: reason.points for reason in found.reasons}


@settings(deadline=None)
@given(understandings(), scored(), PEOPLE)
def test_points_add_up_to_a_score_from_0_to_100(
    read: Understanding, given_score: Scored, person: Person | None
) -> None:
    segment, score, scale = given_score
    found = priority(read, segment, score, scale, person)
    assert sum(reason.points for reason in found.reasons) == found.score
    assert 0 <= found.score <= 100
    assert len(codes(found)) == len(found.reasons)
    assert all(reason.points != 0 and reason.text.strip() for reason in found.reasons)


@settings(deadline=None)
@given(understandings(), scored(), PEOPLE)
def test_the_level_follows_the_score_and_the_clock_the_segment(
    read: Understanding, given_score: Scored, person: Person | None
) -> None:
    segment, score, scale = given_score
    found = priority(read, segment, score, scale, person)
    floors = {level: floor for floor, level in triage.LEVEL_FLOORS}
    assert floors[found.level] <= found.score
    above = [level for level in LEVELS if floors[level] > floors[found.level]]
    assert all(found.score < floors[level] for level in above)
    is_safety = "safety" in read.signals
    clock: Segment = "detractor" if is_safety else effective_segment(segment, read)
    assert found.respond_by == respond_by(NOON, clock)


@settings(deadline=None)
@given(understandings(), scored(), PEOPLE, st.sampled_from(SIGNALS))
def test_a_further_signal_never_lowers_the_score(
    read: Understanding, given_score: Scored, person: Person | None, name: str
) -> None:
    segment, score, scale = given_score
    more = replace(read, signals=tuple(sorted({*read.signals, name})))
    before = priority(read, segment, score, scale, person).score
    assert priority(more, segment, score, scale, person).score >= before


def test_levels_are_in_order_and_reach_down_to_nothing() -> None:
    floors = [floor for floor, _ in triage.LEVEL_FLOORS]
    assert [level for _, level in triage.LEVEL_FLOORS] == list(LEVELS)
    assert all(higher > lower for higher, lower in pairwise(floors))
    assert floors[-1] == 0


def test_safety_outranks_every_other_signal_and_even_two_of_the_lesser() -> None:
    points = {name: points for name, (points, _) in triage.SIGNAL_POINTS.items()}
    others = sorted((value for name, value in points.items() if name != "safety"), reverse=True)
    assert points["safety"] > others[0]
    assert points["safety"] > others[2] + others[3]


@pytest.mark.parametrize("segment", SEGMENTS)
def test_safety_puts_any_customer_before_an_angry_detractor_without_it(segment: Segment) -> None:
    scores: dict[Segment, float] = {"detractor": 6, "passive": 7, "promoter": 10}
    unsafe = priority(understood(score=-0.5, signals=("safety",)), segment, scores[segment])
    angry = priority(understood(score=-1.0), "detractor", 2)
    assert unsafe.score > angry.score, (unsafe.score, angry.score)


@pytest.mark.parametrize("name", ["safety", "legal_threat", "authority_complaint"])
def test_a_detractor_with_a_grave_signal_is_answered_first(name: str) -> None:
    assert priority(understood(score=-0.9, signals=(name,)), score=1).level == "P1"


@pytest.mark.parametrize("name", ["safety", "legal_threat", "authority_complaint"])
def test_a_grave_signal_is_never_left_in_the_lower_half(name: str) -> None:
    assert priority(understood(score=0.0, signals=(name,)), "promoter", 9).level != "P4"


def test_the_gravest_signal_stands_first_among_the_signals() -> None:
    found = priority(understood(signals=tuple(sorted(SIGNALS))))
    order = [reason.code for reason in found.reasons if reason.code in SIGNALS]
    assert order[0] == "safety"
    points = [triage.SIGNAL_POINTS[code][0] for code in order]
    assert points == sorted(points, reverse=True)


def test_reasons_quote_the_customers_words() -> None:
    found = priority(understood("Waiting still, no refund came", signals=("open_problem",)))
    texts = {reason.code: reason.text for reason in found.reasons}
    assert texts["open_problem"] == "The problem is still open: “Waiting st”"
    assert texts["worst_excerpt"] == "Worst part: “Waiting still, no refund came”"
    assert texts["detractor"] == "Detractor: 3 on 0–10"


def test_a_long_quote_is_cut_and_its_line_breaks_are_not_kept() -> None:
    found = priority(understood("a\n\n b" + " word" * 100))
    (text,) = [reason.text for reason in found.reasons if reason.code == "worst_excerpt"]
    assert "\n" not in text
    assert text.endswith("…”")
    assert len(text) < 100


@pytest.mark.parametrize(
    ("mood", "treated_as"),
    [(-0.9, "detractor"), (0.0, "passive"), (0.9, "promoter"), (None, "passive")],
)
def test_without_a_score_the_mood_of_the_text_decides(
    mood: float | None, treated_as: Segment
) -> None:
    found = priority(understood(score=mood), None, None)
    assert effective_segment(None, understood(score=mood)) == treated_as
    assert codes(found)["no_score"] == triage.SEGMENT_POINTS[treated_as]
    assert found.respond_by == respond_by(NOON, treated_as)


@pytest.mark.parametrize("segment", SEGMENTS)
@pytest.mark.parametrize("mood", [-1.0, 0.0, 1.0])
def test_a_score_counts_before_the_mood(segment: Segment, mood: float) -> None:
    assert effective_segment(segment, understood(score=mood)) == segment


def test_the_lower_the_score_the_higher_the_priority() -> None:
    points = [priority(understood(), "detractor", score).score for score in range(7)]
    assert points == sorted(points, reverse=True)
    assert points[0] > points[6]


def test_on_a_scale_where_low_is_good_the_highest_score_is_the_worst() -> None:
    lower = Scale(1, 5, higher_is_better=False)
    worst = priority(understood(), "detractor", 5, lower)
    milder = priority(understood(), "detractor", 4, lower)
    assert worst.score > milder.score


def test_tier_and_account_add_points_and_an_unknown_tier_none() -> None:
    plain = priority(understood()).score
    gold = Person("r1", tier="Gold", account="Servis Bajer s.r.o.")
    assert codes(priority(understood(), person=gold)).keys() >= {"tier", "account"}
    assert priority(understood(), person=gold).score > plain
    assert priority(understood(), person=Person("r1", tier="bronze")).score == plain


def test_every_signal_that_can_be_found_and_asks_for_something_has_points() -> None:
    found = {*signals.NAMES, SCORE_TEXT_MISMATCH}
    only_said = {"praise_person", "recommend", "price", "asks_no_contact"}
    assert found - only_said - {SCORE_TEXT_MISMATCH} == set(triage.SIGNAL_POINTS)


@pytest.mark.parametrize(
    ("segment", "read", "needed"),
    [
        ("detractor", understood(score=None), True),
        ("detractor", understood("ok", 0.0), True),
        (None, understood("They never came", -0.9), True),
        (None, understood(score=None), False),
        ("promoter", understood("super", 0.9), False),
        ("promoter", understood("👍👍👍👍👍👍👍👍👍👍👍👍👍", 0.9), False),
        ("promoter", understood(score=None), False),
        ("promoter", understood("The lady at the counter was lovely", 0.9), True),
        ("passive", understood("why?", 0.0, ("question",)), True),
        ("passive", understood(score=None), False),
    ],
)
def test_who_needs_an_answer(segment: Segment | None, read: Understanding, needed: bool) -> None:
    assert needs_case(segment, read) is needed
