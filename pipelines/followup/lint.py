"""Looks a message over before a person approves it: each rule has a name and says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Final

from models.personal_data.find import find
from pipelines.followup.book import load_book
from pipelines.followup.findings import Finding, Letter, Weight, hits
from pipelines.followup.grammar import NBSP, small
from pipelines.followup.plan import DraftPlan
from pipelines.followup.promises import PROMISES, days_promised, forbidden_promises
from pipelines.followup.quotes import is_rude
from pipelines.followup.sms import segments_of
from pipelines.messages import N_, Told

MOST_SEGMENTS, FEW_SEGMENTS = 10, 3
"""Text messages that one text may take, and from how many on it is said to be long."""
LONG: Final = {"email": 2_000, "letter": 3_000, "chat": 700, "call": 1_200}
"""Characters from which on a message is said to be long."""
SURE: Final = 0.9
"""How sure the detector must be that a message is in another language."""

_MOSTLY, _FEW_WORDS = 0.7, 3
_SLOT = re.compile(
    r"\{\w*\}|\{\{|\}\}|\{%|%\}|\[[^\]\n]{0,40}\]|_{3,}|\bNone\b|\bXXX+\b|<[a-z/][^>\n]*>"
)
_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_DOUBLED = re.compile(r"\b([^\W\d_]{2,}) +\1\b", re.IGNORECASE)
_DOUBLES = frozenset(("bardzo", "velmi", "väga", "very", "that", "had", "se"))
"""Words that may stand twice."""
_KNOWN_TO_PEOPLE = frozenset(("name", "address", "order_number", "customer_number"))
"""Types of personal data that a message may well have to name: a colleague, a place, a parcel."""
_PICTURE = re.compile(r"[\U0001F000-\U0001FAFF☀-➿]|[:;]-?[)(DP]")


def lint(
    plan: DraftPlan,
    subject: str,
    body: str,
    *,
    last: str | None = None,
    today: date | None = None,
    allowed: Collection[str] = (),
    detect: Callable[[str], tuple[str, float]] | None = None,
    by_person: bool = False,
) -> list[Finding]:
    """What is wrong with a message, what blocks it first.

    Args:
        plan: that it was drafted from.
        subject: one line.
        body: as it would be sent.
        last: the body of the message that the customer had before.
        today: the day it is looked over, in the customer's time; without it no promised day is
            known to be too early.
        allowed: kinds of promise that the workspace allows, of `PROMISES`.
        detect: gives the language of a text and how sure that is; without it languages are not
            compared.
        by_person: whether a person wrote or changed it; they may know of a refund that is under
            way, of a colleague's name and of a parcel's number, of which they are warned only.
    """
    own = _own_words(plan, body)
    letter = Letter(plan, subject, body, own, last, today, frozenset(allowed), detect, by_person)
    found = [finding for rule in RULES.values() for finding in rule(letter)]
    return sorted(found, key=lambda one: one.weight != "blocking")


def promises(plan: DraftPlan, body: str) -> list[str]:
    """Words of a message that promise money, a gift or a guarantee, allowed or not."""
    own = _own_words(plan, body)
    return [words for kind in PROMISES for words in hits(kind, own, plan.language)]


def _empty_slots(letter: Letter) -> Iterator[Finding]:
    for text in (letter.subject, letter.own):
        if slot := _SLOT.search(text):
            said = Told(N_("“%(words)s” is a place that was not filled in."), {"words": slot[0]})
            yield Finding("empty_slot", "blocking", said, slot[0])
    if not letter.body.strip():
        yield Finding("empty_slot", "blocking", Told(N_("The message is empty.")))


def _wrong_language(letter: Letter) -> Iterator[Finding]:
    if letter.detect is None or not letter.own.strip():
        return
    code, confidence = letter.detect(letter.own)
    if code != letter.plan.language and confidence >= SURE:
        said = Told(
            N_("The message is not in the customer's language (%(code)s)."),
            {"code": letter.plan.language},
        )
        yield Finding("wrong_language", "blocking", said)
        return
    told = letter.plan.told
    if told is not None and _plain(told) in _plain(letter.own):
        code, confidence = letter.detect(told)
        if code != letter.plan.language and confidence >= SURE:
            said = Told(
                N_("“%(words)s” does not look like the language of the message (%(code)s)."),
                {"words": told, "code": letter.plan.language},
            )
            yield Finding("wrong_language", "blocking", said, told)


def _missing_parts(letter: Letter) -> Iterator[Finding]:
    plan, text = letter.plan, _plain(letter.body)
    is_to_customer = plan.purpose != "praise"
    if plan.told is not None and plan.purpose != "answer" and _plain(plan.told) not in text:
        said = Told(N_("The message no longer says: %(words)s"), {"words": plan.told})
        yield Finding("missing_part", "warning", said)
    if plan.segment == "detractor" and is_to_customer and _plain(plan.contact) not in text:
        said = Told(
            N_("An unhappy customer needs a direct contact: add %(contact)s."),
            {"contact": plan.contact},
        )
        yield Finding("missing_part", "blocking", said)
    is_signed = plan.channel in ("email", "letter", "sms") and is_to_customer
    if is_signed and _plain(plan.company) not in text:
        said = Told(N_("The message is not signed: add %(name)s."), {"name": plan.company})
        yield Finding("missing_part", "blocking", said)
    if plan.channel in ("email", "letter") and not text.startswith(_plain(plan.salutation)):
        said = Told(N_("The message does not begin with “%(words)s”."), {"words": plan.salutation})
        yield Finding("missing_part", "warning", said)


def _personal_data(letter: Letter) -> Iterator[Finding]:
    plan = letter.plan
    known = " ".join(filter(None, (plan.contact, plan.name, plan.sender, plan.company)))
    for span in find(letter.own, plan.language):
        words = letter.own[span.start : span.end]
        if words.strip() and not set(_words(words)) <= set(_words(known + plan.salutation)):
            said = Told(
                N_("“%(words)s” looks like personal data of somebody else."), {"words": words}
            )
            is_known = letter.by_person and span.type in _KNOWN_TO_PEOPLE
            yield Finding("personal_data", "warning" if is_known else "blocking", said, words)


def _profanity(letter: Letter) -> Iterator[Finding]:
    if is_rude(letter.own, letter.plan.language):
        yield Finding("profanity", "blocking", Told(N_("The message holds a rude word.")))


def _blame(letter: Letter) -> Iterator[Finding]:
    for words in hits("blame", letter.own, letter.plan.language):
        said = Told(N_("“%(words)s” puts the blame on the customer."), {"words": words})
        yield Finding("blame", "blocking", said, words)


def _links(letter: Letter) -> Iterator[Finding]:
    allowed = letter.plan.review_link
    for link in _LINK.findall(letter.own):
        if allowed and link.rstrip(".,;)") == allowed:
            continue
        said = Told(N_("%(words)s is a public link; name the direct contact."), {"words": link})
        weight: Weight = "warning" if letter.plan.segment == "promoter" else "blocking"
        yield Finding("public_link", weight, said, link)


def _tone(letter: Letter) -> Iterator[Finding]:
    plan = letter.plan
    text = letter.own.replace(plan.salutation, " ", 1)
    most = 2 if plan.segment == "promoter" and not plan.sensitive else 0
    if text.count("!") > most:
        weight: Weight = "blocking" if plan.sensitive else "warning"
        yield Finding("tone", weight, Told(N_("There are too many exclamation marks.")), "!")
    if (plan.sensitive or plan.segment == "detractor") and (picture := _PICTURE.search(text)):
        said = Told(N_("“%(words)s” does not fit an unhappy customer."), {"words": picture[0]})
        yield Finding("tone", "blocking", said, picture[0])


def _length(letter: Letter) -> Iterator[Finding]:
    channel = letter.plan.channel
    if channel == "sms":
        count = segments_of(letter.body)
        if count > FEW_SEGMENTS:
            said = Told(N_("This takes %(count)s text messages; shorten it."), {"count": count})
            yield Finding("length", "blocking" if count > MOST_SEGMENTS else "warning", said)
    elif len(letter.body) > LONG[channel]:
        said = Told(
            N_("The message has %(count)s characters; shorten it to %(most)s."),
            {"count": len(letter.body), "most": LONG[channel]},
        )
        yield Finding("length", "warning", said)


def _doubled(letter: Letter) -> Iterator[Finding]:
    for doubled in _DOUBLED.finditer(letter.own):
        if doubled[1].casefold() not in _DOUBLES:
            said = Told(N_("“%(words)s” stands twice."), {"words": doubled[1]})
            yield Finding("doubled_word", "warning", said, doubled[0])


def _mixed(letter: Letter) -> Iterator[Finding]:
    plan, code = letter.plan, letter.plan.language
    for words in hits("familiar", letter.own, code):
        said = Told(N_("“%(words)s” addresses the customer as a friend."), {"words": words})
        yield Finding("formality", "blocking", said, words)
    for words in hits("familiar_verb", letter.own, code):
        said = Told(N_("“%(words)s” may address the customer as a friend."), {"words": words})
        yield Finding("formality", "warning", said, words)
    fitting = {"f": "woman", "m": "man"}.get(plan.gender or "", "several" if code == "pl" else "")
    weight: Weight = "blocking" if fitting else "warning"
    for who in ("woman", "man", "several"):
        if who == fitting or (not fitting and who == "several"):
            continue
        for words in hits(who, letter.own, code, is_exact=True):
            said = Told(
                N_("“%(words)s” does not go with the rest of the address."), {"words": words}
            )
            # Of praise it may be somebody else of whom that is said: who praised, for one.
            is_sure = weight == "blocking" and plan.purpose != "praise"
            yield Finding("gender", "blocking" if is_sure else "warning", said, words)
            break


def _same_again(letter: Letter) -> Iterator[Finding]:
    if letter.last is None:
        return
    if _plain(letter.last) == _plain(letter.body):
        said = Told(N_("The customer had this very message before; say it in other words."))
        yield Finding("same_again", "blocking", said)
        return
    known, now = _sentences(letter.last), _sentences(letter.own)
    if len(known & now) > _MOSTLY * len(now):
        said = Told(N_("The customer had most of these sentences before; say them otherwise."))
        yield Finding("same_again", "warning", said)


RULES: Final[dict[str, Callable[[Letter], Iterator[Finding]]]] = {
    "empty_slot": _empty_slots,
    "wrong_language": _wrong_language,
    "missing_part": _missing_parts,
    "forbidden_promise": forbidden_promises,
    "day": days_promised,
    "personal_data": _personal_data,
    "profanity": _profanity,
    "blame": _blame,
    "public_link": _links,
    "tone": _tone,
    "length": _length,
    "doubled_word": _doubled,
    "gender_and_formality": _mixed,
    "same_again": _same_again,
}
"""Every rule by its name."""


def _own_words(plan: DraftPlan, body: str) -> str:
    """A body without the customer's words and the names of what they are about."""
    own = body.replace(NBSP, " ")
    for words in (plan.quote, plan.praised, *_named(plan)):
        own = own.replace(words, " ") if words else own
    return own


def _named(plan: DraftPlan) -> list[str]:
    """What the topics of a message are called in it, the longest first."""
    topics = load_book(plan.language).topics
    named = [
        topics[key] for key in (plan.topic, plan.good_topic) if key is not None and key in topics
    ]
    forms = {form for topic in named for form in (*topic.forms.values(), *topic.questions)}
    return sorted(forms | {small(form) for form in forms}, key=lambda form: (-len(form), form))


def _sentences(text: str) -> set[str]:
    """Sentences that say something, without their marks."""
    parts = re.split(r"[.?!:\n]+(?:\s|$)", text.replace(NBSP, " "))
    return {" ".join(part.split()) for part in parts if len(part.split()) > _FEW_WORDS}


def _plain(text: str) -> str:
    return " ".join(text.split())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
