"""Reads signals in excerpts: what a customer needs, threatens or asks, and the words that say so.

A linear model over the encoder's pooled layers, another over how words are spelt (`models.wording`)
and the precise patterns of `models.patterns` give each signal a calibrated probability. A signal is
named only where that passes the signal's own threshold; below it the reader abstains. What each
signal means is in docs/signals.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models import artifacts
from models.contracts import Encoded, SignalHit, Tokens, Vectors
from models.folding import fold
from models.patterns import Patterns
from models.sentiment import features
from models.wording import Wording

NAME, VERSION = "signals", 3
NAMES = (
    "open_problem",
    "resolved_problem",
    "churn_risk",
    "legal_threat",
    "authority_complaint",
    "media_threat",
    "safety",
    "health",
    "discrimination",
    "fraud_or_security",
    "privacy",
    "vulnerable_person",
    "contacted_before",
    "promise_broken",
    "effort",
    "waiting",
    "price",
    "suggestion",
    "question",
    "praise_person",
    "recommend",
    "upsell_interest",
    "asks_contact",
    "asks_no_contact",
)
"""In the order of docs/signals.md, which is the order of everything here."""
EXCLUSIVE = ("asks_contact", "asks_no_contact")
"""No excerpt has both."""
SURE = 2.0
"""Of a hit that names its signal whatever else is read of the text."""
Places: TypeAlias = dict[str, list[tuple[int, int]]]
"""Of each signal that shows where its patterns hit."""
_MOST_WORDS = 8
"""Of the evidence where no pattern names the words."""


@dataclass(frozen=True)
class SignalModel:
    """A linear layer over the last pooled layer, wording and pattern hits, with a logistic on top.

    Attributes:
        weights: (d, s) float32, over the last pooled layer at unit length.
        pattern_weights: (s,) float32, added where the signal's own pattern hits.
        bias: (s,) float32.
        slopes: (s,) float32; a probability is sigmoid(slope * logit + shift), fitted on examples
            that the weights were not (Platt 1999).
        shifts: (s,) float32, added inside that sigmoid.
        thresholds: (s,) float32, the least probability at which a signal is named.
        floors: (s,) float32, the least probability where a pattern hits that is sure: how often
            those are right.
        wording: what is added for how the words are spelt.
    """

    weights: Vectors
    pattern_weights: Vectors
    bias: Vectors
    slopes: Vectors
    shifts: Vectors
    thresholds: Vectors
    floors: Vectors
    wording: Wording = field(default_factory=lambda: Wording.silent(len(NAMES)))

    @classmethod
    def load(cls, encoder: str) -> SignalModel:
        """Read the trained artifact.

        Raises:
            ArtifactError: see `artifacts.load`.
        """
        arrays = dict(artifacts.load(NAME, VERSION, encoder).arrays)
        wording = Wording(arrays.pop("wording"), arrays.pop("wording_scales"))
        return cls(
            **{name: array.astype(np.float32) for name, array in arrays.items()}, wording=wording
        )

    def probabilities(self, texts: Sequence[str], layers: Vectors, hits: Vectors) -> Vectors:
        """Probability of each signal.

        Args:
            texts: n excerpts.
            layers: (n, k, d) float32, their pooled hidden states.
            hits: (n, s) float32, of `hits_of`.

        Returns:
            (n, s) float32.
        """
        logits = features(layers[:, -1:]) @ self.weights
        logits += (
            np.minimum(hits, 1) * self.pattern_weights + self.wording.logits(texts) + self.bias
        )
        shares = 1 / (1 + np.exp(-(logits * self.slopes + self.shifts)))
        lifted: Vectors = np.maximum(shares, (hits == SURE) * self.floors).astype(np.float32)
        return lifted

    def token_shares(self, tokens: Tokens, signal: int) -> Vectors:
        """How much each token adds to a signal's logit, up to a factor: (t,) float32.

        Exact for a linear layer over a mean: the mean's product is the mean of the products.
        """
        shares: Vectors = tokens.states.astype(np.float32) @ self.weights[:, signal]
        return shares


class SignalReader:
    """Reads the signals of `NAMES` in excerpts; loaded once."""

    def __init__(self, model: SignalModel) -> None:
        self.model = model
        self.patterns = Patterns(NAMES)

    @classmethod
    def load(cls, encoder: str) -> SignalReader:
        """Load patterns and trained model.

        Raises:
            ArtifactError: see `artifacts.load` and `Patterns`.
        """
        return cls(SignalModel.load(encoder))

    def read(
        self,
        texts: Sequence[str],
        forms: Sequence[str],
        languages: Sequence[str],
        encoded: Encoded,
    ) -> list[tuple[SignalHit, ...]]:
        """Signals of excerpts.

        Args:
            texts: n excerpts, personal data masked or not.
            forms: what the encoder read of each.
            languages: their n languages.
            encoded: of the forms.

        Returns:
            For each excerpt its signals, one hit each in the order of `NAMES`, with offsets into
            the excerpt: `text[hit.start:hit.end] == hit.text`.
        """
        if not texts:
            return []
        places, hits_there = hits_of(self.patterns, texts, languages)
        probabilities = self.model.probabilities(texts, encoded.layers, hits_there)
        named = probabilities >= self.model.thresholds
        _part(named, probabilities, hits_there)
        found = []
        for at, text in enumerate(texts):
            hits = []
            for signal in np.flatnonzero(named[at]).tolist():
                spans = places[at].get(NAMES[signal])
                if not spans:
                    tokens = encoded.tokens[at]
                    shares = self.model.token_shares(tokens, signal)
                    spans = [_in_text(text, forms[at], _telling_words(forms[at], tokens, shares))]
                start, end = spans[0]
                share = round(float(probabilities[at, signal]), 4)
                hits.append(SignalHit(NAMES[signal], text[start:end], start, end, share))
            found.append(tuple(hits))
        return found


def hits_of(
    patterns: Patterns, texts: Sequence[str], languages: Sequence[str]
) -> tuple[list[Places], Vectors]:
    """Where signals' patterns hit in n texts, and how.

    Returns:
        The places of each, and (n, s) float32: 0 for no hit, 1 for one, `SURE` for a sure one.
    """
    places, hits = [], np.zeros((len(texts), len(NAMES)), np.float32)
    for at, (text, language) in enumerate(zip(texts, languages, strict=True)):
        own = patterns.find(text, language)
        sure = patterns.find_sure(text, language) if own else frozenset[str]()
        hits[at] = [SURE if name in sure else float(name in own) for name in NAMES]
        places.append(own)
    return places, hits


def _part(named: NDArray[np.bool_], probabilities: Vectors, hits: Vectors) -> None:
    """Of two signals that exclude each other, leave a sure one, else the likelier."""
    one, other = map(NAMES.index, EXCLUSIVE)
    both = np.flatnonzero(named[:, one] & named[:, other])
    first, second = (probabilities[both, at] + (hits[both, at] == SURE) for at in (one, other))
    named[both, np.where(first >= second, other, one)] = False


def _in_text(text: str, form: str, span: tuple[int, int]) -> tuple[int, int]:
    """Where words of a form stand in its text, with other case or accents; else all of it."""
    words = fold(form[slice(*span)])
    at = fold(text).find(words) if words else -1
    return (0, len(text)) if at < 0 else (at, at + len(words))


def _telling_words(form: str, tokens: Tokens, shares: Vectors) -> tuple[int, int]:
    """The run of at most `_MOST_WORDS` words that adds most above the average word.

    Returns:
        Offsets into the form; all of it where it has no word.
    """
    words: list[tuple[int, int, float]] = []
    for (start, end), share in zip(tokens.spans, shares - shares.mean(), strict=True):
        if end <= start:
            continue
        if words and start == words[-1][1] and start and not form[start - 1 : start + 1].count(" "):
            opening, _, total = words[-1]
            words[-1] = (opening, end, total + float(share))
        else:
            words.append((start, end, float(share)))
    best, span = -np.inf, (0, len(form))
    for first in range(len(words)):
        total = 0.0
        for last in range(first, min(first + _MOST_WORDS, len(words))):
            total += words[last][2]
            if total > best:
                best, span = total, (words[first][0], words[last][1])
    start, end = span
    while start < end and form[start].isspace():
        start += 1
    return start, end
