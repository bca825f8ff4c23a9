"""Made-up plans of messages, on which wordings are tried where real cases are too few."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import Final
from zlib import crc32
from zoneinfo import ZoneInfo

from pipelines.contracts import SEGMENTS, Segment
from pipelines.followup.address import gender_of, salutation
from pipelines.followup.book import FILES, Block, Book
from pipelines.followup.grammar import locale_of
from pipelines.followup.names import FullName, read_name
from pipelines.followup.plan import Channel, DraftPlan
from pipelines.followup.planning import CARE_TEAM, Voice
from pipelines.followup.render import facts

PEOPLE: Final = {
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
TOLD: Final = {
    "pl": "Przesyłki wydajemy teraz także w soboty, a przed przyjazdem kuriera dzwonimy.",
    "cs": "Zásilky teď vydáváme i v sobotu a před příjezdem kurýra voláme.",
    "et": "Pakke saab nüüd kätte ka laupäeviti ning enne kulleri tulekut helistame.",
    "en": "Parcels can now be collected on Saturdays, too, and we ring before the courier comes.",
}
"""What was done, as a person might have written it."""
DECLINED: Final = {
    "pl": "W tym punkcie nie ma miejsca na drugą ladę, a przenosić go nie chcemy.",
    "cs": "Na této pobočce není místo pro druhou přepážku a stěhovat ji nechceme.",
    "et": "Selles punktis ei ole teisele letile ruumi ja kolida me ei soovi.",
    "en": "There is no room for a second counter there, and we do not want to move away.",
}
"""Why something is not done, likewise."""
_REVIEWS: Final = "https://reviews.example/us"
"""Where reviews are asked for in examples of a workspace that names no such place."""


@dataclass(frozen=True)
class _Kind:
    segment: Segment
    channel: Channel
    signals: tuple[str, ...]
    sensitive: tuple[str, ...]
    comment: str


def plans_for(block: Block, book: Book, file: str, voice: Voice, most: int) -> list[DraftPlan]:
    """Made-up plans in which a block of a file is said, at most so many, as unlike as they come."""
    plans = _plans(book.language, tuple(book.topics), file, voice)
    found = [plan for plan in plans if block.applies(facts(plan, book))]
    # In the order of their lots: at even steps they would all be of one person or channel.
    return sorted(found, key=lambda plan: plan.wording)[:most]


@lru_cache(maxsize=4)
def _plans(
    language: str, topics: tuple[str, ...], file: str, voice: Voice
) -> tuple[DraftPlan, ...]:
    people = [(name, gender_of(name, language)) for name in map(read_name, PEOPLE[language])]
    kinds = product(SEGMENTS, _SENSITIVE, _COMMENTS, _SIGNALS, (True, False), people, FILES[file])
    found = []
    for at, (segment, sensitive, comment, signals, has_topic, person, channel) in enumerate(kinds):
        kind = _Kind(segment, channel, signals, sensitive, comment)
        topic = topics[at % len(topics)] if has_topic else None
        good = topics[(at + 7) % len(topics)]
        found.append(_plan(kind, language, voice, *person, topic, good, at))
    if file == "news":
        return tuple(as_news(plan, at) for at, plan in enumerate(found) if not plan.sensitive)
    if file == "praise":
        return tuple(as_praise(plan) for plan in found if plan.segment == "promoter")
    return tuple(found)


def as_news(plan: DraftPlan, at: int) -> DraftPlan:
    """What the customer of a plan would be told of what was done, or why it is not; by chance."""
    chance = crc32(b"news %d" % at)
    is_declined = chance % 3 == 0
    plan = replace(
        plan,
        purpose="declined" if is_declined else "we_did",
        told=(DECLINED if is_declined else TOLD)[plan.language],
        wrote_on=plan.respond_by.date() - timedelta(days=20 + at % 300),
        good_topic=None,
        praised=None,
        quote=plan.quote if plan.segment != "promoter" else None,
        signals=(),
        sensitive=(),
        review_link=None,
        doing=None,
    )
    if chance >> 8 & 7 != 1:
        return plan
    nobody = salutation(None, None, plan.language)
    return replace(
        plan,
        purpose="we_did",
        channel="email",
        told=TOLD[plan.language],
        wrote_on=None,
        quote=None,
        name=None,
        gender=None,
        salutation=nobody,
        segment="passive",
    )


def as_praise(plan: DraftPlan) -> DraftPlan:
    """The note to a colleague of the name in a plan, whom a customer praised."""
    return replace(
        plan,
        purpose="praise",
        segment="promoter",
        channel="email",
        topic=None,
        signals=("praise_person",),
        sensitive=(),
        review_link=None,
        told=None,
        doing=None,
    )


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
        told=TOLD[language] if chance >> 20 & 3 == 2 else None,
        doing={1: "under_way", 2: "done"}.get(chance >> 20 & 3) if is_said else None,  # type: ignore[arg-type]
    )
