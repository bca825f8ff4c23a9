"""Finds national identifiers by their checksum: PESEL, NIP, rodné číslo, DIČ and isikukood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stdnum.cz import dic, rc
from stdnum.ee import ik
from stdnum.pl import nip, pesel

from models.personal_data.contracts import Claim, PersonalType
from models.personal_data.reading import Reading

_ELEVEN = re.compile(r"(?<![\w+-])(?<!\d[.,/])\d{6}[ -]?\d{5}(?![\w-]|[.,/]\d)")
_WRITTEN: tuple[tuple[PersonalType, re.Pattern[str], Callable[[str], object]], ...] = (
    (
        "nip",
        re.compile(r"(?<![\w-])(?:PL ?)?(?:\d{3}-\d{3}-\d\d-\d\d|\d{3}-\d\d-\d\d-\d{3})(?![\w-])"),
        nip.is_valid,
    ),
    ("nip", re.compile(r"(?<![\w-])PL ?\d{10}(?![\w-])", re.IGNORECASE), nip.is_valid),
    ("rodne_cislo", re.compile(r"(?<![\w/-])\d{6} ?/ ?\d{3,4}(?![\w/-])"), rc.is_valid),
    ("ico", re.compile(r"(?<![\w-])CZ ?\d{8}(?![\w-])", re.IGNORECASE), dic.is_valid),
    ("rodne_cislo", re.compile(r"(?<![\w-])CZ ?\d{9,10}(?![\w-])", re.IGNORECASE), dic.is_valid),
)
"""The form that each is usually written in, narrow enough to go without a word before it."""


def identifiers(reading: Reading) -> Iterator[Claim]:
    """Identifiers that need no word before them; one that fits two countries goes by language."""
    for found in _ELEVEN.finditer(reading.plain):
        if kind := _of_eleven(found[0], reading.language):
            yield Claim(kind, found.start(), found.end())
    for kind, pattern, is_valid in _WRITTEN:
        for found in pattern.finditer(reading.plain):
            if is_valid(found[0]):
                yield Claim(kind, found.start(), found.end())


def is_identifier(text: str, start: int) -> bool:
    """Whether eleven digits whose checksum and date hold stand at `start`."""
    found = _ELEVEN.match(text, start)
    return found is not None and _of_eleven(found[0], "") is not None


def _of_eleven(number: str, language: str) -> PersonalType | None:
    is_estonian = ik.is_valid(number.replace("-", " ").replace(" ", ""))
    is_polish = pesel.is_valid(number)
    if is_estonian and is_polish:
        return "isikukood" if language == "et" else "pesel"
    return "isikukood" if is_estonian else "pesel" if is_polish else None
