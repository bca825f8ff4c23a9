"""The templates of one language: blocks of wordings with conditions, checked when they are read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, Template, meta, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from pipelines.contracts import SEGMENTS, PipelineError
from pipelines.followup.estonian import CASES as NAME_CASES
from pipelines.followup.grammar import POLISH_ADDRESS, small, vocalised
from pipelines.followup.plan import CHANNELS
from pipelines.followup.planning import LOSS, SENSITIVE, SPOKEN_OF
from pipelines.followup.topics import CASES, Topic, read_topics

TEMPLATES: Final = Path(__file__).parent / "templates"
FILES: Final = {
    "message": ("email", "letter"),
    "short": ("sms", "chat"),
    "call": ("call",),
}
"""Template files of a language, and the channels that each is for."""
FACTS: Final = frozenset(
    (
        *SEGMENTS,
        *CHANNELS,
        *("comment", "quote", "praised", "topic", "good_topic", "phone", "review", "sensitive"),
        "name",
        *SPOKEN_OF,
        *SENSITIVE.values(),
        LOSS,
    )
)
"""Conditions that a block may name."""
MIN_VARIANTS: Final = 4
_SLOTS = frozenset(
    (*("quote", "praised", "topic", "good_topic", "ask"), *("deadline", "contact", "sender"))
) | {"company", "review_link"}
_OWN_SLOTS = {"pl": frozenset({*POLISH_ADDRESS[None], "verb"}), "et": frozenset({"name"})}
_WITH_FORMS = ("topic", "good_topic", "name")
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Filter),
    *(nodes.If, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
)
_ENTRIES = frozenset({"part", "paragraph", "when", "text"})


class TemplateError(PipelineError):
    """A template breaks its own rules; the message names the file and the block."""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a message: when it is said, in which paragraph, in which wordings.

    Attributes:
        part: what it is, such as "apology".
        paragraph: parts of one number share a paragraph; 0 is the subject.
        when: conditions that must all hold; "not" negates.
        texts: its wordings as they were written.
        templates: and compiled.
    """

    part: str
    paragraph: int
    when: tuple[str, ...]
    texts: tuple[str, ...]
    templates: tuple[Template, ...]

    def applies(self, held: frozenset[str]) -> bool:
        """Whether the facts that hold meet all conditions of the block."""
        return all(
            (word.removeprefix("not ") in held) != word.startswith("not ") for word in self.when
        )


@dataclass(frozen=True)
class Book:
    """All templates of one language.

    Attributes:
        blocks: of each channel, in the order of the file.
        topics: words for touchpoints.
    """

    language: str
    blocks: Mapping[str, tuple[Block, ...]]
    topics: Mapping[str, Topic]


@lru_cache(maxsize=16)
def load_book(language: str, folder: Path = TEMPLATES) -> Book:
    """Read and check the templates of a language.

    Raises:
        TemplateError: bad TOML or Jinja, an unknown fact or slot, or fewer than four variants.
    """
    own = folder / language
    blocks: dict[str, tuple[Block, ...]] = {}
    for name, channels in FILES.items():
        found = read_blocks(_read(own / f"{name}.toml"), language, f"{language}/{name}.toml")
        blocks |= dict.fromkeys(channels, found)
    try:
        topics = read_topics(own / "topics.toml", language)
    except (OSError, tomllib.TOMLDecodeError, ValueError, AttributeError) as error:
        raise TemplateError(f"{language}/topics.toml: {error}") from error
    return Book(language, blocks, topics)


def read_blocks(content: str, language: str, name: str) -> tuple[Block, ...]:
    """Blocks of one file's content; `name` is told in errors.

    Raises:
        TemplateError: see `load_book`.
    """
    try:
        entries = tomllib.loads(content)["block"]
        return tuple(_block(entry, language) for entry in entries)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        told = str(error) if isinstance(error, ValueError) else repr(error)
        raise TemplateError(f"{name}: {told}") from error


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path.name}: {error}") from error


def _block(entry: Mapping[str, Any], language: str) -> Block:
    part, when, texts = entry["part"], tuple(entry.get("when", ())), tuple(entry["text"])
    if odd := set(entry) - _ENTRIES:
        raise ValueError(f"block {part!r}: unknown entry {sorted(odd)}")
    if isinstance(entry["text"], str) or len(set(texts)) < MIN_VARIANTS:
        raise ValueError(f"block {part!r} needs at least {MIN_VARIANTS} different wordings")
    if odd := {word.removeprefix("not ") for word in when} - FACTS:
        raise ValueError(f"block {part!r}: unknown condition {sorted(odd)}")
    return Block(
        part, int(entry["paragraph"]), when, texts, tuple(_compiled(part, texts, language))
    )


@cache
def _environment(language: str) -> SandboxedEnvironment:
    # Messages are plain text, so nothing is escaped for HTML here; pages escape what they show.
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters = {"after": partial(vocalised, language=language), "small": small}
    environment.globals.clear()
    return environment


def _compiled(part: str, texts: Iterable[str], language: str) -> Iterable[Template]:
    slots = _SLOTS | _OWN_SLOTS.get(language, frozenset())
    environment = _environment(language)
    for text in texts:
        try:
            tree = environment.parse(text)
            if odd := meta.find_undeclared_variables(tree) - slots:
                raise ValueError(f"block {part!r}: unknown slot {sorted(odd)}")
            if odd_use := _odd_use(tree, language):
                raise ValueError(f"block {part!r}: {odd_use} in {text!r}")
            yield environment.from_string(text)
        except JinjaError as error:
            raise ValueError(f"block {part!r}: {error.message} in {text!r}") from error


def _odd_use(tree: nodes.Template, language: str) -> str | None:
    """What a template does that none may, None where it keeps to slots, their forms and choices.

    There is no loop, no call but `verb` and no arithmetic, so a template always ends, and soon.
    """
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Getattr):
            named = node.node.name if isinstance(node.node, nodes.Name) else ""
            cases = NAME_CASES if named == "name" else CASES[language]
            if named not in _WITH_FORMS or node.attr not in cases:
                what = "a name" if named == "name" else "a topic"
                return f"there is no .{node.attr}; forms of {what} are {', '.join(cases)}"
        elif isinstance(node, nodes.Call):
            if not isinstance(node.node, nodes.Name) or node.node.name != "verb":
                return "only verb may be called"
        elif not isinstance(node, _ALLOWED):
            return f"{type(node).__name__.lower()} is not offered in templates"
    return None
