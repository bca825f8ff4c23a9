from __future__ import annotations

import time

import pytest
from starlette.testclient import TestClient

from service import app
from tests.service.conftest import Mailbox
from tests.service.notices.conftest import Telling


def test_the_running_server_tells_and_mails_by_itself_and_ends_in_order(
    mailing: Telling, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_MINUTE_S", 0.05)
    with TestClient(app.create_app(mailing.odzew)):
        mailing.answer()
        until = time.monotonic() + 30
        while len(mailbox.mails) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.3)
    assert sorted(one["To"] for one in mailbox.mails if "P1" in one["Subject"]) == [
        *("Anna <anna@example.com>", "Ola <ola@example.com>")
    ]
