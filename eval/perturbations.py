"""Ways in which people write the same thing differently: seeded changes that keep the meaning."""

from __future__ import annotations

import random
import re
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from typing import TypeAlias

Perturbation: TypeAlias = Callable[[str, str, random.Random], str]
"""(text, language, chance) -> text."""

_TYPO_EVERY = 25
"""Characters to one typo."""
_VOWELS = frozenset("aeiouyąęóáéíýůúěõäöü")
_THINGS = ("📦", "🏨", "💊", "🚚", "📞", "🍽️", "🛒", "📱")
_SWITCHED: Mapping[str, Mapping[str, str]] = {
    "pl": {
        "bardzo": "very",
        "naprawdę": "really",
        "obsługa": "service",
        "personel": "staff",
        "lekarz": "doctor",
        "hotel": "hotel",
        "pokój": "room",
        "pokoje": "rooms",
        "jedzenie": "food",
        "ale": "but",
        "nigdy": "never",
        "wszystko": "everything",
        "cena": "price",
        "śniadanie": "breakfast",
        "śniadania": "breakfast",
        "wizyta": "visit",
    },
    "cs": {
        "opravdu": "really",
        "velmi": "very",
        "obsluha": "service",
        "aplikace": "app",
        "zákazník": "customer",
        "objednávka": "order",
        "ale": "but",
        "nikdy": "never",
        "všechno": "everything",
        "cena": "price",
        "prodejna": "shop",
        "prosím": "please",
    },
    "et": {
        "väga": "very",
        "tõesti": "really",
        "teenindus": "service",
        "aga": "but",
        "kõik": "everything",
        "hind": "price",
        "rahvas": "people",
        "raha": "money",
        "töö": "job",
        "valitsus": "government",
        "päev": "day",
        "aasta": "year",
    },
}
"""Words that people borrow from English in the middle of a sentence."""
_WORD = re.compile(r"[^\W\d_]+")
_UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "L"})


def without_diacritics(text: str, _language: str = "", _chance: random.Random | None = None) -> str:
    """Every letter without its marks, as typed on a foreign keyboard."""
    apart = unicodedata.normalize("NFD", text.translate(_UNDECOMPOSED))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def typos(text: str, _language: str, chance: random.Random) -> str:
    """About one letter in 25 swapped with its neighbour, dropped or doubled."""
    letters = list(text)
    for _ in range(max(1, len(letters) // _TYPO_EVERY)):
        places = [
            at
            for at in range(1, len(letters) - 1)
            if letters[at].isalpha() and letters[at + 1].isalpha()
        ]
        if not places:
            break
        at = chance.choice(places)
        kind = chance.randrange(3)
        if kind == 0:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif kind == 1:
            del letters[at]
        else:
            letters.insert(at, letters[at])
    return "".join(letters)


def capitals(text: str, _language: str, _chance: random.Random) -> str:
    """All in capitals."""
    return text.upper()


def careless(text: str, _language: str, _chance: random.Random) -> str:
    """No capitals, no commas, no full stop at the end."""
    return text.lower().replace(",", "").rstrip(".")


def stretched(text: str, _language: str, chance: random.Random) -> str:
    """A vowel of one word three to six times ("suuuper")."""
    words = [match for match in _WORD.finditer(text) if len(match[0]) > 2]
    if not words:
        return text
    word = chance.choice(words)
    vowels = [at for at in range(*word.span()) if text[at].lower() in _VOWELS]
    if not vowels:
        return text
    at = chance.choice(vowels)
    return text[:at] + text[at] * chance.randrange(3, 7) + text[at + 1 :]


def emoji(text: str, _language: str, chance: random.Random) -> str:
    """A picture of a thing at the end, which says nothing of the mood."""
    return f"{text} {chance.choice(_THINGS)}"


def markup(text: str, _language: str, chance: random.Random) -> str:
    """A word in bold, HTML or Markdown, and a paragraph around."""
    words = text.split(" ")
    at = chance.randrange(len(words))
    words[at] = chance.choice(("<b>{}</b>", "**{}**", "<em>{}</em>")).format(words[at])
    return f"<p>{' '.join(words)}</p>"


def invisible(text: str, _language: str, chance: random.Random) -> str:
    """Zero-width spaces and direction marks, as pasted from a web page or a chat."""
    letters = list(text)
    for _ in range(1 + len(letters) // 20):
        letters.insert(
            chance.randrange(len(letters) + 1), chance.choice("\u200b\u200e\u2060\ufeff")
        )
    return "".join(letters)


def code_switching(text: str, language: str, _chance: random.Random) -> str:
    """Some words in English; English texts stay."""
    known = _SWITCHED.get(language, {})
    return _WORD.sub(lambda word: known.get(word[0].lower(), word[0]), text)


KINDS: Mapping[str, Perturbation] = {
    "no_diacritics": without_diacritics,
    "typos": typos,
    "capitals": capitals,
    "careless": careless,
    "stretched": stretched,
    "emoji": emoji,
    "markup": markup,
    "invisible": invisible,
    "code_switching": code_switching,
}


def perturb(kind: str, text: str, language: str) -> str:
    """The text changed in one of `KINDS`; the same text is always changed in the same way."""
    seed = zlib.crc32(f"{kind}\n{text}".encode("utf-8", "replace"))
    return KINDS[kind](text, language, random.Random(seed))  # noqa: S311 - to repeat, not to hide
