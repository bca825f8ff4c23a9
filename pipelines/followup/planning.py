"""Plans the follow-up to one answer, of what was read in it and is known of the customer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from models.contracts import LANGUAGES
from pipelines.contracts import (
    SCORE_TEXT_MISMATCH,
    Person,
    Segment,
    Understanding,
)
from pipelines.followup.address import gender_of, salutation
from pipelines.followup.choosing import (
    CLEARLY_GOOD,
    GOOD,
    action_of,
    by_worth,
    doing_of,
    is_all_praise,
    quoted_of,
    says_something,
    sensitive_of,
    spoken_of,
    topic_of,
)
from pipelines.followup.grammar import locale_of
from pipelines.followup.names import read_name
from pipelines.followup.plan import Channel, DraftPlan, PlanError
from pipelines.improvement import NO_ACTIONS, ThemeAction

CARE_TEAM: Final = {
    "pl": "Zespół obsługi klienta",
    "cs": "Tým zákaznické péče",
    "et": "Klienditugi",
    "en": "Customer care",
}
"""Who signs where the settings name nobody."""


@dataclass(frozen=True)
class Voice:
    """Who answers and what they may say.

    Attributes:
        company: signs the message; written as it is, never inflected.
        sender: the person or team who signs; None is the care team, in the customer's language.
        contact: a direct e-mail address or number, no link.
        timezone: IANA name of the zone in which customers read the time whose country is not known.
        english: "en_GB" or "en_US".
        review_link: where promoters may praise in public, None where nowhere.
    """

    company: str
    sender: str | None
    contact: str
    timezone: str
    english: str = "en_GB"
    review_link: str | None = None


def make_plan(
    understanding: Understanding,
    segment: Segment | None,
    person: Person | None,
    voice: Voice,
    *,
    feedback_id: str,
    respond_by: datetime,
    touchpoints: Mapping[str, str],
    actions: Mapping[str, ThemeAction] = NO_ACTIONS,
    wrote_at: datetime | None = None,
    channel: Channel | None = None,
    turn: int = 0,
    zone: ZoneInfo | None = None,
    hint: str | None = None,
) -> DraftPlan | None:
    """Plan the follow-up to one answer; None where the customer asked for none.

    Args:
        understanding: of the comment with personal data masked.
        segment: by score; None without a score, and the sentiment stands in.
        person: the respondent, None where nobody is known.
        voice: who answers.
        feedback_id: draws the wording where nobody is known.
        respond_by: aware; by when the customer is to hear from a person.
        touchpoints: theme id -> key of its touchpoint.
        actions: theme id -> what is being done about it.
        wrote_at: when the customer wrote, aware; what was done before that is no news to them.
        channel: None is the one that the customer can be reached by.
        turn: how many messages the customer had before.
        zone: of the customer's country; None is the voice's.
        hint: the customer's language as the sender knows it, for answers without words.

    Raises:
        PlanError: `respond_by` has no zone, or the contact is a public link.
    """
    if respond_by.tzinfo is None:
        raise PlanError("respond_by has no time zone; give an aware datetime.")
    if "://" in voice.contact or "www." in voice.contact.lower():
        raise PlanError(f"The contact {voice.contact!r} is a link; give a direct e-mail or number.")
    signals = set(understanding.signals)
    if "asks_no_contact" in signals:
        return None
    language = next(
        (code for code in (understanding.language.code, hint) if code in LANGUAGES), "en"
    )
    full_name = read_name(person.name if person else None)
    gender = (person.gender if person else None) or gender_of(full_name, language)
    tone = _tone(understanding, segment)
    name = full_name.words if full_name else None
    worst, best = by_worth(understanding.excerpts, GOOD if tone == "promoter" else CLEARLY_GOOD)
    quote, quoted = quoted_of(worst, understanding, language, name)
    praised, good_one = quoted_of(best, understanding, language, name, is_praise=True)
    topic, good = topic_of(quoted, touchpoints), topic_of(good_one, touchpoints)
    action = action_of(worst, actions, touchpoints, wrote_at or respond_by)
    if tone == "promoter":
        topic, good, quote, praised = good, None, praised, None
    key = person.external_id if person else feedback_id
    return DraftPlan(
        language=language,
        locale=locale_of(language, voice.english),
        channel=channel or _reachable(person),
        segment=tone,
        name=name,
        gender=gender if gender in {"f", "m"} else None,
        salutation=salutation(full_name, gender, language),
        topic=topic,
        good_topic=good if good != topic else None,
        quote=quote,
        praised=praised,
        has_comment=any(map(says_something, understanding.excerpts)),
        signals=spoken_of(understanding),
        sensitive=sensitive_of(understanding),
        can_be_called=bool(person and person.phone),
        respond_by=datetime.fromisoformat(
            _rounded(respond_by.astimezone(zone or ZoneInfo(voice.timezone))).isoformat()
        ),
        company=voice.company,
        sender=voice.sender or CARE_TEAM[language],
        contact=voice.contact,
        review_link=voice.review_link if tone == "promoter" else None,
        wording=int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]),
        turn=turn,
        told=action.words.get(language) if action and action.state == "done" else None,
        doing=doing_of(action, language),
    )


def _reachable(person: Person | None) -> Channel:
    """E-mail, or a text message where only a number is known."""
    return "sms" if person and person.phone and not person.email else "email"


def _tone(understanding: Understanding, segment: Segment | None) -> Segment:
    """The segment, but never joy over a furious text or guilt before a warm one."""
    label = understanding.sentiment.label if understanding.sentiment else "neutral"
    if segment is None:
        by_label: dict[str, Segment] = {"negative": "detractor", "positive": "promoter"}
        return by_label.get(label, "passive")
    if SCORE_TEXT_MISMATCH in understanding.signals:
        if segment == "promoter" and label == "negative":
            return "detractor"
        if segment == "detractor" and is_all_praise(understanding):
            return "passive"
    return segment


def _rounded(moment: datetime) -> datetime:
    """A moment as people name it: at the full or half hour before."""
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)
