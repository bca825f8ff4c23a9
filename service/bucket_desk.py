"""A person takes an answer out of its bucket into the queue, and the decision is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pipelines.cases import Step
from pipelines.messages import N_, Told
from pipelines.placing import customers_of, place
from pipelines.ports import Placement, StepTaken
from pipelines.reception import Keyed, receive
from pipelines.triage import Standing
from service.storage.actions import ActionRepository
from service.storage.buckets import BucketRepository
from service.storage.cases import CaseRepository
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.feedback import FeedbackRepository
from service.storage.readings import answer_of, understanding_of
from service.wiring import Odzew

_MOVED = {
    "no_comment": N_("Moved out of the bucket no_comment"),
    "praise": N_("Moved out of the bucket praise"),
    "other_language": N_("Moved out of the bucket other_language"),
    "spam": N_("Moved out of the bucket spam"),
}


def move_to_queue(
    odzew: Odzew, workspace: str, feedback_id: str, *, who: str, now: datetime
) -> str:
    """Open a case for an answer outside the queue, or let it join its customer's; gives its id.

    What the models said of the answer stays as it was, its bucket too.

    Raises:
        NotFoundError: no such answer in this workspace.
        ConflictError: it is in the queue already.
    """
    rules, themes = odzew.rules(workspace), odzew.themes(workspace)
    book_of = odzew.books.of(workspace)
    with odzew.database.transaction() as session:
        feedback = FeedbackRepository(session, workspace)
        row = feedback.get(feedback_id)
        if row is None:
            raise NotFoundError(N_("There is no feedback %(id)s here."), id=feedback_id[:40])
        cases = CaseRepository(session, workspace)
        if cases.of_feedback([row.id]):
            raise ConflictError(N_("This answer is in the queue already. Look for it there."))
        bucket = row.reading.bucket
        was_detractor = row.id in feedback.was_detractor([row.id])
        received = receive(
            row.id,
            Keyed(row.dedupe_key, answer_of(row)),
            understanding_of(row),
            odzew.voice,
            rules,
            Standing(was_detractor, answers_before=feedback.count_before(row)),
            now,
            touchpoints=themes.touchpoints if themes else {},
            actions=ActionRepository(session, workspace).in_use(),
            bucket="queue",
            book_of=book_of,
        )
        today = now.astimezone(rules.clock.calendar.zone).date()
        known = cases.newest_of(customers_of([received]))
        (placement,) = place([received], known, rules.team, cases.load(), today)
        cases.place([_by_hand(placement, bucket, who)], rules.clock)
        BucketRepository(session, workspace).keep(row.id, bucket, who=who, at=now)
        return placement.case_id


def _by_hand(placement: Placement, bucket: str, who: str) -> Placement:
    """A placement whose case was opened by a person."""
    if not placement.is_new:
        return placement
    first, *rest = placement.steps
    said = Told(_MOVED[bucket])
    if first.step.said is not None:
        said = Told("%(moved)s. %(why)s", {"moved": said, "why": first.step.said})
    opened = Step("open", who, first.step.at, str(said), said=said)
    return replace(placement, steps=(StepTaken(opened, first.before, first.after), *rest))
