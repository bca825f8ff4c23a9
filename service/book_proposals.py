"""Proposals of wordings as people decide about them: what each changes, and putting it in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pipelines.followup.book import Block
from pipelines.followup.braces import WordingError
from pipelines.followup.own_wordings import merged, with_change
from pipelines.messages import Told
from service.book_desk import BookDesk
from service.book_shelf import Line, Shelf, Trial, lines_between
from service.book_trials import SHOWN
from service.storage.access import people
from service.storage.book_tables import BookDecision, BookProposal
from service.storage.books import BookRepository, Changed, changes_of
from service.wiring import Odzew

_SHOWN_OF_MANY: Final = 3
"""Messages that each block of a proposal of several is shown in."""


@dataclass(frozen=True)
class ProposedBlock:
    """What a proposal changes in one block.

    Attributes:
        shipped: the block as it comes with Odzew; None where it does not any more.
        name: of the block.
        lines: its wordings before and after.
        trial: how they would read; None once it was decided about.
        trouble: why it cannot be used.
    """

    shipped: Block | None
    name: str
    lines: tuple[Line, ...]
    trial: Trial | None
    trouble: Told | None


@dataclass(frozen=True)
class ProposalView:
    """A proposal, what became of it, and what it changes.

    Attributes:
        overtaken: blocks that were changed since it was written.
        is_alone: whether nobody else has signed in who could publish it.
    """

    proposal: BookProposal
    decision: BookDecision | None
    blocks: tuple[ProposedBlock, ...]
    overtaken: tuple[str, ...]
    is_alone: bool


class ProposalDesk:
    """One person at the proposals of one workspace."""

    def __init__(self, odzew: Odzew, workspace: str, who: str) -> None:
        self._odzew, self._workspace, self._who = odzew, workspace, who

    def view(self, number: int) -> ProposalView:
        """A proposal with what it changes, in use or in what it was written over.

        Raises:
            NotFoundError: there is no such proposal.
        """
        with self._odzew.database.snapshot() as session:
            books = BookRepository(session, self._workspace)
            proposal, decision = books.get(number)
            before = books.in_use(proposal.language, _before(proposal, decision))
            overtaken = books.overtaken(proposal) if decision is None else []
            others = people(session, self._workspace) - {self._who}
        desk = self._desk(proposal)
        shelf = desk.shelf(proposal.file)
        count = len(changes_of(proposal))
        most = 0 if decision else SHOWN if count == 1 else _SHOWN_OF_MANY
        blocks = _blocks(desk, shelf, proposal, before, most)
        return ProposalView(proposal, decision, blocks, tuple(overtaken), not others)

    def publish(self, number: int) -> BookProposal:
        """Put a proposal of somebody else's in use; drafts that are written from now on have it.

        Raises:
            NotFoundError: there is no such proposal.
            ConflictError: see `BookRepository.publish`.
            WordingError: it breaks the rules of templates, which an upgrade has changed.
        """
        with self._odzew.database.transaction() as session:
            books = BookRepository(session, self._workspace)
            proposal, _ = books.get(number)
            books.publish(number, who=self._who, at=datetime.now(UTC))
            ships = {
                one.shipped.name: one.shipped
                for one in self._desk(proposal).shelf(proposal.file).blocks
            }
            for name, change in changes_of(proposal).items():
                if change and name in ships:
                    with_change(ships[name], proposal.language, change)
        return proposal

    def withdraw(self, number: int) -> BookProposal:
        """Take a proposal from the table.

        Raises:
            NotFoundError: there is no such proposal.
            ConflictError: it was decided about.
        """
        with self._odzew.database.transaction() as session:
            books = BookRepository(session, self._workspace)
            books.withdraw(number, who=self._who, at=datetime.now(UTC))
            return books.get(number)[0]

    def _desk(self, proposal: BookProposal) -> BookDesk:
        return BookDesk(self._odzew, self._workspace, self._who, proposal.language)


def _before(proposal: BookProposal, decision: BookDecision | None) -> int | None:
    """The version that a proposal is compared with; None is what is in use."""
    if decision is None:
        return None
    return decision.id - 1 if decision.verdict == "published" else proposal.seen


def _blocks(
    desk: BookDesk,
    shelf: Shelf,
    proposal: BookProposal,
    before: Mapping[tuple[str, str], Changed],
    most: int,
) -> tuple[ProposedBlock, ...]:
    states = {one.shipped.name: one for one in shelf.blocks}
    found = []
    for name, change in changes_of(proposal).items():
        earlier = before.get((proposal.file, name))
        state = states.get(name)
        ships = state.shipped.texts if state else ()
        lines = lines_between(
            merged(ships, earlier.change if earlier else None), merged(ships, change)
        )
        trial, trouble = None, None
        if state and most:
            try:
                tried = with_change(state.shipped, proposal.language, change)
                trial = desk.trial(proposal.file, state.now, tried, most)
            except WordingError as error:
                trouble = error.told
        found.append(ProposedBlock(state.shipped if state else None, name, lines, trial, trouble))
    return tuple(found)
