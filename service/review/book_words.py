"""What files, parts, conditions and slots of templates are called on pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.followup.book import Block
from pipelines.followup.learning import BlockFigures
from pipelines.followup.slots import WITH_FORMS, forms_of, slots_for
from pipelines.messages import N_
from service.review.draft_words import BECAUSE
from service.review.language import _, listed

FILES: Final = {
    "message": N_("E-mails and letters"),
    "short": N_("Text messages and chat"),
    "call": N_("Calls"),
    "news": N_("What was done, or why not"),
    "praise": N_("Praise for a colleague"),
}
PARTS: Final = {
    "subject": N_("Subject line"),
    "thanks": N_("Thanks"),
    "condolence": N_("Condolences"),
    "theme": N_("What it is about"),
    "praised": N_("What was good"),
    "praise_person": N_("The person they praise"),
    "apology": N_("Apology"),
    "contacted_before": N_("That they had to write again"),
    "promise_broken": N_("That we broke a promise"),
    "next_step": N_("What happens next"),
    "question": N_("Their question"),
    "suggestion": N_("Their suggestion"),
    "curiosity": N_("What we ask them"),
    "call_to_action": N_("What they can do"),
    "sign_off": N_("Closing and signature"),
    "opening": N_("First words"),
    "person": N_("How the person is"),
    "listen": N_("Asking what happened"),
    "closing": N_("Last words"),
    "action": N_("What we are doing about it"),
    "reminder": N_("What they told us"),
    "told": N_("What was done, or why not"),
    "direct_line": N_("How to reach us directly"),
}
SLOTS: Final = {
    "quote": N_("their words about it, in quotation marks"),
    "praised": N_("their words about what was good, in quotation marks"),
    "topic": N_("what it is about, in a grammatical case: %(forms)s"),
    "good_topic": N_("what they praise, in a grammatical case: %(forms)s"),
    "ask": N_("a question about it, a whole sentence"),
    "deadline": N_("by when they hear from us, at the end of a sentence"),
    "contact": N_("the direct line, never inflected"),
    "sender": N_("who signs, never inflected"),
    "company": N_("the company, never inflected"),
    "review_link": N_("where reviews are written"),
    "told": N_("what was done, or why not: whole sentences that a person wrote"),
    "month": N_("the month they wrote in, with its preposition"),
    "you": N_("Pan, Pani or Państwo: who"),
    "you_gen": N_("Pan, Pani or Państwo: of whom"),
    "you_dat": N_("Pan, Pani or Państwo: to whom"),
    "you_acc": N_("Pan, Pani or Państwo: whom"),
    "you_inst": N_("Pan, Pani or Państwo: with whom"),
    "name": N_("the customer's name, in a grammatical case: %(forms)s"),
    "verb": N_("the verb after Pan or Pani, and after Państwo"),
}


@dataclass(frozen=True)
class SlotLine:
    """How a slot is written, and what it stands for."""

    written: str
    what: str


def part_of(block: Block | BlockFigures) -> str:
    """What a block is for, in the reader's language."""
    return _(PARTS[block.part]) if block.part in PARTS else block.part


def when_of(block: Block | BlockFigures) -> str:
    """When a block is said, in the reader's language."""
    holds = [_(BECAUSE[word]) for word in block.when if not word.startswith("not ")]
    fails = [_(BECAUSE[word[4:]]) for word in block.when if word.startswith("not ")]
    if not holds and not fails:
        return _("in every message")
    said = _("When: %(what)s.", what=listed(holds)) if holds else ""
    but = _("Not when: %(what)s.", what=listed(fails, "or")) if fails else ""
    return f"{said} {but}".strip()


def slots_shown(block: Block, language: str) -> list[SlotLine]:
    """The slots that wordings of a block may name."""
    lines = []
    for slot in slots_for(language, block.when):
        forms = forms_of(slot, language)
        lines.append(SlotLine(_written(slot, forms), _(SLOTS[slot], forms=", ".join(forms))))
    return lines


def _written(slot: str, forms: Sequence[str]) -> str:
    if slot == "verb":
        return '{{ verb("pisze", "piszą") }}'
    return f"{{{{ {slot}.{forms[0]} }}}}" if slot in WITH_FORMS else f"{{{{ {slot} }}}}"
