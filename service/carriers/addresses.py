"""Where words are sent, as settings name it: a mail server, and the receiver of a webhook."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from pipelines.addresses import MAILBOX

_PORTS = {"smtp": 587, "smtps": 465}
_SECRET = re.compile(r"whsec_([A-Za-z0-9+/]+={0,2})")
_SHORTEST_SECRET, _LONGEST_SECRET = 24, 64
"""Bytes, as Standard Webhooks asks for."""


class AddressError(Exception):
    """A setting that names no usable server; the message never holds a secret."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in.

    Attributes:
        is_tls: whether the connection is encrypted from the start.
        starts_tls: whether it must be encrypted before anything is said (STARTTLS).
        sender: name and address that mail is from.
    """

    host: str
    port: int
    sender: tuple[str, str]
    is_tls: bool = False
    starts_tls: bool = True
    user: str = ""
    secret: str = field(default="", repr=False)

    @property
    def domain(self) -> str:
        """The sender's part of the internet."""
        return self.sender[1].rpartition("@")[2]

    @classmethod
    def of(cls, url: str, sender: str | None) -> MailServer:
        """A server from `smtp://USER:SECRET@HOST:PORT` or `smtps://…`.

        `smtp` asks for STARTTLS, but on this machine, and with `?tls=off`.

        Raises:
            AddressError: it is none, or nobody is named whom mail is from.
        """
        wanted = (
            "ODZEW_SMTP_URL: write smtp://USER:SECRET@HOST:PORT or smtps://USER:SECRET@HOST:PORT, "
            "with %-escapes for signs such as @ and / in user and secret."
        )
        try:
            parts = urlsplit(url)
            port, host = parts.port or _PORTS.get(parts.scheme, 0), parts.hostname
        except ValueError as error:
            raise AddressError(wanted) from error
        if parts.scheme not in _PORTS or not host or parts.path not in ("", "/"):
            raise AddressError(wanted)
        if parts.query not in ("", "tls=off"):
            raise AddressError("ODZEW_SMTP_URL: after ? only tls=off may stand.")
        name, address = parseaddr(sender or "")
        if not MAILBOX.fullmatch(address) or not (sender or "").isprintable():
            raise AddressError(
                "ODZEW_MAIL_FROM: name the address that mail is from, such as "
                "Odzew <odzew@example.com>."
            )
        return cls(
            host,
            port,
            (name, address),
            is_tls=parts.scheme == "smtps",
            starts_tls=parts.scheme == "smtp" and not parts.query and not is_this_machine(host),
            user=unquote(parts.username or ""),
            secret=unquote(parts.password or ""),
        )


@dataclass(frozen=True)
class Receiver:
    """Who is posted notices or messages.

    Attributes:
        path: with the query.
        key: signs what is posted.
    """

    host: str
    port: int | None
    path: str = field(repr=False)
    is_tls: bool
    key: bytes = field(repr=False)

    @classmethod
    def of(
        cls, url: str, secret: str, *, is_plain_allowed: bool, name: str = "ODZEW_WEBHOOK_URL"
    ) -> Receiver:
        """A receiver from its address and secret; `name` is the setting that holds the address.

        Raises:
            AddressError: no http address, one that may be read on its way, or no such secret.
        """
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError as error:
            raise AddressError(f"{name}: write an https address.") from error
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise AddressError(f"{name}: write an https address without user and secret.")
        if re.search(r"[\x00-\x20\x7f-\uffff]", url):
            raise AddressError(f"{name}: escape blanks and letters that are not ASCII.")
        if parts.scheme == "http" and not (is_plain_allowed or is_this_machine(host)):
            raise AddressError(
                f"{name}: http can be read on its way to another machine. Write https, "
                "or set ODZEW_WEBHOOK_HTTP=true."
            )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(host, port, path, parts.scheme == "https", _key(secret))


def is_this_machine(host: str) -> bool:
    """Whether a host is the machine itself, by its name or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _key(secret: str) -> bytes:
    found = _SECRET.fullmatch(secret)
    try:
        key = base64.b64decode(found[1], validate=True) if found else b""
    except binascii.Error:
        key = b""
    if not _SHORTEST_SECRET <= len(key) <= _LONGEST_SECRET:
        raise AddressError(
            "ODZEW_WEBHOOK_SECRET: write whsec_ and 24 to 64 random bytes in base64, such as "
            '"whsec_$(openssl rand -base64 32)" gives.'
        )
    return key
