"""What people did with the engine's drafts: which blocks they kept, changed or took out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pipelines.followup.book import file_of, name_of
from pipelines.followup.diff import became, changed_share
from pipelines.followup.grammar import NBSP
from pipelines.followup.plan import DraftPlan
from pipelines.followup.quotes import in_marks

OFTEN: Final = 3
"""Times that different cases were changed alike, from which on a wording is offered."""
_DROPPED_FROM: Final = 0.85
"""Share of the words that changed, from which on a block counts as dropped."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A draft of the engine and what became of it.

    Attributes:
        said: its blocks, as they are kept with it.
        body: as the engine wrote it.
        final: the text that people approved; None where they rejected it and approved none.
    """

    case_id: str
    plan: DraftPlan
    said: Sequence[Mapping[str, Any]]
    body: str
    final: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that was made to a block: the text it had, and the one it got, with slots."""

    before: str
    after: str
    cases: int


@dataclass(frozen=True, slots=True)
class BlockFigures:
    """How people took a block.

    Attributes:
        kept: messages in which it was approved as it was.
        edited: in which it was changed; `changed_share` is the mean share of its words then.
        dropped: in which it was taken out.
        rejected: which were rejected as a whole.
        edits: the commonest changes, those that many cases share first.
    """

    language: str
    file: str
    name: str
    part: str
    when: tuple[str, ...]
    kept: int = 0
    edited: int = 0
    dropped: int = 0
    rejected: int = 0
    changed_share: float = 0.0
    edits: tuple[Edit, ...] = ()

    @property
    def count(self) -> int:
        """Messages that were decided about."""
        return self.kept + self.edited + self.dropped + self.rejected

    @property
    def unkept_share(self) -> float:
        """Share of them in which it was not approved as it was."""
        return 1 - self.kept / self.count if self.count else 0.0


@dataclass
class _Tally:
    block: BlockFigures
    shares: list[float] = field(default_factory=list)
    edits: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))


def figures(lessons: Iterable[Lesson], most_edits: int = 5) -> list[BlockFigures]:
    """Figures of every block that was said, the least kept first, then the more often said."""
    tallies: dict[tuple[str, str, str], _Tally] = {}
    for lesson in lessons:
        for said in lesson.said:
            if said["part"] != "subject":
                _count(tallies, lesson, said)
    found = [_figures(one, most_edits) for one in tallies.values()]
    return sorted(found, key=lambda one: (-one.unkept_share, -one.count, one.name))


def with_slots(text: str, plan: DraftPlan) -> str:
    """A text of a message with its own values put back as slots, as a wording of templates has."""
    values = {
        "contact": plan.contact,
        "sender": plan.sender,
        "company": plan.company,
        "review_link": plan.review_link,
        "told": plan.told,
        "quote": in_marks(plan.quote, plan.language) if plan.quote else None,
        "praised": in_marks(plan.praised, plan.language) if plan.praised else None,
    }
    text = text.replace(NBSP, " ")
    for slot, value in sorted(values.items(), key=lambda pair: -len(pair[1] or "")):
        if value:
            text = text.replace(value.replace(NBSP, " "), "{{ " + slot + " }}")
    return text


def _count(
    tallies: dict[tuple[str, str, str], _Tally], lesson: Lesson, said: Mapping[str, Any]
) -> None:
    plan, when = lesson.plan, tuple(said["when"])
    file = file_of(plan)
    name = name_of(said["part"], when)
    new = BlockFigures(plan.language, file, name, said["part"], when)
    tally = tallies.setdefault((plan.language, file, name), _Tally(new))
    block, text = tally.block, str(said["text"])
    start = lesson.body.find(text)
    if lesson.final is None:
        tally.block = replace(block, rejected=block.rejected + 1)
        return
    after = became(lesson.body, lesson.final, start, start + len(text)) if start >= 0 else text
    share = changed_share(text, after)
    if share == 0:
        tally.block = replace(block, kept=block.kept + 1)
    elif share >= _DROPPED_FROM:
        tally.block = replace(block, dropped=block.dropped + 1)
    else:
        tally.block = replace(block, edited=block.edited + 1)
        tally.shares.append(share)
        edit = with_slots(text, plan), with_slots(after, plan)
        tally.edits[edit].add(lesson.case_id)


def _figures(tally: _Tally, most: int) -> BlockFigures:
    common = sorted(tally.edits.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:most]
    return replace(
        tally.block,
        changed_share=sum(tally.shares) / len(tally.shares) if tally.shares else 0.0,
        edits=tuple(Edit(before, after, len(cases)) for (before, after), cases in common),
    )
