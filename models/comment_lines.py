"""A comment's lines as quotations and signatures look at them, and what a line is like."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.folding import fold
from models.personal_data import find
from models.personal_data.full_names import is_full_name
from models.personal_data.given_names import is_called
from models.personal_data.name_parts import is_role

_LOOK = 300
_MOST_NAMES = 5
_MOST_OF_A_LINE = 0.6
"""Share of a line's letters and digits that contact details take up in a line of nothing else."""
_CONTACT = re.compile(r"@|www\.|https?://|(?:\d[ ./()-]{0,2}){6}")
_POSTCODE_AND_TOWN = re.compile(
    r"\s{0,8}(?:(?:pl|cz|ee)-)?(?:\d\d-\d{3}|\d{3} ?\d\d),? [a-z][^\d.!?]{1,40}\s*$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """The first 300 characters of a line; `comment[start:end]` is all of it with its line end."""

    start: int
    end: int
    text: str
    folded: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return not self.folded.strip()

    @property
    def is_marked(self) -> bool:
        """Whether a mail program marked it as quoted."""
        return self.folded.lstrip().startswith(">")

    @property
    def is_contact(self) -> bool:
        """Whether it holds an address, a link or a long number, or is a postal address."""
        return (
            bool(_CONTACT.search(self.folded) or _POSTCODE_AND_TOWN.match(self.folded))
            or self._is_address()
        )

    @property
    def is_name(self) -> bool:
        """Whether it is one to five words that each begin with a capital."""
        words = self._words
        return 1 <= len(words) <= _MOST_NAMES and all(word[0].isupper() for word in words)

    @property
    def is_plain_name(self) -> bool:
        """Whether it is a name and no other word that stands alone ("Polecam")."""
        return self.is_name and (len(self._words) > 1 or self.is_first_name)

    @property
    def is_first_name(self) -> bool:
        """Whether it is a name that begins with a first name."""
        return self.is_name and is_called(fold(self._words[0]))

    @property
    def is_full_name(self) -> bool:
        """Whether it is a first name with a family name and nothing else."""
        return is_full_name(self.text)

    @property
    def is_role(self) -> bool:
        """Whether it says what somebody does and says it of nobody ("kierownik zakupów")."""
        words = self.folded.split()
        return 1 <= len(words) <= _MOST_NAMES and is_role(words[0]) and words[-1][-1].isalnum()

    @property
    def ends_a_sentence(self) -> bool:
        """Whether its last sign closes a sentence: a mark, a bracket, a smiley or an emoji."""
        last = self.text.rstrip()[-1:]
        return last in tuple(".!?…)") or ord(last or "a") > 0x25FF

    def _is_address(self) -> bool:
        if not any(map(str.isdigit, self.text)):
            return False
        taken = sum(
            sum(map(str.isalnum, self.text[span.start : span.end]))
            for span in find(self.text, "")
            if span.type == "address"
        )
        return taken > 0 and taken >= _MOST_OF_A_LINE * sum(map(str.isalnum, self.text))

    @property
    def _words(self) -> list[str]:
        return [word for word in re.split(r"[\s,.'’-]+", self.text) if word]


def lines_of(text: str) -> list[Line]:
    """All lines of a clear text, blank ones too."""
    lines, start = [], 0
    for line in text.splitlines(keepends=True):
        head = line[:_LOOK]
        lines.append(Line(start, start + len(line), head, fold(head)))
        start += len(line)
    return lines


def next_said(lines: list[Line], at: int) -> int:
    """Index of the next line that is not blank, or of the end."""
    return next((one for one in range(at, len(lines)) if not lines[one].is_blank), len(lines))
