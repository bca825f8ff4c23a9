"""Tries a workspace's wordings on its own newest messages, and on made-up ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipelines.contracts import PipelineError
from pipelines.followup.book import FILES, Block, Book, file_of
from pipelines.followup.made_up import plans_for
from pipelines.followup.plan import Channel, DraftPlan
from pipelines.followup.render import facts
from pipelines.followup.trying import Example, Judge, Objection, examples, objections
from pipelines.messages import N_
from service.draft_desk import detector, plan_of
from service.storage.books import BookRepository
from service.wiring import Odzew

SHOWN: Final = 10
"""Messages that a wording is shown in."""
_LOOKED_THROUGH = 300
_MOST_MADE_UP, _GLANCED_AT, _LEAST_MADE_UP = 60, 24, 8
"""Made-up messages that a wording is tried in before it is proposed, while it is typed, and where
there are many."""
_AT_ONCE = 1_200
"""Made-up messages that all wordings together are tried in."""


@dataclass(frozen=True)
class Shown:
    """A message with a wording in it, and the case it is of; None for a made-up one."""

    example: Example
    case_id: str | None


class Trials:
    """Wordings of one workspace in one language, tried."""

    def __init__(self, odzew: Odzew, workspace: str, book: Book) -> None:
        self._odzew, self._workspace, self._book = odzew, workspace, book

    def shown(
        self, file: str, block: Block, wordings: Sequence[str], most: int = SHOWN
    ) -> list[Shown]:
        """Messages of the workspace's newest cases, filled up with made-up ones."""
        plans = self._cases(file, block, most)
        made_up = self._made_up(file, block, most)[: most - len(plans)]
        cases = [*(case for case, _ in plans), *(None for _ in made_up)]
        tried = [*(plan for _, plan in plans), *made_up]
        found = examples(self._book, block, wordings, tried, self._judge())
        return [Shown(one, case) for one, case in zip(found, cases, strict=True)]

    def objections(
        self, file: str, wordings: Mapping[Block, Sequence[str]], most: int = _GLANCED_AT
    ) -> list[Objection]:
        """What the linter says of wordings of blocks in made-up messages, what blocks first."""
        count = max(1, sum(len(texts) for texts in wordings.values()))
        each = min(most, max(_LEAST_MADE_UP, _AT_ONCE // count))
        found: list[Objection] = []
        for block, texts in wordings.items():
            plans = self._made_up(file, block, each)
            found += objections(self._book, block, texts, plans, self._judge())
        return sorted(found, key=lambda one: one.finding.weight != "blocking")

    def refuse(self, file: str, wordings: Mapping[Block, Sequence[str]]) -> None:
        """See that the linter lets pass wordings of blocks in every made-up message.

        Raises:
            PipelineError: it does not; the message says which rule and shows an example.
        """
        for one in self.objections(file, wordings, _MOST_MADE_UP):
            if one.finding.weight == "blocking":
                raise PipelineError(
                    N_("“%(wording)s”: %(what)s It reads: “%(example)s”"),
                    wording=one.example.wording[:200],
                    what=one.finding.told,
                    example=one.example.text[:300],
                )

    def _cases(self, file: str, block: Block, most: int) -> list[tuple[str, DraftPlan]]:
        with self._odzew.database.snapshot() as session:
            kept = BookRepository(session, self._workspace).plans(
                self._book.language, _LOOKED_THROUGH
            )
        found: list[tuple[str, DraftPlan]] = []
        for case, stored in kept:
            plan = plan_of(stored)
            fitting = plan and self._fitting(plan, file, block, len(found))
            if fitting and case not in {one for one, _ in found}:
                found.append((case, fitting))
            if len(found) == most:
                break
        return found

    def _fitting(self, plan: DraftPlan, file: str, block: Block, turn: int) -> DraftPlan | None:
        """The plan, by a channel of the file, where the block would be said."""
        if plan.purpose != "answer" and file_of(plan) != file:
            return None
        channels: tuple[Channel, ...] = FILES[file]
        if plan.channel not in channels:
            plan = replace(plan, channel=channels[turn % len(channels)])
        others = (plan, *(replace(plan, channel=one) for one in channels))
        return next(
            (
                one
                for one in others
                if file_of(one) == file and block.applies(facts(one, self._book))
            ),
            None,
        )

    def _made_up(self, file: str, block: Block, most: int) -> list[DraftPlan]:
        return plans_for(block, self._book, file, self._odzew.voice, most)

    def _judge(self) -> Judge:
        allowed = self._odzew.rules(self._workspace).promises.allowed
        return Judge(detector(self._odzew), frozenset(allowed))
