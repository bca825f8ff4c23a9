"""Tells customers of an action: who is written to and who is not, their drafts, and the silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.contracts import LANGUAGES
from models.themes.naming import SEPARATOR, concept_named
from pipelines.cases import OPEN
from pipelines.contracts import ENGINE, PipelineError
from pipelines.followup.drafting import Draft
from pipelines.followup.findings import Finding
from pipelines.followup.lint import lint
from pipelines.followup.news import LEFT_OUT, News, plan_for_silent, plan_news
from pipelines.followup.plan import DraftPlan
from pipelines.improvement import ENDED, ActionError
from pipelines.messages import N_, Told
from pipelines.theme_life.places import PLACES
from service import draft_desk
from service.sending.desk import SendingDesk
from service.storage.action_tables import ActionLetter, ActionRow
from service.storage.actions import ActionRepository
from service.storage.answer_tables import Feedback
from service.storage.conflicts import NotFoundError
from service.storage.draft_rows import standing
from service.storage.draft_tables import DraftRow
from service.storage.drafts import DraftRepository
from service.storage.raised import Raised, RaisedThemes
from service.storage.readings import answer_of, understanding_of
from service.storage.themes import ThemeRepository
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
        raised: case -> the answer that raised the theme, and whether its own words bear that out.
        left_out: why others are not written to, and how many of them.
    """

    plans: Mapping[str, DraftPlan]
    raised: Mapping[str, tuple[str, bool]]
    left_out: Mapping[str, int]


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

    def reach(self, session: Session, action: ActionRow, now: datetime) -> Reach:
        """Who would be written to, and why others are not."""
        theme = ActionRepository(session, self._workspace).theme_of(action)
        if theme is None or action.state not in ENDED:
            return Reach({}, {}, {})
        people = RaisedThemes(session, self._workspace)
        raised = people.by(theme, action.state, action.since)
        told, plans, left = self._told(session, action), dict[str, DraftPlan](), Counter[str]()
        answers = people.answers([one.feedback_id for one in raised])
        news, sources = self._news(action, theme), dict[str, tuple[str, bool]]()
        concept = self._concept(session, theme)
        for one in raised:
            if one.case_id in told:
                left["told"] += 1
                continue
            plan = self._plan(session, one, answers[one.feedback_id], news, now)
            if isinstance(plan, DraftPlan):
                plans[one.case_id] = plan
                row = answers[one.feedback_id]
                sources[one.case_id] = row.id, _bears_out(row, news, concept)
            else:
                left[plan] += 1
        return Reach(plans, sources, left)

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
            for draft, found in self._to_silent(self._news(row, theme), now):
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
            reach = self.reach(session, action, now)
            drafts = DraftRepository(session, self._workspace)
            for case_id, plan in list(reach.plans.items())[:MOST_AT_ONCE]:
                row = drafts.add(case_id, Draft.of(plan, book_of(plan.language)), now)
                feedback, is_sure = reach.raised[case_id]
                self._keep_letter(session, action.id, row, feedback, is_sure=is_sure)
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
        return self._to_silent(self._news(action, theme), now)

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

    def _told(self, session: Session, action: ActionRow) -> set[str]:
        """Cases whose customers have a message about an action that stands.

        Rejected ones do not, nor those that nobody has looked at and that other words were put in.
        """
        told = set[str]()
        for draft, letter in ActionRepository(session, self._workspace).letters(action.id):
            plan, state = draft.plan.get("plan", {}), standing(draft)
            is_old = draft.author == ENGINE and plan.get("told") != action.words.get(draft.language)
            if not (
                draft.purpose != "answer" and (state == "rejected" or (state == "draft" and is_old))
            ):
                told.add(letter.case_id)
        return told

    def _keep_letter(
        self, session: Session, action: str, row: DraftRow, feedback: str, *, is_sure: bool
    ) -> None:
        old = session.scalar(
            select(ActionLetter).where(
                ActionLetter.action_id == action, ActionLetter.case_id == row.case_id
            )
        )
        if old is not None:
            session.delete(old)
            session.flush()
        session.add(
            ActionLetter(
                draft_id=row.id,
                action_id=action,
                case_id=row.case_id,
                feedback_id=feedback,
                is_sure=is_sure,
            )
        )

    def _concept(self, session: Session, theme: str) -> str | None:
        """The known concept that a theme is named by."""
        row = ThemeRepository(session, self._workspace).get(theme)
        return concept_named(row.names.get("en", "").split(SEPARATOR)[0]) if row else None

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


def _bears_out(row: Feedback, news: News, concept: str | None) -> bool:
    """Whether an answer's own words say that it is about the theme of news."""
    return any(
        one.concept is not None
        and (one.concept == concept or PLACES.get(one.concept) == news.topic)
        for one in row.reading.excerpts
        if one.theme_id == news.theme
    )
