"""Task `drafts`: do messages over every kind of plan pass the linter, and do they read apart?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from statistics import mean
from typing import Final
from zoneinfo import ZoneInfo

from eval.results import Result
from models.contracts import LANGUAGES
from pipelines.contracts import SEGMENTS, Segment
from pipelines.followup.address import gender_of, salutation
from pipelines.followup.book import load_book
from pipelines.followup.grammar import locale_of
from pipelines.followup.lint import lint
from pipelines.followup.names import read_name
from pipelines.followup.plan import CHANNELS, Channel, DraftPlan
from pipelines.followup.planning import CARE_TEAM
from pipelines.followup.render import render

NAME = "drafts"
ALIKE: Final = 1_000
"""Cases of one theme whose messages are compared."""
PEOPLE: Final = {
    "pl": ("Anna Kostrzewa", "Piotr Wójcik", None),
    "cs": ("Jana Nováková", "Petr Dvořák", None),
    "et": ("Mari Tamm", "Jaan Kask", None),
    "en": ("Ann Smith", "Sam Lee", None),
}
QUOTES: Final = {
    "pl": "kurier w ogóle nie zadzwonił",
    "cs": "balík přišel celý rozbitý",
    "et": "pakk jõudis kohale katkisena",
    "en": "the parcel came a week late",
}
PRAISE: Final = {
    "pl": "obsługa była bardzo miła",
    "cs": "obsluha byla moc milá",
    "et": "teenindus oli väga lahke",
    "en": "the staff were very kind",
}
SPOKEN: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("open_problem",),
    ("open_problem", "contacted_before", "promise_broken"),
    ("suggestion", "question"),
    ("praise_person",),
    ("open_problem", "question"),
)
RESTRAINED: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("safety",),
    ("legal",),
    ("vulnerable",),
    ("loss",),
    ("legal", "safety"),
)


def run() -> Iterator[Result]:
    """Write the whole grid of each language, and many cases of one theme; needs no data."""
    for language in LANGUAGES:
        plans = list(grid(language))
        texts = [render(plan) for plan in plans]
        clean = [
            not any(one.weight == "blocking" for one in lint(plan, text.subject, text.body))
            for plan, text in zip(plans, texts, strict=True)
        ]
        alike = [render(replace(plan, wording=_lot(at))) for at, plan in _of_one_theme(language)]
        values = {
            "lint_pass_share": mean(clean),
            "distinct_share": len({one.body for one in alike}) / ALIKE,
            "length": mean(len(one.body) for one in texts),
            "words_a_sentence": mean(_words_a_sentence(one.body) for one in texts),
        }
        yield Result(NAME, "grid", language, len(plans), values)


def grid(language: str) -> Iterator[DraftPlan]:
    """Plans of one language over segment, channel, signals, restraint, person, comment and theme.

    Every touchpoint comes up with every channel; what was read is varied within each combination.
    """
    topics = list(load_book(language).topics)
    at = 0
    kinds = product(SEGMENTS, CHANNELS, SPOKEN, RESTRAINED, PEOPLE[language])
    for segment, channel, signals, sensitive, person in kinds:
        for comment in ("none", "unquoted", "quoted", "mixed"):
            plan, lot = _plan(language, segment, channel, person), _lot(at)
            has_topic = comment != "none" and lot % 5 > 0
            yield replace(
                plan,
                signals=signals if comment != "none" else (),
                sensitive=sensitive if comment != "none" else (),
                has_comment=comment != "none",
                quote=_quote(plan) if comment in ("quoted", "mixed") else None,
                praised=PRAISE[language] if _is_mixed(comment, segment, lot) else None,
                topic=topics[at % len(topics)] if has_topic else None,
                good_topic=topics[(at + 7) % len(topics)]
                if comment == "mixed" and segment != "promoter"
                else None,
                can_be_called=lot >> 8 & 1 > 0,
                review_link="https://example.com/review"
                if segment == "promoter" and lot >> 16 & 1 == 0
                else None,
                wording=lot,
                turn=at % 5,
            )
            at += 1


def _plan(language: str, segment: Segment, channel: Channel, person: str | None) -> DraftPlan:
    name = read_name(person)
    gender = gender_of(name, language)
    return DraftPlan(
        language=language,
        locale=locale_of(language),
        channel=channel,
        segment=segment,
        name=name.words if name else None,
        gender=gender,
        salutation=salutation(name, gender, language),
        topic=None,
        good_topic=None,
        quote=None,
        praised=None,
        has_comment=True,
        signals=(),
        sensitive=(),
        can_be_called=False,
        respond_by=datetime(2026, 11, 24, 15, tzinfo=ZoneInfo("Europe/Warsaw")),
        company="Zipako",
        sender=CARE_TEAM[language],
        contact="care@zipako.example",
        review_link=None,
        wording=0,
        turn=0,
    )


def _of_one_theme(language: str) -> Iterator[tuple[int, DraftPlan]]:
    plan = replace(
        _plan(language, "detractor", "email", None), topic="delivery", signals=("open_problem",)
    )
    yield from ((at, plan) for at in range(ALIKE))


def _quote(plan: DraftPlan) -> str:
    return (PRAISE if plan.segment == "promoter" else QUOTES)[plan.language]


def _is_mixed(comment: str, segment: Segment, lot: int) -> bool:
    return comment == "mixed" and segment != "promoter" and lot >> 24 & 1 > 0


def _lot(at: int) -> int:
    return int.from_bytes(hashlib.sha256(str(at).encode()).digest()[:8])


def _words_a_sentence(text: str) -> float:
    sentences = [one for one in text.replace("?", ".").replace("!", ".").split(".") if one.strip()]
    return len(text.split()) / max(len(sentences), 1)
