"""The templates of one language: blocks of wordings with conditions, checked when they are read."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Template

from pipelines.contracts import SEGMENTS, PipelineError
from pipelines.followup.choosing import LOSS, SENSITIVE, SPOKEN_OF
from pipelines.followup.plan import CHANNELS, PURPOSES, Channel, DraftPlan, Purpose
from pipelines.followup.topics import Topic, read_topics
from pipelines.followup.wording import compiled

TEMPLATES: Final = Path(__file__).parent / "templates"
FILES: Final[Mapping[str, tuple[Channel, ...]]] = {
    "message": ("email", "letter"),
    "short": ("sms", "chat"),
    "call": ("call",),
    "news": ("email", "letter", "sms"),
    "praise": ("email",),
}
"""Template files of a language, and the channels that each is for; the first three answer."""
_FILE_OF: Final[Mapping[Purpose, str]] = {"we_did": "news", "declined": "news", "praise": "praise"}
FACTS: Final = frozenset(
    (
        *SEGMENTS,
        *CHANNELS,
        *("comment", "quote", "praised", "topic", "good_topic", "phone", "review", "sensitive"),
        *("ask", "name", "told", "raised", "under_way", "done"),
        *(purpose for purpose in PURPOSES if purpose != "answer"),
        *SPOKEN_OF,
        *SENSITIVE.values(),
        LOSS,
    )
)
"""Conditions that a block may name."""
MIN_VARIANTS: Final = 4
_NAME = re.compile(r"[a-z0-9_.-]{1,120}")
_ENTRIES = frozenset({"name", "part", "paragraph", "when", "text"})


class TemplateError(PipelineError):
    """A template breaks its own rules; the message names the file and the block."""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a message: when it is said, in which paragraph, in which wordings.

    Attributes:
        name: one that no other block of its file has, which stays when wordings change.
        part: what it is, such as "apology".
        paragraph: parts of one number share a paragraph; 0 is the subject.
        when: conditions that must all hold; "not" negates.
        texts: its wordings as they were written.
        templates: and compiled.
    """

    name: str
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
        blocks: of each of `FILES`, in the order of the file.
        topics: words for touchpoints.
        version: names its exact wordings; what follows a plus is a workspace's own.
    """

    language: str
    blocks: Mapping[str, tuple[Block, ...]]
    topics: Mapping[str, Topic]
    version: str = ""

    def of(self, plan: DraftPlan) -> tuple[Block, ...]:
        """The blocks that a plan is worded by."""
        return self.blocks[file_of(plan)]


def file_of(plan: DraftPlan) -> str:
    """Which of `FILES` a plan is worded by."""
    own = _FILE_OF.get(plan.purpose)
    return own or next(name for name, channels in FILES.items() if plan.channel in channels)


@lru_cache(maxsize=16)
def load_book(language: str, folder: Path = TEMPLATES) -> Book:
    """Read and check the templates of a language.

    Raises:
        TemplateError: bad TOML or Jinja, an unknown fact or slot, or fewer than four variants.
    """
    own = folder / language
    contents = {name: _read(own / f"{name}.toml") for name in (*FILES, "topics")}
    blocks = {
        name: read_blocks(contents[name], language, f"{language}/{name}.toml") for name in FILES
    }
    try:
        topics = read_topics(own / "topics.toml", language)
    except (OSError, tomllib.TOMLDecodeError, ValueError, AttributeError) as error:
        raise TemplateError(f"{language}/topics.toml: {error}") from error
    version = hashlib.sha256("\0".join(contents.values()).encode()).hexdigest()[:8]
    return Book(language, blocks, topics, version)


def read_blocks(
    content: str, language: str, name: str, least: int = MIN_VARIANTS
) -> tuple[Block, ...]:
    """Blocks of one file's content.

    Args:
        content: TOML.
        language: that the wordings are in.
        name: of the file, told in errors.
        least: wordings that a block must have.

    Raises:
        TemplateError: see `load_book`.
    """
    try:
        entries = tomllib.loads(content)["block"]
        blocks = tuple(_block(entry, language, least) for entry in entries)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        told = str(error) if isinstance(error, ValueError) else repr(error)
        raise TemplateError(f"{name}: {told}") from error
    twice = [one for one, count in Counter(block.name for block in blocks).items() if count > 1]
    if twice:
        raise TemplateError(f"{name}: two blocks are called {twice[0]!r}; give one another name")
    return blocks


def name_of(part: str, when: Iterable[str]) -> str:
    """What a block is called that has no name of its own: by what it says, and when.

    So a block whose conditions change is another one, unless it keeps its name by an entry.
    """
    words = sorted(word.replace("not ", "not-") for word in when)
    return ".".join((part, *words))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path.name}: {error}") from error


def _block(entry: Mapping[str, Any], language: str, least: int) -> Block:
    part, when, texts = entry["part"], tuple(entry.get("when", ())), tuple(entry["text"])
    name = entry.get("name") or name_of(part, when)
    if odd := set(entry) - _ENTRIES:
        raise ValueError(f"block {name!r}: unknown entry {sorted(odd)}")
    if isinstance(entry["text"], str) or len(set(texts)) < least:
        raise ValueError(f"block {name!r} needs at least {least} different wordings")
    if odd := {word.removeprefix("not ") for word in when} - FACTS:
        raise ValueError(f"block {name!r}: unknown condition {sorted(odd)}")
    if not _NAME.fullmatch(name):
        raise ValueError(f"block {name!r}: a name has small letters, digits and . _ - only")
    templates = tuple(_compiled(name, text, language, when) for text in texts)
    return Block(name, part, int(entry["paragraph"]), when, texts, templates)


def _compiled(block: str, text: str, language: str, when: tuple[str, ...]) -> Template:
    try:
        return compiled(text, language, when)
    except PipelineError as error:
        raise ValueError(f"block {block!r}: {error} in {text[:200]!r}") from error
