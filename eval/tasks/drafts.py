"""Task `drafts`: are messages over every kind of plan clean, well spelt, apart and easy to read?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import product
from statistics import mean
from typing import Final
from zoneinfo import ZoneInfo

from eval.results import Mistake, Result
from eval.spelling.lookup import is_available, unknown_words
from models.contracts import LANGUAGES
from pipelines.contracts import SEGMENTS, Segment
from pipelines.followup.address import gender_of, salutation
from pipelines.followup.book import FILES, load_book
from pipelines.followup.grammar import locale_of
from pipelines.followup.lint import lint
from pipelines.followup.made_up import PEOPLE, TOLD, as_news, as_praise
from pipelines.followup.names import read_name
from pipelines.followup.plan import CHANNELS, Channel, DraftPlan
from pipelines.followup.planning import CARE_TEAM
from pipelines.followup.render import DraftText, render
from pipelines.followup.sms import segments_of

NAME = "drafts"
ALIKE: Final = 1_000
"""Cases of one theme whose messages are compared."""
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
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.?!:]+(?=\s|$)|\n\n")


def run(*, one_in: int = 1) -> Iterator[Result]:
    """Write the grid of each language, and many cases of one theme; needs no data.

    Spelling is measured where the dictionaries are installed.

    Args:
        one_in: takes every so manieth plan of the grid.
    """
    for language in LANGUAGES:
        plans = [*grid(language), *news(language)][::one_in]
        drafts = [(plan, render(plan)) for plan in plans]
        bodies = [text.body for _, text in drafts]
        mistakes = [one for plan, text in drafts for one in _blocked(plan, text)]
        values = {
            "lint_pass_share": 1 - len({one.text for one in mistakes}) / len(set(bodies)),
            "distinct_share": len({render(plan).body for plan in _of_one_theme(language)}) / ALIKE,
            "length": mean(map(len, bodies)),
            "words_a_sentence": mean(map(_words_a_sentence, bodies)),
            "readability": mean(map(readability, bodies)),
            **_segments([text.body for plan, text in drafts if _is_short(plan)]),
        }
        if is_available():
            misspelt = [one for plan, text in drafts for one in _misspelt(plan, text)]
            values["spelling_pass_share"] = 1 - len({one.text for one in misspelt}) / len(
                set(bodies)
            )
            mistakes += misspelt
        yield Result(NAME, "grid", language, len(plans), values, mistakes)


def _is_short(plan: DraftPlan) -> bool:
    """Whether all of a text message is ours: what was done is as long as a person makes it."""
    return plan.channel == "sms" and plan.purpose == "answer"


def readability(text: str) -> float:
    """LIX: words a sentence, and the share of words over six letters in percent (Björnsson, 1968).

    The lower, the easier; the same text has a higher one in a language of longer words.
    """
    words = _WORD.findall(text)
    long = sum(len(word) > 6 for word in words)
    return _words_a_sentence(text) + 100 * long / max(len(words), 1)


def _blocked(plan: DraftPlan, text: DraftText) -> Iterator[Mistake]:
    for one in lint(plan, text.subject, text.body):
        if one.weight == "blocking":
            yield Mistake(NAME, "grid", plan.language, text.body, "clean", one.rule, 1.0)


def _misspelt(plan: DraftPlan, text: DraftText) -> Iterator[Mistake]:
    for word in unknown_words(f"{text.subject}\n{text.body}", plan.language):
        yield Mistake(NAME, "grid", plan.language, text.body, "known words", word, 1.0)


def _segments(texts: Sequence[str]) -> dict[str, float]:
    counts = [segments_of(text) for text in texts]
    return {
        "sms_segments": mean(counts),
        "sms_two_share": mean(count <= 2 for count in counts),
    }


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
                told=TOLD[language] if lot >> 32 & 3 == 2 else None,
                doing={1: "under_way", 2: "done"}.get(lot >> 32 & 3) if comment != "none" else None,  # type: ignore[arg-type]
            )
            at += 1


def news(language: str) -> Iterator[DraftPlan]:
    """What customers of the grid would be told later, and notes to colleagues they praised."""
    for at, plan in enumerate(one for one in grid(language) if not one.sensitive):
        if plan.channel in FILES["news"]:
            yield as_news(plan, at)
        elif plan.segment == "promoter" and plan.channel == "chat":
            yield as_praise(plan)


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


def _of_one_theme(language: str) -> Iterator[DraftPlan]:
    plan = replace(
        _plan(language, "detractor", "email", None), topic="delivery", signals=("open_problem",)
    )
    yield from (replace(plan, wording=_lot(at)) for at in range(ALIKE))


def _quote(plan: DraftPlan) -> str:
    return (PRAISE if plan.segment == "promoter" else QUOTES)[plan.language]


def _is_mixed(comment: str, segment: Segment, lot: int) -> bool:
    return comment == "mixed" and segment != "promoter" and lot >> 24 & 1 > 0


def _lot(at: int) -> int:
    return int.from_bytes(hashlib.sha256(str(at).encode()).digest()[:8])


def _words_a_sentence(text: str) -> float:
    sentences = [one for one in _SENTENCE_END.split(text) if _WORD.search(one)]
    return len(_WORD.findall(text)) / max(len(sentences), 1)
