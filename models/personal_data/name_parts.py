"""Reads the words of a name from where it starts: capitalised, with initials and particles."""

from __future__ import annotations

import re

from models.personal_data.address_words import CITIES
from models.personal_data.letters import CAPITAL, SMALL
from models.personal_data.name_words import NOT_NAMES, NOT_SMALL_NAMES, ROLES, SURNAME_ENDINGS
from models.personal_data.reading import Reading

_NAME = re.compile(
    rf"(?:(?:Mc|Mac|[ODL]')?{CAPITAL}{SMALL}{{1,24}}(?:['-]{CAPITAL}?{SMALL}{{1,24}}){{0,2}}"
    rf"|{CAPITAL}{SMALL}{{1,12}}{CAPITAL}{SMALL}{{1,15}})(?![^\W_]|['-]{CAPITAL})"
)
_SHOUTED = re.compile(rf"{CAPITAL}{{3,20}}(?:-{CAPITAL}{{3,20}})?(?![^\W_])")
_INITIAL = re.compile(
    rf"{CAPITAL}\.(?: ?{CAPITAL}\.)?(?= ?{CAPITAL}{SMALL})"
    rf"|[BCDEFGHJLMNPRT](?= {CAPITAL}{SMALL}{{2}})"  # letters that are no word of their own
)
_PARTICLE = re.compile(
    rf"(?:van|von|de|der|den|del|da|di|la|le|el|al)(?= (?:de[rn]? |la )?{CAPITAL})"
)
_CITIES = frozenset(CITIES.split())
_SMALL_NAME = re.compile(rf"{SMALL}{{2,24}}(?:-{SMALL}{{2,24}})?(?![^\W_])")
_MOST_WORDS = 4


def name_words(reading: Reading, start: int) -> list[tuple[int, int]]:
    """The words of the name that starts here, at most four; empty where none does."""
    text = reading.plain
    words: list[tuple[int, int]] = []
    has_name = False
    while len(words) < _MOST_WORDS:
        name = _NAME.match(text, start) or (
            None if reading.is_shouted else _SHOUTED.match(text, start)
        )
        word = name or _INITIAL.match(text, start) or _PARTICLE.match(text, start)
        folded = reading.folded[word.start() : word.end()] if word else ""
        if not word or (name and is_no_name(folded)) or (words and folded in _CITIES):
            break
        end = word.end() - 2 if text.endswith("'s", start, word.end()) else word.end()
        has_name = has_name or name is not None
        words.append((start, end))
        start = word.end() + (text[word.end() : word.end() + 1] == " ")
        if start == word.end() and name:
            break
    return words if has_name else []


def is_no_name(word: str) -> bool:
    """Whether a folded word is a role, a brand or another word that names nobody."""
    return word in NOT_NAMES or is_role(word)


def is_role(word: str) -> bool:
    """Whether a folded word says what somebody does, and is no surname that begins like it."""
    return word.startswith(ROLES) and not word.endswith(SURNAME_ENDINGS)


def small_name_end(reading: Reading, start: int) -> int:
    """Where one or two small words end that can be a name; `start` where they cannot."""
    end = start
    for _ in range(2):
        word = _SMALL_NAME.match(reading.plain, end if end == start else end + 1)
        folded = reading.folded[word.start() : word.end()] if word else ""
        if not word or is_no_name(folded) or folded in NOT_SMALL_NAMES:
            break
        end = word.end()
    return end
