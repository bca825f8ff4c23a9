"""Writes Cyrillic words in Latin letters, the ways in which people type them."""

from __future__ import annotations

from functools import cache

CYRILLIC = ("ru", "uk", "bg", "mk")
"""Languages met in Latin letters, though not written in them."""

_BASE = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)) | {
    **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""},
    **{"ю": "yu", "я": "ya", "ё": "e", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ѓ": "gj"},
    **{"ќ": "kj", "љ": "lj", "њ": "nj", "џ": "dzh", "ѕ": "dz", "ј": "j"},
}
_HABITS: tuple[dict[str, str], ...] = (
    {},
    {"х": "h", "й": "i", "щ": "sch", "ц": "c", "ё": "yo"},
    {"х": "h", "й": "j", "щ": "sch", "ц": "c", "ю": "ju", "я": "ja", "ё": "jo", "є": "je"},
    {"х": "x", "ы": "i", "щ": "sh", "ю": "u", "я": "ia", "ж": "j"},
    {"х": "h", "ё": "yo", "щ": "sch"},
)
_OWN: dict[str, dict[str, str]] = {
    "uk": {"и": "y", "г": "h"},
    "bg": {"ъ": "a", "щ": "sht"},
}
HABITS = len(_HABITS)
"""How many ways of typing there are."""


@cache
def _table(language: str, habit: int) -> dict[int, str]:
    return str.maketrans(_BASE | _HABITS[habit] | _OWN.get(language, {}))


def to_latin(word: str, language: str, habit: int) -> str:
    """A lower-case word in Latin letters, the way numbered `habit` (0 to `HABITS` - 1)."""
    latin = word.translate(_table(language, habit))
    return "".join(letter for letter in latin if "a" <= letter <= "z")
