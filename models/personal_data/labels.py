"""Finds numbers by the word before them: identifiers, order numbers and customer numbers.

A label ("nr zamówienia", "PESEL:", "kliendinumber") is a word of four languages in any of its
forms, folded; a gap of a few known words and signs may stand between it and the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

from models.personal_data.contracts import Claim, PersonalType
from models.personal_data.identifiers import is_identifier
from models.personal_data.label_words import (
    ANY_NUMBER,
    COPULA_AHEAD,
    CUSTOMER_NUMBER,
    GAP,
    IDENTIFIERS,
    MARKER,
    MARKER_AHEAD,
    NOT_ITS_NUMBER,
    NOTHING_PERSONAL,
    ORDER_NUMBER,
    UNITS,
    WEAK_CUSTOMER_NUMBER,
    WEAK_ORDER_NUMBER,
)
from models.personal_data.reading import Reading

_KINDS: Mapping[str, str] = {
    **IDENTIFIERS,
    "customer_number": CUSTOMER_NUMBER,
    "weak_customer_number": WEAK_CUSTOMER_NUMBER,
    "order_number": ORDER_NUMBER,
    "weak_order_number": WEAK_ORDER_NUMBER,
    "nothing": NOTHING_PERSONAL,
}
_LABEL = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
    + r")(?:(?<=\.)|(?![^\W\d_]))"
)
_GAP = re.compile(GAP)
_AHEAD = re.compile(MARKER_AHEAD)
_COPULA = re.compile(COPULA_AHEAD)
_MARKER = re.compile(MARKER)
_MARKER_BEFORE = re.compile(rf"(?<![^\W_])(?:{MARKER})(?: [^\W\d_]{{1,12}})?[ .:]{{1,2}}\Z")
_BEFORE = 30

_ELEVEN_OR_SO = re.compile(r"\d(?:[ -]?\d){9,11}(?!\d)")
_VALUES: Mapping[str, re.Pattern[str]] = {
    "pesel": _ELEVEN_OR_SO,
    "isikukood": _ELEVEN_OR_SO,
    "nip": re.compile(r"(?:[A-Za-z]{2} ?)?\d(?:[ -]?\d){8,10}(?!\d)"),
    "rodne_cislo": re.compile(r"\d{6} ?[/-]? ?\d{3,4}(?!\d)"),
    "ico": re.compile(
        r"(?:CZ ?|cz ?)?(?:\d{6,10}|\d{2,3}(?: \d{2,3}){2,3})(?!\d)",
    ),
}
_WORDS_BETWEEN = r"(?:[ ,:]{1,2}[^\W\d_]{1,15}){1,3}[ ,:]{1,3}"
_FAR: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(rf"{_WORDS_BETWEEN}({shape})(?![\w/-]|[.,]\d)")
    for kind, shape in {
        "pesel": r"\d{11}",
        "isikukood": r"[1-8]\d{10}",
        "nip": r"\d{10}|\d{3}-\d{3}-\d\d-\d\d|\d{3}-\d\d-\d\d-\d{3}",
        "rodne_cislo": r"\d{6}/\d{3,4}|\d{10}",
        "ico": r"\d{8}",
    }.items()
}
"""Its usual form, which may stand up to three words off, as in "IČO naší firmy je 01234567"."""
_TOKEN = re.compile(r"[A-Za-z\d]{1,30}(?:(?:[-/_][A-Za-z\d]|\.\d)[A-Za-z\d]{0,30}){0,6}")
_PREFIX = re.compile(
    r"(?!(?:PLN|EUR|CZK|GBP|USD|KC|ZL|NA|NO|NR)\b)[A-Z]{1,5} (?=[A-Z\d/-]{0,12}\d)"
)
_GROUPS = re.compile(r"(?:[ -]\d{3,4}(?![\w/]))+|(?: \d\d(?![\w/:.]))+")
_DATE = re.compile(
    r"(?:\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d)|\d{4}([./-])\d\d\2\d\d|\d{1,2}[./]\d{1,2})\Z"
)
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_QUANTITY = re.compile(r"\d+(?:[.,]\d+)?(?:x\d+)?[a-z]{1,3}\Z")
_UNITS = re.compile(UNITS)
_ANY_NUMBER = re.compile(rf"(?<![^\W_])(?:{ANY_NUMBER}) ?(?=[a-z0-9])")
_NOT_ITS_NUMBER = re.compile(rf"(?<![^\W_])(?:{NOT_ITS_NUMBER}|{NOTHING_PERSONAL}) \Z")
_AND = re.compile(
    r"(?:, ?| ?[&+/] ?| (?:i|oraz|a|ani|and|nor|ja|ega|nebo|or|lub|või) )(?:nr |no |č\. ?)?"
)
_LETTER = re.compile(r"[^\W\d_]")


def labelled(reading: Reading) -> Iterator[Claim]:
    """Numbers that a word before them explains, whether their checksum holds or not."""
    floor = 0
    for label in _LABEL.finditer(reading.folded):
        if label.start() < floor:
            continue
        kind = cast("str", label.lastgroup)
        if value := _value(reading, label, kind):
            yield Claim(_type(kind), *value)
            for more in _listed(reading.plain, *value):
                yield Claim(_type(kind), *more)
                floor = more[1]
            floor = max(floor, value[1])


def numbered(reading: Reading) -> Iterator[Claim]:
    """Long numbers after "nr", "no." or "#" that nothing else has claimed.

    Whatever thing of the customer they number, they lead to the customer.
    """
    for sign in _ANY_NUMBER.finditer(reading.folded):
        start = sign.end()
        end = _number_end(reading.plain, start)
        before = reading.folded[max(0, sign.start() - _BEFORE) : sign.start()]
        if (
            end
            and _is_number(reading.plain[start:end], is_marked=False, kind="weak")
            and not _NOT_ITS_NUMBER.search(before)
            and not _UNITS.match(reading.folded, end)
        ):
            yield Claim("order_number", start, end)


def _type(kind: str) -> PersonalType | None:
    return None if kind == "nothing" else cast("PersonalType", kind.removeprefix("weak_"))


def _value(reading: Reading, label: re.Match[str], kind: str) -> tuple[int, int] | None:
    folded, plain = reading.folded, reading.plain
    gap = _GAP.match(folded, label.end())
    start = gap.end() if gap else label.end()
    if pattern := _VALUES.get(kind):
        value = pattern.match(plain, start) or _FAR[kind].match(plain, label.end())
        return value.span(value.lastindex or 0) if value else None
    is_marked = _is_marked(folded, label, gap)
    is_far = kind == "nothing"
    if not is_marked and (ahead := _AHEAD.match(folded, label.end())):
        start, is_marked, is_far = ahead.end(), True, True
    elif (
        is_marked
        and not plain[start : start + 1].isdigit()
        and (copula := _COPULA.match(folded, label.end()))
    ):
        start, is_marked = copula.end(), False
    if is_far and is_identifier(plain, start):
        return None
    end = _number_end(plain, start)
    if end and _is_number(plain[start:end], is_marked=is_marked, kind=kind):
        return None if _UNITS.match(folded, end) and not is_marked else (start, end)
    return None


def _listed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Numbers of the same shape that follow, as in "orders 4417, 4418 and 4420"."""
    shape = _shape(text[start:end])
    while (joint := _AND.match(text, end)) and (more := _number_end(text, joint.end())):
        if _shape(text[joint.end() : more]) != shape:
            break
        end = more
        yield joint.end(), end


def _shape(written: str) -> str:
    return re.sub(r"\d", "0", _LETTER.sub("a", written))


def _is_marked(folded: str, label: re.Match[str], gap: re.Match[str] | None) -> bool:
    """Whether "number", "č." or a sign like it stands in the gap or right before the label."""
    if gap and _MARKER.search(gap[0]):
        return True
    start = label.start()
    return _MARKER_BEFORE.search(folded[max(0, start - _BEFORE) : start]) is not None


def _number_end(text: str, start: int) -> int:
    """Where the token of letters and digits from `start` ends, with its further groups."""
    prefix = _PREFIX.match(text, start)
    token = _TOKEN.match(text, prefix.end() if prefix else start)
    if not token:
        return 0
    if token[0].isdigit() and len(token[0]) <= 4 and (more := _GROUPS.match(text, token.end())):
        return more.end()
    return token.end()


def _is_number(written: str, *, is_marked: bool, kind: str) -> bool:
    digits = sum(map(str.isdigit, written))
    if _DATE.match(written) and not (is_marked and "/" in written):
        return False
    if is_marked:
        return digits >= 3 or (digits >= 2 and len(written) >= 5)
    if _YEAR.match(written) or re.fullmatch(r"0\d{3}", written) or _QUANTITY.match(written):
        return False
    has_letters = any(map(str.isalpha, written))
    if kind.startswith("weak") or kind == "nothing":
        return digits >= 5 or (has_letters and digits >= 3 and len(written) >= 6)
    return digits >= 4 or (has_letters and digits >= 2 and len(written) >= 5)
