"""Answers outside the queue: the page of buckets, and the way from there into the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from pipelines.contracts import RejectedError
from pipelines.messages import N_
from service.auth import House, Person
from service.bucket_desk import move_to_queue
from service.review.comments import ShownComment
from service.review.contexts import given
from service.review.pages import moment, render
from service.storage.buckets import OUTSIDE, BucketRepository

router = APIRouter(prefix="/queue/buckets", include_in_schema=False)

_PAGE = 50
_SEE_OTHER = 303


@dataclass(frozen=True)
class SetAside:
    """An answer outside the queue."""

    id: str
    name: str
    given: str
    language: str
    text: str
    occurred: str


@dataclass(frozen=True)
class BucketPage:
    """One bucket, and how many answers there are in each, the queue among them."""

    bucket: str
    counts: Mapping[str, int]
    answers: tuple[SetAside, ...]
    first: int
    previous: str | None
    following: str | None


@router.get("")
def buckets(
    person: Person,
    odzew: House,
    bucket: str = OUTSIDE[0],
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """The answers of one bucket, the newest first."""
    if bucket not in OUTSIDE:
        raise RejectedError(
            N_("%(name)s is one of %(offered)s."), name="bucket", offered=", ".join(OUTSIDE)
        )
    zone = odzew.settings.zone
    with odzew.database.snapshot() as session:
        repository = BucketRepository(session, person.workspace)
        counts = repository.counts()
        rows = repository.answers(bucket, limit=_PAGE, offset=offset)
        answers = tuple(
            SetAside(
                row.id,
                (row.respondent.name if row.respondent else "") or "",
                given(row),
                row.reading.language,
                " ".join(ShownComment.of(row).text.split()),
                moment(row.occurred_at, zone),
            )
            for row in rows
        )
    address = f"/queue/buckets?bucket={bucket}&offset="
    page = BucketPage(
        bucket,
        counts,
        answers,
        offset + 1,
        f"{address}{max(0, offset - _PAGE)}" if offset else None,
        f"{address}{offset + _PAGE}" if offset + _PAGE < counts[bucket] else None,
    )
    return render("buckets.html", page=page, person=person.name, here="queue")


@router.post("/{feedback_id}")
def into_the_queue(feedback_id: str, person: Person, odzew: House) -> Response:
    """Open a case for an answer outside the queue."""
    now = datetime.now(UTC)
    case_id = move_to_queue(odzew, person.workspace, feedback_id, who=person.name, now=now)
    return RedirectResponse(f"/cases/{case_id}", _SEE_OTHER)
