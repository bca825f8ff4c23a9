"""Finds what in a comment its writer did not say now: quoted letters and signatures.

Every pattern looks at one line, and no line is looked at in more than its first 300 characters, so
the time is linear in the length. Where it is not plain that a line is a letter's head or a name, it
is the customer's and is read.
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
_MOST_NAMES = 5

_ORIGINAL = re.compile(
    r"(?:[-_*=\s]{2,40}(?:original message|forwarded message|oryginalna wiadomosc"
    r"|wiadomosc oryginalna|przekazana wiadomosc|puvodni zprava|puvodni e-?mail"
    r"|preposlana zprava|algne kiri|algne sonum|algsonum|edastatud kiri)"
    r"|\s{0,8}begin forwarded message)[-_*=:\s]{0,40}$"
)
_WROTE = re.compile(
    r"(?=.{0,250}(?:@|\b\d{1,2}:\d\d\b))"
    r"(?:on|am|w dniu|dnia|dne|pon|wt|sr|czw|pt|sob|niedz?|po|ut|st|ct|pa|so|ne"
    r"|kuupaeval|e|t|k|n|r|l|p|\d)\b.{4,250}"
    r"(?:wrote|napisal\(a\)|napisal|napisala|napsal\(a\)|napsal|napsala|kirjutas)\s?:\s*$"
)
"""With the sender's address or the time of day, which nobody gives who tells of a letter."""
_FROM = re.compile(r"\s{0,8}\*?(?:from|od|saatja|odesilatel)\s?:\*?\s+\S")
_HEADER = re.compile(
    r"\s{0,8}\*?(?:from|sent|to|subject|cc|date|od|odesilatel|wyslano|do|temat|data|dw|odeslano|komu"
    r"|predmet|datum|kopie|saatja|saadetud|saaja|adressaat|kellele|teema|kuupaev|koopia)\s?:\*?\s+\S"
)
_DEVICE = re.compile(
    r"\s{0,8}(?:sent (?:from|via)|get outlook for|wyslan[eo] (?:z|za pomoca)|odeslan[eo] z"
    r"|saadetud)\b.{0,40}?\b(?:iphon|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|outlook|gmail"
    r"|yahoo|mail|poczt|telefon|mobil|phone|tablet|seadme|rakendus|urzadzeni|aplikacj|program)"
    r"\S{0,12}(?:\s\S{1,12}){0,2}\s*$"
)
_RULE = re.compile(r"\s{0,8}(?:(?P<signed>--|—)|_{3,60}|-{3,60}|={3,60})\s{0,8}$")
_REGARDS = re.compile(
    r"\s{0,8}(?:z (?:powazaniem|wyrazami szacunku|pozdrowieniami)|pozdrawiam|serdecznie pozdrawiam"
    r"|(?:s|se) (?:pozdravem|pranim (?:hezkeho|pekneho) dne|uctou)|zdravim|lugupidamisega"
    r"|heade soovidega|parimate soovidega|tervitades|parimat|kind regards|best regards|regards"
    r"|best wishes|yours (?:sincerely|faithfully|truly)|sincerely|many thanks|thanks|cheers"
    r"|warm regards|diky|dekuji|dziekuje|aitah|tanan)\s{0,3}[,.!]{0,2}\s{0,8}$"
)
_CONTACT = re.compile(r"@|www\.|https?://|(?:\d[ ./()-]{0,2}){6}")


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
    text: str
    folded: str

    @property
    def is_blank(self) -> bool:
        return not self.folded.strip()

    @property
    def is_contact(self) -> bool:
        return bool(_CONTACT.search(self.folded))

    @property
    def is_name(self) -> bool:
        """Whether it is one to five words that each begin with a capital."""
        words = [word for word in re.split(r"[\s,.'’-]+", self.text) if word]
        return 1 <= len(words) <= _MOST_NAMES and all(word[0].isupper() for word in words)


def find_cuts(text: str) -> tuple[Cut, ...]:
    """Find quoted letters and signatures.

    Args:
        text: the comment, clear (`models.clear_text`).

    Returns:
        Cuts by start, not overlapping; none where nothing would be left to read.
    """
    lines = _lines(text)
    if len(lines) < 2:
        return ()
    cuts = tuple(_quotes_and_signature(lines))
    return cuts if any(map(str.isalpha, own_words(text, cuts))) else ()


def own_words(text: str, cuts: Iterable[Cut]) -> str:
    """The text with cuts blanked, each of which leaves a line end, at the same length."""
    parts: list[str] = []
    at = 0
    for cut in cuts:
        parts += [text[at : cut.start], "\n", " " * (cut.end - cut.start - 1)]
        at = cut.end
    return "".join([*parts, text[at:]])


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for line in text.splitlines(keepends=True):
        head = line[:_LOOK]
        lines.append(_Line(start, start + len(line), head, fold(head)))
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
    if _FROM.match(line):
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
    rule = _RULE.match(line)
    if not at or not (rule or _REGARDS.match(line)):
        return at
    end = _next_quote_or_end(lines, at + 1)
    own = [one for one in lines[at + 1 : end] if not one.is_blank]
    short = all(one.end - one.start <= _SIGNATURE_LINE for one in own)
    closed = end == len(lines) or _quote_end(lines, end) > end
    if not (own and short and closed and len(own) <= _MOST_SIGNATURE_LINES):
        return at
    signs = (own[0].is_name or own[0].is_contact) and not any(map(_is_sentence, own[1:]))
    if rule and not rule["signed"]:  # people part their pros from their cons with a long rule
        signs = signs and any(one.is_contact for one in own)
    return end if signs else at


def _is_sentence(line: _Line) -> bool:
    return line.folded.rstrip()[-1:] in ("?", "!") or (
        not line.is_contact and not line.is_name and not line.text.lstrip()[:1].isupper()
    )


def _next_quote_or_end(lines: list[_Line], at: int) -> int:
    """Index of the next quotation or of the end, looked for no further than a signature is long."""
    most = min(len(lines), at + 2 * _MOST_SIGNATURE_LINES)
    return next((one for one in range(at, most) if _quote_end(lines, one) > one), most)
