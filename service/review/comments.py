"""A comment as pages show it: its clear words, masked, cut at its excerpts, folded where long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from models.clear_text import ClearText
from models.personal_data import PersonalSpan, mask_part
from pipelines.contracts import SCORE_TEXT_MISMATCH
from pipelines.page import masks
from pipelines.reasons import SIGNALS
from service.review.language import language
from service.storage.answer_tables import ExcerptRow, Feedback, Reading

_LINE = 80
_SHOWN_LINES = 20
"""A longer comment is folded after about so many lines..."""
_WORTH_FOLDING = 8
"""... if at least so many are left."""
_SHOWN_QUOTES = 3


@dataclass(frozen=True)
class Tag:
    """A theme named on a card or beside an excerpt."""

    id: str
    label: str


@dataclass(frozen=True)
class Words:
    """Words of a piece, with the signals that they gave away and how sure each is."""

    text: str
    tell: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Piece:
    """A stretch of a comment; one of an excerpt has its mood and theme.

    Attributes:
        cut: "quoted", "signature" or "greeting" where the stretch is not read.
    """

    words: tuple[Words, ...]
    mood: str | None = None
    score: float | None = None
    theme: Tag | None = None
    cut: str | None = None

    @property
    def text(self) -> str:
        """All of its words."""
        return "".join(one.text for one in self.words)


@dataclass(frozen=True)
class Folded:
    """A comment's pieces: those that are seen at once, and those that are unfolded."""

    shown: tuple[Piece, ...]
    rest: tuple[Piece, ...] = ()

    @property
    def rest_characters(self) -> int:
        """How many characters are folded away."""
        return sum(len(piece.text) for piece in self.rest)


@dataclass(frozen=True)
class SignalFound:
    """A signal of a comment: how sure it is where it is surest, and the words that gave it away."""

    name: str
    confidence: float
    quotes: tuple[str, ...]
    more_quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownComment:
    """A stored comment as people see it, with the personal data in it."""

    feedback: Feedback
    clear: ClearText
    masks: Sequence[PersonalSpan]

    @classmethod
    def of(cls, feedback: Feedback) -> ShownComment:
        """Clear a stored comment."""
        clear = ClearText.of(feedback.text)
        pii = [PersonalSpan(**one) for one in feedback.reading.pii]
        return cls(feedback, clear, masks(clear, pii))

    @property
    def text(self) -> str:
        """All of it, personal data replaced by what it is."""
        return self._masked(0, len(self.clear.text))

    def folded(self) -> Folded:
        """All of it in pieces, with what is past about twenty lines apart."""
        pieces = self.pieces()
        lines = 0.0
        for at, piece in enumerate(pieces):
            room = _SHOWN_LINES - lines
            lines += _lines(piece.text)
            if lines <= _SHOWN_LINES:
                continue
            head, tail = _divided(piece, max(0, int(room * _LINE)))
            rest = (*tail, *pieces[at + 1 :])
            if sum(_lines(one.text) for one in rest) < _WORTH_FOLDING:
                break
            return Folded((*pieces[:at], *head), rest)
        return Folded(pieces)

    def pieces(self) -> tuple[Piece, ...]:
        """The comment cut at its excerpts, nothing left out but blank lines before it."""
        pieces: list[Piece] = []
        at = 0
        for excerpt in self.feedback.reading.excerpts:
            start, end = self.clear.within(excerpt.start, excerpt.end)
            pieces += self._unread(at, start)
            pieces.append(
                Piece(
                    self._words(excerpt, start, end),
                    excerpt.sentiment_label,
                    excerpt.sentiment_score,
                    Tag(excerpt.theme.id, excerpt.theme.name_in(language()))
                    if excerpt.theme
                    else None,
                )
            )
            at = end
        pieces += self._unread(at, len(self.clear.text))
        is_led_by_blank = pieces and not pieces[0].text.strip()  # an opening tag breaks the line
        return tuple(pieces[1:] if is_led_by_blank else pieces)

    def _words(self, excerpt: ExcerptRow, start: int, end: int) -> tuple[Words, ...]:
        """An excerpt cut where words that gave a signal away begin and end."""
        places = [
            (*self._round_masks(*self.clear.within(hit["start"], hit["end"])), hit)
            for hit in excerpt.signals
        ]
        edges = {start, end}
        for first, last, _ in places:
            edges |= {min(max(first, start), end), min(max(last, start), end)}
        return tuple(
            Words(
                self._masked(left, right),
                tuple(
                    (hit["name"], hit["confidence"])
                    for first, last, hit in places
                    if first <= left and right <= last
                ),
            )
            for left, right in pairwise(sorted(edges))
        )

    def _unread(self, start: int, end: int) -> Iterator[Piece]:
        """What stands between excerpts; what is not read of it is pieces of its own."""
        for cut in self.feedback.reading.cuts:
            cut_start, cut_end = self.clear.within(cut["start"], cut["end"])
            if start <= cut_start and cut_end <= end:
                if start < cut_start:
                    yield self._plain(start, cut_start)
                yield replace(self._plain(cut_start, cut_end), cut=cut["type"])
                start = cut_end
        if start < end:
            yield self._plain(start, end)

    def _plain(self, start: int, end: int) -> Piece:
        return Piece((Words(self._masked(start, end)),))

    def _masked(self, start: int, end: int) -> str:
        return mask_part(self.clear.text, self.masks, start, end)

    def _round_masks(self, start: int, end: int) -> tuple[int, int]:
        """Edges moved out of personal data, which is masked as a whole."""
        for mask in self.masks:
            if mask.start < start < mask.end:
                start = mask.start
            if mask.start < end < mask.end:
                end = mask.end
        return start, end


def signals_of(reading: Reading) -> tuple[SignalFound, ...]:
    """The signals of a comment, what weighs most first, each with its words once."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for excerpt in reading.excerpts:
        for hit in excerpt.signals:
            found.setdefault(hit["name"], []).append(hit)
    signals = []
    for name, hits in found.items():
        quotes = tuple(dict.fromkeys(hit["text"] for hit in hits))
        sure = max(hit["confidence"] for hit in hits)
        signals.append(SignalFound(name, sure, quotes[:_SHOWN_QUOTES], quotes[_SHOWN_QUOTES:]))
    if reading.mismatch:
        signals.append(SignalFound(SCORE_TEXT_MISMATCH, reading.mismatch["confidence"], ()))
    order = {name: place for place, name in enumerate(SIGNALS)}
    signals.sort(key=lambda one: (order.get(one.name, len(order)), -one.confidence))
    return tuple(signals)


def _lines(text: str) -> float:
    return text.count("\n") + len(text) / _LINE


def _divided(piece: Piece, most: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """A piece before and after the last white space that fits; an excerpt stays whole."""
    text = piece.text
    if piece.mood:
        return (piece,), ()
    cut = max(text.rfind(" ", 0, most), text.rfind("\n", 0, most)) + 1
    head, tail = (replace(piece, words=(Words(part),)) for part in (text[:cut], text[cut:]))
    return (head,) if cut else (), (tail,)
