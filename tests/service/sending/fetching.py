"""What the tests of the mailbox share: its address, who reads it, and what came of it."""

from __future__ import annotations

from urllib.parse import quote

from service.carriers.inbox import Inbox
from service.sending.collecting import Collector
from service.sending.inbound import thread_of
from service.sending.last_look import LastLook
from service.storage.draft_tables import MessageRow, ReplyRow
from tests.service.sending.conftest import Sending
from tests.service.sending.post_office import SECRET, USER


def url(port: int, scheme: str = "imap", folder: str = "", host: str = "127.0.0.1") -> str:
    return f"{scheme}://{USER}:{quote(SECRET, safe='')}@{host}:{port}/{quote(folder)}"


def collector(sending: Sending, port: int, **address: str) -> Collector:
    return Collector(sending.odzew, Inbox.of(url(port, **address)))


def replies(sending: Sending, message: MessageRow) -> list[ReplyRow]:
    with sending.odzew.database.snapshot() as session:
        return thread_of(session, message.case_id)


def looked(sending: Sending) -> LastLook:
    return LastLook.read(sending.odzew.settings.home)
