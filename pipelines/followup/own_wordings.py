"""A workspace's own wordings over the shipped book, and what becomes of them when it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from pipelines.contracts import PipelineError
from pipelines.followup.book import FILES, Block, Book
from pipelines.followup.braces import WordingError
from pipelines.followup.wording import compiled
from pipelines.messages import N_, Told

MAX_WORDINGS: Final = 40
"""Wordings that a block may have."""
_ALIKE = 0.6
"""How alike two shipped wordings must be for one to count as the other, rewritten."""

Place: TypeAlias = tuple[str, str]
"""A file of a book, one of `FILES`, and a block's name in it."""


@dataclass(frozen=True)
class BlockChange:
    """What a workspace changed in one block.

    Attributes:
        base: the shipped wordings at that time, in order.
        instead: shipped wording -> what is said in its place; nothing where it is switched off.
        added: wordings besides.
    """

    base: tuple[str, ...]
    instead: Mapping[str, str]
    added: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything differs from what ships."""
        return bool(self.instead or self.added)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"base": [*self.base], "instead": {**self.instead}, "added": [*self.added]}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> BlockChange:
        """What `to_json` gave."""
        return cls(tuple(kept["base"]), dict(kept["instead"]), tuple(kept["added"]))


@dataclass(frozen=True)
class Wording:
    """A wording of a block as it stands in a workspace.

    Attributes:
        text: what is said; empty where it is switched off.
        shipped: the wording that ships in this place, None for one that the workspace added.
        was: the shipped wording that the workspace changed, where it has changed since; a person
            should look at it.
    """

    text: str
    shipped: str | None
    was: str | None = None


@dataclass(frozen=True)
class Trouble:
    """Why a workspace's own wordings of a block are not in use."""

    file: str
    block: str
    told: Told


def merged(shipped: Sequence[str], change: BlockChange | None) -> tuple[Wording, ...]:
    """The wordings that ship, with the workspace's own in their places and after them.

    A change of a wording that has been rewritten since holds for what it has become; one whose
    wording is gone is kept beside the others. Both are marked.
    """
    if change is None:
        return tuple(Wording(text, text) for text in shipped)
    gone = [text for text in change.instead if text not in shipped]
    heirs = _heirs(gone, shipped, change.base)
    found = []
    for text in shipped:
        was = heirs.get(text)
        own = change.instead.get(text if was is None else was, text)
        found.append(Wording(own, text, was))
    found += [Wording(change.instead[was], None, was) for was in gone if was not in heirs.values()]
    there = {one.text for one in found}
    found += [Wording(text, None) for text in change.added if text not in there]
    return tuple(found)


def _heirs(gone: Sequence[str], shipped: Sequence[str], base: Sequence[str]) -> dict[str, str]:
    """What ships now -> the wording, gone since, that it was before."""
    new = [text for text in shipped if text not in base]
    heirs: dict[str, str] = {}
    for was in gone:
        at = base.index(was) if was in base else len(shipped)
        left = [text for text in new if text not in heirs]
        if at < len(shipped) and shipped[at] in left:
            heirs[shipped[at]] = was
        elif close := get_close_matches(was, left, 1, _ALIKE):
            heirs[close[0]] = was
    return heirs


def said(wordings: Sequence[Wording]) -> tuple[str, ...]:
    """The wordings that are in use, each once."""
    return tuple(dict.fromkeys(one.text for one in wordings if one.text))


def change_of(shipped: Sequence[str], typed: Sequence[str]) -> BlockChange:
    """What somebody changed who was shown a block's wordings.

    Args:
        shipped: the wordings that ship.
        typed: what stands in their places now, nothing for "switched off", then those added.
    """
    tidy = [one.replace("\r\n", "\n").strip() for one in typed]
    instead = {text: own for text, own in zip(shipped, tidy, strict=False) if own != text.strip()}
    added = dict.fromkeys(own for own in tidy[len(shipped) :] if own and own not in shipped)
    return BlockChange(tuple(shipped), instead, tuple(added))


def with_change(block: Block, language: str, change: BlockChange | None) -> Block:
    """A block with a workspace's own wordings.

    Raises:
        WordingError: one of them breaks the rules of templates, or there is none or too many.
    """
    texts = said(merged(block.texts, change))
    if not texts:
        raise WordingError(N_("Every wording is switched off; leave at least one."))
    if len(texts) > MAX_WORDINGS:
        raise WordingError(
            N_("There are %(count)s wordings; a block has at most %(most)s."),
            count=len(texts),
            most=MAX_WORDINGS,
        )
    known = dict(zip(block.texts, block.templates, strict=True))
    templates = []
    for text in texts:
        try:
            templates.append(known.get(text) or compiled(text, language, block.when))
        except PipelineError as error:
            start = text if len(text) <= 60 else f"{text[:59]}…"
            if error.told.facts.get("what") == start:  # all of it is what is wrong
                raise
            raise WordingError(N_("“%(start)s”: %(what)s"), start=start, what=error.told) from error
    return replace(block, texts=texts, templates=tuple(templates))


def own_book(
    shipped: Book, changes: Mapping[Place, BlockChange], version: str
) -> tuple[Book, tuple[Trouble, ...]]:
    """The book that ships with a workspace's own wordings, and what could not be used of them.

    A block whose own wordings cannot be used stays as it ships.
    """
    blocks, troubles = dict(shipped.blocks), []
    for file in FILES:
        own = []
        for block in shipped.blocks[file]:
            try:
                own.append(with_change(block, shipped.language, changes.get((file, block.name))))
            except WordingError as error:
                troubles.append(Trouble(file, block.name, error.told))
                own.append(block)
        blocks[file] = tuple(own)
    troubles += [Trouble(*place, Told(_NO_BLOCK)) for place in sorted(lost(shipped, changes))]
    version = f"{shipped.version}+{version}" if changes else shipped.version
    return replace(shipped, blocks=blocks, version=version), tuple(troubles)


_NO_BLOCK: Final = N_("This block does not come with Odzew any more, or is said at other times.")


def lost(shipped: Book, changes: Mapping[Place, BlockChange]) -> list[Place]:
    """Blocks that a workspace has changed and that do not ship any more."""
    there = {(file, block.name) for file in FILES for block in shipped.blocks[file]}
    return [place for place in changes if place not in there]
