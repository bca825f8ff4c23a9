"""Plans what is written besides the answer: what was done, why something is not, praise inside."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from models.contracts import LANGUAGES
from pipelines.contracts import Person, ReadExcerpt, Segment, Understanding
from pipelines.followup.address import gender_of, salutation
from pipelines.followup.choosing import is_grave, quoted_of
from pipelines.followup.grammar import locale_of
from pipelines.followup.names import read_name
from pipelines.followup.plan import Channel, DraftPlan
from pipelines.followup.planning import CARE_TEAM, Voice, make_plan
from pipelines.followup.quotes import clean_quote
from pipelines.messages import N_

_KIND, _SURE = 0.6, 0.7
"""Sentiment and confidence from which on a part of a comment praises somebody."""
LeftOut: TypeAlias = Literal["asks_no_contact", "sensitive", "no_words"]
LEFT_OUT: Final[Mapping[str, str]] = {
    "asks_no_contact": N_("asked not to be contacted"),
    "sensitive": N_("told of danger, law, need or loss: call them instead"),
    "no_words": N_("nothing is written in their language yet"),
}
"""Why somebody is not written to, and how pages say it."""


@dataclass(frozen=True)
class News:
    """What those who raised something are told.

    Attributes:
        purpose: "we_did" or "declined".
        words: what was done, or why it is not, in whole sentences by language.
        theme: id of the theme it is about; None for what one customer suggested.
        topic: key of the theme's touchpoint, or None.
    """

    purpose: Literal["we_did", "declined"]
    words: Mapping[str, str]
    theme: str | None = None
    topic: str | None = None


def plan_news(
    news: News,
    understanding: Understanding,
    segment: Segment | None,
    person: Person | None,
    voice: Voice,
    *,
    feedback_id: str,
    wrote_at: datetime,
    now: datetime,
    channel: Channel | None = None,
    turn: int = 0,
) -> DraftPlan | LeftOut:
    """Plan what one customer is told of news about what they raised, or say why they are not.

    Args:
        news: what is told.
        understanding: of their comment.
        segment: by their score.
        person: the respondent.
        voice: who writes.
        feedback_id: draws the wording where nobody is known.
        wrote_at: aware; when they wrote.
        now: aware.
        channel: None is the one they can be reached by.
        turn: how many messages they had before.
    """
    plan = make_plan(
        understanding,
        segment,
        person,
        voice,
        feedback_id=feedback_id,
        respond_by=now,
        touchpoints={},
        channel=channel,
        turn=turn,
    )
    if plan is None:
        return "asks_no_contact"
    if plan.sensitive:
        return "sensitive"
    if understanding.language.code not in LANGUAGES:
        return "no_words"
    told = news.words.get(plan.language)
    if told is None:
        return "no_words"
    raised = sorted(_raised(news, understanding), key=lambda one: one.sentiment.score)
    return replace(
        plan,
        purpose=news.purpose,
        told=told,
        wrote_on=wrote_at.astimezone(ZoneInfo(voice.timezone)).date(),
        topic=news.topic,
        good_topic=None,
        quote=quoted_of(raised, understanding, plan.language, plan.name)[0],
        praised=None,
        signals=(),
        review_link=None,
    )


def plan_for_silent(language: str, news: News, voice: Voice, now: datetime) -> DraftPlan | None:
    """Plan what those who did not answer are told in a language; None without words in it."""
    if language not in LANGUAGES or language not in news.words:
        return None
    plan = _to_nobody(language, voice, now, key=news.theme or news.purpose)
    return replace(
        plan, purpose=news.purpose, told=news.words[language], topic=news.topic, segment="passive"
    )


def plan_praise(
    understanding: Understanding,
    voice: Voice,
    *,
    text: str,
    colleague: str,
    feedback_id: str,
    now: datetime,
    turn: int = 0,
) -> DraftPlan:
    """Plan the note by which a colleague hears of a customer's praise.

    Args:
        understanding: of the comment that praises them.
        voice: who writes the note.
        text: the comment as it came; names in the words that are quoted are meant for its reader.
        colleague: whom it is for, as a person typed it; may be empty.
        feedback_id: draws the wording.
        now: aware.
        turn: the next wording each time.
    """
    code = understanding.language.code
    plan = _to_nobody(code if code in LANGUAGES else "en", voice, now, key=feedback_id)
    name = read_name(colleague)
    gender = gender_of(name, plan.language)
    kind = sorted(_praising(understanding), key=lambda one: -one.sentiment.score)
    quotes = (_with_names(one, text, understanding) for one in kind)
    return replace(
        plan,
        purpose="praise",
        segment="promoter",
        name=name.words if name else None,
        gender=gender,
        salutation=salutation(name, gender, plan.language),
        quote=next((one for one in quotes if one), None),
        signals=("praise_person",),
        has_comment=True,
        turn=turn,
    )


def praises_somebody(understanding: Understanding) -> bool:
    """Whether a comment clearly praises a person, and tells of nothing grave."""
    return bool(_praising(understanding)) and not is_grave(understanding)


def praised_name(text: str, understanding: Understanding) -> str:
    """The words by which a comment names whom it praises; empty where it names nobody.

    Args:
        text: the comment as it came.
        understanding: of it.
    """
    for excerpt in _praising(understanding):
        for span in understanding.pii:
            if span.type == "name" and excerpt.start <= span.start and span.end <= excerpt.end:
                return text[span.start : span.end]
    return ""


def _raised(news: News, understanding: Understanding) -> list[ReadExcerpt]:
    """What the news are about in a comment."""
    if news.theme is not None:
        return [one for one in understanding.excerpts if one.theme and one.theme.id == news.theme]
    return [one for one in understanding.excerpts if _has(one, "suggestion")]


def _praising(understanding: Understanding) -> list[ReadExcerpt]:
    return [
        one
        for one in understanding.excerpts
        if one.sentiment.score >= _KIND
        and any(hit.name == "praise_person" and hit.confidence >= _SURE for hit in one.signals)
    ]


def _with_names(excerpt: ReadExcerpt, text: str, understanding: Understanding) -> str | None:
    """Clean words of an excerpt in which names may stand, but no other personal data."""
    code = understanding.language.code
    inside = [
        span for span in understanding.pii if span.start < excerpt.end and excerpt.start < span.end
    ]
    if code not in LANGUAGES or any(span.type != "name" for span in inside):
        return None
    return clean_quote(text[excerpt.start : excerpt.end], code)


def _has(excerpt: ReadExcerpt, signal: str) -> bool:
    return any(hit.name == signal for hit in excerpt.signals)


def _to_nobody(language: str, voice: Voice, now: datetime, *, key: str) -> DraftPlan:
    """A plan that knows nothing of whom it is for."""
    return DraftPlan(
        language=language,
        locale=locale_of(language, voice.english),
        channel="email",
        segment="passive",
        name=None,
        gender=None,
        salutation=salutation(None, None, language),
        topic=None,
        good_topic=None,
        quote=None,
        praised=None,
        has_comment=False,
        signals=(),
        sensitive=(),
        can_be_called=False,
        respond_by=now.astimezone(ZoneInfo(voice.timezone)),
        company=voice.company,
        sender=voice.sender or CARE_TEAM[language],
        contact=voice.contact,
        review_link=None,
        wording=int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]),
        turn=0,
    )
