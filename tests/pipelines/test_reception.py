from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.assignment import Load
from pipelines.clock import Clock
from pipelines.contracts import Answer, Person
from pipelines.followup.planning import Voice
from pipelines.ports import (
    CustomerCase,
    FeedbackStore,
    Placement,
    Received,
    VectorPoint,
)
from pipelines.reception import Keyed, Taken, keep, promised_by, understand
from pipelines.segments import NPS
from pipelines.understanding import Reader
from tests.pipelines.house import RULES

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VOICE = Voice("Sowa", "Ewa Nowak", "ewa@sowa.example", "Europe/Warsaw")
LATE = "The courier was late and nobody answers the phone. I am still waiting!"


class FakeFeedbackStore:
    """Keeps answers in memory; a key twice is an error, as it is in the database."""

    def __init__(self) -> None:
        self.kept: dict[str, Received] = {}

    def known(self, dedupe_keys: Iterable[str]) -> dict[str, str]:
        return {key: self.kept[key].feedback_id for key in dedupe_keys if key in self.kept}

    def said(self, dedupe_keys: Iterable[str]) -> dict[str, Answer]:
        return {key: self.kept[key].answer for key in dedupe_keys if key in self.kept}

    def add(self, received: Sequence[Received]) -> list[VectorPoint]:
        points: list[VectorPoint] = []
        for one in received:
            assert one.dedupe_key not in self.kept, "the unique key of the table"
            self.kept[one.dedupe_key] = one
            for excerpt, vector in zip(
                one.understanding.excerpts, one.understanding.vectors, strict=True
            ):
                at = len(points) + 100 * len(self.kept) + excerpt.start
                points.append(VectorPoint(at, "ws", one.feedback_id, "en", vector))
        return points


class FakeCaseStore:
    """Knows no customers; keeps what is placed."""

    def __init__(self) -> None:
        self.placed: list[Placement] = []

    def newest_of(self, customers: Collection[str]) -> dict[str, CustomerCase]:
        return {}

    def load(self) -> Load:
        return Load({}, {})

    def place(self, placements: Sequence[Placement], clock: Clock) -> None:
        self.placed += placements


def kept(batch: Sequence[Keyed], received: Sequence[Received], store: FeedbackStore) -> Taken:
    cases = FakeCaseStore()
    taken = keep(batch, received, store, cases, RULES, now=NOW)
    stored = [one for one in received if one.feedback_id in taken.ids and one.opening]
    assert [one.received for one in cases.placed] == stored
    return taken


def answer(text: str = LATE, score: float | None = 2, **fields: object) -> Answer:
    plain = Answer(text, score, NPS, "delivery", NOW - timedelta(hours=1))
    return replace(plain, **fields)  # type: ignore[arg-type]


def read(reader: Reader, batch: Sequence[Keyed], known: Iterable[str] = ()) -> list[Received]:
    return understand(
        batch,
        known=set(known),
        reader=reader,
        themes=None,
        priors={},
        voice=VOICE,
        rules=RULES,
        standings={},
        now=NOW,
    )


@pytest.fixture
def store() -> FeedbackStore:
    return FakeFeedbackStore()


def test_an_answer_is_stored_whole(reader: Reader) -> None:
    store = FakeFeedbackStore()
    person = Person("r1", name="Łukasz Gajda", gender="m")
    batch = [Keyed("k1", answer(respondent=person))]
    taken = kept(batch, read(reader, batch), store)
    (one,) = store.kept.values()
    assert taken.ids == (one.feedback_id,)
    assert taken.new == (True,)
    assert one.answer is batch[0].answer
    assert one.received_at == NOW
    assert one.segment == "detractor"
    assert one.opening is not None
    assert one.opening.priority == one.priority
    assert one.opening.draft is not None
    assert VOICE.company in one.opening.draft.text.body
    assert len(taken.points) == len(one.understanding.excerpts) >= 2
    assert {point.feedback_id for point in taken.points} == {one.feedback_id}


def test_a_batch_with_the_same_answer_twice_stores_it_once(reader: Reader) -> None:
    store = FakeFeedbackStore()
    batch = [Keyed(key, answer(f"{LATE} {key}")) for key in ("a", "b", "a", "c", "b", "a")]
    received = read(reader, batch)
    assert [one.dedupe_key for one in received] == ["a", "b", "c"]
    taken = kept(batch, received, store)
    assert taken.new == (True, True, False, True, False, False)
    assert list(store.kept) == ["a", "b", "c"]
    assert taken.ids == tuple(store.kept[keyed.key].feedback_id for keyed in batch)


def test_the_first_of_two_answers_with_one_key_is_the_one_that_counts(reader: Reader) -> None:
    store = FakeFeedbackStore()
    batch = [Keyed("a", answer("First words")), Keyed("a", answer("Other words"))]
    kept(batch, read(reader, batch), store)
    assert store.kept["a"].answer.text == "First words"


def test_answers_seen_before_are_not_read_again_and_keep_their_ids(reader: Reader) -> None:
    store = FakeFeedbackStore()
    first = [Keyed("a", answer())]
    (old,) = kept(first, read(reader, first), store).ids
    batch = [Keyed("b", answer()), Keyed("a", answer())]
    received = read(reader, batch, store.known(["a", "b"]))
    assert [one.dedupe_key for one in received] == ["b"]
    taken = kept(batch, received, store)
    assert taken.new == (True, False)
    assert taken.ids[1] == old


def test_what_another_writer_stored_meanwhile_is_kept_as_the_other_wrote_it(
    reader: Reader,
) -> None:
    store = FakeFeedbackStore()
    batch = [Keyed("a", answer()), Keyed("b", answer("All fine, thank you very much", 10))]
    mine, theirs = read(reader, batch), read(reader, batch[:1])
    (winner,) = kept(batch[:1], theirs, store).ids
    taken = kept(batch, mine, store)
    assert taken.new == (False, True)
    assert taken.ids[0] == winner != mine[0].feedback_id
    assert {point.feedback_id for point in taken.points} == {taken.ids[1]}
    assert store.kept["a"].feedback_id == winner


def test_an_empty_batch_is_no_error(reader: Reader, store: FeedbackStore) -> None:
    taken = kept([], read(reader, []), store)
    assert (taken.ids, taken.new, taken.points) == ((), (), ())


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.sampled_from("abcd"), max_size=6),
    st.sets(st.sampled_from("abcd")),
    st.sets(st.sampled_from("abcd")),
)
def test_each_key_is_stored_once_whoever_comes_first(
    reader: Reader, keys: list[str], before: set[str], meanwhile: set[str]
) -> None:
    store = FakeFeedbackStore()
    for earlier in (before, meanwhile - before):
        if earlier is not before:
            batch = [Keyed(key, answer("ok", 10)) for key in keys]
            received = read(reader, batch, store.known(keys))
        others = [Keyed(key, answer("ok", 10)) for key in sorted(earlier)]
        kept(others, read(reader, others), store)
    taken = kept(batch, received, store)
    assert set(store.kept) == {*keys, *before, *meanwhile}
    assert taken.ids == tuple(store.kept[key].feedback_id for key in keys)
    for key in set(keys):
        flags = [new for other, new in zip(keys, taken.new, strict=True) if other == key]
        assert flags == [key not in before | meanwhile, *[False] * (len(flags) - 1)]


def test_ids_are_never_alike(reader: Reader) -> None:
    batch = [Keyed(f"k{at}", answer("ok", 10)) for at in range(50)]
    assert len({one.feedback_id for one in read(reader, batch)}) == 50


@pytest.mark.parametrize(
    ("text", "score", "opens"),
    [("", 2, True), ("super", 10, False), ("", None, False), ("", 9, False), (LATE, None, True)],
)
def test_a_case_is_opened_only_where_somebody_should_answer(
    text: str, score: float | None, opens: bool, reader: Reader
) -> None:
    (one,) = read(reader, [Keyed("a", answer(text, score))])
    assert (one.opening is not None) is opens


@pytest.mark.parametrize(
    ("phone", "country", "offset_hours"),
    [
        (None, None, 1),  # by the setting
        ("020 7946 0000", None, 1),
        ("+44 20 7946 0000", None, 0),
        ("0044 20 7946 0000", None, 0),
        ("+372 5600 0555", None, 2),
        ("+372 5600 0555", "GB", 0),
    ],
)
def test_the_deadline_is_told_by_the_clock_of_the_customers_country(
    phone: str | None, country: str | None, offset_hours: int, reader: Reader
) -> None:
    person = Person("r1", phone=phone)
    attributes = {"country": country} if country else {}
    one, other = read(
        reader,
        [
            Keyed("a", answer(respondent=person, attributes=attributes)),
            Keyed("b", answer()),
        ],
    )
    assert one.opening is not None
    assert one.opening.draft is not None
    assert other.opening is not None
    assert other.opening.draft is not None
    told = one.opening.draft.plan.respond_by
    assert told == other.opening.draft.plan.respond_by
    assert told.utcoffset() == timedelta(hours=offset_hours)


MONDAY = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Warsaw"))


@pytest.mark.parametrize(
    ("due", "now", "promised"),
    [
        # While people work, the case's own moment; at night, the end of the working day before it.
        ((24, 10, 30), (23, 10, 0), (24, 10, 30)),
        ((25, 2, 0), (23, 10, 0), (24, 18, 0)),
        # Too close to keep, or past: four working hours from now.
        ((23, 13, 0), (23, 10, 0), (23, 14, 0)),
        ((10, 13, 0), (23, 17, 0), (24, 11, 0)),
        ((29, 6, 5), (28, 6, 5), (30, 12, 0)),
    ],
)
def test_a_promise_is_a_moment_at_which_people_work(
    due: tuple[int, ...], now: tuple[int, ...], promised: tuple[int, ...]
) -> None:
    def at(day: int, hour: int, minute: int) -> datetime:
        return MONDAY.replace(day=day, hour=hour, minute=minute)

    assert promised_by(at(*due), at(*now), RULES.clock.calendar) == at(*promised)


def test_an_old_answer_promises_nothing_in_the_past(reader: Reader) -> None:
    old = answer(occurred_at=NOW - timedelta(days=200))
    (one,) = read(reader, [Keyed("a", old)])
    assert one.opening is not None
    assert one.opening.draft is not None
    assert one.priority.respond_by < NOW < one.opening.draft.plan.respond_by
