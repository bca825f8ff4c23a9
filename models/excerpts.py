"""Splits a comment into excerpts: sentences, and clauses where the subject turns.

It turns at contrast words and at commas after which another clause opens (`models.clauses`).

Boundaries are found with patterns that never backtrack over more than a few characters, and every
look to the left or right of a candidate is bounded, so the time is linear in the length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from models.clauses import openings
from models.contracts import Excerpt
from models.folding import fold

_LONGEST = 600
"""A run without punctuation longer than this is cut at a space."""
_WINDOW = 80
_NEAR = 3
"""Characters between pieces that may be joined; what was blanked between them is longer."""
_CLAUSE_WORDS = 3
_CLAUSE_LETTERS = 12

_EMOJI_CLASS = "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u200d\ufe0f\u20e3]"
_SMILEY = r"[:;=]-?[()DP]{1,9}(?!\w)"
_EMOJI = re.compile(_EMOJI_CLASS)
_MARK = re.compile(
    rf"(?P<end>[.!?…]+)(?P<close>[\"'”’»)\]]*)(?:[ \u00a0]{{0,2}}(?:{_EMOJI_CLASS}|{_SMILEY}))*"
    rf"|(?P<emoji>(?:{_EMOJI_CLASS}|{_SMILEY})(?:[ \u00a0]{{0,2}}(?:{_EMOJI_CLASS}|{_SMILEY}))*)"
    r"|(?P<line>[\n\r\v\f\x85\u2028\u2029]+)|(?P<bullet>[•▪●◦‣])|(?P<semicolon>;)"
)
_LEADING = re.compile(r"(?:[\s,;•▪●◦‣·–—]|-(?!\d)|:(?![()DP]))*")
_TRAILING = " ,;–—-•▪●◦‣·"
_WORD = re.compile(r"\w+")

_NEVER_LAST = """np ul tj tzn al os dr mgr inz prof nr tel wg sw str m.in pn wt sr czw sp tzw ww
    godz napr mj cca ing bc mudr judr phdr sv tzv resp popr nt vrd lk jt mnt pst tn klo hr pr prl vt
    sh st k.a mr mrs ms e.g i.e vs approx"""
_SOMETIMES_LAST = "itd itp atd apod jne jms etc hod min max ltd inc kg zl gr kc tys mln tis mil"
_NEVER_LAST_WORDS = frozenset(_NEVER_LAST.split())
_SOMETIMES_LAST_WORDS = frozenset(_SOMETIMES_LAST.split())
_BEFORE_NUMBERS = frozenset(["ok", "no", "c", "nr", "p", "art", "par"])


@dataclass(frozen=True, slots=True)
class _Contrasts:
    """Where a language's clauses turn, as patterns over folded text.

    Attributes:
        words: the contrast words; after punctuation each of them opens a clause.
        free: those that open a clause without a comma before them too, as many people type.
        second: those that stand second in their clause, which then opens at the comma before.
        pairs: openings of "not only ... but also", which is one thing.
    """

    words: re.Pattern[str]
    free: frozenset[str]
    second: frozenset[str]
    pairs: re.Pattern[str]


def _contrasts(words: str, free: str, second: str, pairs: str) -> _Contrasts:
    return _Contrasts(
        re.compile(rf"\b(?:{words})\b"),
        frozenset(free.split()),
        frozenset(second.split()),
        re.compile(rf"\b(?:{pairs})\b"),
    )


_BY_LANGUAGE = {
    "pl": _contrasts(
        words="ale|lecz|jednak|niestety|natomiast|chociaz|choc"
        "|za to(?! (?:plac|zaplac|dzieku|plus|ze|co|wszystko|odpow|ktor|nie plac))",
        free="ale lecz",
        second="jednak natomiast",
        pairs="nie tylko|nie dosc,? ze|nie tyle",
    ),
    "cs": _contrasts(
        words="ale|avsak|jenze|nicmene|bohuzel|zato|vsak",
        free="ale avsak jenze nicmene",
        second="ale vsak",
        pairs="nejen(?:om|ze)?|ne jen(?:om)?",
    ),
    "et": _contrasts(
        words=r"aga|kuid|ent|kahjuks|samas(?! \w{1,30}s\b)",
        free="aga kuid ent",
        second="aga",
        pairs="mitte ainult|mitte uksnes|mitte lihtsalt",
    ),
    "en": _contrasts(
        words="but|however|unfortunately|even though|although|(?:and )?yet"
        r"|(?<!as )though(?= (?:the|i|its?|he|she|they|we|you|my|your|there|this|that|not?)\b)",
        free="but although though",
        second="",
        pairs="not only|not just|not merely",
    ),
}
_UNSTRESSED = re.compile(
    r"\b(?:mi|ti|mu|ji|to|tomu|se|si|ho|nam|vam|jim|je|me|te|jsem|jsme|by|bych|tam|uz|mam|sice) $"
)
_NO_TURN = re.compile(
    r"(?:\b(?:nothing|anything|all|everything|everyone|nobody|none|one|help|last|next)|\bas) $"
)


def split(text: str, language: str) -> list[Excerpt]:
    """Split a comment into excerpts.

    Args:
        text: the comment.
        language: one of `LANGUAGES`, whose contrast words are known, or `OTHER`, for which only
            sentences are split.

    Returns:
        Excerpts in order that do not overlap, `text[e.start:e.end] == e.text`, trimmed; every
        letter of the comment is in one of them. None where there is no letter, emoji or number
        of two digits.
    """
    folded = fold(text)
    pieces: list[tuple[int, int]] = []
    for start, end in _sentences(text, folded, language):
        cuts = [start, *_turns(folded, start, end, language), end]
        commas = [at for turn in pairwise(cuts) for at in openings(folded, *turn, language)]
        for clause_start, clause_end in pairwise(sorted([*cuts, *commas])):
            for run in _runs(text, clause_start, clause_end):
                trimmed = _trim(text, *run)
                if trimmed[0] < trimmed[1]:
                    pieces.append(trimmed)
    return [Excerpt(text[start:end], start, end) for start, end in _merge(text, pieces)]


def _sentences(text: str, folded: str, language: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _MARK.finditer(text):
        cut = mark.start() if mark["bullet"] else mark.end()
        if cut > start and _ends_sentence(text, folded, mark, start, language):
            yield start, cut
            start = cut
    yield start, len(text)


def _ends_sentence(text: str, folded: str, mark: re.Match[str], start: int, language: str) -> bool:
    if mark["line"] or mark["bullet"]:
        return True
    after = text[mark.end() : mark.end() + _WINDOW]
    following = after.lstrip()[:1]
    if mark["emoji"]:
        return following.isalnum()
    if mark["semicolon"]:
        return _both_stand(folded, start, mark.start(), len(text))
    spaced = not after or after[:1].isspace() or mark.end() > mark.end("close")
    if not spaced:
        return not mark["close"] and _is_unspaced_end(text, mark, after)
    if ")" in mark["close"] and following.islower():
        return False
    if mark["end"] == ".":
        return not _is_abbreviation(folded, mark.start(), following, start, language)
    if following.islower() and not set(mark["end"]) & set("!?"):
        return _both_stand(folded, start, mark.start(), len(text))
    return True


def _is_unspaced_end(text: str, mark: re.Match[str], after: str) -> bool:
    """Tell "szybko.Polecam" and "what?no" from "15.30", "example.com" and "S.R.O."."""
    if not after[:1].isalpha():
        return False
    if mark["end"] != ".":
        return True
    before = text[max(0, mark.start() - 2) : mark.start()]
    return before.isalpha() and len(before) == 2 and before[1].islower() and after[0].isupper()


def _is_abbreviation(folded: str, dot: int, following: str, start: int, language: str) -> bool:
    """Tell whether the full stop at `dot` belongs to an abbreviation, ordinal or initial."""
    window = max(start, dot - 20)
    words = folded[window:dot].split()
    last = words[-1].lstrip("(\"'") if words and not folded[dot - 1].isspace() else ""
    if last.isdigit():
        opens = not any(map(str.isalnum, folded[start : min(dot - len(last), start + _WINDOW)]))
        return opens or not following.isupper()
    if last == "i" and language == "en":
        return False
    if last in _BEFORE_NUMBERS and following.isdigit():
        return True
    if last in _SOMETIMES_LAST_WORDS:
        return not following.isupper()
    return last in _NEVER_LAST_WORDS or (last[-1:].isalpha() and last[-2:-1] in ("", "."))


def _turns(folded: str, start: int, end: int, language: str) -> list[int]:
    """Find the offsets inside one sentence at which a contrasting clause opens."""
    contrasts = _BY_LANGUAGE.get(language)
    if contrasts is None:
        return []
    cuts: list[int] = []
    left = start
    for word in contrasts.words.finditer(folded, start, end):
        at = _clause_opening(folded, contrasts, left, word)
        if at is not None and at > left and _is_turn(folded, contrasts, left, at, end):
            cuts.append(at)
            left = at
    return cuts


def _clause_opening(
    folded: str, contrasts: _Contrasts, left: int, word: re.Match[str]
) -> int | None:
    """Return where the clause opens that the contrast word belongs to, None for nowhere."""
    at = word.start()
    before = folded[max(left, at - 40) : at]
    if before.rstrip()[-1:] in (*",;:-–—(",):
        return at
    comma = before.rfind(",")
    if word[0] in contrasts.second and comma >= 0 and len(before[comma + 1 :].split()) <= 3:
        return at - len(before) + comma + 1
    if word[0] not in contrasts.free:
        return None
    return None if word[0] in contrasts.second and _UNSTRESSED.search(before) else at


def _is_turn(folded: str, contrasts: _Contrasts, left: int, at: int, end: int) -> bool:
    if not _both_stand(folded, left, at, end):
        return False
    before = folded[max(left, at - 2 * _WINDOW) : at]
    if contrasts.pairs.search(before) or _NO_TURN.search(before):
        return False
    repeated = set(_WORD.findall(before)[-2:]) & set(_WORD.findall(folded[at : at + _WINDOW])[1:3])
    return not any(len(word) > 3 for word in repeated)


def _both_stand(folded: str, left: int, at: int, end: int) -> bool:
    sides = (folded[max(left, at - _WINDOW) : at], folded[at : min(end, at + _WINDOW)])
    return all(_stands(side) for side in sides)


def _stands(side: str) -> bool:
    letters = sum(map(str.isalpha, side))
    return len(_WORD.findall(side)) >= _CLAUSE_WORDS or letters >= _CLAUSE_LETTERS


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is too long at the last space that fits, or hard where there is none."""
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        cut = cut if cut > 0 else start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    opening = _LEADING.match(text, start, end)
    start = opening.end() if opening else start
    while end > start and (text[end - 1].isspace() or text[end - 1] in _TRAILING):
        end -= 1
    return start, end


def _merge(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join pieces too small to say anything to a neighbour; drop those without a letter."""
    merged: list[tuple[int, int]] = []
    waiting: int | None = None
    tail = 0
    for start, end in pieces:
        piece = text[start:end]
        size = sum(map(str.isalnum, piece))
        if size < 2 and not _EMOJI.search(piece):
            if not any(map(str.isalpha, piece)):
                continue
            if merged and waiting is None and start - merged[-1][1] <= _NEAR:
                merged[-1] = (merged[-1][0], end)
            elif waiting is not None and start - tail > _NEAR:
                merged.append((waiting, tail))
                waiting = start
            elif waiting is None:
                waiting = start
            tail = end
            continue
        if waiting is not None and start - tail > _NEAR:
            merged.append((waiting, tail))
            waiting = None
        merged.append((start if waiting is None else waiting, end))
        waiting = None
    return merged if waiting is None else [*merged, (waiting, tail)]
