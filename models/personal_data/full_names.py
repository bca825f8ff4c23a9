"""Tells a full name that stands in a line of its own, as people sign with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.personal_data.given_names import is_first_name
from models.personal_data.letters import CAPITAL
from models.personal_data.name_parts import name_words
from models.personal_data.reading import Reading, read

_MOST_WORDS = 3
_LINE_START = re.compile(rf"(?:[.!?…)]|\n) {{0,3}}\n {{0,8}}(?={CAPITAL})")
"""Below what closes a sentence, or below a blank line."""
_LINE_END = re.compile(r" {0,3}[,.]? {0,8}(?:\n|\Z)")
_WORDS = """
will may max hope faith grace rain rose dawn violet jade heather holly ivy dean mark sue pat rob
jack bill miles grant frank mall eve pola kara rein ross lea asia ola
"""
_ALSO_WORDS = frozenset(_WORDS.split())
"""First names that a line may open with that is no name ("Will Return")."""


def is_full_name(line: str) -> bool:
    """Whether a line is a first name with a family name and nothing else."""
    reading, _ = read(line.strip(), "")
    end = _full_name_end(reading, 0)
    return bool(end) and _LINE_END.fullmatch(reading.plain, end) is not None


def full_names(reading: Reading) -> Iterator[tuple[int, int]]:
    """Where full names stand in lines of their own."""
    for line in _LINE_START.finditer(reading.plain):
        end = _full_name_end(reading, line.end())
        if end and _LINE_END.match(reading.plain, end):
            yield line.end(), end


def _full_name_end(reading: Reading, start: int) -> int:
    """Where a known first name and one or two more names end; 0 where none start."""
    words = name_words(reading, start)
    if not 2 <= len(words) <= _MOST_WORDS:
        return 0
    first = reading.folded[slice(*words[0])]
    is_known = is_first_name(first) and first not in _ALSO_WORDS
    return words[-1][1] if is_known else 0
