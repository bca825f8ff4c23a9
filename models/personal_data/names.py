"""Finds names that a title, a greeting, an introduction, a signature or a line of its own marks.

A title with a surname, a first name or both is a name ("pani Kasia"), a title with a role is not
("Pani doktor"); a first name alone, which says little of anybody, is left where nobody is
introduced by it or signs with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.personal_data.contracts import Claim
from models.personal_data.full_names import full_names
from models.personal_data.given_names import is_given_name
from models.personal_data.letters import CAPITAL, SMALL
from models.personal_data.name_parts import is_no_name, is_role, name_words, small_name_end
from models.personal_data.name_words import (
    GREETINGS,
    INTRODUCTIONS,
    KIN,
    LABELS,
    PLURAL_ENDINGS,
    PLURAL_TITLES,
    SIGNATURES,
    THANKS,
    TITLES,
    WEAK_INTRODUCTIONS,
)
from models.personal_data.reading import Reading

_MOST_TITLES = 6
_ENDS = re.compile(
    r" ?(?:[.,;:!?()\n\0\d+]|\Z"
    r"|(?:here|speaking|z tej strony|u telefonu|kuuleb|siin(?:pool)?)(?!\w))"
)

_TEXT_END = re.compile(r"[ .!\n]{0,5}\Z")

_TITLE = re.compile(rf"(?<![^\W_])(?:{TITLES})")
_SPACE = re.compile(r" {0,2}")
_LEAD = re.compile(
    r"(?<![^\W_])(?:"
    rf"(?P<introduction>(?:{INTRODUCTIONS})(?![^\W_])[ :\"-]{{1,4}})"
    rf"|(?P<label>(?:{LABELS}) ?[:=][ \n]{{0,2}})"
    rf"|(?P<signature>(?:(?:{SIGNATURES})(?![^\W_])|(?:best|{THANKS})[,.!]? {{0,2}}(?=\n))"
    r"[ ,.!;:\n-]{1,6})"
    rf"|(?P<greeting>(?:{GREETINGS})(?![^\W_])[ ,!]{{1,3}})"
    rf"|(?P<weak>(?:{WEAK_INTRODUCTIONS})(?![^\W_])[ ,:-]{{1,3}})"
    rf"|(?P<thanks>(?:{THANKS})(?![^\W_])[ ,.!\n-]{{1,5}})"
    r")"
)
_PAIR = re.compile(rf"(?<=[ (]){CAPITAL}{SMALL}{{1,20}} {CAPITAL}")
_LAST_WORD = re.compile(r"(?<![^\W_])([a-z]{3,20}),? ?\(?\Z")
_KIN = re.compile(KIN)
_BEFORE_NIMEL = re.compile(
    rf"(?<![^\W_])((?:{CAPITAL}{SMALL}{{2,20}} ){{0,2}}({CAPITAL}{SMALL}{{2,20}})) nimele(?!\w)"
)
"""Estonian puts "in the name of" behind the name."""


_WORD = re.compile(r"([a-z]+)\.?")


def names(reading: Reading) -> Iterator[Claim]:
    """Names after a title or a role, and after words that introduce, greet or sign."""
    yield from _titled(reading)
    yield from _led_to(reading)
    yield from _after_role(reading)
    for start, end in full_names(reading):
        yield Claim("name", start, end)
    for name in _BEFORE_NIMEL.finditer(reading.plain):
        first = reading.folded[name.start() : name.end(1)].split(" ")[0]
        start = name.start() if is_given_name(first) else name.start(2)
        if not is_no_name(reading.folded[start : name.end(1)]):
            yield Claim("name", start, name.end(1))


def _titled(reading: Reading) -> Iterator[Claim]:
    for title in _TITLE.finditer(reading.folded):
        if _is_title(reading, title):
            start = _after_titles(reading, title.end())
            words = name_words(reading, start)
            if words and _suits(title[0], words, reading):
                yield Claim("name", start, words[-1][1])


def _led_to(reading: Reading) -> Iterator[Claim]:
    for lead in _LEAD.finditer(reading.folded):
        start = lead.end()
        if "ęść" in reading.plain[lead.start() : start]:  # "część" is "part", "cześć" is "hi"
            continue
        words = name_words(reading, start)
        if _is_led_to(str(lead.lastgroup), words, reading):
            yield Claim("name", start, words[-1][1])
        elif lead.lastgroup == "introduction" and not lead[0].startswith(("in ", "under ")):
            end = small_name_end(reading, start)
            if end > start:
                yield Claim("name", start, end)


def _after_role(reading: Reading) -> Iterator[Claim]:
    """Full names after what somebody does or is to the writer: "konsultantka Anna Nowak"."""
    for pair in _PAIR.finditer(reading.plain):
        start = pair.start()
        word = _LAST_WORD.search(reading.folded, max(0, start - 24), start)
        if word and (is_role(word[1]) or _KIN.fullmatch(word[1])):
            words = name_words(reading, start)
            if _is_led_to("weak", words, reading):
                yield Claim("name", start, words[-1][1])


def _is_title(reading: Reading, title: re.Match[str]) -> bool:
    """Whether a word that can be a title is one in this language and in this writing."""
    word = title[0].rstrip(".")
    has_dot = title[0].endswith(".")
    written = reading.plain[title.start() : title.end()]
    if word.startswith("pan"):  # Estonian "pani" is "put", English "pan" is a dish
        return reading.language != "et" and (reading.language != "en" or written[0].isupper())
    if word in ("hr", "pr", "prl"):
        return reading.language == "et" and (has_dot or not written.isupper())
    if word in ("ms", "miss", "sir", "dame", "med", "doc"):
        return has_dot or (written[0].isupper() and not (word == "ms" and written.isupper()))
    if word in ("p", "pi", "sl"):  # neither "str. 5 p." nor "P. S."
        before = reading.plain[max(0, title.start() - 2) : title.start()]
        is_postscript = re.match(r" ?s\.", reading.folded[title.end() : title.end() + 3])
        return not any(map(str.isdigit, before)) and not is_postscript
    return True


def _after_titles(reading: Reading, start: int) -> int:
    """Past further titles and roles, as in "pani doktor Nowak" and "MUDr. Ing. Novák"."""
    for _ in range(_MOST_TITLES):
        space = _SPACE.match(reading.folded, start)
        start = space.end() if space else start
        more = _TITLE.match(reading.folded, start) or _role(reading, start)
        if not more or more.end() == start:
            break
        start = more.end()
    return start


def _role(reading: Reading, start: int) -> re.Match[str] | None:
    word = _WORD.match(reading.folded, start)
    return word if word and is_role(word[1]) else None


def _suits(title: str, words: list[tuple[int, int]], reading: Reading) -> bool:
    first = reading.folded[slice(*words[0])]
    return title not in PLURAL_TITLES or len(words) > 1 or first.endswith(PLURAL_ENDINGS)


def _is_led_to(lead: str, words: list[tuple[int, int]], reading: Reading) -> bool:
    """Whether the words are a name after that kind of lead."""
    if not words:
        return False
    is_known = is_given_name(reading.folded[slice(*words[0])])
    ends = _ENDS.match(reading.plain, words[-1][1]) is not None
    if lead == "introduction":
        return True
    if lead == "signature":
        return ends
    if lead == "thanks":
        is_last = _TEXT_END.match(reading.plain, words[-1][1]) is not None
        return len(words) > 1 and ends and (is_known or is_last)
    if lead == "weak":
        return is_known and len(words) > 1
    return len(words) > 1 and (is_known or ends)
