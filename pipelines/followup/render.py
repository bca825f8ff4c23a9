"""Turns a plan into a message out of the blocks that its language's book holds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError as JinjaError

from pipelines.followup.book import Block, Book, TemplateError, load_book
from pipelines.followup.estonian import declined
from pipelines.followup.grammar import POLISH_ADDRESS, deadline, month, typeset
from pipelines.followup.plan import DraftPlan
from pipelines.followup.quotes import in_marks
from pipelines.followup.sms import plain

_SPOKEN = frozenset({"call"})
"""Channels whose text is read aloud, so that it needs no salutation line."""


@dataclass(frozen=True, slots=True)
class Said:
    """One block as it was worded, and why it is there.

    Attributes:
        part: the block's.
        when: the conditions that it was said under.
        wording: which of its wordings, from 0.
        text: as it stands in the message; lines within it are kept.
    """

    part: str
    when: tuple[str, ...]
    wording: int
    text: str


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft as a person will read it; plain text, paragraphs parted by an empty line.

    Attributes:
        subject: one line; empty where the channel has none.
        said: its blocks in order, the subject's first.
    """

    language: str
    subject: str
    body: str
    said: tuple[Said, ...] = ()


def render(plan: DraftPlan, book: Book | None = None) -> DraftText:
    """Write the message; the same plan and book give the same text.

    Raises:
        TemplateError: the language's templates break their rules.
    """
    book = book or load_book(plan.language)
    held, slots = facts(plan, book), _slots(plan, book)
    said: list[tuple[int, Said]] = []
    for block in book.of(plan):
        if block.applies(held):
            at = _pick(block.part, plan, len(block.templates))
            text = _worded(block, at, slots)
            said.append((block.paragraph, Said(block.part, block.when, at, text)))
    subject = " ".join(one.text for paragraph, one in said if paragraph == 0)
    paragraphs: dict[int, list[str]] = {}
    for paragraph, one in said:
        if paragraph:
            paragraphs.setdefault(paragraph, []).append(one.text)
    parts = [" ".join(paragraphs[number]) for number in sorted(paragraphs)]
    opening = [] if plan.channel in _SPOKEN else [plan.salutation]
    is_sms = plan.channel == "sms"
    body = typeset(("\n" if is_sms else "\n\n").join([*opening, *parts]), plan.language)
    return DraftText(
        plan.language,
        typeset(subject, plan.language),
        plain(body) if is_sms else body,
        tuple(one for _, one in sorted(said, key=lambda pair: pair[0])),
    )


def facts(plan: DraftPlan, book: Book) -> frozenset[str]:
    """The conditions of templates that hold for a plan, of `FACTS`."""
    held = {
        "comment": plan.has_comment,
        "quote": plan.quote is not None,
        "praised": plan.praised is not None,
        "topic": plan.topic in book.topics,
        "good_topic": plan.good_topic in book.topics,
        "phone": plan.can_be_called,
        "review": plan.review_link is not None,
        "sensitive": bool(plan.sensitive),
        "name": _name_forms(plan) is not None,
        # Whoever told what happened is not asked for what they have told.
        "ask": plan.topic in book.topics and (plan.segment != "detractor" or plan.quote is None),
        "told": plan.told is not None,
        "raised": plan.wrote_on is not None,
    }
    return frozenset(
        (
            *(fact for fact, holds in held.items() if holds),
            *(plan.segment, plan.channel),
            *plan.signals,
            *plan.sensitive,
            *({plan.purpose} - {"answer"}),
            *((plan.doing,) if plan.doing else ()),
        )
    )


def _name_forms(plan: DraftPlan) -> Mapping[str, str] | None:
    """The customer's name in the cases of Estonian, where it is sure how the name declines."""
    return declined(plan.name) if plan.language == "et" and plan.name else None


def _worded(block: Block, at: int, slots: Mapping[str, Any]) -> str:
    try:
        return block.templates[at].render(slots).strip()
    except (JinjaError, TypeError, KeyError) as error:
        raise TemplateError(f"The block {block.part!r} cannot be written: {error}") from error


def _pick(part: str, plan: DraftPlan, count: int) -> int:
    """A wording by chance, the same for a customer, and the next one in each further message."""
    digest = hashlib.sha256(f"{plan.wording}:{part}".encode()).digest()
    return (int.from_bytes(digest[:4]) + plan.turn) % count


def _slots(plan: DraftPlan, book: Book) -> dict[str, Any]:
    slots: dict[str, Any] = {
        "contact": plan.contact,
        "sender": plan.sender,
        "company": plan.company,
        "review_link": plan.review_link,
    }
    if plan.purpose == "answer":
        is_short = plan.channel == "sms"
        slots["deadline"] = deadline(plan.respond_by, plan.locale, is_short=is_short)
    if plan.wrote_on is not None:
        slots["month"] = month(plan.wrote_on, plan.respond_by.date(), plan.language)
    if plan.told is not None:
        slots["told"] = plan.told
    if plan.quote is not None:
        slots["quote"] = in_marks(plan.quote, plan.language)
    if plan.praised is not None:
        slots["praised"] = in_marks(plan.praised, plan.language)
    if topic := book.topics.get(plan.topic or ""):
        slots["topic"] = topic.forms
        slots["ask"] = topic.questions[_pick("ask", plan, len(topic.questions))]
    if good := book.topics.get(plan.good_topic or ""):
        slots["good_topic"] = good.forms
    if name := _name_forms(plan):
        slots["name"] = name
    if plan.language == "pl":
        slots |= POLISH_ADDRESS[plan.gender if plan.gender in POLISH_ADDRESS else None]
        plural = plan.gender is None
        slots["verb"] = lambda one, many: many if plural else one
    return slots
