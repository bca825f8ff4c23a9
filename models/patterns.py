"""Finds the words that give a signal away: precise patterns, one file a language.

They live in `signal_patterns/<language>.toml`, one table per signal with `patterns`, `not` and
perhaps `sure`: patterns that name the signal whatever else is read of the text. They are matched on
folded text (`models.folding`), so they are written in lower case and without diacritics. Three
abbreviations keep them readable: a space is any white space (and " ?" perhaps none), `%` is any
ending of a word, and ` ~ ` is a gap of at most four words inside one sentence. A pattern matches
whole words only. A hit is dropped where a `not` pattern matches in the sentence.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from models.contracts import LANGUAGES, ArtifactError
from models.folding import fold

_FOLDER = Path(__file__).parent / "signal_patterns"
_GAP = r"[^\w.!?\n']+(?:[\w']+[^\w.!?\n']+){0,4}?"
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)|\n+")


@dataclass(frozen=True, slots=True)
class _Rule:
    """One signal of one language: where it shows, and what takes it back."""

    name: str
    shows: re.Pattern[str]
    sure: re.Pattern[str] | None
    takes_back: re.Pattern[str] | None


class Patterns:
    """The patterns of all languages, compiled once, when it is made."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """Read the patterns of signals.

        Args:
            names: the signals, each of which has a table in every file.

        Raises:
            ArtifactError: a file lacks a signal or has one too many, or a pattern is not folded.
        """
        self._rules = {language: _read_rules(language, names) for language in LANGUAGES}

    def find(self, text: str, language: str) -> dict[str, list[tuple[int, int]]]:
        """Places of each signal that shows, by start and without overlaps; offsets into `text`.

        A language that is not one of `LANGUAGES` is tried with the English patterns.
        """
        folded = fold(text)
        places = {rule.name: _places(rule.shows, rule, folded) for rule in self._rules_of(language)}
        return {name: spans for name, spans in places.items() if spans}

    def find_sure(self, text: str, language: str) -> frozenset[str]:
        """Signals of which a pattern shows that needs nothing else to speak for it."""
        folded = fold(text)
        return frozenset(
            rule.name
            for rule in self._rules_of(language)
            if rule.sure is not None and _places(rule.sure, rule, folded)
        )

    def _rules_of(self, language: str) -> tuple[_Rule, ...]:
        return self._rules.get(language, self._rules["en"])


def fingerprint() -> str:
    """A hash that changes with any pattern."""
    whole = b"".join((_FOLDER / f"{language}.toml").read_bytes() for language in LANGUAGES)
    return hashlib.sha256(whole).hexdigest()


def _places(shows: re.Pattern[str], rule: _Rule, folded: str) -> list[tuple[int, int]]:
    found = [match.span() for match in shows.finditer(folded)]
    if not found or rule.takes_back is None:
        return found
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(folded)), len(folded)]
    taken_back: set[int] = set()
    for at, (start, end) in enumerate(pairwise(ends)):
        if rule.takes_back.search(folded, start, end):
            taken_back.add(at)
    return [span for span in found if _sentence_of(span[0], ends) not in taken_back]


def _sentence_of(offset: int, ends: list[int]) -> int:
    return bisect_right(ends, offset) - 1


def _read_rules(language: str, names: tuple[str, ...]) -> tuple[_Rule, ...]:
    path = _FOLDER / f"{language}.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    if set(tables) != set(names):
        wrong = sorted(set(tables) ^ set(names))
        raise ArtifactError(
            f"{path.name} must have one table per signal; missing or unknown: {wrong}"
        )
    return tuple(_compile_rule(name, tables[name], path.name) for name in names)


def _compile_rule(name: str, table: dict[str, list[str]], file: str) -> _Rule:
    sure, patterns, guards = table.get("sure", []), table["patterns"], table.get("not", [])
    for pattern in (*sure, *patterns, *guards):
        if pattern != fold(pattern):
            raise ArtifactError(f"{file}, {name}: write without capitals or diacritics: {pattern}")
    return _Rule(
        name,
        _compile([*sure, *patterns]),
        _compile(sure) if sure else None,
        _compile(guards) if guards else None,
    )


def _compile(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_spell_out, patterns))})(?!\w)")


def _spell_out(pattern: str) -> str:
    spelt = pattern.replace(" ~ ", _GAP).replace("%", r"\w*").replace(" ?", r"\s*")
    return spelt.replace(" ", r"\s+")
