"""A sending process is killed again and again: nothing is mailed twice, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from sqlalchemy import select

from pipelines.contracts import Answer, Person
from pipelines.reception import Keyed
from pipelines.segments import NPS
from service.sending.desk import SendingDesk
from service.storage.draft_tables import DraftRow, MessageRow
from service.storage.drafts import DraftRepository
from service.storage.outgoing import LEASE
from tests.service.conftest import Mailbox
from tests.service.sending.conftest import Sending

KILLS = int(os.environ.get("ODZEW_TEST_KILLS", "40"))
"""The figure in docs/measurements.md is of 200."""
FIRST = 3
"""Messages that the first process sends; the others are killed within as long as that took."""
REPOSITORY = Path(__file__).parents[3]


def put_in(sending: Sending, count: int) -> None:
    """Fill the outbox with approved drafts."""
    answers = [
        Answer(
            f"Kurier przywiózł paczkę {at} dni za późno.",
            3,
            NPS,
            "s",
            sending.now,
            respondent=Person(f"r-{at}", email=f"a{at}@poczta.example"),
        )
        for at in range(count)
    ]
    sending.odzew.take_in(
        sending.workspace, [Keyed(f"k-{at}", one) for at, one in enumerate(answers)]
    )
    with sending.odzew.database.transaction() as session:
        drafts = DraftRepository(session, sending.workspace)
        desk = SendingDesk(sending.odzew, session, sending.workspace)
        for draft in session.scalars(select(DraftRow.id)).all():
            drafts.approve(draft, who="Ewa", at=sending.now, may=True, needed=1)
            desk.send(draft, "mail", who="Ewa", now=sending.now)


def test_nothing_is_mailed_twice_or_lost_however_often_the_sender_is_killed(
    sending: Sending, mailbox: Mailbox
) -> None:
    count = 6 * KILLS
    put_in(sending, count)
    command = [sys.executable, "-m", "tests.service.sending.nursery"]
    command += [str(sending.odzew.settings.home), str(mailbox.port)]
    chance = Random(6)
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        latest_s = 0.0
        for at in range(KILLS):
            nursery.stdin.write("\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline())
            if child == 0:  # the one before had sent all that was left
                break
            begun = time.monotonic()
            if at == 0:
                while len(mailbox.mails) < FIRST:
                    time.sleep(0.001)
                latest_s = time.monotonic() - begun
            else:
                time.sleep(chance.uniform(0, latest_s))
            os.kill(child, signal.SIGKILL)
        nursery.stdin.close()
    assert nursery.returncode == 0
    with sending.odzew.database.snapshot() as session:
        broken = Counter(session.scalars(select(MessageRow.state)))
    assert set(broken) <= {"waiting", "sending", "sent"}
    assert min(broken[state] for state in ("waiting", "sending", "sent")), "killed at all points"
    sending.now += 2 * LEASE
    sending.round()
    with sending.odzew.database.snapshot() as session:
        rows = list(session.scalars(select(MessageRow)))
    states = Counter(row.state for row in rows)
    assert states == {"uncertain": broken["sending"], "sent": count - broken["sending"]}
    mailed = Counter(str(mail["Message-ID"]).strip("<>") for mail in mailbox.mails)
    assert set(mailed.values()) == {1}, "a message was mailed twice"
    assert {row.mail_id for row in rows if row.state == "sent"} <= set(mailed)
    assert set(mailed) <= {row.mail_id for row in rows}
