"""Task `labels`: are names of themes free of stop words and repeats, and do they fit?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from eval import datasets
from eval.fits import Corpus, bertopic, bertopic_themes, fit, themes_of
from eval.results import Result
from models.contracts import LANGUAGES, Vectors
from models.labels import is_weak_word
from models.themes.naming import SEPARATOR
from pipelines.understanding import Reader

NAME = "labels"
HELD_OUT_ONE_IN = 5
_WORD = re.compile(r"[^\W\d_]+")


def run(reader: Reader, sample: Path) -> Iterator[Result]:
    """Name themes of four fifths of the sample, and try the names on the rest."""
    texts = [
        row["text"]
        for path in datasets.find(sample, "feedback_*.csv")
        for row in datasets.read(path, ("text",)).rows
        if row["text"].strip()
    ]
    shown = [text for text in texts if not datasets.is_held_out(text, HELD_OUT_ONE_IN)]
    held = [text for text in texts if datasets.is_held_out(text, HELD_OUT_ONE_IN)]
    known, quotes = Corpus.of_comments(reader, shown), Corpus.of_comments(reader, held)
    model = fit(reader, known)
    found = themes_of(model, quotes)
    ours = [
        {code: theme.names[code] for code in LANGUAGES if code in theme.names}
        for theme in model.themes
    ]
    values = _measures(reader, ours, quotes, [model.places.get(one or "", -1) for one in found])
    values |= _default(reader, known, quotes)
    yield Result(NAME, "sample", "all", len(quotes.texts), values)


def _default(reader: Reader, known: Corpus, quotes: Corpus) -> dict[str, float]:
    """The same of default BERTopic, whose names are in all languages at once."""
    model = bertopic()
    topics = sorted({one for one in bertopic_themes(known, model) if one is not None}, key=int)
    names = [
        dict.fromkeys(LANGUAGES, SEPARATOR.join(word for word, _ in model.get_topic(int(one))[:4]))
        for one in topics
    ]
    assigned, _ = model.transform(quotes.texts, quotes.raw)
    values = _measures(reader, names, quotes, [int(one) for one in assigned])
    return {f"bertopic_{name}": value for name, value in values.items()}


def _measures(
    reader: Reader,
    names: Sequence[Mapping[str, str]],
    quotes: Corpus,
    themes: Sequence[int],
) -> dict[str, float]:
    """Rates over names in every language, and how often a quote's nearest name is its theme's.

    Args:
        reader: gives names their vectors.
        names: of each theme, by language.
        quotes: excerpts that themes were not made from.
        themes: of each quote the place of its theme, -1 for none.
    """
    parts = [
        all(is_weak_word(word, code) for word in _WORD.findall(part))
        for own in names
        for code, name in own.items()
        for part in name.split(SEPARATOR)
    ]
    every = [(code, name.casefold()) for own in names for code, name in own.items()]
    near = _nearest(reader, names, quotes)
    judged = [
        own == best for own, best in zip(themes, near, strict=True) if own >= 0 and best is not None
    ]
    return {
        "stop_word_rate": float(np.mean(parts)) if parts else 0.0,
        "duplicate_rate": 1 - len(set(every)) / max(len(every), 1),
        "own_label_nearest": float(np.mean(judged)) if judged else 0.0,
        "quotes": float(len(judged)),
        "themes": float(len(names)),
    }


def _nearest(
    reader: Reader, names: Sequence[Mapping[str, str]], quotes: Corpus
) -> list[int | None]:
    """Place of the theme whose name in the quote's language is nearest; None without one."""
    by_language: dict[str, tuple[list[int], Vectors]] = {}
    for code in LANGUAGES:
        places = [at for at, own in enumerate(names) if code in own]
        if places:
            named = [names[at][code] for at in places]
            raw = reader.encoder.encode(named)
            by_language[code] = places, reader.theme_vectors(raw, [code] * len(named))
    found: list[int | None] = []
    for code, vector in zip(quotes.languages, quotes.vectors, strict=True):
        if code not in by_language:
            found.append(None)
            continue
        places, vectors = by_language[code]
        found.append(places[int((vectors @ vector).argmax())])
    return found
