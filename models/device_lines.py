"""Tells the line that a phone or a mail program adds from one that is written."""

from __future__ import annotations

import re

from models.folding import fold

_LEAD = re.compile(
    r"\s{0,8}(?:sent (?:from|via)|get(?= outlook)|wyslan[eoy] (?:z|za pomoca)"
    r"|odeslan[eoy] (?:z|pomoci)|(?P<estonian>saadetud))\s"
)
_DEVICE = re.compile(
    r"iphon|ipad|ios\b|android|samsung|galaxy|huawei|xiaomi|redmi|outlook|gmail|yahoo|(?:smart)?phone"
    r"|mobil|tablet|device|telefonu|smartfon|(?:nuti)?telefonist|seadmest|rakendusest|urzadzenia"
    r"|zarizeni|aplikac|programu|mail(?= for)"
)
_BETWEEN = re.compile(
    r"(?:my|an?|the|for|mojego|mojej|mego|meho|sveho|me|minu|oma|dla|pro|systemu|komorkowego"
    r"|(?:nuti)?telefoni?|kaudu)(?= )"
)
_FROM_ESTONIAN = re.compile(r"st\b|\bkaudu\b")
_MOST_WORDS = 9


def is_device_line(line: str) -> bool:
    """Whether a line says what it was sent from and nothing else.

    Each of its words belongs to the name of a device or program, which begins with a capital or has
    a digit, or stands before one: "Sent from my Samsung Galaxy S21", and not "Sent from my Samsung
    was the fridge".
    """
    folded = fold(line).rstrip(" \r\n.") + " "
    lead = _LEAD.match(folded)
    if lead is None or (lead["estonian"] and not _FROM_ESTONIAN.search(folded)):
        return False
    words = list(re.finditer(r"[^\s,]{1,30},?", folded[lead.end() :]))
    return (
        1 <= len(words) <= _MOST_WORDS
        and all(_belongs(line, folded, lead.end() + word.start(), word[0]) for word in words)
        and any(_DEVICE.match(folded, lead.end() + word.start()) for word in words)
    )


def _belongs(line: str, folded: str, at: int, word: str) -> bool:
    named = line[at].isupper() or any(map(str.isdigit, word))
    return named or bool(_DEVICE.match(folded, at) or _BETWEEN.match(folded, at))
