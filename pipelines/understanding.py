"""Comment to Understanding: language, excerpts, one encoder pass, sentiment, signals, themes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from models import concepts, neutral, personal_data, sentiment
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
    Vectors,
)
from models.excerpts import split
from models.language import LanguageDetector
from models.neutral import NeutralSpace
from models.sentiment import SentimentModel
from models.signals import SignalReader
from models.themes import ThemeModel
from pipelines.contracts import (
    SCORE_TEXT_MISMATCH,
    PersonalData,
    ReadExcerpt,
    Scale,
    ThemeMention,
    Understanding,
)
from pipelines.segments import goodness

LanguageShares: TypeAlias = Mapping[str, float]
"""Share of each language code among a survey's answers."""
_MISMATCH_SCORE = 0.75
"""How strongly a text must speak against its score to be called a mismatch."""


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
            SignalReader(),
        )

    def theme_vectors(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """The vectors that themes use, of (n, d) sentence vectors in n languages."""
        return self.concepts.theme_vectors(self.neutral.project(vectors, languages))

    @property
    def version(self) -> str:
        """Version of everything that reads, themes apart."""
        return (
            f"{self.encoder.version}/neutral.{neutral.VERSION}/concepts.{concepts.VERSION}"
            f"/sentiment.{sentiment.VERSION}"
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
        spoken = self._languages(comments, priors or {})
        cut = [
            split(comment.text, language.code)
            for comment, language in zip(comments, spoken, strict=True)
        ]
        encoded = self.encoder.encode([excerpt.text for excerpts in cut for excerpt in excerpts])
        codes = [
            language.code for language, excerpts in zip(spoken, cut, strict=True) for _ in excerpts
        ]
        vectors = self.theme_vectors(encoded.vectors, codes)
        results, start = [], 0
        for comment, language, excerpts in zip(comments, spoken, cut, strict=True):
            part = slice(start, start + len(excerpts))
            own = Encoded(encoded.vectors[part], encoded.layers[part])
            results.append(self._one(comment, language, excerpts, own, vectors[part], themes))
            start = part.stop
        return results

    def _languages(
        self, comments: Sequence[Comment], priors: Mapping[str, LanguageShares]
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
                [comments[at].text for at in rows], priors=priors.get(survey or "")
            )
            for at, language in zip(rows, found, strict=True):
                spoken[at] = Language(language.code, round(language.confidence, 4))
        return [language or Language(OTHER, 0.0) for language in spoken]

    def _one(
        self,
        comment: Comment,
        language: Language,
        excerpts: Sequence[Excerpt],
        encoded: Encoded,
        vectors: Vectors,
        themes: ThemeModel | None,
    ) -> Understanding:
        moods = self.sentiment.read(encoded.layers) if excerpts else []
        matches = themes.assign(vectors) if themes else [None] * len(excerpts)
        read = tuple(
            ReadExcerpt(
                excerpt.text,
                excerpt.start,
                excerpt.end,
                mood,
                match,
                _shifted(self.signals.find(excerpt.text, language.code), excerpt.start),
            )
            for excerpt, mood, match in zip(excerpts, moods, matches, strict=True)
        )
        whole = self._whole(excerpts, encoded, moods)
        spans = personal_data.find(comment.text, language.code)
        return Understanding(
            language=language if comment.text.strip() else Language(OTHER, 0.0),
            sentiment=whole,
            excerpts=read,
            themes=_mentions(read),
            signals=_all_signals(read, whole, comment),
            pii=tuple(PersonalData(span.type, span.start, span.end) for span in spans),
            vectors=vectors,
            model=self.version,
            themes_version=themes.version if themes else None,
        )

    def _whole(
        self, excerpts: Sequence[Excerpt], encoded: Encoded, moods: Sequence[Sentiment]
    ) -> Sentiment | None:
        if len(excerpts) < 2:
            return moods[0] if moods else None
        lengths = [excerpt.end - excerpt.start for excerpt in excerpts]
        return self.sentiment.read(sentiment.of_whole(encoded.layers, lengths))[0]


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


def _all_signals(
    excerpts: Sequence[ReadExcerpt], whole: Sentiment | None, comment: Comment
) -> tuple[str, ...]:
    names = {hit.name for excerpt in excerpts for hit in excerpt.signals}
    if whole is not None and contradicts(whole, comment.score, comment.scale):
        names.add(SCORE_TEXT_MISMATCH)
    return tuple(sorted(names))


def contradicts(mood: Sentiment, score: float | None, scale: Scale | None) -> bool:
    """Whether a text's mood speaks strongly against the score given with it."""
    if score is None or scale is None:
        return False
    share = goodness(score, scale)
    if share >= 0.85:
        return mood.score <= -_MISMATCH_SCORE
    return share <= 0.3 and mood.score >= _MISMATCH_SCORE
