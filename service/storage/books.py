"""A workspace's own wordings in SQL: proposals, what became of them, and what is in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipelines.contracts import ENGINE
from pipelines.followup.own_wordings import BlockChange, Place
from pipelines.messages import N_
from service.storage.access_tables import Workspace
from service.storage.book_tables import BookDecision, BookProposal
from service.storage.case_tables import CaseRow
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.draft_tables import DraftRow

CHANGES_FORMAT: Final = 1
Changes: TypeAlias = Mapping[str, BlockChange | None]
"""Block -> what is changed in it, None where it is as it ships."""


@dataclass(frozen=True)
class Changed:
    """A block's change in use, and the version of the books that brought it."""

    change: BlockChange
    version: int


Proposed: TypeAlias = tuple[BookProposal, BookDecision | None]


class BookRepository:
    """Books of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def newest(self, language: str | None = None) -> int:
        """Version of the books, or of one language's: what was published last; 0 for nothing."""
        query = (
            select(func.max(BookDecision.id))
            .join(BookProposal, BookProposal.id == BookDecision.proposal_id)
            .where(
                BookDecision.workspace_id == self._workspace, BookDecision.verdict == "published"
            )
        )
        if language is not None:
            query = query.where(BookProposal.language == language)
        return int(self._session.scalar(query) or 0)

    def in_use(self, language: str, version: int | None = None) -> dict[Place, Changed]:
        """What is changed in a language's book, now or as of an earlier version."""
        query = (
            select(BookProposal, BookDecision.id)
            .join(BookDecision, BookDecision.proposal_id == BookProposal.id)
            .where(
                BookProposal.workspace_id == self._workspace,
                BookProposal.language == language,
                BookDecision.verdict == "published",
            )
            .order_by(BookDecision.id)
        )
        if version is not None:
            query = query.where(BookDecision.id <= version)
        found: dict[Place, Changed] = {}
        for proposal, number in self._session.execute(query):
            for block, change in changes_of(proposal).items():
                found.pop((proposal.file, block), None)
                if change:
                    found[proposal.file, block] = Changed(change, number)
        return found

    def propose(
        self,
        language: str,
        file: str,
        changes: Changes,
        *,
        seen: int,
        who: str,
        at: datetime,
        why: str,
    ) -> BookProposal:
        """Keep a proposal, for somebody else to publish."""
        row = BookProposal(
            workspace_id=self._workspace,
            language=language,
            file=file,
            changes={
                "version": CHANGES_FORMAT,
                "blocks": {name: one.to_json() if one else None for name, one in changes.items()},
            },
            seen=seen,
            who=who,
            at=at,
            why=why,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def get(self, number: int) -> Proposed:
        """A proposal and what became of it.

        Raises:
            NotFoundError: not in this workspace.
        """
        query = (
            select(BookProposal, BookDecision)
            .outerjoin(BookDecision, BookDecision.proposal_id == BookProposal.id)
            .where(BookProposal.id == number, BookProposal.workspace_id == self._workspace)
        )
        row = self._session.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(N_("There is no proposal %(number)s here."), number=str(number))
        return row[0], row[1]

    def history(self, most: int) -> list[Proposed]:
        """Proposals with what became of them, newest first."""
        query = (
            select(BookProposal, BookDecision)
            .outerjoin(BookDecision, BookDecision.proposal_id == BookProposal.id)
            .where(BookProposal.workspace_id == self._workspace)
            .order_by(BookProposal.id.desc())
            .limit(most)
        )
        return [(proposal, decision) for proposal, decision in self._session.execute(query)]

    def waiting(self) -> list[BookProposal]:
        """Proposals that nobody has decided about, oldest first."""
        query = (
            select(BookProposal)
            .outerjoin(BookDecision, BookDecision.proposal_id == BookProposal.id)
            .where(BookProposal.workspace_id == self._workspace, BookDecision.id.is_(None))
            .order_by(BookProposal.id)
        )
        return list(self._session.scalars(query))

    def overtaken(self, proposal: BookProposal) -> list[str]:
        """Blocks of a proposal whose wordings were changed since it was written."""
        query = (
            select(BookProposal)
            .join(BookDecision, BookDecision.proposal_id == BookProposal.id)
            .where(
                BookProposal.workspace_id == self._workspace,
                BookProposal.language == proposal.language,
                BookProposal.file == proposal.file,
                BookDecision.verdict == "published",
                BookDecision.id > proposal.seen,
            )
        )
        own = changes_of(proposal)
        return [
            name for row in self._session.scalars(query) for name in changes_of(row) if name in own
        ]

    def publish(self, number: int, *, who: str, at: datetime) -> BookDecision:
        """Put a proposal in use.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: the person proposed it, it was decided about, or one of its blocks was
                changed since.
        """
        self._alone()
        proposal = self._undecided(number)
        if proposal.who.casefold() == who.casefold():
            raise ConflictError(
                N_(
                    "Whoever proposes wordings does not publish them: ask somebody else to. If "
                    "nobody else signs in, `odzew users add NAME` makes a link for a second person."
                )
            )
        if blocks := self.overtaken(proposal):
            raise ConflictError(
                N_(
                    "The block “%(name)s” was changed after this was proposed. Open it, make the "
                    "change again and propose that; withdraw this one."
                ),
                name=blocks[0],
            )
        return self._decide(proposal, "published", who, at)

    def withdraw(self, number: int, *, who: str, at: datetime) -> BookDecision:
        """Take a proposal from the table; anybody may.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: it was decided about.
        """
        self._alone()
        return self._decide(self._undecided(number), "withdrawn", who, at)

    def plans(self, language: str, most: int) -> list[tuple[str, Mapping[str, object]]]:
        """Case and kept plan of the newest messages that the engine wrote in a language."""
        query = (
            select(DraftRow.case_id, DraftRow.plan)
            .join(CaseRow, CaseRow.id == DraftRow.case_id)
            .where(
                CaseRow.workspace_id == self._workspace,
                DraftRow.language == language,
                DraftRow.author == ENGINE,
            )
            .order_by(DraftRow.created_at.desc(), DraftRow.id)
            .limit(most)
        )
        return [(case, plan) for case, plan in self._session.execute(query)]

    def _alone(self) -> None:
        """Have others wait who decide about proposals of this workspace at the same time."""
        query = select(Workspace.id).where(Workspace.id == self._workspace).with_for_update()
        self._session.execute(query)

    def _undecided(self, number: int) -> BookProposal:
        proposal, decision = self.get(number)
        if decision is not None:
            raise ConflictError(_DECIDED[decision.verdict], name=decision.who)
        return proposal

    def _decide(self, proposal: BookProposal, verdict: str, who: str, at: datetime) -> BookDecision:
        decision = BookDecision(
            workspace_id=self._workspace,
            proposal_id=proposal.id,
            proposed_by=proposal.who,
            verdict=verdict,
            who=who,
            at=at,
        )
        self._session.add(decision)
        self._session.flush()
        return decision


_DECIDED: Final = {
    "published": N_("This was published by %(name)s before."),
    "withdrawn": N_("This was withdrawn by %(name)s before."),
}


def changes_of(proposal: BookProposal) -> dict[str, BlockChange | None]:
    """What a proposal changes, by block."""
    return {
        name: BlockChange.of_json(kept) if kept else None
        for name, kept in proposal.changes["blocks"].items()
    }
