"""Marks English sentences that the pages say in other languages too."""

from __future__ import annotations


def N_(message: str) -> str:
    """The message itself; `make words` finds it by this mark."""
    return message
