"""The sample workspace: feedback made up for a fictional parcel-and-shop company."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines import intake
from pipelines.cases import Step
from pipelines.contracts import Answer
from pipelines.messages import N_, Told
from pipelines.reception import Keyed
from pipelines.segments import parse_scale
from service.importing import BATCH
from service.storage.cases import CaseRepository
from service.wiring import Odzew

FOLDER = Path(__file__).parent
WEEKS = 12
SURVEYS = {"delivery": "nps", "support": "csat5"}
_ANSWERED_AFTER = timedelta(days=10)
"""Older sample cases count as answered before the workspace was opened."""


@dataclass(frozen=True)
class Loaded:
    """What loading did: answers in the sample, and how many of them were new."""

    answers: int
    imported: int


def answers(now: datetime, zone: ZoneInfo) -> Iterator[Answer]:
    """The sample's answers, moved in time so that the last of them came yesterday."""
    last_day = now.astimezone(zone).date() - timedelta(days=1)
    for path in sorted(FOLDER.glob("feedback_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                days_ago = (WEEKS - int(row["week"])) * 7 + 7 - int(row["weekday"])
                clock = time.fromisoformat(row["time"])
                moment = datetime.combine(last_day - timedelta(days=days_ago), clock, zone)
                yield _answer(row, moment, now, zone)


def _answer(row: dict[str, str], moment: datetime, now: datetime, zone: ZoneInfo) -> Answer:
    fields = ("external_id", "survey", "score", "text", "respondent")
    person = ("name", "gender", "tier", "account", "email", "phone")
    record: dict[str, object] = {name: row[name] for name in (*fields, *person)}
    record["occurred_at"] = moment
    record["attr:shop"] = row["shop"]
    return intake.read_answer(
        record,
        scale=parse_scale(SURVEYS[row["survey"]]),
        survey=row["survey"],
        now=now,
        timezone=zone,
    )


def load(odzew: Odzew, workspace: str) -> Loaded:
    """Load the sample into a workspace; what is there already stays as it is."""
    now = datetime.now(UTC)
    keyed = [
        Keyed(intake.dedupe_key(answer), answer) for answer in answers(now, odzew.settings.zone)
    ]
    stored: list[tuple[str, bool]] = []
    for start in range(0, len(keyed), BATCH):
        taken = odzew.take_in(workspace, keyed[start : start + BATCH])
        stored += zip(taken.ids, taken.new, strict=True)
    answered_before = now - _ANSWERED_AFTER
    old: list[str] = []
    late: list[str] = []
    for one, (feedback_id, is_new) in zip(keyed, stored, strict=True):
        if is_new:
            (old if one.answer.occurred_at < answered_before else late).append(feedback_id)
    _close(odzew, workspace, old, late, now)
    return Loaded(len(keyed), len(old) + len(late))


def _close(
    odzew: Odzew, workspace: str, old: Sequence[str], late: Sequence[str], now: datetime
) -> None:
    """Close the cases of old answers, but for customers who wrote again late."""
    step = Step.of_engine("close", now, Told(N_("Answered before this workspace opened")))
    clock = odzew.rules(workspace).clock
    with odzew.database.transaction() as session:
        cases = CaseRepository(session, workspace)
        again = set(cases.of_feedback(late).values())
        for case_id in sorted(set(cases.of_feedback(old).values()) - again):
            cases.move(case_id, step, clock)
