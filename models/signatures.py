"""Finds where a signature stands: below a rule or regards, or a full name that closes a comment.

Where it is not plain that a line is a name, it is the customer's and is read.
"""

from __future__ import annotations

import re

from models.closings import REGARDS, THANKS, WISHES
from models.comment_lines import Line, next_said
from models.device_lines import is_device_line
from models.quoted_letters import quote_end

_MOST_LINES = 8
_LONGEST_LINE = 70

_RULE = re.compile(r"\s{0,8}(?:(?P<signed>--|—)|_{3,90}|-{3,60}|={3,60})\s{0,8}$")
_REGARDS = re.compile(
    rf"\s{{0,8}}(?:{REGARDS}|(?P<weak>{THANKS}|{WISHES}))"
    r"\s{0,3}(?P<mark>[,.!]{0,2})\s{0,8}$"
)
"""Weak ones can be said for themselves, so that it must be plain that a name follows."""
_POSTSCRIPT = re.compile(r"\s{0,8}(?:p\.?\s?){1,2}s\b\.?\s?[:.,–-]?\s*\S")


def signature_end(lines: list[Line], at: int) -> int:
    """Index after the signature that opens at this line, or `at` where none does."""
    line = lines[at]
    if is_device_line(line.text):
        return at + 1
    if not at or line.is_blank:
        return at
    rule, regards = _RULE.match(line.folded), _REGARDS.match(line.folded)
    if line.is_first_name:
        following = next_said(lines, at + 1)
        if following < len(lines) and _POSTSCRIPT.match(lines[following].folded):
            return following
        is_last = following == len(lines) or lines[following].is_contact
        return _alone_end(lines, at) if is_last or _closes(lines, following) else at
    if not (rule or regards):
        return at
    end = _next_closed(lines, at + 1)
    own = [one for one in lines[at + 1 : end] if not one.is_blank]
    short = all(one.end - one.start <= _LONGEST_LINE for one in own)
    closed = end == len(lines) or _closes(lines, end)
    if not (own and short and closed and len(own) <= _MOST_LINES):
        return at
    is_weak = regards is not None and regards["weak"] and "," not in regards["mark"]
    is_name = own[0].is_plain_name if is_weak else own[0].is_name
    signs = (is_name or own[0].is_contact) and not any(map(_is_sentence, own[1:]))
    if rule and not rule["signed"]:  # people part their pros from their cons with a long rule
        signs = signs and any(one.is_contact for one in own)
    return end if signs else at


def _alone_end(lines: list[Line], at: int) -> int:
    """Index after a full name that closes a comment with nothing but addresses below it.

    A sentence or a blank line before it tells it from one that a sentence names ("I thank
    Jan Kowalski" broken before the name).
    """
    end = _next_closed(lines, at + 1)
    below = [one for one in lines[at + 1 : end] if not one.is_blank]
    if not (end == len(lines) or _closes(lines, end)) or not all(one.is_contact for one in below):
        return at
    before = next(one for one in range(at - 1, -1, -1) if one == 0 or not lines[one].is_blank)
    parted = before < at - 1 and not lines[before].folded.rstrip().endswith((":", ","))
    is_alone = parted or lines[before].ends_a_sentence
    return end if is_alone and lines[at].is_full_name else at


def _is_sentence(line: Line) -> bool:
    if line.folded.rstrip()[-1:] in ("?", "!"):
        return True
    is_said_of = line.is_contact or line.is_name or line.is_role
    return not is_said_of and not line.text.lstrip()[:1].isupper()


def _next_closed(lines: list[Line], at: int) -> int:
    """Index of what closes a signature, looked for no further than a signature is long."""
    most = min(len(lines), at + 2 * _MOST_LINES)
    return next((one for one in range(at, most) if _closes(lines, one)), most)


def _closes(lines: list[Line], at: int) -> bool:
    """Whether a quotation or a postscript, which is the writer's again, opens at this line."""
    return bool(_POSTSCRIPT.match(lines[at].folded)) or quote_end(lines, at) > at
