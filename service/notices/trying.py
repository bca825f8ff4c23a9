"""How a try to deliver a notice can end other than well."""

from __future__ import annotations


class FailedError(Exception):
    """It was not taken now; it is tried again."""


class UnreachableError(FailedError):
    """The server cannot be used at all now; others need not be tried before the next look."""


class GivenUpError(Exception):
    """It will never be taken."""
