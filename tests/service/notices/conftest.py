"""A house that tells people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.contracts import Answer, Person
from pipelines.notices.choices import Choices, Quiet
from pipelines.reception import Keyed
from pipelines.segments import NPS
from pipelines.understanding import Reader
from service.notices.delivery import Postman
from service.notices.spreading import spread
from service.settings import Settings
from service.storage import access
from service.storage.cases import CaseRepository
from service.storage.notice_tables import AttemptRow, DeliveryRow, NoticeRow
from service.storage.notices import NoticeRepository
from service.storage.rules import RuleRepository
from service.wiring import Odzew
from tests.service.conftest import Mailbox, Received

KEY = "whsec_" + "QUJD" * 8
TEAM = """
members:
  Anna: {email: anna@example.com, languages: [pl, en]}
  Ola: {email: ola@example.com, lead: true}
  Jan: {}
rules: [{when: {}, to: [Anna]}]
"""
GRAVE = (
    "Ładowarka zaczęła się palić i poparzyła dziecko, numer 601 234 567, dzwonię trzeci raz "
    "i oddaję sprawę do sądu.",
    0,
)
LOUD = Choices(quiet=Quiet(end=Quiet().start, on_days_off=False))
"""Choices of somebody who has no quiet hours."""


@dataclass
class Telling:
    """A house with a team, whose clock is in the tests' hands."""

    odzew: Odzew
    workspace: str
    now: datetime
    written: int = 0

    def answer(
        self,
        text: str = GRAVE[0],
        score: float = GRAVE[1],
        *,
        days_ago: int = 0,
        **person: str,
    ) -> str:
        """Take an answer in; gives the id of its case."""
        self.written += 1
        who = Person(f"r-{self.written}", **person)
        written = self.now - timedelta(days=days_ago)
        answer = Answer(text, score, NPS, "s", written, respondent=who)
        taken = self.odzew.take_in(self.workspace, [Keyed(f"k-{self.written}", answer)])
        with self.odzew.database.snapshot() as session:
            found = CaseRepository(session, self.workspace).of_feedback(taken.ids)
        return found[taken.ids[0]]

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)

    def spread(self) -> int:
        return spread(self.odzew, self.workspace, self.now)

    def deliver(self) -> int:
        return Postman(self.odzew).round(lambda: self.now)

    def team(self, content: str) -> None:
        with self.odzew.database.transaction() as session:
            rules = RuleRepository(session, self.workspace)
            rules.put("team", content, who="Ewa", at=self.now)

    def choose(self, person: str, choices: Choices) -> None:
        with self.odzew.database.transaction() as session:
            NoticeRepository(session, self.workspace).choose(person, choices, self.now)

    def notices(self) -> list[tuple[str, str]]:
        """Person and kind of all that there are."""
        with self.odzew.database.snapshot() as session:
            rows = session.scalars(select(NoticeRow))
            return sorted((row.person, row.kind) for row in rows)

    def deliveries(self) -> list[DeliveryRow]:
        with self.odzew.database.snapshot() as session:
            return list(session.scalars(select(DeliveryRow).order_by(DeliveryRow.id)))

    def attempts(self) -> list[tuple[str, str]]:
        with self.odzew.database.snapshot() as session:
            rows = session.scalars(select(AttemptRow).order_by(AttemptRow.id))
            return [(row.outcome, row.detail) for row in rows]


House = Callable[..., Telling]


@pytest.fixture
def house(home: Path, reader: Reader) -> Iterator[House]:
    """Makes a house that tells people; settings are those of the test."""
    opened = []

    def make(**settings: Any) -> Telling:
        odzew = Odzew(Settings(home=home, base_url="https://odzew.example", **settings), reader)
        opened.append(odzew)
        now = datetime.now(UTC)
        with odzew.database.transaction() as session:
            workspace = access.ensure_workspace(session, "Demo", now)
        telling = Telling(odzew, workspace, now)
        telling.team(TEAM)
        for name in ("Anna", "Ola"):
            telling.choose(name, replace(LOUD, language="pl" if name == "Anna" else "en"))
        return telling

    yield make
    for odzew in opened:
        odzew.close()


@pytest.fixture
def telling(house: House) -> Telling:
    """A house that tells people on their pages only."""
    return house()


@pytest.fixture
def mailing(house: House, mailbox: Mailbox) -> Telling:
    """A house that sends mail."""
    return house(smtp_url=f"smtp://127.0.0.1:{mailbox.port}", mail_from="Odzew <odzew@example.com>")


@pytest.fixture
def posting(house: House, receiver: Received) -> Telling:
    """A house that posts to a webhook."""
    return house(webhook_url=receiver.url, webhook_secret=KEY)
