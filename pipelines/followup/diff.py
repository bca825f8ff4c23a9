"""What a person changed in a draft, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

Change: TypeAlias = Literal["same", "gone", "new"]
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: in both versions, in the old one only, or in the new one only."""

    change: Change
    text: str


def differences(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts as stretches that follow each other; what is gone stands before what is new."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_pieces(before, after))


def became(old: str, new: str, start: int, end: int) -> str:
    """What a stretch of an old text has become in the new one; blank where it is gone."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found, at = list[str](), 0
    for kind, from_, to, first, last in matcher.get_opcodes():
        length = sum(map(len, before[from_:to]))
        if kind == "equal":
            found.append("".join(before[from_:to])[max(start - at, 0) : max(end - at, 0)])
        elif (at < end and at + length > start) or (length == 0 and start < at < end):
            found.append("".join(after[first:last]))
        at += length
    text = "".join(found).strip()
    return text if re.search(r"\w", text) else ""  # a full stop may be either neighbour's


def changed_share(old: str, new: str) -> float:
    """Share of the words that are not in both, 0 to 1: twice the kept ones over all of both."""
    before, after = re.findall(r"\w+", old.casefold()), re.findall(r"\w+", new.casefold())
    if not before and not after:
        return 0.0
    kept = sum(
        one.size for one in SequenceMatcher(None, before, after, False).get_matching_blocks()
    )
    return 1 - 2 * kept / (len(before) + len(after))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, from_, to, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(before[from_:to]))
            continue
        if to > from_:
            yield Piece("gone", "".join(before[from_:to]))
        if end > start:
            yield Piece("new", "".join(after[start:end]))
