"""Finds e-mail addresses and telephone numbers in a comment, so that they can be masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from phonenumbers import Leniency, PhoneNumberMatcher, is_valid_number

from models.folding import fold

PersonalType: TypeAlias = Literal["email", "phone"]

_REGIONS = {"pl": "PL", "cs": "CZ", "et": "EE", "en": "GB"}
_ABROAD = "PL"
"""Region of a language that is not read; numbers with a country code are found in any case."""
_LONGEST_LOCAL = 64
_LOCAL_PART = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}\Z")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])")

_CONTEXT = 40
_OTHER_NUMBER_BEFORE = re.compile(
    r"(?:\b(?:zamowieni\w*|paczk\w*|przesylk\w*|faktur\w*|kont(?:o|a|em|cie)|nip|regon|pesel|kod(?:u|em)?"
    r"|objednavk\w*|zasilk\w*|balik\w*|ico|dic|uct\w*"
    r"|tellimus\w*|arve\w*|pakk?i?\w*|saadetis\w*|registrikood\w*|isikukood\w*|viitenumber"
    r"|order|parcel|invoice|account|tracking|reference|ref|vat|iban)"
    r"(?: (?:numbers?|numer\w*|nr|no|c|cislo|is|to|on))?[ .:#=-]{0,3}|[€$£#])\Z"
)
"""Words of four languages, folded, after which a number is no telephone number."""
_AMOUNT_AFTER = re.compile(r"\s?(?:zl|pln|kc|czk|eur\w*|€|£|gbp|usd|szt|ks|tk|kg|%)(?!\w)|[.,]\d")
_DIALLED = re.compile(r"(?:\+|00)\d[\d ()/-]{7,18}|\(?0\d[\d ()-]{8,13}")
"""What is dialled like a telephone number, though its range is not given out."""


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """Where personal data stands: `comment[start:end]`, offsets in code points."""

    type: PersonalType
    start: int
    end: int


def find(text: str, language: str) -> list[PersonalSpan]:
    """Find e-mail addresses and telephone numbers.

    Args:
        text: the comment.
        language: one of `models.contracts.LANGUAGES`; numbers without a country code are read as
            numbers of its country.

    Returns:
        Spans by start, not overlapping; an address wins over a number inside it.
    """
    emails = list(_emails(text))
    taken = [(span.start, span.end) for span in emails]
    phones = [
        span
        for span in _phones(text, _REGIONS.get(language, _ABROAD))
        if all(span.end <= start or end <= span.start for start, end in taken)
    ]
    return sorted([*emails, *phones], key=lambda span: span.start)


def mask(text: str, spans: Sequence[PersonalSpan]) -> str:
    """Replace each span by the name of its type in brackets, as in "[email]"."""
    parts: list[str] = []
    end = 0
    for span in sorted(spans, key=lambda one: one.start):
        parts += [text[end : span.start], f"[{span.type}]"]
        end = span.end
    return "".join([*parts, text[end:]])


def _emails(text: str) -> Iterator[PersonalSpan]:
    """Walk from one "@" to the next: a bounded look to the left, a bounded match to the right."""
    floor = 0
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at + 1)
        local = _LOCAL_PART.search(text[max(floor, at - _LONGEST_LOCAL) : at])
        if domain and local and local[0].strip("."):
            name = local[0].lstrip(".")
            floor = domain.end()
            yield PersonalSpan("email", at - len(name), domain.end())
        at = text.find("@", max(at + 1, floor))


def _phones(text: str, region: str) -> Iterator[PersonalSpan]:
    folded = fold(text)
    for match in PhoneNumberMatcher(text, region, Leniency.POSSIBLE):
        before = folded[max(0, match.start - _CONTEXT) : match.start]
        after = folded[match.end : match.end + _CONTEXT]
        if _OTHER_NUMBER_BEFORE.search(before) or _AMOUNT_AFTER.match(after):
            continue
        if is_valid_number(match.number) or _DIALLED.fullmatch(match.raw_string):
            yield PersonalSpan("phone", match.start, match.end)
