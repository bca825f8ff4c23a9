"""Made-up plans of messages, on which wordings are tried where real cases are too few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import Final
from zlib import crc32
from zoneinfo import ZoneInfo

from pipelines.contracts import SEGMENTS, Segment
from pipelines.followup.address import gender_of, salutation
from pipelines.followup.book import Block, Book
from pipelines.followup.grammar import locale_of
from pipelines.followup.names import FullName, read_name
from pipelines.followup.plan import Channel, DraftPlan
from pipelines.followup.planning import CARE_TEAM, Voice
from pipelines.followup.render import facts

_PEOPLE: Final = {
    "pl": ("Anna Kostrzewa", "Piotr Wójcik", None),
    "cs": ("Jana Nováková", "Petr Dvořák", None),
    "et": ("Mari Tamm", "Jaan Kask", None),
    "en": ("Ann Smith", "Sam Lee", None),
}
_COMPLAINT: Final = {
    "pl": "na odpowiedź czekam drugi tydzień",
    "cs": "na odpověď čekám druhý týden",
    "et": "ootan vastust juba teist nädalat",
    "en": "I have waited two weeks for an answer",
}
_PRAISE: Final = {
    "pl": "w punkcie odbioru wszystko poszło sprawnie",
    "cs": "na výdejním místě šlo všechno hladce",
    "et": "väljastuspunktis läks kõik ladusalt",
    "en": "everything went smoothly at the pick-up point",
}
_SIGNALS: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("open_problem", "contacted_before", "promise_broken"),
    ("suggestion", "question", "asks_contact"),
    ("praise_person",),
    ("open_problem", "question"),
)
_SENSITIVE: Final[tuple[tuple[str, ...], ...]] = (
    *((), ("safety",), ("legal",), ("vulnerable",), ("loss",), ("legal", "safety")),
)
_COMMENTS: Final = ("none", "unquoted", "quoted", "mixed")
_REVIEWS: Final = "https://reviews.example/us"
"""Where reviews are asked for in examples of a workspace that names no such place."""


@dataclass(frozen=True)
class _Kind:
    segment: Segment
    channel: Channel
    signals: tuple[str, ...]
    sensitive: tuple[str, ...]
    comment: str


def plans_for(
    block: Block, book: Book, channels: Sequence[Channel], voice: Voice, most: int
) -> list[DraftPlan]:
    """Made-up plans in which a block is said, at most so many, as unlike as they come."""
    plans = _plans(book.language, tuple(book.topics), tuple(channels), voice)
    found = [plan for plan in plans if block.applies(facts(plan, book))]
    # In the order of their lots: at even steps they would all be of one person or channel.
    return sorted(found, key=lambda plan: plan.wording)[:most]


@lru_cache(maxsize=4)
def _plans(
    language: str, topics: tuple[str, ...], channels: tuple[Channel, ...], voice: Voice
) -> tuple[DraftPlan, ...]:
    people = [(name, gender_of(name, language)) for name in map(read_name, _PEOPLE[language])]
    kinds = product(SEGMENTS, _SENSITIVE, _COMMENTS, _SIGNALS, (True, False), people, channels)
    found = []
    for at, (segment, sensitive, comment, signals, has_topic, person, channel) in enumerate(kinds):
        kind = _Kind(segment, channel, signals, sensitive, comment)
        topic = topics[at % len(topics)] if has_topic else None
        good = topics[(at + 7) % len(topics)]
        found.append(_plan(kind, language, voice, *person, topic, good, at))
    return tuple(found)


def _plan(
    kind: _Kind,
    language: str,
    voice: Voice,
    name: FullName | None,
    gender: str | None,
    topic: str | None,
    good: str,
    at: int,
) -> DraftPlan:
    is_said = kind.comment != "none"
    is_mixed = kind.comment == "mixed" and kind.segment != "promoter"
    words = _PRAISE if kind.segment == "promoter" else _COMPLAINT
    zone, chance = ZoneInfo(voice.timezone), crc32(b"chance %d" % at)
    return DraftPlan(
        language=language,
        locale=locale_of(language, voice.english),
        channel=kind.channel,
        segment=kind.segment,
        name=name.words if name else None,
        gender=gender,
        salutation=salutation(name, gender, language),
        topic=topic if is_said else None,
        good_topic=good if is_mixed else None,
        quote=words[language] if kind.comment in ("quoted", "mixed") else None,
        praised=_PRAISE[language] if is_mixed and chance >> 8 & 3 else None,
        has_comment=is_said,
        signals=kind.signals if is_said else (),
        sensitive=kind.sensitive if is_said else (),
        can_be_called=chance & 1 > 0,
        respond_by=datetime(2026, 11, 24, 15, tzinfo=zone) + timedelta(hours=at % 40),
        company=voice.company,
        sender=voice.sender or CARE_TEAM[language],
        contact=voice.contact,
        review_link=(voice.review_link or _REVIEWS)
        if kind.segment == "promoter" and chance >> 16 & 1
        else None,
        wording=crc32(b"lot %d" % at),
        turn=at % 3,
    )
