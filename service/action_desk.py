"""Tells customers of an action: who is written to and who is not, their drafts, and the silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy.orm import Session

from models.contracts import LANGUAGES
from pipelines.cases import OPEN
from pipelines.contracts import PipelineError
from pipelines.followup.drafting import Draft
from pipelines.followup.findings import Finding
from pipelines.followup.lint import lint
from pipelines.followup.news import LEFT_OUT, News, plan_for_silent, plan_news
from pipelines.followup.plan import DraftPlan
from pipelines.improvement import ENDED, ActionError
from pipelines.messages import N_, Told
from service import draft_desk
from service.sending.desk import SendingDesk
from service.storage.action_tables import ActionLetter, ActionRow
from service.storage.actions import ActionRepository
from service.storage.answer_tables import Feedback
from service.storage.conflicts import NotFoundError
from service.storage.drafts import DraftRepository
from service.storage.raised import Raised, RaisedThemes
from service.storage.readings import answer_of, understanding_of
from service.wiring import Odzew

MOST_AT_ONCE: Final = 500
"""Letters that are drafted at once; those who wrote last come first."""
LEFT: Final[Mapping[str, str]] = {
    **LEFT_OUT,
    "open": N_("their case is still open: they hear of it in their own answer"),
    "listed": N_("are on the list of those not to contact"),
    "no_address": N_("left neither an e-mail address nor a number"),
    "told": N_("a message to them was drafted before"),
}
"""Why somebody who raised a theme is not written to, and how pages say it."""


@dataclass(frozen=True)
class Reach:
    """Who would hear of an action.

    Attributes:
        plans: case -> plan of the message to its customer, who wrote last first.
        left_out: why others are not written to, and how many of them.
    """

    plans: Mapping[str, DraftPlan]
    left_out: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """What came of approving or sending several drafts: how many, and why others were not."""

    count: int
    refused: tuple[tuple[str, Told], ...]


class ActionDesk:
    """Writes to the customers of one workspace about its actions."""

    def __init__(self, odzew: Odzew, workspace: str, who: str) -> None:
        self._odzew, self._workspace, self._who = odzew, workspace, who

    def reach(self, session: Session, action: ActionRow, now: datetime) -> Reach:
        """Who would be written to, and why others are not."""
        theme = ActionRepository(session, self._workspace).theme_of(action)
        if theme is None or action.state not in ENDED:
            return Reach({}, {})
        people = RaisedThemes(session, self._workspace)
        raised = people.by(theme, action.state, action.since)
        told, plans, left = people.told(action.id), dict[str, DraftPlan](), Counter[str]()
        answers = people.answers([one.feedback_id for one in raised])
        news = self._news(action, theme)
        for one in raised:
            if one.case_id in told:
                left["told"] += 1
                continue
            plan = self._plan(session, one, answers[one.feedback_id], news, now)
            if isinstance(plan, DraftPlan):
                plans[one.case_id] = plan
            else:
                left[plan] += 1
        return Reach(plans, left)

    def draft(self, action_id: str, now: datetime) -> int:
        """Draft a message to each who would be written to, at most so many; gives how many.

        Raises:
            NotFoundError: no such action.
            ActionError: it has not ended.
        """
        book_of = self._odzew.books.of(self._workspace)
        with self._odzew.database.transaction() as session:
            action = ActionRepository(session, self._workspace).get(action_id)
            if action.state not in ENDED:
                raise ActionError(
                    N_("Say first that it is done, or why it is not; then customers are told.")
                )
            reach = self.reach(session, action, now)
            drafts = DraftRepository(session, self._workspace)
            for case_id, plan in list(reach.plans.items())[:MOST_AT_ONCE]:
                row = drafts.add(case_id, Draft.of(plan, book_of(plan.language)), now)
                session.add(ActionLetter(draft_id=row.id, action_id=action.id, case_id=case_id))
            return min(len(reach.plans), MOST_AT_ONCE)

    def silent(
        self, session: Session, action: ActionRow, now: datetime
    ) -> list[tuple[Draft, list[Finding]]]:
        """What those who did not answer are told, in each language that has words for it.

        It is a text to copy: a mailing tool knows who they are. The linter's findings come with it.
        """
        theme = ActionRepository(session, self._workspace).theme_of(action)
        if theme is None or action.state != "done":
            return []
        book_of, found = self._odzew.books.of(self._workspace), []
        for language in LANGUAGES:
            news = self._news(action, theme)
            plan = plan_for_silent(language, news, self._odzew.voice, now)
            if plan is not None:
                draft = Draft.of(plan, book_of(language))
                allowed = self._odzew.rules(self._workspace).promises.allowed
                text = draft.text
                detect = draft_desk.detector(self._odzew)
                said = lint(plan, text.subject, text.body, allowed=allowed, detect=detect)
                found.append((draft, said))
        return found

    def approve(self, draft_ids: Sequence[str], now: datetime) -> Outcome:
        """Approve several drafts, each by itself; see `draft_desk.approve`."""

        def one(session: Session, draft_id: str) -> None:
            draft_desk.approve(
                self._odzew, session, self._workspace, draft_id, who=self._who, at=now
            )

        return self._each(draft_ids, one)

    def send(self, draft_ids: Sequence[str], way: str, now: datetime) -> Outcome:
        """Put several approved drafts in the outbox, each by itself; see `SendingDesk.send`."""

        def one(session: Session, draft_id: str) -> None:
            desk = SendingDesk(self._odzew, session, self._workspace)
            desk.send(draft_id, way, who=self._who, now=now)

        return self._each(draft_ids, one)

    def _each(self, draft_ids: Sequence[str], act: Callable[[Session, str], None]) -> Outcome:
        count, refused = 0, list[tuple[str, Told]]()
        for draft_id in draft_ids:
            try:
                with self._odzew.database.transaction() as session:
                    act(session, draft_id)
                count += 1
            except (PipelineError, NotFoundError) as error:
                refused.append((draft_id, error.told))
        return Outcome(count, tuple(refused))

    def _news(self, action: ActionRow, theme: str) -> News:
        model = self._odzew.themes(self._workspace)
        topic = model.touchpoints.get(theme) if model else None
        purpose: Literal["we_did", "declined"] = "we_did" if action.state == "done" else "declined"
        return News(purpose, dict(action.words), theme, topic)

    def _plan(
        self, session: Session, raised: Raised, row: Feedback, news: News, now: datetime
    ) -> DraftPlan | str:
        if raised.case_state in OPEN:
            return "open"
        answer = answer_of(row)
        person = answer.respondent
        if person is None or not (person.email or person.phone):
            return "no_address"
        if SendingDesk(self._odzew, session, self._workspace).is_listed(raised.case_id):
            return "listed"
        return plan_news(
            news,
            understanding_of(row),
            row.reading.segment,  # type: ignore[arg-type]
            person,
            self._odzew.voice,
            feedback_id=row.id,
            wrote_at=row.occurred_at,
            now=now,
            turn=DraftRepository(session, self._workspace).next_turn(raised.case_id),
        )
