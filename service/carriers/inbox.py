"""The mailbox that customers' answers come to: where it is, and reading it by IMAP (RFC 3501)."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from service.carriers.addresses import AddressError, is_this_machine

TIMEOUT_S = 20
"""How long a server may say nothing."""
SLOWEST_S = 120
"""How long one answer may take as a whole, however steadily it drips."""
_PORTS: Final = {"imap": 143, "imaps": 993}
_NOT_ASCII: Final = re.compile(r"[^\x20-\x7e]+")


class InboxError(Exception):
    """The mailbox cannot be read now; the message says what the server or the machine said."""


class RefusedError(InboxError):
    """The server refused one request; the next may be asked on the same line."""


@dataclass(frozen=True)
class Inbox:
    """A folder on an IMAP server.

    Attributes:
        is_tls: whether the connection is encrypted from the start.
        starts_tls: whether it must be encrypted before anything is said (STARTTLS).
    """

    host: str
    port: int
    user: str
    secret: str = field(repr=False)
    folder: str = "INBOX"
    is_tls: bool = True
    starts_tls: bool = False

    @classmethod
    def of(cls, url: str) -> Inbox:
        """A mailbox from `imaps://USER:SECRET@HOST:PORT/FOLDER` or `imap://…`.

        `imap` asks for STARTTLS, but on this machine. Without a folder it is INBOX.

        Raises:
            AddressError: it is none.
        """
        wanted = (
            "ODZEW_IMAP_URL: write imaps://USER:SECRET@HOST:PORT/FOLDER, with %-escapes for signs "
            "such as @ and / in user, secret and folder."
        )
        try:
            parts = urlsplit(url)
            port, host = parts.port or _PORTS.get(parts.scheme, 0), parts.hostname
        except ValueError as error:
            raise AddressError(wanted) from error
        user, secret = unquote(parts.username or ""), unquote(parts.password or "")
        folder = unquote(parts.path.removeprefix("/")) or "INBOX"
        if parts.scheme not in _PORTS or not host or parts.query or parts.fragment:
            raise AddressError(wanted)
        if not (user and secret and f"{user}{secret}{folder}".isprintable()):
            raise AddressError(wanted)
        is_tls = parts.scheme == "imaps"
        starts_tls = not is_tls and not is_this_machine(host)
        return cls(host, port, user, secret, folder, is_tls, starts_tls)


class Folder:
    """The messages of a mailbox on an open line; a message is named by its UID."""

    def __init__(self, line: imaplib.IMAP4, inbox: Inbox) -> None:
        self._line, self._inbox = line, inbox
        with _patiently(line, inbox):
            _ok(line.select(f'"{_written(inbox.folder)}"'))
            self.age = str(line.response("UIDVALIDITY")[1])
            """While it stays the same, a UID names the same message."""

    def unread(self) -> list[int]:
        """UIDs of messages that nobody has read, in the order in which they came."""
        with _patiently(self._line, self._inbox):
            found = _ok(self._line.uid("SEARCH", "UNSEEN", "UNDELETED"))
            return sorted(int(uid) for uid in (found[0] or b"").split())

    def beginning(self, uid: int, most: int) -> bytes | None:
        """The first bytes of a message, which stays unread; None where it is gone."""
        with _patiently(self._line, self._inbox):
            found = _ok(self._line.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{most}>)"))
            parts = [one for one in found if isinstance(one, tuple) and b"BODY[]" in one[0]]
            return bytes(parts[0][1])[:most] if parts else None

    def mark_read(self, uid: int) -> None:
        """Mark a message as read."""
        with _patiently(self._line, self._inbox):
            _ok(self._line.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))


@contextmanager
def opened(inbox: Inbox) -> Iterator[Folder]:
    """The folder of a mailbox, as long as the line is open.

    Raises:
        InboxError: it cannot be had, here or in what is done with it.
    """
    trusted = ssl.create_default_context()
    with _patiently(None, inbox):
        line = (
            imaplib.IMAP4_SSL(inbox.host, inbox.port, ssl_context=trusted, timeout=TIMEOUT_S)
            if inbox.is_tls
            else imaplib.IMAP4(inbox.host, inbox.port, timeout=TIMEOUT_S)
        )
    try:
        with _patiently(line, inbox):
            if inbox.starts_tls:
                line.starttls(trusted)
            _sign_in(line, inbox)
        yield Folder(line, inbox)
        with suppress(InboxError), _patiently(line, inbox):  # how they part does not matter
            line.logout()
    finally:
        with suppress(OSError):  # it is shut already
            line.shutdown()


def _sign_in(line: imaplib.IMAP4, inbox: Inbox) -> None:
    if "AUTH=PLAIN" in line.capabilities:  # takes any letters (RFC 4616)
        said = f"\0{inbox.user}\0{inbox.secret}".encode()
        line.authenticate("PLAIN", lambda _: said)
    elif f"{inbox.user}{inbox.secret}".isascii():
        line.login(inbox.user, inbox.secret)
    else:
        raise imaplib.IMAP4.error("This server takes user and secret in ASCII only.")


@contextmanager
def _patiently(line: imaplib.IMAP4 | None, inbox: Inbox) -> Iterator[None]:
    """Whatever goes wrong in words, and an end of the line where an answer takes too long."""
    watch = Timer(SLOWEST_S, _cut, (line,))
    watch.daemon = True
    watch.start()
    try:
        yield
    except imaplib.IMAP4.abort as error:
        raise InboxError(_said(error, inbox)) from error
    except imaplib.IMAP4.error as error:
        raise RefusedError(_said(error, inbox)) from error
    except Exception as error:  # imaplib trips in many ways over what is no IMAP
        raise InboxError(_said(error, inbox)) from error
    finally:
        watch.cancel()


def _cut(line: imaplib.IMAP4 | None) -> None:
    with suppress(OSError):
        if line is not None:
            line.sock.shutdown(socket.SHUT_RDWR)


def _ok(answer: tuple[str, Any]) -> list[Any]:
    state, said = answer
    if state != "OK":
        raise imaplib.IMAP4.error(said[-1])
    return list(said)


def _said(error: Exception, inbox: Inbox) -> str:
    """What was said, without the secret."""
    first = error.args[0] if error.args else ""
    said = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(error)
    said = " ".join(said.replace(inbox.secret, "…").split())
    return said[:300] or type(error).__name__


def _written(folder: str) -> str:
    """A folder's name between quotes as servers read it (RFC 3501, section 5.1.3)."""

    def shifted(found: re.Match[str]) -> str:
        letters = b64encode(found[0].encode("utf-16-be")).decode().rstrip("=")
        return f"&{letters.replace('/', ',')}-"

    name = _NOT_ASCII.sub(shifted, folder.replace("&", "&-"))
    return name.replace("\\", "\\\\").replace('"', '\\"')
