"""Takes answers in: understand, triage, draft, and store whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.themes import ThemeModel
from pipelines import triage
from pipelines.clock import Limit, moment_after, working_moment
from pipelines.contracts import Answer, Bucket, Priority, Segment, Understanding
from pipelines.followup.book import Book, load_book
from pipelines.followup.drafting import Draft
from pipelines.followup.planning import Voice, make_plan
from pipelines.followup.quiet_hours import country_of, zone_of
from pipelines.improvement import NO_ACTIONS, ThemeAction
from pipelines.messages import Told
from pipelines.page import Comment
from pipelines.placing import customers_of, place
from pipelines.ports import CaseStore, FeedbackStore, Opening, Received, VectorPoint
from pipelines.resending import refusal, what_differs
from pipelines.rules import Rules
from pipelines.segments import segment_of
from pipelines.triage import Standing
from pipelines.understanding import LanguageShares, Reader
from pipelines.work_calendar import WorkCalendar

_SHORTEST_PROMISE = Limit(4, "working_hours")


@dataclass(frozen=True)
class Keyed:
    """An answer with the key that tells whether it was seen before."""

    key: str
    answer: Answer


@dataclass(frozen=True)
class Taken:
    """What became of a batch.

    Attributes:
        ids: feedback id of each answer of the batch, in order.
        new: whether each was stored now (False: seen before).
        refused: of each, why it was not taken: seen before under its id, with other content.
        points: excerpts to put into the vector index.
    """

    ids: tuple[str, ...]
    new: tuple[bool, ...]
    refused: tuple[Told | None, ...]
    points: tuple[VectorPoint, ...]


def understand(
    batch: Sequence[Keyed],
    *,
    known: Collection[str],
    reader: Reader,
    themes: ThemeModel | None,
    priors: Mapping[str, LanguageShares],
    voice: Voice,
    rules: Rules,
    standings: Mapping[str, Standing],
    now: datetime,
    actions: Mapping[str, ThemeAction] = NO_ACTIONS,
    book_of: Callable[[str], Book] = load_book,
) -> list[Received]:
    """Read the answers of a batch whose keys are not known; the slow part, storage is not held.

    `standings` is by the respondent's external id; one that is not there has nothing to tell.
    `actions` are those against themes, by theme. `book_of` gives the book of a language that drafts
    are worded by.
    """
    fresh: dict[str, Keyed] = {}
    for keyed in batch:
        if keyed.key not in known:
            fresh.setdefault(keyed.key, keyed)
    read = reader.read([comment_of(keyed.answer) for keyed in fresh.values()], themes, priors)
    known_standings = dict(standings)
    touchpoints = themes.touchpoints if themes else {}
    received = []
    for keyed, understanding in zip(fresh.values(), read, strict=True):
        person = keyed.answer.respondent
        standing = known_standings.get(person.external_id, Standing()) if person else Standing()
        received.append(
            receive(
                f"fb_{secrets.token_hex(8)}",
                keyed,
                understanding,
                voice,
                rules,
                standing,
                now,
                touchpoints=touchpoints,
                actions=actions,
                book_of=book_of,
            )
        )
        if person:
            before = standing.answers_before + 1
            known_standings[person.external_id] = replace(standing, answers_before=before)
    return received


def keep(
    batch: Sequence[Keyed],
    received: Sequence[Received],
    store: FeedbackStore,
    cases: CaseStore,
    rules: Rules,
    *,
    now: datetime,
) -> Taken:
    """Store what was understood, but for answers that another writer stored meanwhile."""
    ids = store.known(keyed.key for keyed in batch)
    said = store.said(keyed.key for keyed in batch if keyed.answer.external_id and keyed.key in ids)
    fresh = [one for one in received if one.dedupe_key not in ids]
    points = store.add(fresh)
    today = now.astimezone(rules.clock.calendar.zone).date()
    known = cases.newest_of(customers_of(fresh))
    cases.place(place(fresh, known, rules.team, cases.load(), today), rules.clock)
    ids.update({one.dedupe_key: one.feedback_id for one in fresh})
    unseen = {one.dedupe_key for one in fresh}
    new, refused = [], []
    for keyed in batch:
        new.append(keyed.key in unseen)
        unseen.discard(keyed.key)
        first = said.setdefault(keyed.key, keyed.answer)
        fields = what_differs(first, keyed.answer) if keyed.answer.external_id else ()
        refused.append(refusal(keyed.answer, ids[keyed.key], fields) if fields else None)
    return Taken(
        tuple(ids[keyed.key] for keyed in batch), tuple(new), tuple(refused), tuple(points)
    )


def comment_of(answer: Answer) -> Comment:
    """What the reader needs of an answer."""
    return Comment(answer.text, answer.language_hint, answer.survey, answer.score, answer.scale)


def judge(
    understanding: Understanding,
    answer: Answer,
    rules: Rules,
    *,
    now: datetime,
    standing: Standing | None = None,
) -> tuple[Segment | None, Priority]:
    """Segment and priority of an answer that was read."""
    segment = None if answer.score is None else segment_of(answer.score, answer.scale)
    return segment, triage.prioritise(
        understanding, segment, answer, rules, now=now, standing=standing
    )


def promised_by(respond_by: datetime, now: datetime, calendar: WorkCalendar) -> datetime:
    """The moment a draft may name: the last working one until the case is due.

    Where that is too close to keep, four working hours from now.
    """
    moment = working_moment(calendar, respond_by)
    if moment >= now + timedelta(hours=_SHORTEST_PROMISE.hours):
        return moment
    later = moment_after(calendar, now, _SHORTEST_PROMISE)
    return later or respond_by


def receive(
    feedback_id: str,
    keyed: Keyed,
    understanding: Understanding,
    voice: Voice,
    rules: Rules,
    standing: Standing,
    now: datetime,
    *,
    touchpoints: Mapping[str, str],
    actions: Mapping[str, ThemeAction] = NO_ACTIONS,
    bucket: Bucket | None = None,
    book_of: Callable[[str], Book] = load_book,
) -> Received:
    """An answer that was read, judged, and of the queue with its first draft.

    Args:
        feedback_id: what it is or will be stored as.
        keyed: the answer.
        understanding: what was read of it.
        voice: who answers.
        rules: the workspace's.
        standing: what is known of the customer.
        now: aware.
        touchpoints: theme id -> key of its touchpoint.
        actions: theme id -> what is being done about it.
        bucket: where a person wants it; None is where it falls by itself.
        book_of: gives the book of a language that the draft is worded by.
    """
    answer = keyed.answer
    segment, priority = judge(understanding, answer, rules, now=now, standing=standing)
    bucket = bucket or triage.bucket_of(segment, understanding)
    opening = None
    if bucket == "queue":
        plan = make_plan(
            understanding,
            segment,
            answer.respondent,
            voice,
            feedback_id=feedback_id,
            respond_by=promised_by(priority.respond_by, now, rules.clock.calendar),
            touchpoints=touchpoints,
            actions=actions,
            wrote_at=answer.occurred_at,
            turn=standing.answers_before,
            zone=zone_for(answer, understanding, voice),
            hint=answer.language_hint,
        )
        opening = Opening(priority, Draft.of(plan, book_of(plan.language)) if plan else None)
    return Received(
        feedback_id, keyed.key, answer, now, understanding, segment, priority, bucket, opening
    )


def zone_for(answer: Answer, understanding: Understanding, voice: Voice) -> ZoneInfo:
    """The zone in which a customer reads the time, by the country that quiet hours go by.

    Args:
        answer: what they sent.
        understanding: what was read of it.
        voice: whose zone it is where no country is known.
    """
    phone = answer.respondent.phone if answer.respondent else None
    country = country_of(understanding.language.code, phone, answer.attributes)
    return zone_of(country, ZoneInfo(voice.timezone))
