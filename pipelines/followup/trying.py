"""Tries wordings in whole messages: how they read, and what the linter says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipelines.followup.book import Block, Book, file_of
from pipelines.followup.findings import Finding
from pipelines.followup.lint import SURE, lint
from pipelines.followup.plan import DraftPlan
from pipelines.followup.render import render
from pipelines.messages import N_, Told

Detect = Callable[[str], tuple[str, float]]
_TELLING_WORDS = 6
"""Words that a wording must have for its language to be told."""
_TOLD_LANGUAGES = 6
"""Messages with a wording whose language is told."""
_ENOUGH_OTHERS = 3
_HONOURED = ("Va", "Vá", "Vy", "Tei", "Pan", "Pań", "I ")
"""How words begin that have a capital wherever they stand."""


@dataclass(frozen=True)
class Judge:
    """What the linter is told besides a message.

    Attributes:
        detect: see `lint`.
        allowed: kinds of promise that the workspace allows.
    """

    detect: Detect | None = None
    allowed: frozenset[str] = frozenset()


NOBODY: Final = Judge()


@dataclass(frozen=True)
class Example:
    """A message with one wording of a block in it.

    Attributes:
        wording: as it was written.
        text: the same as the message has it.
        subject: of the message.
        body: of the message.
        findings: what the linter says of the message.
    """

    plan: DraftPlan
    wording: str
    text: str
    subject: str
    body: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Objection:
    """What one rule of the linter says of a wording, with the first message that shows it."""

    finding: Finding
    example: Example


def example(book: Book, block: Block, at: int, plan: DraftPlan, judge: Judge = NOBODY) -> Example:
    """A plan's message in which a block has one of its wordings.

    Args:
        book: the other blocks are worded by.
        block: one of the book's, perhaps with other wordings.
        at: which of its wordings.
        plan: one in which the block is said.
        judge: what the linter is told besides.

    Raises:
        TemplateError: the wording cannot be written for this plan.
    """
    alone = replace(block, texts=(block.texts[at],), templates=(block.templates[at],))
    own = tuple(alone if one.name == block.name else one for one in book.of(plan))
    text = render(plan, replace(book, blocks={**book.blocks, file_of(plan): own}))
    said = next(one.text for one in text.said if (one.part, one.when) == (block.part, block.when))
    findings = lint(plan, text.subject, text.body, allowed=judge.allowed, detect=judge.detect)
    return Example(plan, block.texts[at], said, text.subject, text.body, tuple(findings))


def examples(
    book: Book,
    block: Block,
    wordings: Sequence[str],
    plans: Sequence[DraftPlan],
    judge: Judge = NOBODY,
) -> list[Example]:
    """A message of each plan, in which the wordings take turns."""
    places = [block.texts.index(text) for text in wordings]
    return [
        example(book, block, places[number % len(places)], plan, judge)
        for number, plan in enumerate(plans)
    ]


def objections(
    book: Book,
    block: Block,
    wordings: Sequence[str],
    plans: Sequence[DraftPlan],
    judge: Judge = NOBODY,
) -> list[Objection]:
    """What the linter says of wordings in any of many messages, what blocks first.

    Each rule speaks once of each wording, and not where it says the same of the message with a
    wording that ships.

    Raises:
        TemplateError: a wording cannot be written for one of the plans.
    """
    found = [
        one
        for text in wordings
        for one in _objections(book, block, block.texts.index(text), plans, judge)
    ]
    return sorted(found, key=lambda one: one.finding.weight != "blocking")


def _objections(
    book: Book, block: Block, at: int, plans: Sequence[DraftPlan], judge: Judge
) -> Iterator[Objection]:
    told: set[str] = set()
    for number, plan in enumerate(plans):
        # A language is told of few messages: that is slow, and one wording changes it little.
        own = judge if number < _TOLD_LANGUAGES else replace(judge, detect=None)
        tried = example(book, block, at, plan, own)
        for finding in tried.findings:
            if finding.rule in told or _is_so_anyway(book, plan, finding):
                continue
            told.add(finding.rule)
            yield Objection(finding, tried)
        if judge.detect is not None and "wrong_language" not in told:
            told.add("wrong_language")
            yield from _foreign(tried, judge.detect)
        if number == 0:
            yield from _unlike_others(block, tried)


def _is_so_anyway(book: Book, plan: DraftPlan, finding: Finding) -> bool:
    if finding.weight == "blocking":
        return False
    usual = render(plan, book)
    return any(one.rule == finding.rule for one in lint(plan, usual.subject, usual.body))


def _foreign(tried: Example, detect: Detect) -> Iterator[Objection]:
    """A warning where one sentence seems to be in another language than the rest."""
    text = tried.text
    for words in (tried.plan.quote, tried.plan.praised):
        text = text.replace(words, " ") if words else text
    if len(text.split()) < _TELLING_WORDS:
        return
    code, confidence = detect(text)
    if code != tried.plan.language and confidence >= SURE:
        said = Told(
            N_("“%(words)s” does not look like the language of the message (%(code)s)."),
            {"words": tried.text, "code": tried.plan.language},
        )
        yield Objection(Finding("wrong_language", "warning", said, tried.text), tried)


def _unlike_others(block: Block, tried: Example) -> Iterator[Objection]:
    """Warnings where a wording begins or ends as no other of its block does."""
    others = [text for text in block.texts if text != tried.wording]
    for of, message in ((_first_letter, _BEGINS), (_ends_a_sentence, _ENDS)):
        own, usual = of(tried.wording), [found for found in map(of, others) if found is not None]
        if own is not None and len(usual) >= _ENOUGH_OTHERS and own not in usual:
            said = Told(message, {"words": tried.wording[:200]})
            yield Objection(Finding("unlike_others", "warning", said, tried.text), tried)


_BEGINS = N_("“%(words)s” begins with a capital or small letter unlike the others of this block.")
_ENDS = N_("“%(words)s” ends unlike the others of this block: look at the full stop.")


def _first_letter(text: str) -> bool | None:
    """Whether a wording begins with a capital; None where it begins with no letter."""
    if not text[0].isalpha() or text.startswith(_HONOURED):
        return None
    return text[0].isupper()


def _ends_a_sentence(text: str) -> bool | None:
    """Whether a wording ends with a full stop; None where it asks, calls or ends with a slot."""
    return None if text.endswith(("}", "?", "!")) else not text[-1].isalnum()
