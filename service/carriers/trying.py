"""How long a try to deliver a notice or a message waits, and how it can end other than well."""

from __future__ import annotations

TIMEOUT_S = 10
"""How long a server may leave us waiting for what it says next."""


class FailedError(Exception):
    """It was not taken now; it is tried again."""


class UnreachableError(FailedError):
    """The server cannot be used at all now; others need not be tried before the next look."""


class LostError(FailedError):
    """The line broke off while it was handed in: it was taken, or it was not."""


class GivenUpError(Exception):
    """It will never be taken."""
