"""A comment laid out for the encoder: its language, excerpts, what is cut and what is masked."""

from __future__ import annotations

from dataclasses import dataclass

from models import personal_data
from models.contracts import Excerpt, Language
from models.excerpts import split
from models.own_words import Cut, find_cuts, own_words
from models.personal_data import PersonalSpan
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
class Page:
    """A comment laid out for the encoder.

    Attributes:
        cuts: what in it its writer did not say now.
        forms: of each excerpt, what the encoder reads: personal data masked, markup gone.
        pii: personal data anywhere in the comment.
    """

    comment: Comment
    language: Language
    cuts: tuple[Cut, ...]
    excerpts: list[Excerpt]
    forms: list[str]
    pii: list[PersonalSpan]

    @classmethod
    def of(cls, comment: Comment, code: str) -> Page:
        """Lay out a comment whose language is known."""
        cuts = find_cuts(comment.text)
        return cls.lay_out(comment, own_words(comment.text, cuts), cuts, Language(code, 1.0))

    @classmethod
    def lay_out(
        cls, comment: Comment, words: str, cuts: tuple[Cut, ...], language: Language
    ) -> Page:
        """Find excerpts and personal data.

        Args:
            comment: as it came.
            words: its `own_words`, of the same length.
            cuts: what `words` lacks.
            language: it is written in.
        """
        code = language.code
        pii = personal_data.find(comment.text, code)
        excerpts = [
            Excerpt(comment.text[one.start : one.end], one.start, one.end)
            for one in split(words, code)
        ]
        forms = [
            reading_form(personal_data.mask_part(comment.text, pii, one.start, one.end), code)
            or one.text
            for one in excerpts
        ]
        return cls(comment, language, cuts, excerpts, forms, pii)
