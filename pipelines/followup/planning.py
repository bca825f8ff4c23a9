"""Plans the follow-up to one answer, of what was read in it and is known of the customer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from models.contracts import LANGUAGES
from pipelines.contracts import (
    SCORE_TEXT_MISMATCH,
    Person,
    ReadExcerpt,
    Segment,
    Understanding,
)
from pipelines.followup.address import gender_of, salutation
from pipelines.followup.grammar import locale_of
from pipelines.followup.losses import tells_of_a_loss
from pipelines.followup.names import read_name
from pipelines.followup.plan import Channel, DraftPlan, PlanError
from pipelines.followup.quotes import accuses, clean_quote
from pipelines.improvement import NO_ACTIONS, ThemeAction
from pipelines.theme_life.places import PLACES

SPOKEN_OF: Final = (
    *("open_problem", "contacted_before", "promise_broken", "suggestion", "question"),
    *("praise_person", "asks_contact"),
)
"""Signals that a message takes up."""
_SURE_FROM: Final = {
    "contacted_before": 0.9,
    "promise_broken": 0.9,
    "suggestion": 0.85,
    "question": 0.7,
    "open_problem": 0.7,
}
"""Confidence from which on a message takes one of these up: what is not there, it must not thank or
apologise for."""
SENSITIVE: Final = {
    "safety": "safety",
    "health": "safety",
    "legal_threat": "legal",
    "authority_complaint": "legal",
    "discrimination": "legal",
    "vulnerable_person": "vulnerable",
}
"""Signals that ask for restraint and a call first, by the kind of message they call for."""
LOSS: Final = "loss"
"""Kind of message to those who tell of a death, which no signal does."""

CARE_TEAM: Final = {
    "pl": "Zespół obsługi klienta",
    "cs": "Tým zákaznické péče",
    "et": "Klienditugi",
    "en": "Customer care",
}
"""Who signs where the settings name nobody."""

_WEAK = frozenset({"churn_risk", "legal_threat", "authority_complaint", "question", "suggestion"})
_TROUBLE = frozenset(
    (
        *("open_problem", "churn_risk", "contacted_before", "promise_broken", "effort", "waiting"),
        *("legal_threat", "authority_complaint", "media_threat", *SENSITIVE),
    )
)
"""Signals of an excerpt that is no praise, however well it sounds."""
_MIN_TELLING_WORDS = 3
_NOT_A_COMPLAINT = 0.2
_GOOD, _CLEARLY_GOOD = 0.3, 0.9
"""Sentiment from which on a promoter's words are praise, and those of somebody who is not happy: of
74 parts of theirs above the former in the sample, most were complaints or irony, above the latter
none."""


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
    worst, best = _by_worth(understanding.excerpts, _GOOD if tone == "promoter" else _CLEARLY_GOOD)
    quote, quoted = _quoted(worst, understanding, language, name)
    praised, good_one = _quoted(best, understanding, language, name, is_praise=True)
    topic, good = _topic(quoted, touchpoints), _topic(good_one, touchpoints)
    action = _action(worst, actions, wrote_at or respond_by)
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
        has_comment=any(
            len(excerpt.text.split()) >= _MIN_TELLING_WORDS for excerpt in understanding.excerpts
        ),
        signals=_spoken_of(understanding),
        sensitive=_sensitive(understanding),
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
        doing=_doing(action, language),
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
        if segment == "detractor" and _is_all_praise(understanding):
            return "passive"
    return segment


def _is_all_praise(understanding: Understanding) -> bool:
    """Whether a comment clearly praises and nothing in it complains."""
    scores = [excerpt.sentiment.score for excerpt in understanding.excerpts]
    return bool(scores) and max(scores) >= _CLEARLY_GOOD and min(scores) >= _NOT_A_COMPLAINT


def _spoken_of(understanding: Understanding) -> tuple[str, ...]:
    """Signals that a message takes up, in the order of `SPOKEN_OF`."""
    surely = {
        hit.name
        for excerpt in understanding.excerpts
        for hit in excerpt.signals
        if hit.confidence >= _SURE_FROM.get(hit.name, 0.0)
    }
    return tuple(
        name
        for name in SPOKEN_OF
        if name in understanding.signals and (name in surely or name not in _SURE_FROM)
    )


def is_grave(understanding: Understanding) -> bool:
    """Whether a comment asks for restraint."""
    return bool(_sensitive(understanding))


def _sensitive(understanding: Understanding) -> tuple[str, ...]:
    kinds = {SENSITIVE[name] for name in understanding.signals if name in SENSITIVE}
    language = understanding.language.code
    if any(tells_of_a_loss(excerpt.text, language) for excerpt in understanding.excerpts):
        kinds.add(LOSS)
    return tuple(sorted(kinds))


def _by_worth(
    excerpts: Sequence[ReadExcerpt], good: float
) -> tuple[list[ReadExcerpt], list[ReadExcerpt]]:
    """What is complained of, the telling and worst first, and what is praised, best first.

    What is asked or threatened is answered elsewhere; the thing itself makes the better quote.
    Telling is what is clearly about something, or tells of trouble.
    """
    worst = sorted(
        (e for e in excerpts if e.sentiment.score < _NOT_A_COMPLAINT),
        key=lambda e: (
            any(hit.name in _WEAK for hit in e.signals),
            e.concept is None and not _has_trouble(e),
            e.sentiment.score,
        ),
    )
    best = sorted(
        (e for e in excerpts if e.sentiment.score > good and not _has_trouble(e)),
        key=lambda e: -e.sentiment.score,
    )
    return worst, best


def _has_trouble(excerpt: ReadExcerpt) -> bool:
    return any(hit.name in _TROUBLE for hit in excerpt.signals)


def _topic(excerpts: Sequence[ReadExcerpt], touchpoints: Mapping[str, str]) -> str | None:
    """The touchpoint of the first excerpt of which both its theme and its own words say so.

    A message that names the wrong thing is worse than one that names none: themes alone are right
    too seldom (docs/decisions/0013).
    """
    for excerpt in excerpts:
        by_theme = touchpoints.get(excerpt.theme.id) if excerpt.theme else None
        if by_theme is not None and by_theme == PLACES.get(excerpt.concept or ""):
            return by_theme
    return None


def _action(
    excerpts: Sequence[ReadExcerpt], actions: Mapping[str, ThemeAction], wrote_at: datetime
) -> ThemeAction | None:
    """The action against the worst thing that has one; none that was done before they wrote."""
    themes = (excerpt.theme for excerpt in excerpts)
    found = (actions[one.id] for one in themes if one and one.id in actions)
    return next((one for one in found if one.state != "done" or wrote_at < one.since), None)


def _doing(action: ThemeAction | None, language: str) -> Literal["under_way", "done"] | None:
    """Its state, where there are words for it: what was done is told as a person wrote it."""
    if action is None or (action.state == "done" and language not in action.words):
        return None
    return action.state


def _rounded(moment: datetime) -> datetime:
    """A moment as people name it: at the full or half hour before."""
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)


def _quoted(
    excerpts: Sequence[ReadExcerpt],
    understanding: Understanding,
    language: str,
    name: str | None,
    *,
    is_praise: bool = False,
) -> tuple[str | None, Sequence[ReadExcerpt]]:
    """What is quoted, and the parts that a message may name a touchpoint of.

    It names that of the part that is quoted, so that both are about one thing.
    """
    for excerpt in excerpts:
        quote = quote_from([excerpt], understanding, language, name, is_praise=is_praise)
        if quote is not None:
            return quote, [excerpt]
    return None, excerpts


def quote_from(
    excerpts: Sequence[ReadExcerpt],
    understanding: Understanding,
    language: str,
    name: str | None,
    *,
    is_praise: bool = False,
) -> str | None:
    """The first words of some excerpts that can be repeated in a message, or None.

    Args:
        excerpts: of the comment, the wanted first.
        understanding: of the comment.
        language: of the message.
        name: the customer's, which a quote must not hold.
        is_praise: else nobody whom it says something of is to stand in it.
    """
    if understanding.language.code != language:  # another language's words do not fit the letter
        return None
    cleaned = (
        clean_quote(excerpt.text, language, name=name)
        for excerpt in excerpts
        if not _holds_personal_data(excerpt, understanding)
    )
    return next(
        (quote for quote in cleaned if quote and (is_praise or not accuses(quote, language))), None
    )


def _holds_personal_data(excerpt: ReadExcerpt, understanding: Understanding) -> bool:
    return any(data.start < excerpt.end and excerpt.start < data.end for data in understanding.pii)
