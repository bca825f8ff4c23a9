"""Finds the closing formula that ends a comment in the line of its last sentence, with its name.

"Paczka nie dotarła. Pozdrawiam, Jan Kowalski" ends in words that say nothing. Where it is not plain
that a name signs and is not what is greeted or thanked ("Pozdrawiam panią Kasię"), it is read.
"""

from __future__ import annotations

import re

from models.folding import fold
from models.personal_data.full_names import is_full_name
from models.personal_data.given_names import is_first_name

REGARDS = (
    r"z (?:powazaniem|wyrazami szacunku|pozdrowieniami)|pozdrawiam"
    r"|serdecznie pozdrawiam|(?:s|se) (?:pozdravem|pranim (?:hezkeho|pekneho) dne|uctou)|zdravim"
    r"|lugupidamisega|heade soovidega|parimate soovidega|tervitades|parimat|kind regards"
    r"|best regards|regards|best wishes|yours (?:sincerely|faithfully|truly)|sincerely"
    r"|warm regards"
)
"""What is said for nothing but to close."""
THANKS = "many thanks|thanks|cheers|diky|dekuji|dziekuje|aitah|tanan"
WISHES = (
    r"(?:zycze )?(?:milego|dobrego|udanego|spokojnego)"
    r" (?:dnia|popoludnia|wieczoru|weekendu|tygodnia)"
    r"|(?:preji )?(?:hezk[ye]|pekn[ye]|krasn[ye])(?: zbytek)?"
    r" (?:den|dne|vecer|odpoledne|vikend)(?: prej[ie])?"
    r"|(?:soovin )?(?:head|ilusat|kena|kaunist|toredat)"
    r" (?:paeva(?: ?jatku)?|ohtut|nadalavahetust|nadalat)(?: soovides)?"
    r"|(?:have|wishing you) an? (?:nice|good|great|lovely) (?:day|evening|weekend|week)"
)
_ALSO = (
    r"pozdrawiam (?:serdecznie|cieplo|goraco|wszystkich)|(?:lacze )?(?:serdeczne )?pozdrowienia"
    r"|(?:srdecne )?zdravim vas|s pratelskym pozdravem|tervitustega|koike (?:head|paremat)"
    r"|all the best|wszystkiego dobrego|mejte se (?:hezky|krasne|pekne)"
)
_LOOK = 160
_MOST_NAMES = 4
_CLOSING = re.compile(
    rf"(?:\A|(?<=[^\w\s,;:–-])\s{{1,3}})(?P<words>{_ALSO}|{REGARDS}|{WISHES}|(?P<thanks>{THANKS}))"
    r"(?![\w'-])\s{0,2}(?P<mark>[,.!]{0,3})(?:\s{1,3}(?P<name>[^,;:!?\n]{2,60}?))?[.!]?\s*\Z"
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*")


def closing_start(line: str) -> int | None:
    """Where the closing formula begins that ends a line.

    Args:
        line: the last line of a comment, whole or its end.

    Returns:
        An offset into it, or None where it ends with something that is said.
    """
    skipped = max(0, len(line) - _LOOK)
    end = line[skipped:]
    folded, at = fold(end), 0
    while found := _CLOSING.search(folded, at):
        name = end[slice(*found.span("name"))] if found["name"] else ""
        is_thanked = found["thanks"] is not None
        if _signs(name, found["mark"], is_thanked) if name else not is_thanked:
            return skipped + found.start("words")
        at = found.end("words")
    return None


def _signs(name: str, mark: str, is_thanked: bool) -> bool:
    """Whether what follows the formula is who wrote it; without a comma only a plain name is."""
    words = name.split()
    are_names = all(_NAME.fullmatch(word) and word[0].isupper() for word in words)
    if not are_names or len(words) > _MOST_NAMES:
        return False
    if is_thanked:
        return "," in mark and is_full_name(name)
    return "," in mark or is_first_name(fold(words[0]))
