"""Runs the finders in their order; what one has claimed the next cannot claim again."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from models.personal_data.accounts import cards, ibans
from models.personal_data.addresses import addresses
from models.personal_data.contracts import Claim, PersonalSpan
from models.personal_data.emails import emails
from models.personal_data.identifiers import identifiers
from models.personal_data.labels import labelled, numbered
from models.personal_data.names import names
from models.personal_data.phones import phones, phones_abroad
from models.personal_data.reading import Reading, read

_Finder: TypeAlias = Callable[[Reading], Iterable[Claim]]
_OF_NUMBERS: tuple[_Finder, ...] = (
    *(ibans, cards, phones_abroad, labelled, addresses, identifiers, phones, numbered),
)
"""From what explains itself to what is only likely: a country code or an account's checksum stands
against any word before it, a word against a checksum that one number in ten would pass."""
_DIGIT = re.compile(r"\d")


def find(text: str, language: str) -> list[PersonalSpan]:
    """Find personal data of every type in `PERSONAL_TYPES`.

    Time grows with the length of the text; a comment
    without digits, "@" and words that lead to a name costs next to nothing.

    Args:
        text: the comment.
        language: one of `models.contracts.LANGUAGES`; numbers without a country code are read as
            numbers of its country first. All else is found in any language.

    Returns:
        Spans by start, not overlapping.
    """
    reading, clear = read(text, language)
    claims: list[Claim] = []
    for finder in (emails, *(_OF_NUMBERS if _DIGIT.search(text) else ()), names):
        new = _apart(finder(reading))
        if new:
            claims += new
            reading = reading.without(new)
    spans = []
    for kind, start, end in sorted(claims, key=lambda claim: claim.start):
        if kind:
            spans.append(PersonalSpan(kind, *clear.span(start, end)))
    return spans


def mask(text: str, spans: Sequence[PersonalSpan]) -> str:
    """Replace each span by the name of its type in brackets, as in "[email]"."""
    return mask_part(text, spans, 0, len(text))


def mask_part(text: str, spans: Sequence[PersonalSpan], start: int, end: int) -> str:
    """`text[start:end]` with each span masked that reaches into it.

    A span over an edge is masked on both sides of it, so that no part of it is ever shown.

    Args:
        text: what the spans were found in.
        spans: by start, not overlapping.
        start: offset into the text.
        end: offset into the text.
    """
    return _replaced(text, spans, start, end, lambda span: f"[{span.type}]")


def leave_out(text: str, spans: Sequence[PersonalSpan], start: int, end: int) -> str:
    """`text[start:end]` without the spans, as `mask_part` otherwise: what the encoder may read.

    It reads nothing in their place: a mask would be a word, and one that stood in thanks more often
    than in complaints would tip the mood of whatever it stands in.
    """
    return _replaced(text, spans, start, end, lambda _: " ")


def _replaced(
    text: str,
    spans: Sequence[PersonalSpan],
    start: int,
    end: int,
    by: Callable[[PersonalSpan], str],
) -> str:
    parts: list[str] = []
    first = bisect_right(spans, start, key=lambda span: span.end)
    last = bisect_left(spans, end, lo=first, key=lambda span: span.start)
    for span in spans[first:last]:
        parts += [text[start : max(start, span.start)], by(span)]
        start = min(span.end, end)
    return "".join([*parts, text[start:end]])


def _apart(claims: Iterable[Claim]) -> list[Claim]:
    """Those claims of one finder that do not run into an earlier one."""
    kept: list[Claim] = []
    end = 0
    for claim in sorted(claims, key=lambda one: (one.start, -one.end)):
        if claim.start >= end:
            kept.append(claim)
            end = claim.end
    return kept
