"""What the rows of a draft say together: opinions, where it stands, and whether it is news."""

from __future__ import annotations

from pipelines.cases import OPEN
from pipelines.followup.review import DraftState, Opinion, state_of
from service.storage.case_tables import CaseRow
from service.storage.draft_tables import DraftRow


def opinions(draft: DraftRow) -> list[Opinion]:
    """What people said of a draft, oldest first."""
    return [Opinion(one.verdict, one.who, one.needed) for one in draft.decisions]  # type: ignore[arg-type]


def standing(draft: DraftRow) -> DraftState:
    """Where a draft stands."""
    return state_of(opinions(draft), draft.message.state if draft.message else None)  # type: ignore[arg-type]


def is_news_of_ended(draft: DraftRow, case: CaseRow) -> bool:
    """Whether a draft tells of news to the customer of a case that ended, which stays so."""
    return draft.purpose != "answer" and case.state not in OPEN
