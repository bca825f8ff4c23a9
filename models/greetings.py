"""Finds the salutation that opens a comment ("Dear John,", "Dobrý den,"), which says nothing.

Where it is not plain that a word belongs to it, it does not: a greeting ends at punctuation or with
its line, and names only those it addresses. Every pattern is bounded, so the time does not grow
with the length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.folding import fold
from models.personal_data.given_names import is_called
from models.personal_data.letters import WORD
from models.personal_data.name_words import TITLES

_LOOK = 300
_MOST_GREETINGS = 3
_MOST_TITLES = 3
_MOST_NAMES = 3

_GREETING = re.compile(
    r"(?:dzien dobry|dobry wieczor|wita(?:m|my|j|jcie)|hej(?:ka)?|czesc(?!, ?ktor)|siemk?a|halo"
    r"|szanowni|dobry (?:den|vecer)|dobre (?:rano|dopoledne|odpoledne)|zdravim|ahoj|cau|nazdar"
    r"|vazeni|tere(?: (?:hommikust|paevast|ohtust))?|tervist|tervitus|hei|tsau"
    r"|hello|hi|hiya|hey|greetings|good morning|to whom it may concern)"
    r"(?: (?:serdecznie|ponownie|cieplo|wszystkich|wszystkim|preji|vsem|vas|jalle|taas|koigile"
    r"|there|again|all|everyone|everybody|team|guys|folks)){0,2}(?![\w'-])"
)
_LIKE_PRAISE = re.compile(r"good (?:day|afternoon|evening)(?![\w'-])")
"""What the customer may have had; a greeting of somebody, and where a letter's comma ends it."""
_RESPECT = re.compile(
    r"(?:dear|szanown[aeiy]|drodzy|vazen[aeiy]|lugupeetud|austatud)(?= )(?! (?:me|god|lord)\b)"
)
_LIKE_ADJECTIVE = re.compile(
    r"(?:drog[ai]|mil[ay](?! pani)(?= [^\W\d_]{1,24}[eiou]\b)|kallis|armas)(?= )"
)
"""Words for dear that are also expensive or nice; Czech ones with a name in the vocative."""
_GROUP = re.compile(
    r" (?:all|team|everyone|everybody|friends|sirs|sir(?: or |/)madam|madam|pratele)(?![\w'-])"
)
_TITLE = re.compile(rf" (?:{TITLES})")
_NAME = re.compile(rf" ({WORD})(?![\w'’-])")
_END = re.compile(r" {0,3}(?:[,!]{1,5}(?![,!.?…])|[.…]{1,5}(?![,!.?…\d])|\Z)")
_RELATIVE = re.compile(r" ?(?:ktor|kter|kes\b|kelle|who\b|which\b|jenz\b|co\b)")
"""Opens a clause about whom a sentence has named: "Pani Kasia, która mnie obsługiwała"."""


def greeting_end(text: str) -> int:
    """Where the salutation ends that opens a line.

    Args:
        text: a line from its first letter on.

    Returns:
        The offset after its comma, exclamation mark or full stop, or after its last word where the
        line ends with it; 0 where the line opens with no salutation.
    """
    line = _Line.of(text)
    end = _salutation(line, 0)
    for _ in range(1, _MOST_GREETINGS):
        more = _salutation(line, end + 1) if line.folded[end : end + 1] == " " else 0
        end = more or end
    return (_named_after(line, end) or end) if end else 0


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    folded: str

    @classmethod
    def of(cls, text: str) -> _Line:
        head = text[:_LOOK].rstrip()
        return cls(head, fold(head))

    def end(self, at: int) -> int:
        """After the punctuation or the line end that follows at once, 0 where neither does."""
        found = _END.match(self.folded, at)
        if found is None:
            return 0
        is_address = found[0].endswith(".") and self.text[found.end() :][:1].islower()
        return 0 if is_address else found.end()

    def is_letters(self, end: int) -> bool:
        """Whether a comma stands there that ends the line, as after a letter's salutation."""
        return end == len(self.text) and self.text.endswith(",")


@dataclass(frozen=True, slots=True)
class _Addressed:
    """Who is greeted: titles, names and where the last of them ends."""

    titles: int
    names: tuple[str, ...]
    end: int

    @classmethod
    def of(cls, line: _Line, at: int) -> _Addressed:
        titles, names = 0, list[str]()
        while titles < _MOST_TITLES:
            title = _GROUP.match(line.folded, at) or _TITLE.match(line.folded, at)
            if title is None:
                break
            titles, at = titles + 1, title.end()
        while len(names) < _MOST_NAMES:
            name = _NAME.match(line.folded, at)
            if name is None or not _is_name(line.text[name.start(1) : name.end()]):
                break
            names.append(name[1])
            at = name.end()
        return cls(titles, tuple(names), at)

    @property
    def is_called(self) -> bool:
        """Whether the first of the names is a first name."""
        return bool(self.names) and is_called(self.names[0])

    def ends(self, line: _Line) -> int:
        """Where the salutation ends, 0 where a sentence goes on."""
        end = line.end(self.end)
        is_named = self.titles or self.names
        return 0 if is_named and _RELATIVE.match(line.folded, end) else end


def _salutation(line: _Line, at: int) -> int:
    """Where one salutation ends that opens there, 0 where none does."""
    if respect := _RESPECT.match(line.folded, at):
        who = _Addressed.of(line, respect.end())
        if (who.titles or who.names) and (end := who.ends(line)):
            return end
    if dear := _LIKE_ADJECTIVE.match(line.folded, at):
        who = _Addressed.of(line, dear.end())
        return who.ends(line) if who.is_called or (who.titles and who.names) else 0
    greeting = _GREETING.match(line.folded, at)
    if greeting and "ę" in line.text[at : greeting.end()].lower():  # "część" is a part
        return 0
    opening = greeting or _LIKE_PRAISE.match(line.folded, at)
    if opening is None:
        return 0
    who = _Addressed.of(line, opening.end())
    end = who.ends(line)
    if who.is_called or who.titles or line.is_letters(end) or (greeting and not who.names):
        return end
    return 0


def _named_after(line: _Line, at: int) -> int:
    """Where a name ends that a greeting's comma parts from it ("Tere, Liisa!"), else 0.

    A sentence may open with a name and a comma, so that only an exclamation mark or the line end
    tells.
    """
    who = _Addressed.of(line, at) if line.text[at - 1] == "," else None
    if who is None or not (who.is_called or (who.titles and who.names)):
        return 0
    end = who.ends(line)
    return end if end and (line.text[end - 1] == "!" or end == len(line.text)) else 0


def _is_name(word: str) -> bool:
    return word[0].isupper() and (not word.isupper() or is_called(fold(word)))
