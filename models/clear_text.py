"""A comment as people see it, with the way back to its own offsets.

Entities are decoded, letters composed, tags turned into line ends, Markdown's marks and what nobody
sees left out. Everything that reads a comment reads this, and this is what is shown of it; what is
found in it is led back to the comment.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from models import markdown

INVISIBLE = (
    "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b\u200c"
    "\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffc\ud800-\udfff"
)
"""Controls, soft hyphens, zero-width and direction marks, lone surrogates, as a character class.

The zero-width joiner is not among them: it is seen where it makes one emoji of two.
"""
_EMOJI = "[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3\U0001f000-\U0001faff]"
_JOINER = "\u200d"
_LOOSE_JOINER = rf"(?<!{_EMOJI}){_JOINER}|{_JOINER}(?!{_EMOJI})"
_FLOWING = "a|abbr|b|big|code|em|font|i|o:p|s|small|span|strike|strong|sub|sup|tt|u"
_STANDING = (
    "address|article|blockquote|body|br|button|center|dd|div|dl|dt|footer|form|h[1-6]|head|header|hr"
    "|html|img|input|label|li|link|main|meta|nav|ol|p|pre|script|section|style|svg|table|tbody|td"
    "|tfoot|th|thead|title|tr|ul|video"
)
_UNSEEN_PARTS = ("head", "script", "style", "svg", "title")
"""Elements whose content is not shown."""
_SPECIAL = re.compile(
    rf"(?P<unseen>(?:[{INVISIBLE}]|{_LOOSE_JOINER})+)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,10}\d?);)"
    r"|(?P<comment><!--)"
    r"|<!DOCTYPE[^<>]{0,300}>"
    rf"|</?(?:(?P<flowing>{_FLOWING})|(?P<standing>{_STANDING}))"
    r"(?:\s{0,9}/?|\s[^<>=]{0,200}=[^<>]{0,2000})>",
    re.IGNORECASE,
)
_UNSEEN_ENDS = {name: re.compile(rf"</{name}\s{{0,9}}>", re.IGNORECASE) for name in _UNSEEN_PARTS}
_COMMENT_END = re.compile("-->")
_IS_UNSEEN = re.compile(rf"[{INVISIBLE}]")
_IS_UNSEEN_ALONE = re.compile(rf"[{INVISIBLE}{_JOINER}]")
_BLANK = re.compile(rf"[\s{INVISIBLE}{_JOINER}\ufe0f]*")


def is_blank(text: str) -> bool:
    """Whether nothing of a text is seen: white space and invisible characters alone."""
    return _BLANK.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class ClearText:
    """What of a comment people see.

    Attributes:
        text: one code point a letter, no markup, no Markdown, nothing invisible.
        starts: of each character, where in the comment it begins; None where the comment is clear
            as it came.
        ends: of each character, where in the comment it ends.
    """

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    @classmethod
    def of(cls, comment: str, *, markup: bool = True) -> ClearText:
        """Clear a comment.

        Args:
            comment: as it came.
            markup: whether tags, entities and Markdown are taken for it; else they stand as typed.
        """
        if not _has_special(comment):
            return cls(comment)._without_marks() if markup else cls(comment)
        letters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for letter, start, end in _seen(comment, markup):
            if letters and unicodedata.combining(letter):
                joined = unicodedata.normalize("NFC", letters[-1] + letter)
                if len(joined) == 1:
                    letters[-1], ends[-1] = joined, end
                    continue
            letters.append(letter)
            starts.append(start)
            ends.append(end)
        clear = cls("".join(letters), tuple(starts), tuple(ends))
        return clear._without_marks() if markup else clear

    def _without_marks(self) -> ClearText:
        """The same without Markdown's marks."""
        marks = markdown.marks(self.text)
        if not marks:
            return self
        kept = [at for at in range(len(self.text)) if at not in marks]
        spans = [self.span(at, at + 1) for at in kept]
        return ClearText(
            "".join(self.text[at] for at in kept),
            tuple(start for start, _ in spans),
            tuple(end for _, end in spans),
        )

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty part of the clear text stands in the comment."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def within(self, start: int, end: int) -> tuple[int, int]:
        """What of the clear text comes from a part of the comment; empty where nothing is seen."""
        if self.starts is None or self.ends is None:
            return start, end
        first = bisect_right(self.ends, start)
        return first, max(first, bisect_left(self.starts, end))


def _has_special(comment: str) -> bool:
    if comment.isascii() and not ("<" in comment or "&" in comment):
        return _IS_UNSEEN.search(comment) is not None
    return _SPECIAL.search(comment) is not None or not unicodedata.is_normalized("NFC", comment)


def _seen(comment: str, markup: bool) -> Iterator[tuple[str, int, int]]:
    """Characters that are seen, with what of the comment each stands for."""
    at = 0
    without_end: set[str] = set()
    while special := _SPECIAL.search(comment, at):
        start, end = special.span()
        yield from _as_typed(comment, at, start)
        if special["unseen"]:
            at = end
        elif not markup:
            yield from _as_typed(comment, start, end)
            at = end
        elif special["entity"]:
            yield from (
                (letter, start, end)
                for letter in html.unescape(special["entity"])
                if not _IS_UNSEEN_ALONE.match(letter)
            )
            at = end
        else:
            at = _past_unseen_part(comment, special, without_end)
            if not (special["flowing"] or special["comment"]):
                yield "\n", start, at
    yield from _as_typed(comment, at, len(comment))


def _as_typed(comment: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    return ((comment[at], at, at + 1) for at in range(start, end))


def _past_unseen_part(comment: str, opening: re.Match[str], without_end: set[str]) -> int:
    """Where what an opening hides ends; right after it where it hides nothing.

    Args:
        comment: searched.
        opening: a tag, or the beginning of a comment in the markup.
        without_end: kinds that are known never to be closed again, to which this adds.
    """
    name = "comment" if opening["comment"] else (opening["standing"] or "").lower()
    closing = _COMMENT_END if name == "comment" else _UNSEEN_ENDS.get(name)
    if closing is None or name in without_end or comment[opening.start() + 1] == "/":
        return opening.end()
    found = closing.search(comment, opening.end())
    if found is None:
        without_end.add(name)
        return opening.end()
    return found.end()
