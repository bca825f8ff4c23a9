"""Reads a typed name: titles, given and family name, or nothing where it is no person's name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipelines.followup.words import words

_TITLES = {
    **dict.fromkeys(("dr", "phd", "mudr", "mddr", "phdr", "judr", "rndr", "mvdr"), "doctor"),
    **dict.fromkeys(("paeddr", "pharmdr", "thdr", "lek"), "doctor"),
    **dict.fromkeys(("prof", "professor", "profesor"), "professor"),
    **dict.fromkeys(("doc", "docent"), "docent"),
    "ing": "engineer",
    **dict.fromkeys(("mgr", "mga"), "master"),
    **dict.fromkeys(("mec", "mecenas", "adw"), "counsel"),
    **dict.fromkeys(("ms", "mrs", "miss", "pani", "paní", "proua", "pr", "preili"), "woman"),
    **dict.fromkeys(("mr", "pan", "härra", "hr"), "man"),
    **dict.fromkeys(("bc", "bca", "inż", "inz", "hab", "med", "dent", "mba", "dis", "arch"), ""),
    **dict.fromkeys(("jr", "ma", "msc", "csc", "mx"), ""),
    **dict.fromkeys(("rev", "revd", "sir", "dame", "lord", "lady", "ks", "fr", "sister"), "other"),
}
_PHD = re.compile(r"\bPh\.\s?D\.?", re.IGNORECASE)
_JUNK = words("not_names")
_JOKES = frozenset(name.replace("_", " ") for name in words("jokes"))
_SEVERAL = frozenset(("i", "a", "and", "ja", "oraz", "und"))
"""Words that join two people, and no name, between two others."""
_KEYS = re.compile(
    r"asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|rtyu|tyui|yxcv|zxcv|xcvb|cvbn|vbnm|poiu|lkjh|mnbv"
)
"""Neighbouring keys, struck without a thought."""
_COMPANY = re.compile(
    r"\b(?:s\.?\s?r\.?\s?o|sp\.?\s?z\s?o\.?\s?o|a\.\s?s|s\.\s?a|sp\.\s?[jk]|s\.\s?c|oü|as|mtü|fie|ltd|limited|"
    r"llc|llp|plc|inc|gmbh|co|firma|sklep|obchod|pood|shop|e-shop|company|group|grupa|biuro|"
    r"fundacja|nadace|klub|hotel|restauracja|salon|studio|serwis|service|services|zarząd|"
    r"spółka|spółdzielnia|družstvo|ühistu|osaühing|urząd|úřad|amet|škola|szkoła|kool|school|"
    r"przedsiębiorstwo|holding|apteka|lékárna|apteek|szpital|nemocnice|haigla|hospital|parafia|"
    r"gmina|uniwersytet|univerzita|ülikool|university|kancelaria|ordinace|recepcja|recepce|"
    r"sekretariat|dział|oddělení|osakond|department|zespół|tým|team|office|restaurant|restoran)\b",
    re.IGNORECASE,
)
_PARTICLES = words("particles")
_ALLOWED = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_VOWELS = frozenset("aeiouyąęóáéíýúůěäöüõàèìòùâêîôûåæø")


@dataclass(frozen=True, slots=True)
class FullName:
    """A person's name without its titles.

    Attributes:
        words: the whole name as it may be written.
        given: its first word.
        family: its last word, with what belongs to it ("van Dijk", "Ó Sé"); None for one word.
        titles: kinds of title that stood with it, such as "doctor" or "woman".
    """

    words: str
    given: str
    family: str | None
    titles: tuple[str, ...] = ()


def read_name(raw: str | None) -> FullName | None:
    """Read a typed name, or None where it cannot safely be written in a letter.

    Addresses, companies, foreign scripts, jokes, keyboard noise and bare initials give None.
    """
    text = " ".join(_PHD.sub("PhD", unicodedata.normalize("NFC", raw or "")).split())
    if not text or len(text) > 60 or _COMPANY.search(text):
        return None
    family_first, comma, rest = text.partition(",")
    tokens = _tokens(f"{rest} {family_first}" if comma and not _is_titles(rest) else text)
    if tokens is None or _is_a_joke(tokens) or _SEVERAL & set(tokens[1:-1]):
        return None
    titles = tuple(kind for token in tokens if (kind := _TITLES.get(_key(token))))
    parts = [_cased(token) for token in tokens if _key(token) not in _TITLES]
    parts = [word for word in parts if len(word.rstrip(".")) > 1 or word in _PARTICLES]
    if not 1 <= len(parts) <= 5 or not all(_wordlike(word) for word in parts):
        return None
    if parts[0] in _PARTICLES or (len(parts) == 1 and text.islower()):
        return None
    if parts[0].endswith("."):  # an abbreviation that is no title known here
        return None
    return FullName(" ".join(parts), parts[0], _family(parts[1:]), titles)


def _family(parts: list[str]) -> str | None:
    start = len(parts) - 1
    while start > 0 and parts[start - 1] in _PARTICLES:
        start -= 1
    return " ".join(parts[max(start, 0) :]) or None


def _is_a_joke(tokens: list[str]) -> bool:
    keys = [_key(token) for token in tokens]
    return " ".join(keys) in _JOKES or (len(keys) > 1 and len(set(keys)) == 1)


def _is_titles(text: str) -> bool:
    return all(_key(token) in _TITLES for token in text.split())


def _tokens(text: str) -> list[str] | None:
    tokens = text.replace(",", " ").replace(".", ". ").split()
    whole = all(_ALLOWED.fullmatch(token) and _is_latin(token) for token in tokens)
    return tokens if tokens and whole else None


def _is_latin(token: str) -> bool:
    # A superscript two is a word character to a regular expression, but no letter.
    return all(
        unicodedata.name(char, "").startswith("LATIN") for char in token if char.isalpha()
    ) and not any(char.isnumeric() for char in token)


def _key(token: str) -> str:
    return token.rstrip(".").casefold()


def _cased(token: str) -> str:
    if token in _PARTICLES:
        return token
    if token.islower() or (token.isupper() and len(token.rstrip(".")) > 1):
        return "-".join(part[:1].upper() + part[1:].lower() for part in token.split("-"))
    return token


def _wordlike(word: str) -> bool:
    if word in _PARTICLES:
        return True
    folded = word.casefold().rstrip(".")
    letters = {char for char in folded if char.isalpha()}
    noise = re.search(r"(.)\1\1|(..)\2\2|^(.{3,})\3$", folded) or _KEYS.search(folded)
    return folded not in _JUNK and len(letters) > 1 and bool(letters & _VOWELS) and not noise
