"""Finds what in a comment its writer did not say now: quoted letters, signatures, markup.

Every pattern looks at one line, and no line is looked at in more than its first 300 characters, so
the time is linear in the length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.folding import fold

CutType: TypeAlias = Literal["quoted", "signature"]

_LOOK = 300
_MOST_SIGNATURE_LINES = 8
_SIGNATURE_LINE = 70

_ORIGINAL = re.compile(
    r"[-_*=\s]{2,40}(?:original message|forwarded message|begin forwarded|oryginalna wiadomosc"
    r"|wiadomosc oryginalna|przekazana wiadomosc|puvodni zprava|puvodni e-?mail"
    r"|preposlana zprava|algne kiri|algne sonum|algsonum|edastatud kiri)[-_*=:\s]{0,40}$"
)
_WROTE = re.compile(
    r"(?=.{0,250}\d)(?:on|am|w dniu|dnia|dne|pon|wt|sr|czw|pt|sob|niedz?|po|ut|st|ct|pa|so|ne"
    r"|kuupaeval|e|t|k|n|r|l|p|\d)\b.{4,250}"
    r"(?:wrote|napisal\(a\)|napisal|napisala|napsal\(a\)|napsal|napsala|kirjutas)\s?:\s*$"
)
_HEADER = re.compile(
    r"\s{0,8}\*?(?:from|sent|to|subject|cc|date|od|wyslano|do|temat|data|dw|odeslano|komu|predmet"
    r"|datum|kopie|saatja|saadetud|saaja|adressaat|kellele|teema|kuupaev|koopia)\s?:\*?\s+\S"
)
_DEVICE = re.compile(
    r"\s{0,8}(?:sent from (?:my|mail|outlook|yahoo)|get outlook for|wyslane? z (?:mojego|iphone"
    r"|telefonu|programu|aplikacji|poczty|ipad|urzadzenia)|wyslano z|odeslano z|odeslane z"
    r"|saadetud minu|saadetud (?:iphone|telefoni|rakendus|mobiil))"
)
_RULE = re.compile(r"\s{0,8}(?:--|—|_{3,60}|-{3,60}|={3,60})\s{0,8}$")
_REGARDS = re.compile(
    r"\s{0,8}(?:z (?:powazaniem|wyrazami szacunku|pozdrowieniami)|pozdrawiam|serdecznie pozdrawiam"
    r"|(?:s|se) (?:pozdravem|pranim (?:hezkeho|pekneho) dne|uctou)|zdravim|lugupidamisega"
    r"|heade soovidega|parimate soovidega|tervitades|parimat|kind regards|best regards|regards"
    r"|best wishes|yours (?:sincerely|faithfully|truly)|sincerely|many thanks|thanks|cheers"
    r"|warm regards|diky|dekuji|dziekuje|aitah|tanan)\s{0,3}[,.!]{0,2}\s{0,8}$"
)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|<!--[^<>]{0,200}-->|<!DOCTYPE[^<>]{0,100}>")
_BREAKING = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|td|h\d|table|blockquote)\b", re.IGNORECASE)
_NOT_SAID = re.compile(
    r"<(style|script|head|title)\b[^<>]{0,200}>[^<]{0,5000}</\1\s{0,3}>", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cut:
    """What is not read as the customer's words: `comment[start:end]`, offsets in code points."""

    type: CutType
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    folded: str

    @property
    def is_blank(self) -> bool:
        return not self.folded.strip()


def find_cuts(text: str) -> tuple[Cut, ...]:
    """Find quoted letters and signatures.

    Args:
        text: the comment.

    Returns:
        Cuts by start, not overlapping; none where nothing would be left to read.
    """
    lines = _lines(text)
    if len(lines) < 2:
        return ()
    cuts = tuple(sorted(_quotes_and_signature(lines), key=lambda cut: cut.start))
    rest = _blank(text, ((cut.start, cut.end) for cut in cuts))
    return cuts if any(map(str.isalpha, rest)) else ()


def own_words(text: str, cuts: tuple[Cut, ...]) -> str:
    """The comment with cuts and markup blanked.

    Returns:
        Text of the same length, so that offsets hold; a cut and a tag that breaks the line leave a
        line end, other tags leave spaces.
    """
    blanked = _blank(text, ((cut.start, cut.end) for cut in cuts))
    if "<" not in blanked:
        return blanked
    blanked = _blank(blanked, (match.span() for match in _NOT_SAID.finditer(blanked)))
    return _TAG.sub(_space, blanked)


def _space(tag: re.Match[str]) -> str:
    filled = " " * len(tag[0])
    return "\n" + filled[1:] if _BREAKING.match(tag[0]) else filled


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += [text[at:start], "\n", " " * (end - start - 1)]
        at = end
    return "".join([*parts, text[at:]])


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for line in text.splitlines(keepends=True):
        lines.append(_Line(start, start + len(line), fold(line[:_LOOK])))
        start += len(line)
    return lines


def _quotes_and_signature(lines: list[_Line]) -> Iterator[Cut]:
    at, last = 0, len(lines)
    while at < last:
        end = _quote_end(lines, at)
        if end > at:
            yield Cut("quoted", lines[at].start, lines[end - 1].end)
            at = end
            continue
        end = _signature_end(lines, at)
        if end > at:
            yield Cut("signature", lines[at].start, lines[end - 1].end)
            at = end
            continue
        at += 1


def _quote_end(lines: list[_Line], at: int) -> int:
    """Index after the quotation that opens at this line, or `at` where none does."""
    line = lines[at].folded
    if line.lstrip().startswith(">"):
        return _past_marked(lines, at)
    if _ORIGINAL.match(line):
        return len(lines)
    if _WROTE.match(line.strip()):
        following = next((one for one in range(at + 1, len(lines)) if not lines[one].is_blank), at)
        marked = lines[following].folded.lstrip().startswith(">")
        return _past_marked(lines, following) if following > at and marked else len(lines)
    if _HEADER.match(line):
        heads = sum(bool(_HEADER.match(one.folded)) for one in lines[at : at + 4])
        return len(lines) if heads >= 3 else at
    return at


def _past_marked(lines: list[_Line], at: int) -> int:
    while at < len(lines) and lines[at].folded.lstrip().startswith(">"):
        at += 1
    return at


def _signature_end(lines: list[_Line], at: int) -> int:
    """Index after the signature that opens at this line, or `at` where none does."""
    line = lines[at].folded
    if at and _DEVICE.match(line):
        return at + 1
    opens = _RULE.match(line) or _REGARDS.match(line)
    if not at or not opens:
        return at
    end = _next_quote_or_end(lines, at + 1)
    own = [one for one in lines[at + 1 : end] if not one.is_blank]
    short = all(one.end - one.start <= _SIGNATURE_LINE for one in own)
    closed = end == len(lines) or _quote_end(lines, end) > end
    return end if own and short and closed and len(own) <= _MOST_SIGNATURE_LINES else at


def _next_quote_or_end(lines: list[_Line], at: int) -> int:
    """Index of the next quotation or of the end, looked for no further than a signature is long."""
    most = min(len(lines), at + 2 * _MOST_SIGNATURE_LINES)
    return next((one for one in range(at, most) if _quote_end(lines, one) > one), most)
