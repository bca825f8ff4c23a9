"""Declines Estonian personal names, or says that it does not know how.

Of a whole name only the last word is declined, and its genitive carries the other cases: Mari
Tamm, Mari Tamme, Mari Tammega. Rules follow the Institute of the Estonian Language's advice on
names; what they do not settle is in no case at all, and a wording without the name stands instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pipelines.followup.words import words

CASES: Final = ("gen", "all", "com")
"""Of names: whose, to whom, with whom."""
_VOWELS = "aeiouõäöü"
_LETTERS = re.compile("[abdefghijklmnoprstuvõäöüšž-]+")
_ENGLISH = re.compile(f"[^{_VOWELS}][{_VOWELS}][^{_VOWELS}]e")
"""Mike, Kate: their last letter may be silent, so that Estonian sets off its endings."""
_SYLLABLE = re.compile(f"[{_VOWELS}]+")
_GIVEN = dict(pair.split(":") for pair in words("estonian_given"))
_FAMILY = dict(pair.split(":") for pair in words("estonian_family"))
_LAST_PARTS = {
    nominative.casefold(): genitive.casefold() for nominative, genitive in _FAMILY.items()
}


def declined(name: str) -> Mapping[str, str] | None:
    """The forms of `CASES` of a name; None where it is not sure how the name declines."""
    first, _, last = name.rpartition(" ")
    genitive = _genitive(last, is_family=bool(first))
    if genitive is None:
        return None
    whole = f"{first} {genitive}".lstrip()
    return {"gen": whole, "all": f"{whole}le", "com": f"{whole}ga"}


def _genitive(word: str, *, is_family: bool) -> str | None:
    known = (_FAMILY if is_family else _GIVEN).get(word)
    small = word.casefold()
    if known or not _LETTERS.fullmatch(small) or _ENGLISH.fullmatch(small):
        return known
    if small[-1] in _VOWELS:
        return word
    if len(_SYLLABLE.findall(small)) < 2:
        return None
    put_together = _put_together(word) if is_family else None
    return put_together or _by_its_end(word, is_family=is_family)


def _by_its_end(word: str, *, is_family: bool) -> str | None:
    small = word.casefold()
    if re.search(f"[{_VOWELS}]s$", small):  # Toomase, Kallase
        return f"{word}e"
    if re.search("[aeio]n$|mann$", small):  # Kristjani, Jansoni, Hermanni
        return f"{word}i"
    if is_family and small.endswith(("ov", "ev", "er")):  # Ivanovi, Mülleri
        return f"{word}i"
    return f"{word}u" if is_family and small.endswith("ik") else None  # Lepiku


def _put_together(word: str) -> str | None:
    """A family name put together of words: Kõrgesaar declines as Saar does."""
    small = word.casefold()
    for last, genitive in _LAST_PARTS.items():
        if small.endswith(last) and len(small) > len(last) + 1:
            return word[: -len(last)] + genitive
    return None
