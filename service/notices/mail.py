"""Mail by SMTP: a letter as a message that is always the same one, and handing it in."""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pipelines.notices.letter import Letter, as_html, as_text
from service.carriers.addresses import MailServer
from service.carriers.mail_line import answered, mail_line, refusal, said
from service.carriers.trying import FailedError


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
    with mail_line(server) as connection:
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise refusal(code, f"The address was refused: {answered(code, answer)}") from error
        except smtplib.SMTPDataError as error:
            raise refusal(error.smtp_code, said(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise FailedError(said(error)) from error
    return "taken by the mail server"
