"""Finds what in a comment is not to be read: quoted letters, signatures and the greeting.

Every pattern looks at one line, and no line is looked at in more than its first 300 characters, so
the time is linear in the length. Where it is not plain that a line is a letter's head or a name, it
is the customer's and is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.device_lines import is_device_line
from models.folding import fold
from models.greetings import greeting_end
from models.personal_data.given_names import is_called

CutType: TypeAlias = Literal["quoted", "signature", "greeting"]

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
    r"(?:(?:on|am|w dniu|dnia|dne|pon|wt|sr|czw|pt|sob|niedz?|po|ut|st|ct|pa|so|ne"
    r"|kuupaeval|e|t|k|n|r|l|p|\d)\b.{4,250}"
    r"(?:wrote|napisal\(a\)|napisal|napisala|napsal\(a\)|napsal|napsala|kirjutas)"
    r"|kuupaev(?:al)?\b.{4,120}\bkirjutas\s[^@,]{0,80}@\S{1,80}"
    r"|[^@]{0,80}@\S{1,80}\skirjutas\skuupaeval\b.{4,80}"
    r"|wiadomosc napisana przez\b[^@]{0,80}@\S{1,80}\sw dniu\b.{4,80})\s?:\s*$"
)
"""With the sender's address or the time of day, which nobody gives who tells of a letter."""
_FROM = re.compile(r"\s{0,8}\*?(?:from|od|saatja|odesilatel)\s?:\*?\s+\S")
_HEADER = re.compile(
    r"\s{0,8}\*?(?:from|sent|to|subject|cc|date|od|odesilatel|wyslano|do|temat|data|dw|odeslano|komu"
    r"|predmet|datum|kopie|saatja|saadetud|saaja|adressaat|kellele|teema|kuupaev|koopia)\s?:\*?\s+\S"
)
_RULE = re.compile(r"\s{0,8}(?:(?P<signed>--|—)|_{3,90}|-{3,60}|={3,60})\s{0,8}$")
_LETTERS_RULE = re.compile(r"\s{0,8}_{10,90}\s{0,8}$")
_REGARDS = re.compile(
    r"\s{0,8}(?:z (?:powazaniem|wyrazami szacunku|pozdrowieniami)|pozdrawiam"
    r"|serdecznie pozdrawiam|(?:s|se) (?:pozdravem|pranim (?:hezkeho|pekneho) dne|uctou)|zdravim"
    r"|lugupidamisega|heade soovidega|parimate soovidega|tervitades|parimat|kind regards"
    r"|best regards|regards|best wishes|yours (?:sincerely|faithfully|truly)|sincerely"
    r"|warm regards|(?P<weak>many thanks|thanks|cheers|diky|dekuji|dziekuje|aitah|tanan"
    r"|(?:zycze )?(?:milego|dobrego|udanego|spokojnego)"
    r" (?:dnia|popoludnia|wieczoru|weekendu|tygodnia)"
    r"|(?:preji )?(?:hezk[ye]|pekn[ye]|krasn[ye])(?: zbytek)?"
    r" (?:den|dne|vecer|odpoledne|vikend)(?: prej[ie])?"
    r"|(?:soovin )?(?:head|ilusat|kena|kaunist|toredat)"
    r" (?:paeva(?: ?jatku)?|ohtut|nadalavahetust|nadalat)(?: soovides)?"
    r"|(?:have|wishing you) an? (?:nice|good|great|lovely) (?:day|evening|weekend|week)))"
    r"\s{0,3}(?P<mark>[,.!]{0,2})\s{0,8}$"
)
"""Weak ones can be said for themselves, so that it must be plain that a name follows."""
_POSTSCRIPT = re.compile(r"\s{0,8}(?:p\.?\s?){1,2}s\b\.?\s?[:.,–-]?\s*\S")
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
    def is_marked(self) -> bool:
        return self.folded.lstrip().startswith(">")

    @property
    def is_contact(self) -> bool:
        return bool(_CONTACT.search(self.folded))

    @property
    def is_name(self) -> bool:
        """Whether it is one to five words that each begin with a capital."""
        words = self._words
        return 1 <= len(words) <= _MOST_NAMES and all(word[0].isupper() for word in words)

    @property
    def is_plain_name(self) -> bool:
        """Whether it is a name and no other word that stands alone ("Polecam")."""
        return self.is_name and (len(self._words) > 1 or self.is_first_name)

    @property
    def is_first_name(self) -> bool:
        """Whether it is a name that begins with a first name."""
        return self.is_name and is_called(fold(self._words[0]))

    @property
    def _words(self) -> list[str]:
        return [word for word in re.split(r"[\s,.'’-]+", self.text) if word]


def find_cuts(text: str) -> tuple[Cut, ...]:
    """Find quoted letters, signatures and the greeting.

    Args:
        text: the comment, clear (`models.clear_text`).

    Returns:
        Cuts by start, not overlapping. Where they leave nothing to read, only those that say
        nothing in any comment: the greeting and lines a device added.
    """
    lines = _lines(text)
    first = next((at for at, line in enumerate(lines) if not line.is_blank), len(lines))
    if first == len(lines):
        return ()
    opening = _greeting(lines[first])
    greeted = (opening,) if opening else ()
    found = (*greeted, *_quotes_and_signatures(lines, first + len(greeted)))
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


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for line in text.splitlines(keepends=True):
        head = line[:_LOOK]
        lines.append(_Line(start, start + len(line), head, fold(head)))
        start += len(line)
    return lines


def _greeting(line: _Line) -> Cut | None:
    indent = len(line.text) - len(line.text.lstrip())
    end = greeting_end(line.text[indent:])
    return Cut("greeting", line.start + indent, line.start + indent + end) if end else None


def _quotes_and_signatures(lines: list[_Line], at: int) -> Iterator[Cut]:
    last = len(lines)
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
    if lines[at].is_marked:
        return _past_marked(lines, at)
    if _ORIGINAL.match(line):
        return len(lines)
    if head := _wrote_head(lines, at):
        following = _next_said(lines, at + head)
        is_marked = following < len(lines) and lines[following].is_marked
        return _past_marked(lines, following) if is_marked else len(lines)
    if _LETTERS_RULE.match(line):
        return len(lines) if _heads(lines, _next_said(lines, at + 1)) >= 2 else at
    return len(lines) if _heads(lines, at) >= 3 else at


def _wrote_head(lines: list[_Line], at: int) -> int:
    """How many lines say who wrote the letter below and when: none, one or two.

    Mail programs break them before or after the address.
    """
    line = lines[at].folded.strip()
    if _WROTE.match(line):
        return 1
    if line.endswith(("<", ">")) and at + 1 < len(lines):
        return 2 if _WROTE.match(f"{line} {lines[at + 1].folded.strip()}") else 0
    return 0


def _heads(lines: list[_Line], at: int) -> int:
    """How many of a letter's headers stand there, the sender's first."""
    if at == len(lines) or not _FROM.match(lines[at].folded):
        return 0
    return sum(bool(_HEADER.match(one.folded)) for one in lines[at : at + 4])


def _next_said(lines: list[_Line], at: int) -> int:
    """Index of the next line that is not blank, or of the end."""
    return next((one for one in range(at, len(lines)) if not lines[one].is_blank), len(lines))


def _past_marked(lines: list[_Line], at: int) -> int:
    while at < len(lines) and lines[at].is_marked:
        at += 1
    return at


def _signature_end(lines: list[_Line], at: int) -> int:
    """Index after the signature that opens at this line, or `at` where none does."""
    line = lines[at]
    if is_device_line(line.text):
        return at + 1
    if not at or line.is_blank:
        return at
    rule, regards = _RULE.match(line.folded), _REGARDS.match(line.folded)
    if line.is_first_name:
        following = _next_said(lines, at + 1)
        is_last = following < len(lines) and _POSTSCRIPT.match(lines[following].folded)
        return following if is_last else at
    if not (rule or regards):
        return at
    end = _next_closed(lines, at + 1)
    own = [one for one in lines[at + 1 : end] if not one.is_blank]
    short = all(one.end - one.start <= _SIGNATURE_LINE for one in own)
    closed = end == len(lines) or _closes(lines, end)
    if not (own and short and closed and len(own) <= _MOST_SIGNATURE_LINES):
        return at
    is_weak = regards is not None and regards["weak"] and "," not in regards["mark"]
    is_name = own[0].is_plain_name if is_weak else own[0].is_name
    signs = (is_name or own[0].is_contact) and not any(map(_is_sentence, own[1:]))
    if rule and not rule["signed"]:  # people part their pros from their cons with a long rule
        signs = signs and any(one.is_contact for one in own)
    return end if signs else at


def _is_sentence(line: _Line) -> bool:
    return line.folded.rstrip()[-1:] in ("?", "!") or (
        not line.is_contact and not line.is_name and not line.text.lstrip()[:1].isupper()
    )


def _next_closed(lines: list[_Line], at: int) -> int:
    """Index of what closes a signature, looked for no further than a signature is long."""
    most = min(len(lines), at + 2 * _MOST_SIGNATURE_LINES)
    return next((one for one in range(at, most) if _closes(lines, one)), most)


def _closes(lines: list[_Line], at: int) -> bool:
    """Whether a quotation or a postscript, which is the writer's again, opens at this line."""
    return bool(_POSTSCRIPT.match(lines[at].folded)) or _quote_end(lines, at) > at
