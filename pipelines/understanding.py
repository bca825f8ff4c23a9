"""Comment to Understanding: language, excerpts, one encoder pass, sentiment, signals, themes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from models import concepts, neutral, sentiment, signals
from models.concepts import ConceptSpace
from models.contracts import (
    LANGUAGES,
    OTHER,
    Encoded,
    Language,
    Sentiment,
    SignalHit,
    TextEncoder,
    ThemeMatch,
    Vectors,
)
from models.language import VERSION as LANGUAGE_VERSION
from models.language import LanguageDetector
from models.neutral import NeutralSpace
from models.own_words import find_cuts, own_words
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
from pipelines.page import Comment, Page

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

    def theme_vectors(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """The vectors that themes use, of (n, d) sentence vectors in n languages."""
        return self.concepts.theme_vectors(self.neutral.project(vectors, languages))

    @property
    def version(self) -> str:
        """Version of everything that reads, themes apart."""
        return (
            f"{self.encoder.version}/neutral.{neutral.VERSION}/concepts.{concepts.VERSION}"
            f"/sentiment.{sentiment.VERSION}/signals.{signals.VERSION}"
            f"/language.{LANGUAGE_VERSION}"
        )

    def read(
        self,
        comments: Sequence[Comment],
        themes: ThemeModel | None,
        priors: Mapping[str, LanguageShares] | None = None,
    ) -> list[Understanding]:
        """Read comments with one encoder pass over all their excerpts, in order.

        Args:
            comments: n comments.
            themes: the theme model in use, if there is one.
            priors: languages of each survey, as far as they are known.
        """
        cuts = [find_cuts(comment.text) for comment in comments]
        words = [own_words(comment.text, own) for comment, own in zip(comments, cuts, strict=True)]
        spoken = self._languages(comments, words, priors or {})
        pages = [Page.lay_out(*one) for one in zip(comments, words, cuts, spoken, strict=True)]
        encoded = self.encoder.encode([form for page in pages for form in page.forms])
        codes = [page.language.code for page in pages for _ in page.excerpts]
        found = _Found(
            encoded,
            self.theme_vectors(encoded.vectors, codes),
            self.sentiment.read(encoded.layers, codes),
            self.signals.read(
                [excerpt.text for page in pages for excerpt in page.excerpts],
                codes,
                encoded,
            ),
        )
        results, start = [], 0
        for page in pages:
            part = slice(start, start + len(page.excerpts))
            results.append(self._one(page, found.of(part), themes))
            start = part.stop
        return results

    def _languages(
        self,
        comments: Sequence[Comment],
        words: Sequence[str],
        priors: Mapping[str, LanguageShares],
    ) -> list[Language]:
        """Languages, detected together for the comments of each survey."""
        spoken: list[Language | None] = [
            Language(comment.language_hint, 1.0) if comment.language_hint in LANGUAGES else None
            for comment in comments
        ]
        by_survey: dict[str | None, list[int]] = {}
        for at, comment in enumerate(comments):
            if spoken[at] is None:
                by_survey.setdefault(comment.survey, []).append(at)
        for survey, rows in by_survey.items():
            found = self.languages.detect_many(
                [words[at] for at in rows], priors=priors.get(survey or "")
            )
            for at, language in zip(rows, found, strict=True):
                spoken[at] = Language(language.code, round(language.confidence, 4))
        return [language or Language(OTHER, 0.0) for language in spoken]

    def _one(self, page: Page, found: _Found, themes: ThemeModel | None) -> Understanding:
        matches: Sequence[ThemeMatch | None] = (
            themes.assign(found.vectors) if themes else [None] * len(page.excerpts)
        )
        read = tuple(
            ReadExcerpt(
                excerpt.text,
                excerpt.start,
                excerpt.end,
                mood,
                match,
                _shifted(hits, excerpt.start),
            )
            for excerpt, mood, match, hits in zip(
                page.excerpts, found.moods, matches, found.signals, strict=True
            )
        )
        whole = self._whole(page, found)
        comment = page.comment
        mismatch = find_mismatch(whole, comment.score, comment.scale)
        return Understanding(
            language=page.language if comment.text.strip() else Language(OTHER, 0.0),
            sentiment=whole,
            is_mixed=sentiment.is_mixed(found.moods),
            mismatch=mismatch,
            excerpts=read,
            themes=_mentions(read),
            signals=_all_signals(read, is_mismatch=mismatch is not None),
            pii=tuple(page.pii),
            cuts=page.cuts,
            vectors=found.vectors,
            model=self.version,
            themes_version=themes.version if themes else None,
        )

    def _whole(self, page: Page, found: _Found) -> Sentiment | None:
        if len(page.excerpts) < 2:
            return found.moods[0] if found.moods else None
        lengths = [excerpt.end - excerpt.start for excerpt in page.excerpts]
        layers = sentiment.of_whole(found.encoded.layers, lengths)
        return self.sentiment.read(layers, [page.language.code])[0]


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


def _shifted(hits: Sequence[SignalHit], by: int) -> tuple[SignalHit, ...]:
    return tuple(replace(hit, start=hit.start + by, end=hit.end + by) for hit in hits)


def _mentions(excerpts: Sequence[ReadExcerpt]) -> tuple[ThemeMention, ...]:
    """Themes of a comment, the one it speaks of most first, with their excerpts' mean sentiment.

    How much it speaks of a theme is the sum over its excerpts of confidence times the root of
    their length.
    """
    found: dict[str, list[ReadExcerpt]] = {}
    for excerpt in excerpts:
        if excerpt.theme is not None:
            found.setdefault(excerpt.theme.id, []).append(excerpt)
    mentions = []
    for own in found.values():
        themed = [(excerpt, excerpt.theme) for excerpt in own if excerpt.theme is not None]
        weight = sum(match.confidence * math.sqrt(len(one.text)) for one, match in themed)
        best = max((match for _, match in themed), key=lambda match: match.confidence)
        mood = round(float(np.mean([one.sentiment.score for one in own])), 4)
        mentions.append((weight, ThemeMention(best.id, best.label, best.confidence, mood)))
    mentions.sort(key=lambda pair: -pair[0])
    return tuple(mention for _, mention in mentions)


def _all_signals(excerpts: Sequence[ReadExcerpt], *, is_mismatch: bool) -> tuple[str, ...]:
    names = {hit.name for excerpt in excerpts for hit in excerpt.signals}
    return tuple(sorted(names | {SCORE_TEXT_MISMATCH} if is_mismatch else names))
