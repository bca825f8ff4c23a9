"""A mail as it came in: what kind it is, what it answers, and the words that are new in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Final, Literal, TypeAlias

from pipelines.contracts import PipelineError
from pipelines.messages import N_

Kind: TypeAlias = Literal["reply", "bounce", "delayed", "automatic", "unsubscribe"]
MOST: Final = 20_000
"""Characters of a mail that are kept."""
_MOST_IDS: Final = 200
"""Message-IDs that a mail is looked for by; the nearest stand last."""
_ID: Final = re.compile(r"<([^<>\s]{1,400})>")
_ATTRIBUTION: Final = re.compile(r"^.{0,200}(wrote|napisał\w*|napsal\w*|kirjutas)\b.{0,80}:\s*$")
_ORIGINAL: Final = re.compile(r"^-{2,}\s*(Original|Oryginaln|Původní|Algne)", re.IGNORECASE)
_NONE: Final = re.compile(
    r"(?:(?:please|proszę|prosím|palun)(?: mnie| mě| mind)? )?"
    r"(?:unsubscribe|stop|remove|wypisz|wypisać|usuń|odhlaste|odhlásit|loobun|eemaldage)"
    r"(?: me| mnie| mě| mind)?\W*",
    re.IGNORECASE,
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that came in.

    Attributes:
        mail_id: its Message-ID without angle brackets, blank where it has none.
        sender: the address it is from, in small letters.
        recipients: addresses it was sent to.
        about: Message-IDs of what it answers, the nearest last.
        body: what is new in it; of a bounce, what the server said.
    """

    mail_id: str
    kind: Kind
    sender: str
    recipients: tuple[str, ...]
    about: tuple[str, ...]
    subject: str
    body: str

    def named(self, mail_id: str) -> Received:
        """The same with a Message-ID."""
        return replace(self, mail_id=mail_id)


def parse(content: bytes) -> Received:
    """Read a mail.

    Raises:
        PipelineError: it is none.
    """
    message = BytesParser(policy=policy.default).parsebytes(content)
    if not isinstance(message, EmailMessage) or not (
        _header(message, "From") or message.is_multipart()
    ):
        raise PipelineError(
            N_("This is no mail: send it as it came, with its headers (message/rfc822).")
        )
    report = _report(message)
    kind: Kind = report[0] if report else _kind(message)
    about = [*_ids(message, "References"), *_ids(message, "In-Reply-To")]
    if report:
        about.extend(report[1])
    senders = _addresses(message, ("From",))
    return Received(
        mail_id=next(iter(_ids(message, "Message-ID")), ""),
        kind=kind,
        sender=senders[0] if senders else "",
        recipients=_addresses(message, ("To", "Cc", "Delivered-To", "X-Original-To")),
        about=tuple(about[-_MOST_IDS:]),
        subject=_clean(" ".join(_header(message, "Subject").split()))[:300],
        body=report[2] if report else new_words(_text(message)),
    )


def new_words(text: str) -> str:
    """A text without the letter it answers, which is quoted below it."""
    lines = _clean(text).replace("\r\n", "\n").split("\n")
    end = next((at for at, line in enumerate(lines) if _ORIGINAL.match(line)), len(lines))
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    if end < len(lines) and end and _ATTRIBUTION.match(lines[end - 1]):
        end -= 1
    kept = "\n".join(lines[:end]).strip()
    return (kept or "\n".join(lines).strip())[:MOST]


def wants_none(text: str) -> bool:
    """Whether a whole answer asks for no more messages, in the words that mail programs teach."""
    return _NONE.fullmatch(text.strip()) is not None


def _kind(message: EmailMessage) -> Kind:
    if _header(message, "Subject").strip().casefold() == "unsubscribe":
        return "unsubscribe"
    by_machine = _header(message, "Auto-Submitted").casefold() not in ("", "no")
    if by_machine or _header(message, "X-Autoreply") or _header(message, "X-Autorespond"):
        return "automatic"
    return "reply"


def _report(message: EmailMessage) -> tuple[Kind, list[str], str] | None:
    """Of a delivery report (RFC 3464): kind, Message-IDs that it is about, what was said."""
    if message.get_content_type() != "multipart/report":
        return None
    about: list[str] = []
    said, is_final = "", False
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in part.iter_parts() if part.is_multipart() else ():
                is_final = is_final or str(fields.get("Action", "")).strip().casefold() == "failed"
                said = said or str(fields.get("Diagnostic-Code", "") or fields.get("Status", ""))
        elif part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            about.extend(_ids_of_part(part))
    kind: Kind = "bounce" if is_final else "delayed"
    return kind, about, _clean(" ".join(said.split()))[:500]


def _ids_of_part(part: MIMEPart) -> Iterator[str]:
    if part.is_multipart():
        for inner in part.iter_parts():
            yield from _ids(inner, "Message-ID")
        return
    text = part.get_payload(decode=True)
    found = re.search(
        rb"(?im)^message-id:\s*<([^<>\s]{1,400})>", text if isinstance(text, bytes) else b""
    )
    if found:
        yield found[1].decode("ascii", "replace")


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    text = _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""
    return _without_tags(text) if part.get_content_type() == "text/html" else text


def _decoded(payload: bytes, named: str | None) -> str:
    """Text in the character set it names, or in the one that it is most likely in."""
    for charset in (named, "utf-8", "cp1250"):
        try:
            return payload.decode(charset or "ascii")
        except (LookupError, ValueError):
            continue
    return payload.decode("utf-8", "replace")


class _Words(HTMLParser):
    """Collects the words of a page, a line a paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script", "head")
        if tag in ("p", "br", "div", "li", "blockquote"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script", "head")

    def handle_data(self, data: str) -> None:
        if self._hidden <= 0:
            self.words.append(data)


def _without_tags(page: str) -> str:
    found = _Words()
    found.feed(page)
    found.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(found.words))


def _ids(message: MIMEPart, header: str) -> list[str]:
    return _ID.findall(_header(message, header))


def _addresses(message: EmailMessage, headers: Sequence[str]) -> tuple[str, ...]:
    values = [str(value) for header in headers for value in _headers(message, header)]
    return tuple(address.casefold() for _, address in getaddresses(values) if "@" in address)


def _header(message: MIMEPart, name: str) -> str:
    return next(iter(_headers(message, name)), "")


def _headers(message: MIMEPart, name: str) -> list[str]:
    """Values of a header; a broken one counts as not there."""
    try:
        return [str(value) for value in message.get_all(name, [])]
    except (ValueError, IndexError, AttributeError, TypeError):  # what the parser trips over
        return []


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text)
