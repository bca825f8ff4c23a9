"""Finds bank accounts (IBAN and the national forms of it) and payment cards, by their checksums."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn
from stdnum.cz import bankaccount
from stdnum.iso7064 import mod_97_10

from models.personal_data.contracts import Claim
from models.personal_data.reading import Reading

_LENGTHS = {
    **{"AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18},
    **{"EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GR": 27, "HR": 21},
    **{"HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21},
    **{"MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25},
    **{"RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29, "XK": 20},
}
"""Characters of an IBAN by country (SWIFT IBAN registry)."""
_IBAN_START = re.compile(r"(?<![^\W_])[A-Za-z]{2} ?\d\d(?=[ -]{0,2}[A-Za-z\d])")
_IBAN_LETTER = re.compile(r"[ .-]{0,2}([A-Za-z\d])")
_POLISH = re.compile(r"(?<![\w.,/-])\d\d(?:[ -]{0,2}\d{4}){6}(?![\w])")
_CZECH = re.compile(r"(?<![\w/-])(?:\d{1,6}-)?\d{2,10} ?/ ?\d{4}(?![\w/-])")
_SORT_CODE = re.compile(r"sort code[ :]{0,3}(?:is )?(\d\d[ -]?\d\d[ -]?\d\d)(?!\d)")
_ACCOUNT_WORD = re.compile(
    r"(?<![^\W_])(?:iban|kont(?:o|a|em|ole|ot|onumber|onumbri|u|e)?|rachun\w{1,6}|uc(?:et|tu|et)\w{0,3}"
    r"|account|acct|bank\w{0,5})(?![^\W_])[^\d\n]{0,20}\Z"
)
_CARD = re.compile(r"(?<![\w.,/-])[2-6]\d(?:[ .-]{0,2}\d){10,17}(?![\w/])")
_CARD_START = re.compile(r"4|5[0-8]|2[2-7]|6[0-9]|3[04-9]")
_CARD_WORD = re.compile(
    r"(?<![^\W_])(?:kart(?:a|e|u|y|ou|ami|ach|om)?|kaar(?:t|di)\w{0,3}|cards?|visa|mastercard|maestro|amex)"
    r"(?![^\W_])[^\d\n]{0,25}\Z"
)
_CONTEXT = 40


def ibans(reading: Reading) -> Iterator[Claim]:
    """Accounts whose checksum holds, and after a word for an account those that look like one."""
    floor = 0
    for found in _IBAN_START.finditer(reading.plain):
        if found.start() >= floor and (end := _iban_end(reading, found.start())):
            floor = end
            yield Claim("iban", found.start(), end)
    for found in _POLISH.finditer(reading.plain):
        digits = re.sub(r"\D", "", found[0])
        if mod_97_10.is_valid(digits[2:] + "PL" + digits[:2]) or _is_after(
            _ACCOUNT_WORD, reading, found.start()
        ):
            yield Claim("iban", found.start(), found.end())
    for found in _CZECH.finditer(reading.plain):
        if _is_czech_account(found[0].replace(" ", "")) or (
            len(found[0]) >= 9 and _is_after(_ACCOUNT_WORD, reading, found.start())
        ):
            yield Claim("iban", found.start(), found.end())
    for found in _SORT_CODE.finditer(reading.folded):
        yield Claim("iban", *found.span(1))


def cards(reading: Reading) -> Iterator[Claim]:
    """Card numbers: a card's first digits and length, and Luhn's sum or a word for a card."""
    for found in _CARD.finditer(reading.plain):
        digits = re.sub(r"\D", "", found[0])
        if not _CARD_START.match(digits):
            continue
        is_named = _is_after(_CARD_WORD, reading, found.start())
        is_usual = len(digits) == 16 or (len(digits) in (14, 15) and digits[0] == "3")
        is_valid = luhn.is_valid(digits)
        if (is_usual and (is_valid or is_named)) or (is_named and is_valid):
            yield Claim("card", found.start(), found.end())


def _iban_end(reading: Reading, start: int) -> int:
    """Where the IBAN from `start` ends; 0 for none."""
    text = reading.plain
    length = _LENGTHS.get(text[start : start + 2].upper())
    if length is None:
        return 0
    letters: list[str] = []
    end = start
    while len(letters) < length and (letter := _IBAN_LETTER.match(text, end)):
        letters.append(letter[1].upper())
        end = letter.end()
    number = "".join(letters)
    if len(number) < length or text[end : end + 1].isalnum():
        return 0
    if mod_97_10.is_valid(number[4:] + number[:4]):
        return end
    is_likely = sum(map(str.isdigit, number)) * 4 > length * 3
    return end if is_likely and _is_after(_ACCOUNT_WORD, reading, start) else 0


def _is_czech_account(number: str) -> bool:
    return len(number.split("/")[0]) >= 6 and bool(bankaccount.is_valid(number))


def _is_after(word: re.Pattern[str], reading: Reading, start: int) -> bool:
    return word.search(reading.folded[max(0, start - _CONTEXT) : start]) is not None
