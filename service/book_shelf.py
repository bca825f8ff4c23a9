"""A workspace's templates as pages show them: files, blocks, trials, changes between versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.followup.book import MIN_VARIANTS, Block, Book
from pipelines.followup.own_wordings import Trouble, Wording, merged
from pipelines.followup.trying import Objection
from service.book_trials import Shown
from service.storage.books import Changed


@dataclass(frozen=True)
class BlockState:
    """A block as it stands in a workspace.

    Attributes:
        shipped: as it comes with Odzew.
        now: as it is in use.
        wordings: in use and switched off, with where they come from.
        version: of the books that changed it last, 0 where it is as it ships.
    """

    shipped: Block
    now: Block
    wordings: tuple[Wording, ...]
    version: int

    @classmethod
    def of(cls, shipped: Block, now: Block, changed: Changed | None) -> BlockState:
        """A block with what the workspace changed in it."""
        wordings = merged(shipped.texts, changed.change if changed else None)
        return cls(shipped, now, wordings, changed.version if changed else 0)

    @property
    def is_to_be_looked_at(self) -> bool:
        """Whether a wording that ships has changed under one of the workspace's own."""
        return any(one.was is not None for one in self.wordings)

    @property
    def is_short(self) -> bool:
        """Whether customers will soon read the same wording again."""
        return len(self.now.texts) < MIN_VARIANTS


@dataclass(frozen=True)
class Shelf:
    """One file of a workspace's book.

    Attributes:
        version: of the workspace's books, 0 where nothing was ever published.
        troubles: own wordings that are not in use.
    """

    book: Book
    blocks: tuple[BlockState, ...]
    version: int
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True)
class Trial:
    """How wordings of a block would read.

    Attributes:
        tried: the block with them.
        shown: messages that have one of them.
        objections: what the linter says of them in made-up messages.
    """

    tried: Block
    shown: tuple[Shown, ...]
    objections: tuple[Objection, ...]

    @property
    def is_short(self) -> bool:
        """Whether customers would soon read the same wording again."""
        return len(self.tried.texts) < MIN_VARIANTS


@dataclass(frozen=True)
class Line:
    """A wording before and after a change; empty where it was or is not said."""

    before: str
    after: str


def lines_between(before: Sequence[Wording], after: Sequence[Wording]) -> tuple[Line, ...]:
    """What becomes of each wording: in its place where one ships there, else gone or new."""
    then = {one.shipped: one.text for one in before if one.shipped is not None}
    found = [Line(then.get(one.shipped, ""), one.text) for one in after if one.shipped is not None]
    earlier = [one.text for one in before if one.shipped is None]
    later = [one.text for one in after if one.shipped is None]
    found += [Line(text, text if text in later else "") for text in earlier]
    found += [Line("", text) for text in later if text not in earlier]
    return tuple(line for line in found if line.before or line.after)
