"""A line to a mail server (SMTP): encrypted and signed in, ended well, and what a refusal means."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from service.carriers.addresses import MailServer
from service.carriers.trying import TIMEOUT_S, FailedError, GivenUpError, UnreachableError


@contextmanager
def mail_line(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted and signed in as the server asks for.

    Raises:
        UnreachableError: it cannot be had.
    """
    try:
        connection = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        raise UnreachableError(said(error)) from error
    try:
        yield connection
    finally:
        # What was handed in is taken or not by now; how they part does not matter.
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        connection.close()


def refusal(code: int, words: str) -> FailedError | GivenUpError:
    """How a try ends that a server refused: a 5xx is for good, anything else for now."""
    return (GivenUpError if 500 <= code < 600 else FailedError)(words)


def answered(code: int, answer: bytes) -> str:
    """A server's answer in one line."""
    return f"{code} {answer.decode('utf-8', 'replace')}"


def said(error: Exception) -> str:
    """What a server or the machine said; it never holds what we sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        if isinstance(answer, bytes):
            return answered(error.smtp_code, answer)
        return f"{error.smtp_code} {answer}"
    return f"{type(error).__name__}: {error}"


def _connect(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    # Without a name, smtplib would ask the network for that of this machine.
    name = server.domain
    if server.is_tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, name, timeout=TIMEOUT_S, context=trusted
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, name, timeout=TIMEOUT_S)
    try:
        if server.starts_tls:
            connection.starttls(context=trusted)
        if server.user:
            connection.login(server.user, server.secret)
    except BaseException:
        connection.close()
        raise
    return connection
