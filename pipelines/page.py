"""A comment laid out for the encoder: its language, excerpts, what is cut and what is masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from models import personal_data
from models.clear_text import ClearText
from models.contracts import Excerpt, Language
from models.excerpts import split
from models.own_words import Cut, find_cuts, own_words
from models.personal_data import PersonalSpan, leave_out, mask_part
from models.reading_form import reading_form
from pipelines.contracts import Scale


@dataclass(frozen=True)
class Comment:
    """What the reader is given.

    Attributes:
        language_hint: the language the sender named, believed if it is one of `LANGUAGES`.
        survey: whose languages make some answers likelier than others.
    """

    text: str
    language_hint: str | None = None
    survey: str | None = None
    score: float | None = None
    scale: Scale | None = None


@dataclass(frozen=True)
class Sheet:
    """A comment before its language is known.

    Attributes:
        clear: what of it people see.
        cuts: what in the clear text is not read.
        words: the clear text with cuts blanked, at the same length.
        spoken: the same with the greeting, which says nothing but tells the language.
    """

    comment: Comment
    clear: ClearText
    cuts: tuple[Cut, ...]
    words: str
    spoken: str

    @classmethod
    def of(cls, comment: Comment) -> Sheet:
        """Clear a comment and find what is not to be read in it."""
        clear = ClearText.of(comment.text)
        cuts = find_cuts(clear.text)
        others = [cut for cut in cuts if cut.type != "greeting"]
        return cls(comment, clear, cuts, own_words(clear.text, cuts), own_words(clear.text, others))


@dataclass(frozen=True)
class Page:
    """A comment laid out for the encoder.

    Attributes:
        cuts: what in the comment is not read.
        pieces: its excerpts as people see them, with offsets into the clear text.
        forms: of each of them, what the encoder reads: without personal data, no shouting.
        excerpts: the same clear words, with offsets into the comment.
        pii: personal data anywhere in the comment, by start and not overlapping.
    """

    comment: Comment
    language: Language
    clear: ClearText
    cuts: tuple[Cut, ...]
    pieces: list[Excerpt]
    forms: list[str]
    excerpts: list[Excerpt]
    pii: list[PersonalSpan]

    @classmethod
    def of(cls, comment: Comment, code: str) -> Page:
        """Lay out a comment whose language is known."""
        return cls.lay_out(Sheet.of(comment), Language(code, 1.0))

    @classmethod
    def lay_out(cls, sheet: Sheet, language: Language) -> Page:
        """Find excerpts and personal data of a comment in a language."""
        text, clear, code = sheet.comment.text, sheet.clear, language.code
        seen = personal_data.find(clear.text, code)
        pieces, forms = [], []
        for piece in split(sheet.words, code):
            form = _form(sheet.words, seen, piece.start, piece.end, code)
            if form:
                pieces.append(piece)
                forms.append(form)
        excerpts = [Excerpt(piece.text, *clear.span(piece.start, piece.end)) for piece in pieces]
        return cls(
            sheet.comment,
            language,
            clear,
            tuple(_in_comment(clear, cut) for cut in sheet.cuts),
            pieces,
            forms,
            excerpts,
            _personal_data(text, code, clear, seen),
        )

    def place(self, piece: Excerpt, start: int, end: int) -> tuple[int, int]:
        """Where a part of one of `pieces` stands in the comment: offsets into the piece."""
        return self.clear.span(piece.start + start, piece.start + end)

    @cached_property
    def masks(self) -> list[PersonalSpan]:
        """Personal data in the clear text."""
        return masks(self.clear, self.pii)

    def shown(self, start: int, end: int) -> str:
        """A part of the clear text as it may be shown and is stored: masked, white space single."""
        return " ".join(mask_part(self.clear.text, self.masks, start, end).split())


def masks(clear: ClearText, pii: Iterable[PersonalSpan]) -> list[PersonalSpan]:
    """Personal data of a comment where it is seen in its clear text."""
    places = [(one.type, *clear.within(one.start, one.end)) for one in pii]
    return [PersonalSpan(kind, start, end) for kind, start, end in places if start < end]


def whole_form(text: str, code: str) -> str:
    """What the encoder would read of a text that is one excerpt; the text where that is nothing."""
    clear = ClearText.of(text).text
    return _form(clear, personal_data.find(clear, code), 0, len(clear), code) or text


_Part = TypeVar("_Part", Cut, PersonalSpan)


def _in_comment(clear: ClearText, part: _Part) -> _Part:
    start, end = clear.span(part.start, part.end)
    return replace(part, start=start, end=end)


def _personal_data(
    text: str, code: str, clear: ClearText, seen: list[PersonalSpan]
) -> list[PersonalSpan]:
    """Personal data that is seen, and what stands in the markup beside it."""
    if clear.starts is None:
        return seen
    spans = [_in_comment(clear, span) for span in seen]
    spans += [
        one
        for one in personal_data.find(text, code)
        if not any(one.start < span.end and span.start < one.end for span in spans)
    ]
    return sorted(spans, key=lambda span: span.start)


def _form(text: str, seen: Sequence[PersonalSpan], start: int, end: int, code: str) -> str:
    """What the encoder reads of a part of a text; nothing where that says only who somebody is."""
    left = leave_out(text, seen, start, end)
    if left != text[start:end] and not any(letter.isalnum() for letter in left):
        return ""
    return reading_form(left, code)
