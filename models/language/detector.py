"""Names the language of comments, by script, model and what is known of the survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.contracts import LANGUAGES, OTHER, Language
from models.language.letters import Letters, letters
from models.language.model import CODES, LanguageModel

_BATCH = 64
_OTHER_SHARE = 0.2
"""Prior of all other languages together, where nothing is known of the survey."""
_UNSEEN_OTHER_SHARE = 0.03
"""The same in a survey whose languages are known and where no other was met."""
_MOST_OTHER_SHARE = 0.9
_LEAST_SHARE = 0.005
"""No surveyed language is ruled out, however rare it is in a survey."""
_FEWEST_LETTERS = 2


class LanguageDetector:
    """Identifies the language of comments.

    Raises:
        ArtifactError: the model's artifact is missing or of another version.
    """

    def __init__(self, model: LanguageModel | None = None) -> None:
        self._model = model or LanguageModel.load()

    def detect(self, text: str, *, priors: Mapping[str, float] | None = None) -> Language:
        """Identify the language of one comment.

        Args:
            text: a comment, of which the beginning is read (some 300 letters).
            priors: share of each language code in the survey, `OTHER` included if it is known;
                without it the four and `OTHER` are held equally likely.

        Returns:
            The most probable language with its posterior probability; `OTHER` with confidence 0
            where there is no word to go by.
        """
        return self.detect_many([text], priors=priors)[0]

    def detect_many(
        self, texts: Sequence[str], *, priors: Mapping[str, float] | None = None
    ) -> list[Language]:
        """Identify the language of each comment, in order; see `detect`."""
        weights = _prior_shares(priors) / self._model.shares
        return [
            answer
            for start in range(0, len(texts), _BATCH)
            for answer in self._detect(texts[start : start + _BATCH], weights)
        ]

    def _detect(self, texts: Sequence[str], weights: NDArray[np.float64]) -> list[Language]:
        read = [letters(text) for text in texts]
        answers = [_by_script(one) for one in read]
        open_at = [at for at, answer in enumerate(answers) if answer is None]
        if open_at:
            shares = self._model.probabilities([read[at] for at in open_at]) * weights
            shares /= shares.sum(axis=1, keepdims=True)
            for at, row in zip(open_at, shares.round(6).tolist(), strict=True):
                best = max(range(len(CODES)), key=row.__getitem__)
                answers[at] = Language(CODES[best], row[best])
        return [answer or Language(OTHER, 0.0) for answer in answers]


def _by_script(text: Letters) -> Language | None:
    """Decide by script alone: nothing to go by, or letters that no surveyed language uses."""
    if text.latin_share < 0.5:
        return Language(OTHER, 1.0 - text.latin_share)
    return Language(OTHER, 0.0) if len(text.plain.strip()) < _FEWEST_LETTERS else None


def _prior_shares(priors: Mapping[str, float] | None) -> NDArray[np.float64]:
    given = priors or {}
    other = given.get(OTHER, _UNSEEN_OTHER_SHARE if given else _OTHER_SHARE)
    other = min(max(other, _LEAST_SHARE), _MOST_OTHER_SHARE)
    four = np.array([max(given.get(code, 0.0), _LEAST_SHARE) for code in LANGUAGES])
    return np.append((1.0 - other) * four / four.sum(), other)
