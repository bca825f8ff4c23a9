"""A house that sends messages to customers, whose clock is in the tests' hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from pipelines.clock import Clock
from pipelines.contracts import Answer, AttributeValue, Person
from pipelines.reception import Keyed
from pipelines.segments import NPS
from pipelines.understanding import Reader
from service.draft_desk import approve
from service.sending.desk import SendingDesk
from service.sending.dispatch import Dispatcher
from service.settings import Settings
from service.storage import access
from service.storage.cases import CaseRepository
from service.storage.draft_tables import DraftRow, MessageRow
from service.storage.drafts import DraftRepository
from service.storage.messages import MessageRepository
from service.wiring import Odzew
from tests.service.conftest import Mailbox
from tests.service.sending.clock import NOON
from tests.service.sending.post_office import Line, PostOffice, line_to, post_office


@dataclass
class Sending:
    """A house with customers who can be reached by mail."""

    odzew: Odzew
    workspace: str
    now: datetime = NOON
    written: int = 0

    def answer(
        self,
        text: str = "Kurier przywiózł paczkę trzy dni za późno.",
        score: float = 3,
        attributes: dict[str, AttributeValue] | None = None,
        **person: Any,
    ) -> str:
        """Take an answer in; gives the id of its case."""
        self.written += 1
        known = {"name": "Anna Wójcik", "email": f"anna{self.written}@poczta.example", **person}
        who = Person(f"r-{self.written}", **known)
        answer = Answer(
            text, score, NPS, "s", self.now, respondent=who, attributes=attributes or {}
        )
        taken = self.odzew.take_in(self.workspace, [Keyed(f"k-{self.written}", answer)])
        with self.odzew.database.transaction() as session:
            found = CaseRepository(session, self.workspace).of_feedback(taken.ids)[taken.ids[0]]
            # One person is enough to approve.
            CaseRepository(session, self.workspace).get(found).level = "P2"
        return found

    @property
    def clock(self) -> Clock:
        return self.odzew.rules(self.workspace).clock

    def draft(self, case: str) -> DraftRow:
        with self.odzew.database.snapshot() as session:
            return DraftRepository(session, self.workspace).of_case(case)[-1]

    def draft_row(self, draft: str) -> DraftRow:
        with self.odzew.database.snapshot() as session:
            return DraftRepository(session, self.workspace).get(draft)

    def approved(self, **answer: Any) -> str:
        """A case whose draft Ewa has approved; gives the draft's id."""
        draft = self.draft(self.answer(**answer)).id
        with self.odzew.database.transaction() as session:
            approve(self.odzew, session, self.workspace, draft, who="Ewa", at=self.now)
        return draft

    def send(self, draft: str, way: str = "mail") -> MessageRow:
        with self.odzew.database.transaction() as session:
            desk = SendingDesk(self.odzew, session, self.workspace)
            return desk.send(draft, way, who="Ewa", now=self.now)

    def round(self) -> int:
        return Dispatcher(self.odzew).round(lambda: self.now)

    def message(self, message: MessageRow) -> MessageRow:
        with self.odzew.database.snapshot() as session:
            return MessageRepository(session, self.workspace).get(message.id)

    def steps(self, message: MessageRow) -> list[tuple[str, str]]:
        with self.odzew.database.snapshot() as session:
            found = MessageRepository(session, self.workspace).steps(message.id)
            return [(one.step, one.detail) for one in found]

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)

    def due_now(self) -> None:
        """Have everything that waits tried at once."""
        with self.odzew.database.transaction() as session:
            session.execute(update(MessageRow).values(due_at=self.now))


SendingHouse = Callable[..., Sending]


@pytest.fixture
def house(home: Path, reader: Reader) -> Iterator[SendingHouse]:
    """Makes a house that sends; settings are those of the test."""
    opened = []

    def make(**settings: Any) -> Sending:
        odzew = Odzew(Settings(home=home, base_url="https://odzew.example", **settings), reader)
        opened.append(odzew)
        with odzew.database.transaction() as session:
            workspace = access.ensure_workspace(session, "Demo", NOON)
        return Sending(odzew, workspace)

    yield make
    for odzew in opened:
        odzew.close()


@pytest.fixture
def sending(house: SendingHouse, mailbox: Mailbox) -> Sending:
    """A house that sends mail to the mailbox."""
    return house(
        smtp_url=f"smtp://127.0.0.1:{mailbox.port}",
        mail_from="Zipako <care@zipako.example>",
        reply_to="care+{case}@zipako.example",
    )


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as found:
        yield found


@pytest.fixture
def line(office: PostOffice) -> Iterator[Line]:
    with line_to(office.port) as found:
        yield found
