"""Counts the text messages that a text takes (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from typing import Final

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€")
"""Signs of the extension table, which take two places."""
_PLAINER: Final = str.maketrans(
    {"\N{NO-BREAK SPACE}": " ", "’": "'", "–": "-", "…": "...", **dict.fromkeys("“”„", '"')}
)
_SEVEN_BITS: Final = (160, 153)
_UCS2: Final = (70, 67)


def segments_of(text: str) -> int:
    """How many text messages a text is sent in: 160 places each, 70 if any letter is rare."""
    if set(text) <= _GSM | _TWICE:
        length, (alone, joined) = sum(1 + (sign in _TWICE) for sign in text), _SEVEN_BITS
    else:
        length, (alone, joined) = len(text.encode("utf-16-le")) // 2, _UCS2
    return 1 if length <= alone else -(-length // joined)


def plain(text: str) -> str:
    """A text without the typographic signs that would double its price, where others will do."""
    return text.translate(_PLAINER)
