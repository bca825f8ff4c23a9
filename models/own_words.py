"""Finds what in a comment is not to be read: quoted letters, signatures and the greeting.

Every pattern looks at one line, and no line is looked at in more than its first 300 characters, so
the time is linear in the length. Where it is not plain that a line is a letter's head or a name, it
is the customer's and is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.closings import closing_start
from models.comment_lines import Line, lines_of
from models.device_lines import is_device_line
from models.greetings import greeting_end
from models.quoted_letters import quote_end
from models.signatures import signature_end

_MOST_ADDRESSES = 3
"""Lines of contact details below a formula that closes a comment."""

CutType: TypeAlias = Literal["quoted", "signature", "greeting"]


@dataclass(frozen=True, slots=True)
class Cut:
    """What is not read as the customer's words: `comment[start:end]`, offsets in code points."""

    type: CutType
    start: int
    end: int


def find_cuts(text: str) -> tuple[Cut, ...]:
    """Find quoted letters, signatures and the greeting.

    Args:
        text: the comment, clear (`models.clear_text`).

    Returns:
        Cuts by start, not overlapping. Where they leave nothing to read, only those that say
        nothing in any comment: the greeting and lines a device added.
    """
    lines = lines_of(text)
    first = next((at for at, line in enumerate(lines) if not line.is_blank), len(lines))
    if first == len(lines):
        return ()
    opening = _greeting(lines[first])
    greeted = (opening,) if opening else ()
    found = (*greeted, *_quotes_and_signatures(lines, first + len(greeted)))
    if closing := _closing(text, lines, found):
        found = tuple(sorted((*found, closing), key=lambda cut: cut.start))
    if any(map(str.isalpha, own_words(text, found))):
        return found
    return tuple(
        cut
        for cut in found
        if cut.type == "greeting" or is_device_line(text[cut.start : cut.end].strip())
    )


def own_words(text: str, cuts: Iterable[Cut]) -> str:
    """The text with cuts blanked, each of which leaves a line end, at the same length."""
    parts: list[str] = []
    at = 0
    for cut in cuts:
        parts += [text[at : cut.start], "\n", " " * (cut.end - cut.start - 1)]
        at = cut.end
    return "".join([*parts, text[at:]])


def _greeting(line: Line) -> Cut | None:
    indent = len(line.text) - len(line.text.lstrip())
    end = greeting_end(line.text[indent:])
    return Cut("greeting", line.start + indent, line.start + indent + end) if end else None


def _closing(text: str, lines: list[Line], found: Iterable[Cut]) -> Cut | None:
    """The formula that closes the last line of the customer's, and addresses below it."""
    taken = list(found)
    below = end = 0
    for line in reversed(lines):
        while taken and taken[-1].start > line.start:
            taken.pop()
        if line.is_blank or (taken and taken[-1].type != "greeting" and line.start < taken[-1].end):
            continue
        start = closing_start(text[line.start : line.end])
        if start is not None:
            overlaps = bool(taken) and line.start + start < taken[-1].end
            return None if overlaps else Cut("signature", line.start + start, end or line.end)
        if below == _MOST_ADDRESSES or not line.is_contact:
            return None
        below, end = below + 1, end or line.end
    return None


def _quotes_and_signatures(lines: list[Line], at: int) -> Iterator[Cut]:
    last = len(lines)
    while at < last:
        end = quote_end(lines, at)
        if end > at:
            yield Cut("quoted", lines[at].start, lines[end - 1].end)
            at = end
            continue
        end = signature_end(lines, at)
        if end > at:
            yield Cut("signature", lines[at].start, lines[end - 1].end)
            at = end
            continue
        at += 1
