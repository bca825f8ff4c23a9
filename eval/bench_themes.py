"""Times a fit of themes beside default BERTopic's on the same excerpts: `odzew bench themes`."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import datasets
from eval.bench import Timing
from eval.fits import Corpus, bertopic, bertopic_themes, fit, themes_of
from eval.metrics import SEED
from models.contracts import Vectors
from pipelines.understanding import Reader

NAME = "themes"
EXCERPTS = 100_000
_SPREAD = 0.5
"""Length of the chance direction that is added to a copy's vector, which has length 1."""
_PART = 5_000


@dataclass(frozen=True)
class Peak:
    """The most memory the process has held so far."""

    megabytes: float

    @classmethod
    def now(cls) -> Peak:
        """As the system counts it."""
        return cls(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def themes(
    reader: Reader, sample: Path, *, count: int = EXCERPTS, say: Callable[[str], object]
) -> list[Timing]:
    """What a fit and the assignment of every excerpt cost beside default BERTopic.

    Returns:
        Default BERTopic first (ratio 1), then ours and its parts; milliseconds are of an excerpt.
    """
    texts = [
        row["text"]
        for path in datasets.find(sample, "feedback_*.csv")
        for row in datasets.read(path, ("text",)).rows
        if row["text"].strip()
    ]
    comments = Corpus.of_comments(reader, texts)
    fit(reader, comments)  # what is compiled at first use serves both
    corpus = copies(comments, count)
    say(f"{count} excerpts, made up from {len(texts)} comments")
    started = time.perf_counter()
    model = fit(reader, corpus)
    fitted = time.perf_counter()
    themes_of(model, corpus)
    assigned = time.perf_counter()
    say(f"{len(model.themes)} themes, {Peak.now().megabytes:.0f} MB at most so far")
    corpus = copies(comments, count, is_raw=True)  # which only BERTopic needs
    handed = time.perf_counter()
    found = bertopic_themes(corpus, bertopic(seed=None))
    theirs = time.perf_counter() - handed
    topics = len({one for one in found if one is not None})
    say(f"BERTopic: {topics} topics, {Peak.now().megabytes:.0f} MB at most")
    parts = {
        "default BERTopic": theirs,
        "fit": fitted - started,
        "assignment": assigned - fitted,
        NAME: assigned - started,
    }
    return [Timing(part, 1000 * took / count, took / theirs) for part, took in parts.items()]


def copies(corpus: Corpus, count: int, *, is_raw: bool = False) -> Corpus:
    """So many excerpts round those of a corpus: each has a word more and lies a little apart.

    Sentence vectors are only made, in the place of theme vectors, if `is_raw`; without them there
    are none.
    """
    chance = np.random.default_rng(SEED)
    rows = chance.integers(0, len(corpus.texts), count)
    words, none = _words(count), np.zeros((count, 0), np.float32)
    return Corpus(
        [f"{corpus.texts[at]} {word}" for at, word in zip(rows.tolist(), words, strict=True)],
        [corpus.languages[at] for at in rows.tolist()],
        _apart(corpus.raw, rows, chance) if is_raw else none,
        none if is_raw else _apart(corpus.vectors, rows, chance),
    )


def _apart(vectors: Vectors, rows: NDArray[np.int64], chance: np.random.Generator) -> Vectors:
    """Unit vectors near those of some rows, made part by part so that they take no more memory."""
    size = vectors.shape[1]
    found = np.empty((len(rows), size), np.float32)
    for start in range(0, len(rows), _PART):
        own = vectors[rows[start : start + _PART]]
        own += _SPREAD * chance.standard_normal(own.shape, np.float32) / np.float32(size**0.5)
        found[start : start + _PART] = own / np.linalg.norm(own, axis=1, keepdims=True)
    return found


def _words(count: int) -> list[str]:
    """So many different words of ten letters."""
    letters = "bcdfghjklmnprstvz"
    found = []
    for at in range(count):
        word, rest = "", at
        for _ in range(5):
            rest, place = divmod(rest, len(letters))
            word += letters[place] + "aeiou"[place % 5]
        found.append(word)
    return found
