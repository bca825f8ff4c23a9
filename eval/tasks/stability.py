"""Task `stability`: does an excerpt keep its theme when themes are fitted again?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from eval import datasets
from eval.fits import Corpus, bertopic, bertopic_again, bertopic_themes, fit, themes_of
from eval.metrics import SEED
from eval.results import Result
from models.contracts import TooFewTextsError
from models.themes import ThemeModel
from models.themes.fit import SEED as OUR_SEED
from pipelines.understanding import Reader

NAME = "stability"
GROWTH_ONE_IN = 6
"""One comment in six comes later: the others grow by a fifth."""
THREEFOLD = 3
"""One excerpt in three is there first: the others are twice as many."""
MOST = 3_000
"""Comments of a file that are taken."""


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure every `feedback_*` file: shares of excerpts that keep the id of their theme."""
    for path in datasets.find(data, "feedback_*.csv") if data else ():
        dataset = datasets.read(path, ("text",))
        texts = [row["text"] for row in dataset.rows if row["text"].strip()][:MOST]
        early = [text for text in texts if not datasets.is_held_out(text, GROWTH_ONE_IN)]
        late = [text for text in texts if datasets.is_held_out(text, GROWTH_ONE_IN)]
        first = Corpus.of_comments(reader, early)
        grown = Corpus.of_comments(reader, [*early, *late])
        try:
            values = _ours(reader, first, grown) | _default(first, grown)
        except TooFewTextsError:
            continue
        yield Result(NAME, dataset.name, "all", len(first.texts), values)


def _ours(reader: Reader, first: Corpus, grown: Corpus) -> dict[str, float]:
    model = fit(reader, first)
    before = themes_of(model, first)
    again = fit(reader, first)
    order = np.random.default_rng(SEED).permutation(len(first.texts))
    shuffled = fit(reader, first.of(order))
    loaded = ThemeModel.from_bytes(model.to_bytes())
    after_growth = fit(reader, grown, model)
    other = fit(reader, first, model, seed=OUR_SEED + 1)
    return {
        "same_data": kept(before, themes_of(again, first)),
        "other_order": kept(before, themes_of(shuffled, first)),
        "after_load": kept(before, themes_of(loaded, first)),
        "kept_after_growth": kept(before, themes_of(after_growth, first)),
        "kept_after_threefold": _after_threefold(reader, grown),
        "other_seed": kept(before, themes_of(other, first)),
        "unthemed_share": before.count(None) / max(len(before), 1),
        "themes": float(len(model.themes)),
    }


def _after_threefold(reader: Reader, grown: Corpus) -> float:
    """Share of a third of all excerpts that keep their theme when the others come in."""
    early = [at for at, text in enumerate(grown.texts) if datasets.is_held_out(text, THREEFOLD)]
    third = grown.of(early)
    model = fit(reader, third)
    after = fit(reader, grown, model, made_from=len(third.texts))
    return kept(themes_of(model, third), themes_of(after, third))


def _default(first: Corpus, grown: Corpus) -> dict[str, float]:
    """The same of default BERTopic; as it comes it has no seed, and a refit numbers topics anew."""
    model = bertopic(seed=None)
    before = bertopic_themes(first, model)
    with tempfile.TemporaryDirectory() as folder:
        loaded = bertopic_again(model, first, Path(folder) / "model")
    grown_themes = bertopic_themes(grown, bertopic(seed=None))
    return {
        "bertopic_same_data": kept(before, bertopic_themes(first, bertopic(seed=None))),
        "bertopic_after_load": kept(before, loaded),
        "bertopic_kept_after_growth": kept(before, grown_themes[: len(before)]),
        "bertopic_other_seed": kept(before, bertopic_themes(first, bertopic(seed=SEED + 1))),
        "bertopic_unthemed_share": before.count(None) / max(len(before), 1),
    }


def kept(before: Sequence[str | None], after: Sequence[str | None]) -> float:
    """Share of all excerpts whose theme, or want of one, is the same."""
    same = sum(old == new for old, new in zip(before, after, strict=True))
    return same / max(len(before), 1)
