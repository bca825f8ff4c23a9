from __future__ import annotations

import ssl
import time
from pathlib import Path
from threading import Thread

import pytest
import trustme

from service.carriers import inbox
from service.carriers.inbox import Inbox, InboxError
from service.sending.collecting import Collector
from tests.service.sending.conftest import Sending
from tests.service.sending.fetching import collector, looked, url
from tests.service.sending.post_office import SECRET, USER, Line, PostOffice, line_to, post_office
from tests.service.sending.test_inbound import reply, sent


def test_a_login_that_is_refused_is_told_without_the_secret(
    sending: Sending, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = Inbox.of(f"imap://{USER}:wrong-one@127.0.0.1:{office.port}/")
    assert Collector(sending.odzew, wrong).round(lambda: sending.now) == []
    assert "authenti" in looked(sending).problem.lower()
    assert "wrong-one" not in looked(sending).problem + caplog.text + repr(wrong)


@pytest.mark.parametrize(("secret", "is_taken"), [('plain "one"', True), (SECRET, False)])
def test_a_server_that_knows_only_the_old_login_is_told_ascii(
    sending: Sending, secret: str, is_taken: bool
) -> None:
    message = sent(sending)
    with post_office(secret=secret) as office, line_to(office.port) as line:
        office.deliver(reply(message.mail_id))
        line.mistold = b"AUTH=PLAIN", b"AUTH=OTHER"
        address = Inbox("127.0.0.1", line.port, USER, secret, is_tls=False)
        taken = Collector(sending.odzew, address).round(lambda: sending.now)
    assert len(taken) == is_taken
    assert (b"LOGIN" in line.asked) == is_taken
    assert ("ASCII" in looked(sending).problem) != is_taken


def test_a_folder_that_is_not_there_is_told(sending: Sending, office: PostOffice) -> None:
    assert collector(sending, office.port, folder="Answers").round(lambda: sending.now) == []
    assert "does not exist" in looked(sending).problem


@pytest.mark.parametrize(
    ("name", "written"), [("Odpovědi & 'x\"", '"Odpov&ARs-di &- \'x\\""'), ("日本語", "&ZeVnLIqe-")]
)
def test_answers_are_fetched_from_the_folder_that_is_named(
    sending: Sending, office: PostOffice, name: str, written: str
) -> None:
    message = sent(sending)
    office.make(written)
    office.deliver(reply(message.mail_id), written)
    office.deliver(reply(message.mail_id, mail_id="<other@poczta.example>"))
    (kept,) = collector(sending, office.port, folder=name).round(lambda: sending.now)
    assert kept.mail_id == "r-1@poczta.example"
    assert len(office.unread()) == 1


@pytest.mark.parametrize("words", [b"IMAP4rev1", b"r-1@poczta.example"])
def test_a_server_that_falls_silent_is_left(
    sending: Sending, office: PostOffice, line: Line, monkeypatch: pytest.MonkeyPatch, words: bytes
) -> None:
    message = sent(sending)
    office.deliver(reply(message.mail_id))
    monkeypatch.setattr(inbox, "TIMEOUT_S", 1)
    line.stalls_at = words
    assert collector(sending, line.port).round(lambda: sending.now) == []
    assert "timed out" in looked(sending).problem
    assert len(office.unread()) == 1


def test_a_server_that_is_silent_keeps_nothing_from_being_sent(
    sending: Sending, office: PostOffice, line: Line
) -> None:
    message, waiting = sent(sending), sending.send(sending.approved())
    office.deliver(reply(message.mail_id))
    line.stalls_at = b"r-1@poczta.example"
    from_mailbox = collector(sending, line.port)
    fetching = Thread(target=from_mailbox.round, args=(lambda: sending.now,))
    fetching.start()
    while b"FETCH" not in line.asked:
        time.sleep(0.01)
    assert sending.round() == 1
    assert fetching.is_alive()
    line.let_go.set()
    fetching.join()
    assert sending.message(waiting).state == "sent"
    assert len(office.unread()) == 1


def test_a_server_that_drips_is_left(
    sending: Sending, office: PostOffice, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sent(sending)
    office.deliver(reply(message.mail_id))
    monkeypatch.setattr(inbox, "SLOWEST_S", 1)
    line.drips_from = b"r-1@poczta.example"
    from_mailbox = collector(sending, line.port)
    assert from_mailbox.round(lambda: sending.now) == []
    assert looked(sending).problem
    line.drips_from = None
    monkeypatch.setattr(inbox, "SLOWEST_S", 60)
    sending.pass_by(minutes=1)
    assert len(from_mailbox.round(lambda: sending.now)) == 1


def test_what_is_no_imap_server_is_told(sending: Sending) -> None:
    with post_office() as office, line_to(office.port) as line:
        line.hangs_up_on.append(b"IMAP4rev1")
        assert collector(sending, line.port).round(lambda: sending.now) == []
    assert looked(sending).problem


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def shown_by(authority: trustme.CA, folder: Path, name: str = "127.0.0.1") -> Path:
    """A certificate with its key."""
    file = folder / f"{name}.pem"
    authority.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(str(file))
    return file


def trust(authority: trustme.CA, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "trusted.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))


@pytest.mark.parametrize("who", ["known", "unknown", "another"])
def test_over_imaps_nothing_is_said_to_a_server_that_is_not_the_one_that_is_named(
    sending: Sending,
    office: PostOffice,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
) -> None:
    message = sent(sending)
    office.deliver(reply(message.mail_id))
    shown = shown_by(authority, tmp_path, "127.0.0.2" if who == "another" else "127.0.0.1")
    trust(trustme.CA() if who == "unknown" else authority, tmp_path, monkeypatch)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(shown)
    with line_to(office.port, tls) as line:
        taken = collector(sending, line.port, scheme="imaps").round(lambda: sending.now)
    assert len(taken) == (who == "known")
    assert bool(line.asked) == (who == "known")
    assert ("CERTIFICATE_VERIFY_FAILED" in looked(sending).problem) == (who != "known")


@pytest.mark.parametrize("who", ["known", "unknown", "without"])
def test_elsewhere_imap_asks_for_encryption_before_it_says_who_it_is(
    sending: Sending,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
) -> None:
    message, cert = sent(sending), shown_by(authority, tmp_path)
    trust(trustme.CA() if who == "unknown" else authority, tmp_path, monkeypatch)
    elsewhere = Inbox.of(url(143, host="mail.example.com"))
    assert elsewhere.starts_tls
    with (
        post_office(cert=None if who == "without" else cert) as office,
        line_to(office.port) as line,
    ):
        address = Inbox(
            "127.0.0.1", line.port, USER, SECRET, is_tls=False, starts_tls=elsewhere.starts_tls
        )
        if who == "known":  # the tests' own look into the mailbox needs no encryption
            with inbox.opened(address) as folder:
                folder._line.append("INBOX", "", "", reply(message.mail_id))
            assert len(Collector(sending.odzew, address).round(lambda: sending.now)) == 1
        else:
            with pytest.raises(InboxError), inbox.opened(address):
                pass
        assert b"AUTHENTICATE" not in line.asked
        assert b"LOGIN" not in line.asked
