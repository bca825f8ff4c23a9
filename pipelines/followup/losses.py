"""Tells whether a comment speaks of a death, so that the answer to it is restrained."""

from __future__ import annotations

import re

_TELLS = {
    "pl": r"zmar[łl]\w*|śmier[ćc]\w*|pogrzeb\w*|nieboszczyk\w*|[śs]p\.|świętej pamięci|"
    r"odesz(?:ła|edł) na zawsze|wdow[aęiąy]\b|wdowiec|wdowc\w*|żałob\w*",
    "cs": r"zem(?:řel|rel)\w*|umř\w*|umrel\w*|úmrtí|umrti|pohřeb\w*|pohreb\w*|pohřb\w*|zesnul\w*|"
    r"nebožt\w+|ovdověl\w*|vdov[aěuyo]\w*|pozůstal\w*|smrt(?:i|í)?\b",
    "et": r"suri\b|surid\b|surnud|surm\w*|lahkus meie seast|matus\w*|matta\b|mattis\w*|kadunuke\w*|"
    r"lesk\w*|lein\w*|hauata\w*",
    "en": r"passed away|died|death of|deceased|funerals?|bereave\w*|widow(?:er|ed)?|late "
    r"(?:husband|wife|mother|father|mum|dad|son|daughter)|(?:lost|losing) (?:my|our) "
    r"(?:husband|wife|mother|father|mum|dad|son|daughter|baby|brother|sister)",
}
_NOT_A_PERSON = {
    "pl": r"śmiertelnie (?:nudn|zmęcz|poważn)\w*",
    "cs": r"smrtelně (?:nudn|unaven|vážn)\w*",
    "et": r"surmavalt igav|surmani (?:tüdinud|väsinud)|aku (?:suri|on surnud)",
    "en": r"(?:battery|phone|laptop|app|line|screen|connection|signal|fridge|machine|device|car) "
    r"(?:has |had |just |suddenly )?died|died on me|to death|scared to death",
}
_TOLD = {code: re.compile(rf"\b(?:{tells})", re.IGNORECASE) for code, tells in _TELLS.items()}
_APART = {
    code: re.compile(rf"\b(?:{other})", re.IGNORECASE) for code, other in _NOT_A_PERSON.items()
}


def tells_of_a_loss(text: str, language: str) -> bool:
    """Whether a text of one of `LANGUAGES` speaks of somebody's death; False for other languages.

    To take a dead battery for a death makes a letter too restrained, which does no harm; the other
    way round it does.
    """
    told = _TOLD.get(language)
    return told is not None and bool(told.search(_APART[language].sub(" ", text)))
