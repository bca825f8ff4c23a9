"""A message to a customer as mail: how it is written, and handing it in at most once."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from pipelines.followup.names import read_name
from service.carriers.addresses import MailServer
from service.carriers.mail_line import answered, mail_line, refusal, said
from service.carriers.trying import FailedError, LostError


@dataclass(frozen=True, slots=True)
class CustomerMail:
    """What a customer is sent.

    Attributes:
        mail_id: Message-ID without its angle brackets.
        sender: name and address it is from.
        reply_to: address that answers go to; None for the sender's.
        recipient: name, which may be blank, and address.
        before: Message-IDs of what was written in the same case before, oldest first.
        stop: https address that ends all messages; None where pages cannot be reached from outside.
    """

    mail_id: str
    sender: tuple[str, str]
    reply_to: str | None
    recipient: tuple[str, str]
    language: str
    subject: str
    body: str
    before: Sequence[str] = ()
    stop: str | None = None


def message_of(mail: CustomerMail, now: datetime) -> EmailMessage:
    """The mail, plain and as HTML, as part of its case's thread (RFC 5322, section 3.6.4).

    It says how to get no more: by mail, and by one click where that can be (RFC 2369, RFC 8058).
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(mail.sender[0], addr_spec=mail.sender[1])
    known = read_name(mail.recipient[0])  # no joke and no address stands for a name
    message["To"] = Address(known.words if known else "", addr_spec=mail.recipient[1])
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.mail_id}>"
    if mail.before:
        message["In-Reply-To"] = f"<{mail.before[-1]}>"
        message["References"] = " ".join(f"<{one}>" for one in mail.before)
    ways = [f"<mailto:{quote(mail.reply_to or mail.sender[1], safe='@+')}?subject=unsubscribe>"]
    if mail.stop:
        ways.insert(0, f"<{mail.stop}>")
        if mail.stop.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["List-Unsubscribe"] = ", ".join(ways)
    message.set_content(mail.body + "\n", cte="quoted-printable")
    message.add_alternative(_html(mail), subtype="html", cte="quoted-printable")
    message["Content-Language"] = mail.language  # at last, for whatever sets content drops it
    return message


def hand_in(message: EmailMessage, server: MailServer, sender: str, recipient: str) -> str:
    """Hand a mail in; gives what to keep of it.

    Raises:
        FailedError: it was surely not taken now.
        UnreachableError: the server itself cannot be used now.
        GivenUpError: the server will never take it.
        LostError: nobody knows.
    """
    with mail_line(server) as connection:
        _envelope(connection, sender, recipient)
        try:
            code, answer = connection.data(message.as_bytes())
        except smtplib.SMTPDataError as error:  # it did not want to hear the text
            raise refusal(error.smtp_code, said(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise LostError(f"The line broke off: {said(error)}") from error
        if code != 250:
            raise refusal(code, answered(code, answer))
    return "taken by the mail server"


def _envelope(connection: smtplib.SMTP, sender: str, recipient: str) -> None:
    try:
        connection.ehlo_or_helo_if_needed()
        for ask, address in ((connection.mail, sender), (connection.rcpt, recipient)):
            code, answer = ask(address)
            if code not in (250, 251):
                raise refusal(code, answered(code, answer))
    except (OSError, smtplib.SMTPException) as error:
        raise FailedError(said(error)) from error


def _html(mail: CustomerMail) -> str:
    paragraphs = "".join(
        f"<p>{escape(one).replace(chr(10), '<br>')}</p>" for one in mail.body.split("\n\n") if one
    )
    return (
        f'<!doctype html><html lang="{mail.language}"><head><meta charset="utf-8">'
        f"<title>{escape(mail.subject)}</title></head>"
        '<body style="font:16px/1.5 sans-serif;color:#222;max-width:40em">'
        f"{paragraphs}</body></html>"
    )
