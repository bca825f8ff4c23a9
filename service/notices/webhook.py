"""Webhooks: a notice as JSON, signed as Standard Webhooks asks for, posted once and no further.

The address is a setting of whoever runs the server and of nobody else; no redirect is followed and
nothing of an answer but its status is read, so that nobody can make the server ask inner machines
or see what they say.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any

from service.notices.addresses import Receiver
from service.notices.trying import FailedError, GivenUpError, LostError, UnreachableError

TIMEOUT_S = 10
_GONE = 410


def signature(key: bytes, notice_id: str, timestamp: int, body: bytes) -> str:
    """What the header `webhook-signature` says: `v1,` and an HMAC-SHA256 in base64."""
    signed = f"{notice_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def post(receiver: Receiver, notice_id: str, content: Mapping[str, Any], now: datetime) -> str:
    """Post a notice; gives what to keep of it.

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
        "webhook-id": notice_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(receiver.key, notice_id, timestamp, body),
    }
    connection = _connection(receiver)
    try:
        connection.connect()
    except (OSError, HTTPException) as error:
        connection.close()
        raise UnreachableError(f"{type(error).__name__}: {error}") from error
    try:
        connection.request("POST", receiver.path, body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise LostError(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    if status == _GONE:
        raise GivenUpError("The receiver answered 410: it wants no more.")
    if not 200 <= status < 300:
        raise FailedError(f"The receiver answered {status}.")
    return f"answered {status}"


def _connection(receiver: Receiver) -> HTTPConnection:
    if receiver.is_tls:
        trusted = ssl.create_default_context()
        return HTTPSConnection(receiver.host, receiver.port, timeout=TIMEOUT_S, context=trusted)
    return HTTPConnection(receiver.host, receiver.port, timeout=TIMEOUT_S)
