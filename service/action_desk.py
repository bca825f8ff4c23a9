"""What people do with an action: move it on, have customers told of it, approve and send."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.contracts import LANGUAGES
from pipelines.contracts import PipelineError
from pipelines.followup.drafting import Draft
from pipelines.followup.findings import Finding
from pipelines.followup.lint import lint
from pipelines.followup.news import News, plan_for_silent
from pipelines.improvement import ENDED, ActionError
from pipelines.messages import N_, Told
from service import draft_desk
from service.action_reach import Recipient, news_of, reach_of
from service.sending.desk import SendingDesk
from service.storage.action_tables import ActionLetter, ActionRow
from service.storage.actions import ActionRepository
from service.storage.conflicts import NotFoundError
from service.storage.draft_rows import standing
from service.storage.draft_tables import DraftRow
from service.storage.drafts import DraftRepository
from service.wiring import Odzew

MOST_AT_ONCE: Final = 500
"""Letters that are drafted at once; those who wrote last come first."""


@dataclass(frozen=True)
class Outcome:
    """What came of approving or sending several drafts, each by itself.

    Attributes:
        count: of those that are approved, or in the outbox.
        waiting: that a second person has to approve too.
        refused: the others, and why.
    """

    count: int
    waiting: int
    refused: tuple[tuple[str, Told], ...]


class ActionDesk:
    """Writes to the customers of one workspace about its actions."""

    def __init__(self, odzew: Odzew, workspace: str, who: str) -> None:
        self._odzew, self._workspace, self._who = odzew, workspace, who

    def take(
        self, session: Session, action_id: str, step: str, words: Mapping[str, str], now: datetime
    ) -> ActionRow:
        """Move an action on, once the linter lets customers be told what is written of it.

        Raises:
            NotFoundError: no such action.
            ActionError: see `ActionRepository.take`; or the linter blocks the words.
        """
        actions = ActionRepository(session, self._workspace)
        row = actions.take(action_id, step, who=self._who, at=now, words=words)
        theme = actions.theme_of(row)
        if row.state in ENDED and theme is not None:
            for draft, found in self._to_silent(
                news_of(self._odzew, self._workspace, row, theme), now
            ):
                for one in found:
                    if one.weight == "blocking":
                        raise ActionError(
                            N_("%(language)s: %(what)s"),
                            language=draft.text.language,
                            what=one.told,
                        )
        return row

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
            reach = reach_of(self._odzew, session, self._workspace, action, now)
            drafts = DraftRepository(session, self._workspace)
            for one in reach.recipients[:MOST_AT_ONCE]:
                plan = replace(one.plan, turn=drafts.next_turn(one.case_id))
                draft = Draft.of(plan, book_of(plan.language))
                _keep_letter(session, action.id, drafts.add(one.case_id, draft, now), one)
            return min(len(reach.recipients), MOST_AT_ONCE)

    def silent(
        self, session: Session, action: ActionRow, now: datetime
    ) -> list[tuple[Draft, list[Finding]]]:
        """What those who did not answer are told, in each language that has words for it.

        It is a text to copy: a mailing tool knows who they are. The linter's findings come with it.
        """
        theme = ActionRepository(session, self._workspace).theme_of(action)
        if theme is None or action.state != "done":
            return []
        return self._to_silent(news_of(self._odzew, self._workspace, action, theme), now)

    def _to_silent(self, news: News, now: datetime) -> list[tuple[Draft, list[Finding]]]:
        book_of, found = self._odzew.books.of(self._workspace), []
        for language in LANGUAGES:
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

        def one(session: Session, draft_id: str) -> bool:
            draft_desk.approve(
                self._odzew, session, self._workspace, draft_id, who=self._who, at=now
            )
            draft = DraftRepository(session, self._workspace).get(draft_id)
            return standing(draft) == "approved"

        return self._each(draft_ids, one)

    def send(self, draft_ids: Sequence[str], way: str, now: datetime) -> Outcome:
        """Put several approved drafts in the outbox, each by itself; see `SendingDesk.send`."""

        def one(session: Session, draft_id: str) -> bool:
            desk = SendingDesk(self._odzew, session, self._workspace)
            desk.send(draft_id, way, who=self._who, now=now)
            return True

        return self._each(draft_ids, one)

    def _each(self, draft_ids: Sequence[str], act: Callable[[Session, str], bool]) -> Outcome:
        count, waiting, refused = 0, 0, list[tuple[str, Told]]()
        for draft_id in draft_ids:
            try:
                with self._odzew.database.transaction() as session:
                    is_done = act(session, draft_id)
                count, waiting = count + is_done, waiting + (not is_done)
            except (PipelineError, NotFoundError) as error:
                refused.append((draft_id, error.told))
        return Outcome(count, waiting, tuple(refused))


def _keep_letter(session: Session, action: str, row: DraftRow, one: Recipient) -> None:
    """Keep that a customer was drafted a message; it stands for what was drafted before."""
    old = session.scalar(
        select(ActionLetter).where(
            ActionLetter.action_id == action, ActionLetter.case_id == one.case_id
        )
    )
    if old is not None:
        session.delete(old)
        session.flush()
    session.add(
        ActionLetter(
            draft_id=row.id,
            action_id=action,
            case_id=one.case_id,
            feedback_id=one.feedback_id,
            is_sure=one.is_sure,
        )
    )
