"""Mail by SMTP: a letter as a message that is always the same one, and handing it in."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pipelines.notices.letter import Letter, as_html, as_text
from service.notices.addresses import MailServer
from service.notices.trying import FailedError, GivenUpError, UnreachableError

TIMEOUT_S = 10


def message_of(
    letter: Letter,
    server: MailServer,
    *,
    notice_id: str,
    name: str,
    address: str,
    stop: str,
    now: datetime,
) -> EmailMessage:
    """A mail with a plain and an HTML part.

    Its Message-ID is the notice's, so that a mail that is handed in twice is one to whoever reads
    it. It says how to get no more of its kind by one click (RFC 2369, RFC 8058: by https only).

    Args:
        letter: what is said.
        server: whose sender it is from.
        notice_id: of the notice.
        name: of the person.
        address: theirs.
        stop: address that ends mail of this kind.
        now: aware.
    """
    message = EmailMessage(policy=SMTP)
    sender_name, sender = server.sender
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = Address(name, addr_spec=address)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{notice_id}@{server.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop}>"
    if stop.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(as_text(letter), cte="quoted-printable")
    message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.language  # at last, for whatever sets content drops it
    return message


def send(message: EmailMessage, server: MailServer) -> str:
    """Hand a mail in; gives what to keep of it.

    Raises:
        FailedError: not now.
        UnreachableError: the server itself cannot be used now.
        GivenUpError: the server will never take it.
    """
    try:
        connection = connect(server)
    except (OSError, smtplib.SMTPException) as error:
        raise UnreachableError(said(error)) from error
    try:
        connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        _raise(code, f"The address was refused: {code} {answer.decode('utf-8', 'replace')}", error)
    except smtplib.SMTPDataError as error:
        _raise(error.smtp_code, said(error), error)
    except (OSError, smtplib.SMTPException) as error:
        raise FailedError(said(error)) from error
    finally:
        # It was taken or not by now; how they part does not matter.
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        connection.close()
    return "taken by the mail server"


def connect(server: MailServer) -> smtplib.SMTP:
    """A connection that is encrypted and signed in as the server asks for.

    Raises:
        OSError, smtplib.SMTPException: it cannot be had.
    """
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


def _raise(code: int, words: str, error: Exception) -> None:
    """A server's 5xx is for good, anything else for now."""
    raise (GivenUpError if 500 <= code < 600 else FailedError)(words) from error


def said(error: Exception) -> str:
    """What a server or the machine said; it never holds what we sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        return f"{error.smtp_code} {text}"
    return f"{type(error).__name__}: {error}"
