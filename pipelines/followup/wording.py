"""One wording of a block: what it may hold, checked before it is compiled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, partial
from typing import Final

from jinja2 import StrictUndefined, Template, meta, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from pipelines.contracts import PipelineError
from pipelines.followup.estonian import CASES as NAME_CASES
from pipelines.followup.grammar import POLISH_ADDRESS, small, vocalised
from pipelines.followup.topics import CASES
from pipelines.messages import N_
from pipelines.words import check_words

MAX_WORDING: Final = 1_000
"""Characters that a wording may have."""
SLOTS: Final = (
    *("quote", "praised", "topic", "good_topic", "ask"),
    *("deadline", "contact", "sender", "company", "review_link", "told", "month"),
)
_OWN_SLOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "pl": (*POLISH_ADDRESS[None], "verb"),
    "et": ("name",),
}
_CONDITIONS: Final = {
    "quote": "quote",
    "praised": "praised",
    "topic": "topic",
    "good_topic": "good_topic",
    "ask": "topic",
    "review_link": "review",
    "name": "name",
    "told": "told",
    "month": "raised",
}
"""Slots that are filled only where a condition holds."""
WITH_FORMS: Final = ("topic", "good_topic", "name")
"""Slots that are asked for in a grammatical case."""
_NOT_TEXT = (*WITH_FORMS, "verb")
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Filter),
    *(nodes.If, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
)


class WordingError(PipelineError):
    """A wording breaks the rules of templates; the message says where and what to do."""


def slots_of(language: str) -> tuple[str, ...]:
    """Slots that wordings of a language may name."""
    return (*SLOTS, *_OWN_SLOTS.get(language, ()))


def slots_for(language: str, when: Collection[str]) -> tuple[str, ...]:
    """Slots that are surely filled in a block of these conditions."""
    return tuple(
        slot for slot in slots_of(language) if slot not in _CONDITIONS or _CONDITIONS[slot] in when
    )


def compiled(text: str, language: str, when: Collection[str]) -> Template:
    """A wording made ready, once it is seen to keep to what templates may do.

    There is no loop, no call but `verb` and no arithmetic, so a wording always ends, and soon.

    Args:
        text: as it was written.
        language: that it is in.
        when: conditions of its block, which say what slots are filled.

    Raises:
        WordingError: it does not keep to it.
    """
    check_words(N_("A wording"), text, MAX_WORDING)
    environment = _environment(language)
    try:
        tree = environment.parse(text)
        _check(tree, language, when)
        return environment.from_string(text)
    except JinjaError as error:
        raise WordingError(
            N_("What stands in the braces cannot be read: %(what)s"), what=str(error.message)
        ) from error
    except (RecursionError, MemoryError, SyntaxError, OverflowError) as error:
        raise WordingError(
            N_("What stands in the braces is too entangled; simplify it.")
        ) from error


@cache
def _environment(language: str) -> SandboxedEnvironment:
    # Messages are plain text, so nothing is escaped for HTML here; pages escape what they show.
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters = {"after": partial(vocalised, language=language), "small": small}
    environment.globals.clear()
    return environment


def _check(tree: nodes.Template, language: str, when: Collection[str]) -> None:
    for node in tree.find_all(nodes.Node):
        _check_node(node, language)
    known = slots_of(language)
    for slot in sorted(meta.find_undeclared_variables(tree)):
        if slot not in known:
            raise WordingError(
                N_("unknown slot %(slot)s; there are: %(known)s"),
                slot=slot[:40],
                known=", ".join(known),
            )
        needed = _CONDITIONS.get(slot)
        if needed and needed not in when:
            raise WordingError(
                N_("the slot %(slot)s may be empty here: its condition is not the block's"),
                slot=slot,
            )
    if not any(
        not isinstance(node, nodes.TemplateData) or node.data.strip()
        for output in tree.find_all(nodes.Output)
        for node in output.nodes
    ):
        raise WordingError(N_("it says nothing"))


def forms_of(slot: str, language: str) -> tuple[str, ...]:
    """Grammatical cases that a slot can be asked for."""
    return NAME_CASES if slot == "name" else tuple(CASES[language])


def _check_node(node: nodes.Node, language: str) -> None:
    if isinstance(node, nodes.Getattr):
        slot = node.node.name if isinstance(node.node, nodes.Name) else ""
        if slot not in WITH_FORMS or node.attr not in forms_of(slot, language):
            raise WordingError(
                N_("there is no .%(form)s; forms of a topic or name are %(forms)s"),
                form=node.attr[:40],
                forms=", ".join(forms_of(slot, language)),
            )
    elif isinstance(node, nodes.Call):
        if not isinstance(node.node, nodes.Name) or node.node.name != "verb":
            raise WordingError(N_("only verb may be called"))
    elif not isinstance(node, _ALLOWED):
        raise WordingError(
            N_("%(what)s is not offered in templates"), what=type(node).__name__.lower()
        )
    shown = node.nodes if isinstance(node, nodes.Output) else ()
    for part in shown:
        if isinstance(part, nodes.Name) and part.name in _NOT_TEXT:
            raise WordingError(
                N_("write %(slot)s with a form (%(forms)s), or verb with its two verbs"),
                slot=part.name,
                forms=", ".join(forms_of(part.name, language)),
            )
