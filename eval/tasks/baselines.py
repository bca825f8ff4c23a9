"""Task `baselines`: what plain methods reach on the suites of task `sentiment`."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from eval import datasets, written
from eval.results import Result
from eval.tasks import sentiment
from models import bundle
from models.contracts import LANGUAGES, Vectors
from models.encoder import TorchEncoder

NAME = "baselines"
MOST_TRAINED = 6_000
"""Training rows of a source for the logistic regressions, chosen by a hash of their text."""
_LEXICON_STEP = 0.5
"""AFINN's mean score of the words it knows, from where on a text counts as positive or negative."""

Rows = Sequence[tuple[str, str]]
"""(text, label)."""


def run(data: Path | None, weights: Path) -> Iterator[Result]:
    """Score each baseline on each suite that has rows to learn from.

    `majority`: the commonest label. `lexicon`: AFINN, in English, the only one of the four that a
    package ships it for. `tfidf`: words and word pairs, TF-IDF, logistic regression.
    `last_layer`: sentence vectors of the packaged encoder, unchanged, logistic regression.
    """
    encoder = TorchEncoder.load(bundle.ensure_folder(weights), bundle.FOLDER_NAME)
    learned_from = _training_rows(data)
    for suite in sentiment.suites(data):
        own = learned_from.get((suite.dataset, suite.language), [])
        if len({label for _, label in own}) < 2:
            continue
        values: dict[str, float] = {}
        for name, guess in _guessers(own, suite.language, encoder).items():
            labels = guess(suite.texts)
            scores = [(label == "positive") - (label == "negative") for label in labels]
            values[f"{name}_macro_f1"] = sentiment.class_metrics(suite.labels, labels, scores)[
                "macro_f1"
            ]
        yield Result(NAME, suite.dataset, suite.language, len(suite.texts), values)


def _training_rows(data: Path | None) -> dict[tuple[str, str], Rows]:
    found: dict[tuple[str, str], Rows] = {
        (sentiment.OWN, code): [
            (one.text, one.label) for one in written.posts(held_out=False) if one.language == code
        ]
        for code in LANGUAGES
    }
    for dataset in sentiment.labelled_files(data):
        unseen = {id(row) for row in sentiment.unseen_rows(dataset)}
        rows = sentiment.usable([row for row in dataset.rows if id(row) not in unseen])
        rows.sort(key=lambda row: datasets.bucket(row["text"], 2**32))
        language = datasets.language_of(dataset.name) or "all"
        found[dataset.name, language] = [
            (row["text"], datasets.sentiment_label(row)) for row in rows[:MOST_TRAINED]
        ]
    return found


def _guessers(
    rows: Rows, language: str, encoder: TorchEncoder
) -> dict[str, Callable[[Sequence[str]], list[str]]]:
    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    commonest = max(sorted(set(labels)), key=labels.count)
    words = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=10, max_iter=500, class_weight="balanced"),
    ).fit(texts, labels)

    def vectors(of: Sequence[str]) -> Vectors:
        return encoder.encode(of).vectors

    last = LogisticRegression(C=10, max_iter=500, class_weight="balanced")
    last.fit(vectors(texts), labels)
    found: dict[str, Callable[[Sequence[str]], list[str]]] = {
        "majority": lambda of: [commonest] * len(of),
        "tfidf": lambda of: list(words.predict(of)),
        "last_layer": lambda of: list(last.predict(vectors(of))),
    }
    if language == "en" and importlib.util.find_spec("afinn"):
        found["lexicon"] = _by_lexicon
    return found


def _by_lexicon(texts: Sequence[str]) -> list[str]:
    from afinn import Afinn

    lexicon = Afinn(emoticons=True)
    means = [
        float(np.mean([score for score in lexicon.scores(text) if score] or [0.0]))
        for text in texts
    ]
    return [
        "positive" if mean >= _LEXICON_STEP else "negative" if mean <= -_LEXICON_STEP else "neutral"
        for mean in means
    ]
