from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import signals
from models.contracts import OTHER, Language
from pipelines import reasons
from pipelines.contracts import (
    BUCKETS,
    LEVELS,
    SCORE_TEXT_MISMATCH,
    SEGMENTS,
    Answer,
    AttributeValue,
    Bucket,
    Level,
    Person,
    Priority,
    Scale,
    Segment,
    ThemeMention,
    Understanding,
)
from pipelines.segments import NPS
from pipelines.triage import Standing, bucket_of, effective_segment, in_time, prioritise
from tests.pipelines.house import RULES
from tests.pipelines.made_up import (
    NOON,
    PEOPLE,
    SIGNALS,
    mood,
    scored,
    understandings,
    understood,
)

Scored = tuple[Segment | None, float | None, Scale]
WEIGHTS = RULES.weights


def foreign(text: str) -> Understanding:
    """A comment in a language that is not read, without any signal."""
    return replace(understood(text, 0.0), language=Language(OTHER, 0.95))


def priority(
    read: Understanding,
    segment: Segment | None = "detractor",
    score: float | None = 3,
    scale: Scale = NPS,
    person: Person | None = None,
    attributes: dict[str, AttributeValue] | None = None,
    standing: Standing | None = None,
    now: datetime = NOON,
) -> Priority:
    answer = Answer(
        "", score, scale, "delivery", NOON, respondent=person, attributes=attributes or {}
    )
    return prioritise(read, segment, answer, RULES, now=now, standing=standing)


def due(segment: Segment, level: Level | None = None) -> datetime:
    found = RULES.clock.respond_by(NOON, segment, level)
    assert found is not None
    return found


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
    floors = WEIGHTS.levels
    assert floors[found.level] <= found.score
    above = [level for level in LEVELS if floors[level] > floors[found.level]]
    assert all(found.score < floors[level] for level in above)
    is_safety = "safety" in read.signals
    clock: Segment = "detractor" if is_safety else effective_segment(segment, read)
    assert found.respond_by == due(clock, found.level)


@settings(deadline=None)
@given(understandings(), scored(), PEOPLE, st.sampled_from(SIGNALS))
def test_a_further_signal_never_lowers_the_score(
    read: Understanding, given_score: Scored, person: Person | None, name: str
) -> None:
    segment, score, scale = given_score
    more = replace(read, signals=tuple(sorted({*read.signals, name})))
    before = priority(read, segment, score, scale, person).score
    assert priority(more, segment, score, scale, person).score >= before


def test_safety_outranks_every_other_signal_and_even_two_of_the_lesser() -> None:
    points = WEIGHTS.signals
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
    points = [WEIGHTS.signals[code] for code in order]
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
    assert text.endswith(" word…”")
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
    assert codes(found)["no_score"] == WEIGHTS.segments[treated_as]
    assert found.respond_by == due(treated_as, found.level)


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
    assert found - only_said - {SCORE_TEXT_MISMATCH} == set(WEIGHTS.signals)
    assert set(reasons.SIGNALS) == set(signals.NAMES)


@pytest.mark.parametrize(
    ("segment", "read", "bucket"),
    [
        ("detractor", understood(score=None), "queue"),
        ("detractor", understood("ok", 0.0), "queue"),
        (None, understood("They never came", -0.9), "queue"),
        (None, understood(score=None), "no_comment"),
        ("promoter", understood("super", 0.9), "praise"),
        ("promoter", understood("👍👍👍👍👍👍👍👍👍👍👍👍👍", 0.9), "praise"),
        ("promoter", understood(score=None), "no_comment"),
        ("promoter", understood("The lady at the counter was lovely", 0.9), "queue"),
        ("passive", understood("why?", 0.0, ("question",)), "queue"),
        ("passive", understood("ok", 0.0), "no_comment"),
        ("passive", understood(score=None), "no_comment"),
        ("passive", foreign("Все було добре, але довго чекали"), "other_language"),
        ("detractor", foreign("Нічого не працює"), "queue"),
        ("passive", foreign("🙂"), "no_comment"),
        ("passive", foreign("8/10"), "no_comment"),
        ("promoter", understood("https://bit.ly/3xyz", 0.0, ("question",)), "spam"),
        (None, understood("asdfghjkl asdf", -0.9), "spam"),
        ("detractor", understood("https://bit.ly/3xyz", 0.0), "queue"),
        ("detractor", understood("asdfghjkl", -0.9), "queue"),
    ],
)
def test_every_answer_is_in_the_queue_or_in_a_bucket_that_says_why(
    segment: Segment | None, read: Understanding, bucket: Bucket
) -> None:
    assert bucket_of(segment, read) == bucket


@settings(deadline=None)
@given(understandings(), scored())
def test_whoever_needs_something_is_in_the_queue(read: Understanding, given_score: Scored) -> None:
    segment, _, _ = given_score
    bucket = bucket_of(segment, read)
    assert bucket in BUCKETS
    if segment == "detractor" or (read.signals and read.excerpts and bucket != "spam"):
        assert bucket == "queue"


@pytest.mark.parametrize(
    ("attributes", "points"),
    [
        ({"account_size": 10}, None),
        ({"account_size": 50}, 2),
        ({"account_size": "1 200"}, 4),
        ({"account_size": 7e9}, 6),
        ({"account_size": "big"}, 0),
        ({"account_size": True}, 0),
        ({"account_size": "nan"}, 0),
        ({"account_size": None}, None),
    ],
)
def test_the_size_of_an_account_counts_by_steps_and_what_is_no_number_is_told(
    attributes: dict[str, AttributeValue], points: int | None
) -> None:
    found = priority(understood(), attributes=attributes)
    assert codes(found).get("account_size") == points
    if points == 0:
        (told,) = [one.text for one in found.reasons if one.code == "account_size"]
        assert "is no number" in told


def test_a_long_tenure_an_earlier_detractor_and_a_spiking_theme_add_points() -> None:
    plain = priority(understood())
    assert codes(priority(understood(), attributes={"tenure_years": "12,5"}))["tenure"] == 3
    again = priority(understood(), standing=Standing(was_detractor=True))
    assert again.score - plain.score == WEIGHTS.detractor_before
    mention = ThemeMention("thm_1", "late courier", 0.8, -0.5)
    about = replace(understood(), themes=(mention,))
    spiking = priority(about, standing=Standing(spiking=frozenset({"thm_1"})))
    assert codes(spiking)["theme_spiking"] == WEIGHTS.theme_spiking
    assert "late courier" in spiking.reasons[-1].text
    calm = priority(about, standing=Standing(spiking=frozenset({"thm_2"})))
    assert calm.score == plain.score


def test_an_unsure_reading_just_under_p1_goes_up_and_says_so() -> None:
    read = understood(score=-1.0, signals=("media_threat",))
    sure = priority(read, score=5)
    missing = WEIGHTS.levels["P1"] - sure.score
    assert 0 < missing <= WEIGHTS.unsure
    (excerpt,) = read.excerpts
    doubtful = replace(read, excerpts=(replace(excerpt, sentiment=mood(-1.0, confidence=0.45)),))
    lifted = priority(doubtful, score=5)
    assert (sure.level, lifted.level) == ("P2", "P1")
    assert codes(lifted)["unsure"] == missing
    far = priority(replace(doubtful, signals=()), score=5)
    assert "unsure" not in codes(far)


def test_time_that_runs_out_adds_points_and_moves_no_deadline() -> None:
    calm = priority(understood(), "passive", 7)
    late = priority(understood(), "passive", 7, now=calm.respond_by + timedelta(minutes=1))
    soon = priority(understood(), "passive", 7, now=calm.respond_by - timedelta(minutes=30))
    assert codes(late)["breached"] == WEIGHTS.breached
    assert codes(soon)["due_soon"] == WEIGHTS.due_soon
    assert "breached" not in codes(calm)
    assert {one.respond_by for one in (calm, late, soon)} == {calm.respond_by}


@settings(deadline=None)
@given(understandings(), scored(), PEOPLE, st.integers(0, 400))
def test_judging_later_is_judging_anew(
    read: Understanding, given_score: Scored, person: Person | None, hours: int
) -> None:
    segment, score, scale = given_score
    now = NOON + timedelta(hours=hours)
    once = priority(read, segment, score, scale, person, now=now)
    later = in_time(priority(read, segment, score, scale, person), NOON, RULES, now=now)
    assert later == once
    assert in_time(later, NOON, RULES, now=now) == later
