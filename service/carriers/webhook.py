"""Webhooks: JSON, signed as Standard Webhooks asks for, posted once and no further.

The address is a setting of whoever runs the server and of nobody else; no redirect is followed and
nothing of an answer but its status is read, so that nobody can make the server ask inner machines
or see what they say.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPException
from typing import Any

from service.carriers.addresses import Receiver
from service.carriers.trying import FailedError, GivenUpError, LostError
from service.carriers.web_line import web_line

_GONE = 410


def signature(key: bytes, sent_id: str, timestamp: int, body: bytes) -> str:
    """What the header `webhook-signature` says: `v1,` and an HMAC-SHA256 in base64."""
    signed = f"{sent_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def post(receiver: Receiver, sent_id: str, content: Mapping[str, Any], now: datetime) -> str:
    """Post a notice or a message; gives what to keep of it.

    A receiver sees the same `webhook-id` again where a try is repeated.

    Raises:
        FailedError: not now.
        UnreachableError: nobody is there.
        LostError: nobody answered.
        GivenUpError: the receiver wants no more (410).
    """
    body = json.dumps(content, ensure_ascii=False).encode()
    timestamp = int(now.timestamp())
    headers = {
        "content-type": "application/json",
        "user-agent": "Odzew",
        "webhook-id": sent_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(receiver.key, sent_id, timestamp, body),
    }
    with web_line(receiver.host, receiver.port, is_tls=receiver.is_tls) as connection:
        try:
            connection.request("POST", receiver.path, body, headers)
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise LostError(f"{type(error).__name__}: {error}") from error
    if status == _GONE:
        raise GivenUpError("The receiver answered 410: it wants no more.")
    if not 200 <= status < 300:
        raise FailedError(f"The receiver answered {status}.")
    return f"answered {status}"
