"""The note by which a colleague hears of a customer's praise: drafted when asked, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.contracts import PipelineError
from pipelines.followup.drafting import Draft
from pipelines.followup.findings import Finding
from pipelines.followup.lint import lint
from pipelines.followup.news import plan_praise, praised_name, praises_somebody
from pipelines.followup.render import DraftText
from pipelines.messages import N_
from pipelines.words import check_words
from service.storage.cases import CaseRepository
from service.storage.readings import understanding_of
from service.wiring import Odzew

_MAX_NAME = 200


@dataclass(frozen=True)
class PraiseNote:
    """A note to a colleague.

    Attributes:
        name: whom it is for, as it was typed or as the comment calls them; may be empty.
        findings: what the linter says of it.
    """

    name: str
    text: DraftText
    findings: tuple[Finding, ...]


def praise_note(
    odzew: Odzew, workspace: str, case_id: str, *, name: str, now: datetime, turn: int = 0
) -> PraiseNote:
    """Write the note about the answer of a case.

    Args:
        odzew: the house.
        workspace: of the case.
        case_id: of a case.
        name: the colleague's; blank is what the comment calls them.
        now: aware.
        turn: the next wording each time.

    Raises:
        NotFoundError: no such case.
        PipelineError: nobody is praised, or the name is too long.
    """
    check_words(N_("A name"), name, _MAX_NAME)
    with odzew.database.snapshot() as session:
        row = CaseRepository(session, workspace).get(case_id).feedback
        understanding = understanding_of(row)
    if not praises_somebody(understanding):
        raise PipelineError(N_("This answer praises nobody in particular."))
    name = name.strip() or praised_name(row.text, understanding)
    plan = plan_praise(
        understanding,
        odzew.voice,
        text=row.text,
        colleague=name,
        feedback_id=row.id,
        now=now,
        turn=turn,
    )
    text = Draft.of(plan, odzew.books.of(workspace)(plan.language)).text
    return PraiseNote(name, text, tuple(lint(plan, text.subject, text.body)))
