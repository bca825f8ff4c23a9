"""Comment to Understanding: language, excerpts, encoder passes, sentiment, signals, themes."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from models import (
    adapter,
    artifacts,
    concepts,
    language,
    neutral,
    patterns,
    sentiment,
    short_answers,
    signals,
)
from models.concepts import ConceptSpace
from models.contracts import (
    LANGUAGES,
    OTHER,
    Encoded,
    Excerpt,
    Language,
    Sentiment,
    SignalHit,
    TextEncoder,
    Themed,
    Vectors,
)
from models.language import LanguageDetector
from models.neutral import NeutralSpace
from models.sentiment import SentimentModel
from models.signals import SignalReader
from models.themes import ThemeModel
from pipelines.contracts import (
    SCORE_TEXT_MISMATCH,
    ReadExcerpt,
    ThemeMention,
    Understanding,
)
from pipelines.mismatch import find_mismatch
from pipelines.page import Comment, Page, Sheet
from pipelines.spoken import in_mood

VERSION = 7
"""Of the rules by which a comment is read; raised when an answer may change."""

SLICE = 50_000
"""Characters of comments laid out and encoded at once; bounds the memory and the others' wait."""

LanguageShares: TypeAlias = Mapping[str, float]
"""Share of each language code among a survey's answers."""


@dataclass(frozen=True)
class Reader:
    """Everything that reads, loaded once; `themes` is None before the first fit."""

    encoder: TextEncoder
    neutral: NeutralSpace
    concepts: ConceptSpace
    languages: LanguageDetector
    sentiment: SentimentModel
    signals: SignalReader

    @classmethod
    def load(cls, encoder: TextEncoder) -> Reader:
        """Load the models that belong to an encoder.

        Raises:
            ArtifactError: an artifact is missing or made for another encoder.
        """
        return cls(
            encoder,
            NeutralSpace.load(encoder.name),
            ConceptSpace.load(encoder.name),
            LanguageDetector(),
            SentimentModel.load(encoder.name),
            SignalReader.load(encoder.name),
        )

    def theme_vectors(self, encoded: Encoded, languages: Sequence[str]) -> Vectors:
        """The vectors that themes use, of n texts in n languages."""
        neutral = self.neutral.project(encoded.vectors, languages)
        return self.concepts.theme_vectors(neutral, encoded.layers[:, -1], languages)

    @property
    def version(self) -> str:
        """Version of everything that reads, themes apart: encoder, rules, and what was learned."""
        return f"{self.encoder.version}/reading.{VERSION}-{_learned()}"

    def read(
        self,
        comments: Sequence[Comment],
        themes: ThemeModel | None,
        priors: Mapping[str, LanguageShares] | None = None,
    ) -> list[Understanding]:
        """Read comments in slices, with one encoder pass over all excerpts of each, in order.

        Args:
            comments: n comments.
            themes: the theme model in use, if there is one.
            priors: languages of each survey, as far as they are known.
        """
        sheets = [Sheet.of(comment) for comment in comments]
        spoken = self._languages(sheets, priors or {})
        results: list[Understanding] = []
        for part in _slices([len(comment.text) for comment in comments]):
            pages = [Page.lay_out(*one) for one in zip(sheets[part], spoken[part], strict=True)]
            results += self._read_pages(pages, themes)
        return results

    def _read_pages(self, pages: Sequence[Page], themes: ThemeModel | None) -> list[Understanding]:
        forms = [form for page in pages for form in page.forms]
        encoded = self.encoder.encode(forms)
        codes = [page.language.code for page in pages for _ in page.excerpts]
        moods = [
            short_answers.read(form, code) or mood
            for form, code, mood in zip(
                forms, codes, self.sentiment.read(encoded.layers, codes), strict=True
            )
        ]
        pieces = [piece.text for page in pages for piece in page.pieces]
        hits = self.signals.read(pieces, forms, codes, encoded)
        hits = [in_mood(*one) for one in zip(hits, moods, strict=True)]
        found = _Found(encoded, self.theme_vectors(encoded, codes), moods, hits)
        results, start = [], 0
        for page in pages:
            part = slice(start, start + len(page.excerpts))
            results.append(self._one(page, found.of(part), themes))
            start = part.stop
        return results

    def _languages(
        self, sheets: Sequence[Sheet], priors: Mapping[str, LanguageShares]
    ) -> list[Language]:
        """Languages, detected together for the comments of each survey."""
        spoken: list[Language | None] = [
            Language(sheet.comment.language_hint, 1.0)
            if sheet.comment.language_hint in LANGUAGES
            else None
            for sheet in sheets
        ]
        by_survey: dict[str | None, list[int]] = {}
        for at, sheet in enumerate(sheets):
            if spoken[at] is None:
                by_survey.setdefault(sheet.comment.survey, []).append(at)
        for survey, rows in by_survey.items():
            found = self.languages.detect_many(
                [sheets[at].spoken for at in rows], priors=priors.get(survey or "")
            )
            for at, one in zip(rows, found, strict=True):
                spoken[at] = Language(one.code, round(one.confidence, 4))
        return [one or Language(OTHER, 0.0) for one in spoken]

    def _one(self, page: Page, found: _Found, themes: ThemeModel | None) -> Understanding:
        themed, places = self._themed(page, found.vectors, themes)
        read = tuple(
            ReadExcerpt(
                excerpt.text,
                excerpt.start,
                excerpt.end,
                mood,
                about.first,
                tuple(_in_comment(page, piece, hit) for hit in hits),
                page.shown(piece.start, piece.end),
                tuple(page.shown(piece.start + hit.start, piece.start + hit.end) for hit in hits),
                about.second,
                place,
                concept,
            )
            for excerpt, piece, mood, about, hits, place, concept in zip(
                *(page.excerpts, page.pieces, found.moods, themed, found.signals, places),
                self.concepts.clear(found.vectors),
                strict=True,
            )
        )
        whole = self._whole(page, found)
        comment = page.comment
        mismatch = find_mismatch(whole, comment.score, comment.scale)
        return Understanding(
            language=page.language if page.clear.text.strip() else Language(OTHER, 0.0),
            sentiment=whole,
            is_mixed=sentiment.is_mixed(found.moods),
            mismatch=mismatch,
            excerpts=read,
            themes=mentions(read),
            signals=_all_signals(read, is_mismatch=mismatch is not None),
            pii=tuple(page.pii),
            cuts=page.cuts,
            vectors=found.vectors,
            model=self.version,
            themes_version=themes.version if themes else None,
        )

    def _themed(
        self, page: Page, vectors: Vectors, themes: ThemeModel | None
    ) -> tuple[Sequence[Themed], Sequence[tuple[float, float] | None]]:
        """Themes of a page's excerpts, and their places on the map."""
        if themes is None:
            return [Themed()] * len(vectors), [None] * len(vectors)
        texts = [page.shown(one.start, one.end) for one in page.pieces]
        themed = themes.assign(vectors, texts, [page.language.code] * len(texts))
        return themed, [(x, y) for x, y in themes.atlas.place(vectors).round(4).tolist()]

    def _whole(self, page: Page, found: _Found) -> Sentiment | None:
        if len(page.excerpts) < 2:
            return found.moods[0] if found.moods else None
        code = page.language.code
        plain = short_answers.read(" ".join(page.forms), code)
        if plain is not None:
            return plain
        lengths = [excerpt.end - excerpt.start for excerpt in page.excerpts]
        layers = sentiment.of_whole(found.encoded.layers, lengths)
        return self.sentiment.read(layers, [code])[0]


def _slices(lengths: Sequence[int]) -> Iterator[slice]:
    """Runs of neighbours with at most `SLICE` characters, or of one that is longer by itself."""
    start = total = 0
    for at, length in enumerate(lengths):
        if at > start and total + length > SLICE:
            yield slice(start, at)
            start, total = at, 0
        total += length
    if start < len(lengths):
        yield slice(start, len(lengths))


@dataclass(frozen=True)
class _Found:
    """What was read in n excerpts."""

    encoded: Encoded
    vectors: Vectors
    moods: Sequence[Sentiment]
    signals: Sequence[tuple[SignalHit, ...]]

    def of(self, part: slice) -> _Found:
        return _Found(
            self.encoded.part(part), self.vectors[part], self.moods[part], self.signals[part]
        )


@lru_cache(maxsize=1)
def _learned() -> str:
    """Eight hexadecimal digits that change with any artifact, signal pattern or plain word."""
    parts = [
        artifacts.fingerprint(name)
        for name in (
            neutral.NAME,
            concepts.NAME,
            sentiment.NAME,
            signals.NAME,
            language.NAME,
            adapter.NAME,
        )
    ]
    return hashlib.sha256(
        "".join([*parts, patterns.fingerprint(), short_answers.fingerprint()]).encode()
    ).hexdigest()[:8]


def _in_comment(page: Page, piece: Excerpt, hit: SignalHit) -> SignalHit:
    start, end = page.place(piece, hit.start, hit.end)
    return replace(hit, start=start, end=end)


def mentions(excerpts: Sequence[ReadExcerpt]) -> tuple[ThemeMention, ...]:
    """Themes of a comment, the one it speaks of most first, with their excerpts' mean sentiment.

    How much it speaks of a theme is the sum over its excerpts of confidence times the root of
    their length.
    """
    found: dict[str, list[ReadExcerpt]] = {}
    for excerpt in excerpts:
        if excerpt.theme is not None:
            found.setdefault(excerpt.theme.id, []).append(excerpt)
    weighed = []
    for own in found.values():
        themed = [(excerpt, excerpt.theme) for excerpt in own if excerpt.theme is not None]
        weight = sum(match.confidence * math.sqrt(len(one.text)) for one, match in themed)
        best = max((match for _, match in themed), key=lambda match: match.confidence)
        mood = round(float(np.mean([one.sentiment.score for one in own])), 4)
        weighed.append((weight, ThemeMention(best.id, best.label, best.confidence, mood)))
    weighed.sort(key=lambda pair: -pair[0])
    return tuple(mention for _, mention in weighed)


def _all_signals(excerpts: Sequence[ReadExcerpt], *, is_mismatch: bool) -> tuple[str, ...]:
    names = {hit.name for excerpt in excerpts for hit in excerpt.signals}
    return tuple(sorted(names | {SCORE_TEXT_MISMATCH} if is_mismatch else names))
