from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from service.app import create_app
from service.carriers.inbox import Inbox
from service.sending import collecting
from service.sending.collecting import WAITS, Collector
from service.sending.inbound import take_in
from service.sending.last_look import LastLook
from service.storage import access
from service.storage.draft_tables import ReplyRow
from service.storage.file_lock import FileBusyError, hold
from service.wiring import Odzew
from tests.service.command import odzew as run
from tests.service.conftest import free_port
from tests.service.sending.conftest import Sending
from tests.service.sending.fetching import collector, looked, replies, url
from tests.service.sending.post_office import Line, PostOffice, post_office
from tests.service.sending.test_inbound import BOUNCE, reply, sent

STRANGER = reply(None, sender="Shop <news@shop.example>", mail_id="<n-1@shop.example>")


def test_an_answer_in_the_mailbox_comes_to_its_case_once_and_is_marked_as_read(
    sending: Sending, office: PostOffice
) -> None:
    message = sent(sending)
    office.deliver(reply(message.mail_id))
    from_mailbox = collector(sending, office.port)
    (kept,) = from_mailbox.round(lambda: sending.now)
    assert (kept.case_id, kept.kind) == (message.case_id, "reply")
    assert kept.body == "Dziękuję, ale paczki dalej nie ma."
    assert office.unread() == []
    assert len(office.all()) == 1
    assert from_mailbox.round(lambda: sending.now) == []
    assert len(replies(sending, message)) == 1
    assert looked(sending) == LastLook(sending.now)


def test_a_message_that_came_back_to_the_mailbox_is_marked(
    sending: Sending, office: PostOffice
) -> None:
    message = sent(sending)
    bounce = BOUNCE.replace(b"MAIL-ID", message.mail_id.encode()).replace(b"ACTION", b"failed")
    office.deliver(bounce.replace(b"\n", b"\r\n"))
    collector(sending, office.port).round(lambda: sending.now)
    assert sending.message(message).state == "bounced"


def test_what_belongs_to_no_case_stays_unread_and_is_looked_at_once(
    sending: Sending, office: PostOffice, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sent(sending)
    for content in (STRANGER, b"\x00\xff no mail at all\r\n", b"\r\n", reply(message.mail_id)):
        office.deliver(content)
    from_mailbox = collector(sending, line.port)
    assert len(from_mailbox.round(lambda: sending.now)) == 1
    assert office.unread()[0] == STRANGER
    assert len(office.unread()) == 3
    asked = line.asked.count(b"FETCH")
    sending.pass_by(days=1)
    assert from_mailbox.round(lambda: sending.now) == []
    assert line.asked.count(b"FETCH") == asked
    assert looked(sending).problem == ""


def test_what_belongs_to_no_case_is_not_read_by_the_models(
    sending: Sending, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.deliver(STRANGER)
    monkeypatch.setattr(Odzew, "reader", property(lambda _: pytest.fail("it was read")))
    assert collector(sending, office.port).round(lambda: sending.now) == []
    assert looked(sending).problem == ""


def test_of_a_huge_mail_the_beginning_is_read(sending: Sending, office: PostOffice) -> None:
    message, most = sent(sending), 20_000
    small = sending.odzew.settings.model_copy(update={"max_body_bytes": most})
    sending.odzew.settings = small
    parts = b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nNadal czekam.\r\n--b\r\n"
    parts += b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    head = reply(message.mail_id).partition(b"\r\n\r\n")[0].partition(b"Content-Type")[0]
    mail = head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts
    office.deliver(mail + b"QUJD\r\n" * (most // 5) + b"--b--\r\n")
    office.deliver(reply(message.mail_id, mail_id="<r-2@poczta.example>"))
    taken = collector(sending, office.port).round(lambda: sending.now)
    assert [one.body for one in taken] == ["Nadal czekam.", "Dziękuję, ale paczki dalej nie ma."]
    assert office.unread() == []


def test_a_server_that_is_down_is_tried_later_and_later(
    sending: Sending, caplog: pytest.LogCaptureFixture
) -> None:
    message, port = sent(sending), free_port()
    from_mailbox = collector(sending, port)
    for wait in (*WAITS, WAITS[-1]):
        assert from_mailbox.round(lambda: sending.now) == []
        assert "refused" in looked(sending).problem
        assert looked(sending).failed_at == sending.now
        tries = len(caplog.records)
        sending.now += wait - timedelta(seconds=1)
        from_mailbox.round(lambda: sending.now)
        assert len(caplog.records) == tries
        sending.pass_by(seconds=1)
    with post_office(port) as office:
        office.deliver(reply(message.mail_id))
        assert len(from_mailbox.round(lambda: sending.now)) == 1
    assert looked(sending) == LastLook(sending.now)
    sending.pass_by(minutes=1)
    from_mailbox.round(lambda: sending.now)
    assert looked(sending).failed_at == sending.now
    assert looked(sending).read_at == sending.now - timedelta(minutes=1)


def test_a_line_that_breaks_off_in_a_mail_loses_nothing(
    sending: Sending, office: PostOffice, line: Line
) -> None:
    message = sent(sending)
    for number in range(3):
        office.deliver(reply(message.mail_id, mail_id=f"<{number}@poczta.example>"))
    line.hangs_up_on.append(b"<1@poczta.example>")
    from_mailbox = collector(sending, line.port)
    assert [one.mail_id for one in from_mailbox.round(lambda: sending.now)] == ["0@poczta.example"]
    assert len(office.unread()) == 2
    assert looked(sending).problem
    sending.pass_by(minutes=1)
    taken = from_mailbox.round(lambda: sending.now)
    assert [one.mail_id for one in taken] == ["2@poczta.example", "1@poczta.example"]
    assert office.unread() == []
    assert looked(sending).problem == ""


def test_a_line_that_breaks_off_before_the_mark_doubles_nothing(
    sending: Sending, office: PostOffice, line: Line
) -> None:
    message = sent(sending)
    office.deliver(reply(message.mail_id))
    line.hangs_up_on.append(b"STORE")
    from_mailbox = collector(sending, line.port)
    first = from_mailbox.round(lambda: sending.now)
    assert len(office.unread()) == 1
    sending.pass_by(minutes=1)
    assert [one.id for one in from_mailbox.round(lambda: sending.now)] == [one.id for one in first]
    assert office.unread() == []
    assert len(replies(sending, message)) == 1


def test_a_mail_at_which_the_line_always_breaks_holds_up_no_other(
    sending: Sending, office: PostOffice, line: Line
) -> None:
    message = sent(sending)
    for number in range(3):
        office.deliver(reply(message.mail_id, mail_id=f"<{number}@poczta.example>"))
    line.hangs_up_on.extend([b"<0@poczta.example>"] * 5)
    from_mailbox = collector(sending, line.port)
    for _ in range(3):
        from_mailbox.round(lambda: sending.now)
        sending.pass_by(minutes=1)
    assert len(replies(sending, message)) == 2
    assert len(office.unread()) == 1
    assert len(line.hangs_up_on) == 3, "it is tried later and later"


def test_a_mail_that_cannot_be_kept_now_is_tried_later_and_the_others_are_kept(
    sending: Sending, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sent(sending)
    for number in range(3):
        office.deliver(reply(message.mail_id, mail_id=f"<{number}@poczta.example>"))
    broken = b"<1@poczta.example>"

    def sometimes(odzew: Odzew, workspace: str, content: bytes, now: datetime) -> ReplyRow:
        if broken in content:
            raise RuntimeError("the disk is full")
        return take_in(odzew, workspace, content, now)

    monkeypatch.setattr(collecting, "take_in", sometimes)
    from_mailbox = collector(sending, office.port)
    assert len(from_mailbox.round(lambda: sending.now)) == 2
    assert len(office.unread()) == 1
    assert looked(sending).problem == "RuntimeError"
    broken = b"none"
    assert from_mailbox.round(lambda: sending.now) == []
    sending.pass_by(minutes=1)
    assert len(from_mailbox.round(lambda: sending.now)) == 1
    assert office.unread() == []


def test_what_came_by_another_way_too_is_marked_as_read_and_kept_once(
    sending: Sending, office: PostOffice
) -> None:
    message = sent(sending)
    office.deliver(reply(message.mail_id))
    take_in(sending.odzew, sending.workspace, reply(message.mail_id), sending.now)
    collector(sending, office.port).round(lambda: sending.now)
    assert office.unread() == []
    assert len(replies(sending, message)) == 1


def test_one_process_reads_at_a_time(sending: Sending, office: PostOffice) -> None:
    message = sent(sending)
    office.deliver(reply(message.mail_id))
    from_mailbox = collector(sending, office.port)
    with hold(sending.odzew.settings.home / "mailbox.lock"):
        assert from_mailbox.round(lambda: sending.now) == []
        with pytest.raises(FileBusyError):
            from_mailbox.collect(lambda: sending.now)
    assert len(from_mailbox.round(lambda: sending.now)) == 1


def test_servers_that_share_only_the_database_keep_each_answer_once(
    sending: Sending, office: PostOffice, tmp_path: Path
) -> None:
    message = sent(sending)
    for number in range(6):
        office.deliver(reply(message.mail_id, mail_id=f"<{number}@poczta.example>"))
    home = sending.odzew.settings.home
    other = Odzew(
        sending.odzew.settings.model_copy(
            update={"home": tmp_path / "other", "database_url": f"sqlite:///{home}/odzew.sqlite3"}
        ),
        sending.odzew.reader,
    )
    address = Inbox.of(url(office.port))
    (tmp_path / "other").mkdir()
    both = [
        Thread(target=Collector(one, address).round, args=(lambda: sending.now,))
        for one in (sending.odzew, other)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    other.close()
    assert len(replies(sending, message)) == 6
    assert office.unread() == []


def test_a_process_that_is_to_end_leaves_the_rest_for_later(
    sending: Sending, office: PostOffice
) -> None:
    message, ended = sent(sending), Event()
    office.deliver(reply(message.mail_id))
    ended.set()
    assert collector(sending, office.port).round(lambda: sending.now, ended) == []
    assert len(office.unread()) == 1


def test_an_answer_comes_to_the_workspace_of_what_it_answers(
    sending: Sending, office: PostOffice
) -> None:
    with sending.odzew.database.transaction() as session:
        elsewhere = access.ensure_workspace(session, "Elsewhere", sending.now)
    other = Sending(sending.odzew, elsewhere)
    message = sent(other)
    office.deliver(reply(message.mail_id, sender="anna@home.example"))
    address = f"care+{message.case_id}@zipako.example"
    office.deliver(reply(None, to=address, sender="a@home.example", mail_id="<2@home.example>"))
    taken = collector(sending, office.port).round(lambda: sending.now)
    assert {one.workspace_id for one in taken} == {elsewhere}
    assert len(taken) == 2


def test_by_hand_what_was_taken_is_printed_and_what_is_wrong_said(
    sending: Sending,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    message = sent(sending)
    office.deliver(reply(message.mail_id, ""))
    home = sending.odzew.settings.home
    monkeypatch.setenv("ODZEW_HOME", str(home))
    assert run(monkeypatch, "mail", "--fetch") == 2
    assert "ODZEW_IMAP_URL" in capsys.readouterr().err
    monkeypatch.setenv("ODZEW_IMAP_URL", url(office.port))
    with hold(home / "mailbox.lock"):
        assert run(monkeypatch, "mail", "--fetch") == 2
    assert "Another process" in capsys.readouterr().err
    assert run(monkeypatch, "mail", "--fetch") == 0
    assert capsys.readouterr().out == f"reply {message.case_id}\n"
    monkeypatch.setenv("ODZEW_IMAP_URL", url(free_port()))
    assert run(monkeypatch, "mail", "--fetch") == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_house_that_serves_fetches_by_itself(
    sending: Sending, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sent(sending)
    office.deliver(reply(message.mail_id))
    monkeypatch.setattr("service.app._MINUTE_S", 0.05)
    mailbox = SecretStr(url(office.port))
    sending.odzew.settings = sending.odzew.settings.model_copy(update={"imap_url": mailbox})
    with TestClient(create_app(sending.odzew)):
        until = time.monotonic() + 60
        while office.unread() and time.monotonic() < until:
            time.sleep(0.05)
    assert len(replies(sending, message)) == 1
    assert office.unread() == []
