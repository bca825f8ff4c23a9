"""Finds Markdown's marks, which are no words: emphasis, headings, starred bullets and links."""

from __future__ import annotations

import re
from collections.abc import Iterator

MARKS = "*_`~#["
"""A text without any of these has no Markdown that is taken away."""
_LINK = re.compile(r"(?:(?<!\S)!)?\[([^\[\]\n]{1,200})\]\([^()\s]{1,500}\)")
_OPENING = re.compile(r"(?m)^[ \t\u00a0]{0,3}((?:#{1,6}|\*)[ \t\u00a0]+)(?=\S)")
_EMPHASIS = tuple(
    re.compile(
        rf"(?<![\w{mark}])([{mark}]{{{least},3}})(?=[^\s{mark}])[^{mark}\n]{{1,200}}(?<=\S)(\1)"
        rf"(?![\w{mark}])"
    )
    for mark, least in (("*", 1), ("_", 1), ("`", 1), ("~", 2))
)
"""Marked on both sides; one-sided stars are a hidden oath or a rating."""


def marks(text: str) -> set[int]:
    """Offsets of the characters that people would not see, the text being Markdown.

    Args:
        text: free of tags and entities.
    """
    if not any(mark in text for mark in MARKS):
        return set()
    return {at for start, end in _spans(text) for at in range(start, end)}


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for link in _LINK.finditer(text):
        yield link.start(), link.start(1)
        yield link.end(1), link.end()
    for opening in _OPENING.finditer(text):
        yield opening.span(1)
    for emphasis in _EMPHASIS:
        for pair in emphasis.finditer(text):
            yield pair.span(1)
            yield pair.span(2)
