"""Finds commas that part two clauses without a conjunction, each of which stands for itself.

"Kurier miły, paczka rozbita" is two things; "miły, szybki i sprawny kurier" is one. What follows
the comma must open with a subject of its own and say something of it; what stands before must do
so too, or tell in the first person what the customer did. Each look is bounded, so the time is
linear in the length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from models.clause_words import CZECH, ENGLISH, ESTONIAN, POLISH, ClauseWords

_Kind: TypeAlias = Literal["verb", "own verb", "quality", "praise"]
"""How a clause says it: a verb, a verb in the first person, "service slow", "slow service"."""

_LOOK = 160
_BETWEEN = r"(?:\s+[-–—])?\s+"
_MOST_WORDS_OF_PRAISE = 6


@dataclass(frozen=True, slots=True)
class _Grammar:
    """A language's clauses as patterns over folded text.

    Attributes:
        opens: a subject, what stands before it, and what is said of it, at the beginning.
        says: the same anywhere.
        praises: a quality and its subject, at the beginning.
        quality: something said of a subject without a verb.
    """

    opens: re.Pattern[str]
    says: re.Pattern[str]
    praises: re.Pattern[str]
    quality: re.Pattern[str]
    verb: re.Pattern[str]
    own: re.Pattern[str]
    subordinate: re.Pattern[str]

    @classmethod
    def of(cls, words: ClauseWords) -> _Grammar:
        before = rf"\W{{0,4}}(?:(?:{_any(words.before)})\s+){{0,2}}"
        qualities = _qualities(words)
        quality = rf"(?P<quality>{qualities})\b"
        said = rf"(?:{_any(words.subjects)})(?:{_BETWEEN}[^\W\d]+){{0,3}}?{_BETWEEN}"
        told = rf"{said}(?:(?P<verb>{words.verbs})\b|{quality})"
        return cls(
            re.compile(before + told),
            re.compile(rf"\b{told}"),
            re.compile(rf"{before}(?:{qualities})\s+(?:{_any(words.subjects)})\b"),
            re.compile(rf"\b(?:{qualities})\b"),
            re.compile(rf"\b(?:{words.verbs})\b"),
            re.compile(rf"\b(?:{words.own})\b"),
            re.compile(rf"\b(?:{words.subordinates})\b"),
        )


def _any(words: str) -> str:
    return "|".join(words.split())


def _qualities(words: ClauseWords) -> str:
    single, *turns = words.qualities.split("|")
    stems = [
        f"{word[:-1]}(?:{words.endings})" if word.endswith("-") else word for word in single.split()
    ]
    return "|".join([*map(str.strip, turns), *stems])


_BY_LANGUAGE = {
    code: _Grammar.of(words)
    for code, words in (("pl", POLISH), ("cs", CZECH), ("et", ESTONIAN), ("en", ENGLISH))
}


def openings(folded: str, start: int, end: int, language: str) -> list[int]:
    """Offsets right after the commas inside a sentence at which another clause opens.

    Args:
        folded: folded text (`models.folding`).
        start: of the sentence, or of a part of it.
        end: of the same.
        language: one of `LANGUAGES`; in another none are found.
    """
    grammar = _BY_LANGUAGE.get(language)
    if grammar is None:
        return []
    commas = [at for at in range(start, end) if folded[at] == ","]
    found: list[int] = []
    left = segment = start
    is_clause = False
    for comma, following in pairwise([*commas, end]):
        said = folded[max(segment, comma - _LOOK) : comma]
        before = _kind(grammar, said)
        goes_on = is_clause and _goes_on(grammar, said)
        after = _opening(grammar, folded[comma + 1 : min(following, comma + 1 + _LOOK)])
        parts = _fits(before or ("quality" if goes_on else None), after)
        if parts and not grammar.subordinate.search(folded, max(left, comma - _LOOK), comma):
            found.append(comma + 1)
            left = comma + 1
        is_clause = before is not None or goes_on
        segment = comma + 1
    return found


def _kind(grammar: _Grammar, segment: str) -> _Kind | None:
    """How a segment before a comma says something; None where it does not stand for itself."""
    if grammar.praises.match(segment) and not grammar.verb.search(segment):
        return "praise"
    told = grammar.says.search(segment)
    if told and grammar.opens.match(segment):
        return "verb" if told["verb"] else "quality"
    if grammar.own.search(segment):
        return "own verb"
    return ("verb" if told["verb"] else "quality") if told else None


def _opening(grammar: _Grammar, segment: str) -> _Kind | None:
    """How a segment after a comma says something of a subject it opens with."""
    if told := grammar.opens.match(segment):
        return "verb" if told["verb"] else "quality"
    short = len(segment.split()) <= _MOST_WORDS_OF_PRAISE
    return "praise" if short and grammar.praises.match(segment) else None


def _goes_on(grammar: _Grammar, segment: str) -> bool:
    """Whether a segment says more of the subject before it, and names none of its own."""
    return bool(grammar.quality.match(segment.lstrip()))


def _fits(before: _Kind | None, after: _Kind | None) -> bool:
    """Whether two clauses stand beside each other; without a verb one could be an object."""
    if before is None or after is None:
        return False
    if before == "own verb":
        return after == "verb"
    return after != "praise" or before in ("praise", "quality")
