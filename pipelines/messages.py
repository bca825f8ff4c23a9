"""Marks English sentences that the pages say in other languages too."""

from __future__ import annotations


def N_(message: str) -> str:
    """The message itself; `make words` finds it by this mark."""
    return message


class ToldError(Exception):
    """An error whose message can be told in other languages.

    Args:
        message: an English sentence, marked by `N_`, with places for facts: `%(name)s`.
        facts: values of those places; numbers and strings.
    """

    def __init__(self, message: str = "", /, **facts: str | int) -> None:
        shown = {
            name: f"{value:,}" if isinstance(value, int) else value for name, value in facts.items()
        }
        super().__init__(message % shown if facts else message)
        self.message, self.facts = message, facts
