"""Task `language`: is each text's language named, short texts and plain letters included?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import datasets, metrics
from eval.perturbations import without_diacritics
from eval.results import Result
from models.contracts import LANGUAGES, OTHER
from models.language import LanguageDetector
from pipelines.understanding import Reader

NAME = "language"
SUITE = Path(__file__).parents[1] / "language" / "suite.csv"
HELD_OUT = 10
"""One text in ten of the files that training reads is kept for this task."""
SUITE_DEV = 3
"""One text in three of the suite is kept for calibration."""
BANDS = {"0_9": (0, 10), "10_19": (10, 20), "20_39": (20, 40), "40_plus": (40, None)}
"""Lengths in characters, from and below."""
_SHORT = 20

Row = tuple[str, str]
"""A text and the code of its language; any code that is not of `LANGUAGES` counts as `OTHER`."""


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure the own suite, every `language_*` file, then what training left of its files."""
    yield from results(reader.languages, "suite", suite_rows(dev=False))
    if data is None:
        return
    for path in datasets.find(data, "language_*.csv"):
        dataset = datasets.read(path, ("text", "language"))
        yield from results(reader.languages, dataset.name, _rows(datasets.scored_rows(dataset)))
    for path in trained_on(data):
        yield from results(reader.languages, path.stem, unseen_rows(path))


def suite_rows(*, dev: bool) -> list[Row]:
    """The suite's part for calibration or for the test, by a hash of the text."""
    rows = _rows(datasets.read(SUITE, ("text", "language")).rows)
    return [row for row in rows if datasets.is_held_out(row[0], SUITE_DEV) == dev]


def is_unseen(text: str) -> bool:
    """Whether a text of the files that training reads is kept from it."""
    return datasets.is_held_out(text, HELD_OUT)


def unseen_rows(path: Path) -> list[Row]:
    """Texts of a file with a language column that training has not seen.

    The English side of translation pairs counts where it is Tatoeba's; that of XED's pairs is
    Danish for the most part.
    """
    rows = datasets.read(path, ("text", "language")).rows
    english = [(row["english"], "en") for row in rows if row.get("source") == "tatoeba"]
    return [row for row in dict.fromkeys([*_rows(rows), *english]) if is_unseen(row[0])]


def trained_on(data: Path) -> list[Path]:
    """Files with a language column that training reads."""
    patterns = ("pairs.csv", "topics_*.csv", "emotions_*.csv")
    return [path for pattern in patterns for path in datasets.find(data, pattern)]


def _rows(rows: Sequence[dict[str, str]]) -> list[Row]:
    found = [(row["text"], row["language"].strip().lower().partition("-")[0]) for row in rows]
    return [row for row in found if row[0].strip() and row[1]]


def results(detector: LanguageDetector, dataset: str, rows: Sequence[Row]) -> Iterator[Result]:
    """Metrics over all rows, then accuracy for each language; nothing for no rows."""
    if not rows:
        return
    right, confidence = _judged(detector, rows)
    right_plain, _ = _judged(detector, [(without_diacritics(text), code) for text, code in rows])
    lengths = np.array([len(text.strip()) for text, _ in rows])
    values = {"ece": metrics.calibration_error(confidence, right)}
    for ending, hits in (("", right), ("_plain", right_plain)):
        values |= {f"{name}{ending}": value for name, value in _accuracies(hits, lengths).items()}
    yield Result(NAME, dataset, "all", len(rows), values)
    codes = np.array([code for _, code in rows])
    for code in sorted(set(codes.tolist())):
        own = codes == code
        shares = {"accuracy": right[own].mean(), "accuracy_plain": right_plain[own].mean()}
        yield Result(
            NAME, dataset, code, int(own.sum()), {name: float(v) for name, v in shares.items()}
        )


def _judged(
    detector: LanguageDetector, rows: Sequence[Row]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    answers = detector.detect_many([text for text, _ in rows])
    truth = [code if code in LANGUAGES else OTHER for _, code in rows]
    right = [answer.code == code for answer, code in zip(answers, truth, strict=True)]
    return np.array(right), np.array([answer.confidence for answer in answers])


def _accuracies(right: NDArray[np.bool_], lengths: NDArray[np.int64]) -> dict[str, float]:
    parts = {
        "accuracy": lengths >= 0,
        "accuracy_below_20": lengths < _SHORT,
        "accuracy_from_20": lengths >= _SHORT,
    } | {
        f"accuracy_{name}": (lengths >= start) & (lengths < (end or np.inf))
        for name, (start, end) in BANDS.items()
    }
    return {name: float(right[part].mean()) for name, part in parts.items() if part.any()}
