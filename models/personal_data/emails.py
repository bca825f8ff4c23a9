"""Finds e-mail addresses, also those whose at sign is spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.personal_data.contracts import Claim
from models.personal_data.reading import Reading

_LONGEST_LOCAL = 64
_LOCAL_PART = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}\Z")
_DOMAIN = re.compile(r" ?(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_SPELLED_AT = re.compile(r" ?[(\[{] ?(?:at|malpa|zavinac|att?) ?[)\]}] ?")
_SPELLED_DOMAIN = re.compile(
    r"[a-z\d-]{1,63}(?:(?:\.| ?[(\[{] ?(?:dot|kropka|tecka|punkt) ?[)\]}] ?)[a-z\d-]{1,63}){1,5}"
)


def emails(reading: Reading) -> Iterator[Claim]:
    """Find addresses with "@" and, as in "jan (at) example.com", with a word for it in brackets."""
    if "@" in reading.plain:
        yield from _written(reading.plain)
    if "(" in reading.plain or "[" in reading.plain or "{" in reading.plain:
        yield from _spelled(reading)


def _written(text: str) -> Iterator[Claim]:
    """Walk from one "@" to the next: a bounded look to the left, a bounded match to the right."""
    floor = 0
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at + 1)
        left = at - 1 if text[at - 1 : at] == " " else at
        local = _LOCAL_PART.search(text[max(floor, left - _LONGEST_LOCAL) : left])
        if domain and local and local[0].strip(".'"):
            name = local[0].lstrip(".'")
            floor = domain.end()
            yield Claim("email", left - len(name), floor)
        at = text.find("@", max(at + 1, floor))


def _spelled(reading: Reading) -> Iterator[Claim]:
    floor = 0
    for sign in _SPELLED_AT.finditer(reading.folded):
        start = sign.start()
        local = _LOCAL_PART.search(reading.plain[max(floor, start - _LONGEST_LOCAL) : start])
        domain = _SPELLED_DOMAIN.match(reading.folded, sign.end())
        if local and domain:
            floor = domain.end()
            yield Claim("email", start - len(local[0]), floor)
