"""A message as a public reply to a ticket of a help desk, in the shape that Zendesk takes."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import quote, urlsplit

from service.carriers.addresses import AddressError, is_this_machine
from service.carriers.trying import FailedError, GivenUpError, LostError
from service.carriers.web_line import web_line

PLACE = "{ticket}"


@dataclass(frozen=True)
class HelpDesk:
    """Where tickets are answered.

    Attributes:
        path: with `PLACE` where the number of a ticket goes.
        user: signs in by HTTP Basic, with `secret`; a bearer secret where it is blank.
    """

    host: str
    port: int | None
    path: str
    is_tls: bool
    user: str
    secret: str = field(repr=False)

    @classmethod
    def of(cls, url: str, user: str, secret: str) -> HelpDesk:
        """A help desk from `https://NAME.zendesk.com/api/v2/tickets/{ticket}.json`.

        Raises:
            AddressError: it is none.
        """
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError as error:
            raise AddressError("ODZEW_HELP_DESK_URL: write an https address.") from error
        if parts.scheme not in ("http", "https") or not host or PLACE not in parts.path:
            raise AddressError(
                "ODZEW_HELP_DESK_URL: write an https address with {ticket} where the number goes, "
                "such as https://NAME.zendesk.com/api/v2/tickets/{ticket}.json"
            )
        if parts.scheme == "http" and not is_this_machine(host):
            raise AddressError("ODZEW_HELP_DESK_URL: http can be read on its way; write https.")
        if not secret:
            raise AddressError("ODZEW_HELP_DESK_SECRET: give the help desk's API token.")
        return cls(host, port, parts.path, parts.scheme == "https", user, secret)


def reply(desk: HelpDesk, ticket: str, body: str) -> str:
    """Add a public comment to a ticket; gives what to keep of it.

    Raises:
        UnreachableError: nothing was said to it yet, and it cannot be reached.
        FailedError: it said that it did not take it now.
        GivenUpError: it will never take it: there is no such ticket, or it is closed.
        LostError: nobody knows.
    """
    content = json.dumps({"ticket": {"comment": {"body": body, "public": True}}}).encode()
    path = desk.path.replace(PLACE, quote(ticket, safe=""))
    with web_line(desk.host, desk.port, is_tls=desk.is_tls) as connection:
        try:
            connection.request("PUT", path, content, _headers(desk))
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise LostError(f"The line broke off: {type(error).__name__}: {error}") from error
    if 200 <= status < 300:
        return f"answered {status}"
    if status in (408, 429) or status >= 500:
        raise FailedError(f"The help desk answered {status}.")
    raise GivenUpError(f"The help desk answered {status} for ticket {ticket}.")


def _headers(desk: HelpDesk) -> dict[str, str]:
    if desk.user:
        pair = base64.b64encode(f"{desk.user}:{desk.secret}".encode()).decode()
        login = f"Basic {pair}"
    else:
        login = f"Bearer {desk.secret}"
    return {"content-type": "application/json", "user-agent": "Odzew", "authorization": login}
