"""Finds where a quoted letter opens: the heads that mail programs write, in four languages.

Thunderbird, Gmail, Outlook and Apple Mail each have a head of their own in each language. Every
pattern looks at one line, or at two where programs break them.
"""

from __future__ import annotations

import re

from models.comment_lines import Line, next_said
from models.personal_data.letters import CAPITAL

_ORIGINAL = re.compile(
    r"(?:[-_*=\s]{2,40}(?:original message|forwarded message|oryginalna wiadomosc"
    r"|wiadomosc oryginalna|przekazana wiadomosc|wiadomosc przekazana"
    r"|tresc przekazanej wiadomosci|puvodni zprava|puvodni e-?mail|preposlana zprava"
    r"|preposlany e-?mail|algne (?:e-?)?kiri|algkiri|algne sonum|algsonum"
    r"|edastatud (?:e-?kiri|kiri|sonum))"
    r"|\s{0,8}(?:begin forwarded message|poczatek przekaz(?:ywanej|anej) wiadomosci"
    r"|zacatek (?:preposilane|preposlane) zpravy))[-_*=:\s]{0,40}$"
)
_DATED = (
    r"(?:on|am|w dniu|dnia|dne|pon|wt|sr|czw|pt|sob|niedz?|po|ut|st|ct|pa|so|ne"
    r"|kuupaeval|uhel kenal paeval|e|t|k|n|r|l|p|\d)\b"
)
_PAST = r"(?:wrote|napisal(?:\(a\)|a)?|napsal(?:\(a\)|a)?|kirjutas)"
_WHEN = r"(?:on|w dniu|dnia|dne|kuupaeval)\b"
_WROTE = re.compile(
    r"(?=.{0,250}(?:@|\b\d{1,2}:\d\d\b))"
    rf"(?:{_DATED}.{{4,250}}{_PAST}"
    r"|(?:w dniu|dnia|dne) (?:\w{2,12}[.,]{0,2} )?\d{1,4}[. /-].{4,60}\b\d{1,2}:\d\d.{1,150}"
    r"\bpisz?e"
    rf"|(?=.{{0,90}}\b\d{{1,2}}:\d\d\b){_DATED}[^@]{{4,160}}<\S{{1,80}}@\S{{1,80}}>"
    r"|uhel kenal paeval\b.{4,80}\bkirjutas\s.{1,120}"
    r"|kuupaev(?:al)?\b.{4,120}\bkirjutas\s[^@,]{0,80}@\S{1,80}"
    rf"|[^@]{{0,80}}@\S{{1,80}}\s{_PAST}\s{_WHEN}.{{4,80}}"
    rf"|.{{2,80}}\s(?:napisal|napsal)\(a\)\s{_WHEN}.{{4,80}}"
    r"|wiadomosc napisana przez\b[^@]{0,80}@\S{1,80}\sw dniu\b.{4,80})\s?:\s*$"
)
"""With the sender's address or the time of day, which nobody gives who tells of a letter."""
_WROTE_NAMED = re.compile(
    r"\s{0,8}(?:\d|[Kk]uupäeval\b).{4,60}\b\d{1,2}[:.]\d\d,? kirjutas"
    rf"(?: {CAPITAL}[^\s:]{{0,30}}){{1,4}}\s?:\s*$"
)
"""Estonian puts the name last: capitals tell it from "kirjutas teie töötaja:"."""
_BROKEN = re.compile(rf"{_DATED}.{{0,80}}\b\d{{4}}\b.{{0,40}}\b\d{{1,2}}:\d\d\b")
"""A date with its year and a time: more than anybody gives who tells of a letter."""
_FROM = re.compile(r"\s{0,8}\*{0,2}(?:from|od|saatja|odesilatel)\s?:\*{0,2}\s+\S")
_HEADER = re.compile(
    r"\s{0,8}\*{0,2}(?:from|sent|to|subject|cc|date|od|odesilatel|wyslan[oey]|data wyslania|do"
    r"|temat|data|dw|kopia|odeslano|komu|predmet|datum|kopie|saatja|saadetud|saatmis(?:e )?aeg"
    r"|saaja|adressaat|kellele|teema|kuupaev|koopia)\s?:\*{0,2}\s+\S"
)
_LETTERS_RULE = re.compile(r"\s{0,8}_{10,90}\s{0,8}$")


def quote_end(lines: list[Line], at: int) -> int:
    """Index after the quotation that opens at this line, or `at` where none does."""
    line = lines[at].folded
    if lines[at].is_marked:
        return _past_marked(lines, at)
    if _ORIGINAL.match(line):
        return len(lines)
    if head := _wrote_head(lines, at):
        following = next_said(lines, at + head)
        is_marked = following < len(lines) and lines[following].is_marked
        return _past_marked(lines, following) if is_marked else len(lines)
    if _LETTERS_RULE.match(line):
        return len(lines) if _heads(lines, next_said(lines, at + 1)) >= 2 else at
    return len(lines) if _heads(lines, at) >= 3 else at


def _wrote_head(lines: list[Line], at: int) -> int:
    """How many lines say who wrote the letter below and when: none, one or two.

    Mail programs break them before or after the address, or before or in the name.
    """
    line = lines[at].folded.strip()
    if _WROTE.match(line) or _WROTE_NAMED.match(lines[at].text):
        return 1
    if at + 1 == len(lines) or line.endswith(":"):
        return 0
    both = f"{line} {lines[at + 1].folded.strip()}"
    if line.endswith(("<", ">")):
        return 2 if _WROTE.match(both) else 0
    return 2 if "@" in both and _BROKEN.match(line) and _WROTE.match(both) else 0


def _heads(lines: list[Line], at: int) -> int:
    """How many of a letter's headers stand there, the sender's first."""
    if at == len(lines) or not _FROM.match(lines[at].folded):
        return 0
    return sum(bool(_HEADER.match(one.folded)) for one in lines[at : at + 4])


def _past_marked(lines: list[Line], at: int) -> int:
    while at < len(lines) and lines[at].is_marked:
        at += 1
    return at
