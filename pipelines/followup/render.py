"""Turns a plan into a letter out of the blocks that its language's template holds."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment

from pipelines.contracts import SEGMENTS, PipelineError
from pipelines.followup.grammar import POLISH_ADDRESS, deadline, typeset
from pipelines.followup.plan import DraftPlan
from pipelines.followup.quotes import in_marks

TEMPLATES: Final = Path(__file__).parent / "templates"
FACTS: Final = frozenset(SEGMENTS) | {
    *("comment", "quote", "praised", "open", "contacted_before", "suggestion"),
    *("question", "praise_person", "sensitive"),
}
_SLOTS = frozenset({"quote", "praised", "deadline", "contact", "sender", "company"})
_POLISH_SLOTS = frozenset({*POLISH_ADDRESS[None], "verb"})
_MIN_VARIANTS = 2

# Letters are plain text, so nothing is escaped for HTML here; pages escape when they show them.
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


class TemplateError(PipelineError):
    """A template file breaks its own rules; the message names the file and the block."""


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft as a person will read it; plain text, paragraphs parted by an empty line."""

    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a letter: when it is said, in which paragraph, in which wordings."""

    name: str
    paragraph: int
    when: tuple[str, ...]
    texts: tuple[Template, ...]

    def applies(self, held: frozenset[str]) -> bool:
        """Whether the facts that hold meet all conditions of the block."""
        return all(
            (word.removeprefix("not ") in held) != word.startswith("not ") for word in self.when
        )


def render(plan: DraftPlan) -> DraftText:
    """Write the letter; the same plan gives the same text.

    Raises:
        TemplateError: the language's template file breaks its rules.
    """
    held, slots = facts(plan), _slots(plan)
    subjects: list[str] = []
    paragraphs: dict[int, list[str]] = {}
    for block in load_blocks(plan.language):
        if block.applies(held):
            text = _pick(block, plan.variant).render(slots).strip()
            target = paragraphs.setdefault(block.paragraph, []) if block.paragraph else subjects
            target.append(text)
    body = "\n\n".join(" ".join(paragraphs[number]) for number in sorted(paragraphs))
    letter = f"{plan.salutation}\n\n{body}"
    return DraftText(
        plan.language,
        typeset(" ".join(subjects), plan.language),
        typeset(letter, plan.language),
    )


@lru_cache(maxsize=8)
def load_blocks(language: str, folder: Path = TEMPLATES) -> tuple[Block, ...]:
    """Read and check one language's template file.

    Raises:
        TemplateError: bad TOML or Jinja, an unknown fact or slot, or fewer than two variants.
    """
    path = folder / f"{language}.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["block"]
        return tuple(_read_block(entry, language) for entry in entries)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise TemplateError(f"{path.name}: {error!r}") from error


def _read_block(entry: Mapping[str, Any], language: str) -> Block:
    name, when, texts = entry["name"], tuple(entry.get("when", ())), entry["text"]
    slots = _SLOTS | (_POLISH_SLOTS if language == "pl" else frozenset())
    if len(texts) < _MIN_VARIANTS:
        raise ValueError(f"block {name!r} needs at least {_MIN_VARIANTS} variants")
    if odd := {word.removeprefix("not ") for word in when} - FACTS:
        raise ValueError(f"block {name!r}: unknown condition {sorted(odd)}")
    try:
        for text in texts:
            if odd := meta.find_undeclared_variables(_ENVIRONMENT.parse(text)) - slots:
                raise ValueError(f"block {name!r}: unknown slot {sorted(odd)}")
        templates = tuple(_ENVIRONMENT.from_string(text) for text in texts)
    except TemplateSyntaxError as error:
        raise ValueError(f"block {name!r}: {error.message}") from error
    return Block(name, int(entry["paragraph"]), when, templates)


def _pick(block: Block, variant: int) -> Template:
    digest = hashlib.sha256(f"{variant}:{block.name}".encode()).digest()
    return block.texts[int.from_bytes(digest[:4]) % len(block.texts)]


def facts(plan: DraftPlan) -> frozenset[str]:
    """The conditions of templates that hold for a plan, of `FACTS`."""
    held = {
        plan.segment: True,
        "comment": plan.has_comment,
        "quote": plan.quote is not None,
        "praised": plan.praised is not None,
        "open": plan.problem_open,
        "contacted_before": plan.contacted_before,
        "suggestion": plan.suggestion,
        "question": plan.question,
        "praise_person": plan.praise_person,
        "sensitive": plan.sensitive,
    }
    return frozenset(fact for fact, holds in held.items() if holds)


def _slots(plan: DraftPlan) -> dict[str, Any]:
    slots: dict[str, Any] = {
        "deadline": deadline(plan.respond_by, plan.language),
        "contact": plan.contact,
        "sender": plan.sender,
        "company": plan.company,
    }
    if plan.quote is not None:
        slots["quote"] = in_marks(plan.quote, plan.language)
    if plan.praised is not None:
        slots["praised"] = in_marks(plan.praised, plan.language)
    if plan.language == "pl":
        slots |= POLISH_ADDRESS[plan.gender if plan.gender in POLISH_ADDRESS else None]
        plural = plan.gender is None
        slots["verb"] = lambda one, many: many if plural else one
    return slots
