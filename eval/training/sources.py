"""What the artifacts are trained from: labelled rows, pairs and examples, less what is held out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from eval import datasets, written
from models.contracts import POLARITIES

PAIRS_HELD_OUT = 10
"""One pair in ten is kept for the task `alignment`."""
FEEDBACK_HELD_OUT = 5
"""One verbatim in five of a file without a split is kept for the task `sentiment`."""
SEED = 20261122
CONCEPTS = Path(__file__).parent.parent / "concepts"
_SPLIT_FILES = ("sentiment_pl_hotels", "sentiment_pl_medicine", "sentiment_et_valence")
_FEEDBACK, _EMOTIONS, _ASPECTS = "feedback_en_nhs", "emotions_xed", "aspects_pl_products"
CORRECTIONS = "corrections"
_ASPECT_LABELS = {"plus": "positive", "minus": "negative"}
TRAINED_ON = frozenset((*_SPLIT_FILES, _FEEDBACK, _EMOTIONS, _ASPECTS))
"""Files whose rows training has seen, but for those held out."""


@dataclass(frozen=True)
class Row:
    """A labelled text.

    Attributes:
        source: the file, with the language for files of several.
        label: its polarity.
        signals: those it carries, or None where nobody labelled them.
    """

    source: str
    language: str
    text: str
    label: str
    is_held_out: bool
    signals: frozenset[str] | None = None


def sentiment_rows(data: Path) -> list[Row]:
    """Every text with a polarity: reviews, verbatims, emotions read as one, and examples."""
    rows = []
    for name in _SPLIT_FILES:
        code = datasets.language_of(name)
        for row in datasets.read(data / f"{name}.csv", ("text", "label", "split")).rows:
            rows.append(Row(name, code, row["text"], row["label"], row["split"] != "train"))
    for row in datasets.read(data / f"{_FEEDBACK}.csv", ("text", "sentiment")).rows:
        is_held = datasets.is_held_out(row["text"], FEEDBACK_HELD_OUT)
        rows.append(Row(_FEEDBACK, "en", row["text"], row["sentiment"], is_held))
    for row in datasets.read(data / f"{_EMOTIONS}.csv", ("text", "language", "emotions")).rows:
        is_held = datasets.is_held_out(row["text"], FEEDBACK_HELD_OUT)
        code, label = row["language"], polarity_of(row["emotions"])
        rows.append(Row(f"{_EMOTIONS}.{code}", code, row["text"], label, is_held))
    for row in datasets.read(data / f"{_ASPECTS}.csv", ("text", "label")).rows:
        label = next((one for key, one in _ASPECT_LABELS.items() if key in row["label"]), "")
        rows.append(Row(_ASPECTS, "pl", row["text"], label, False))
    for is_held in (False, True):
        for post in written.posts(held_out=is_held):
            rows.append(
                Row(f"posts.{post.language}", post.language, post.text, post.label, is_held)
            )
        for one in written.signal_examples("held_out" if is_held else "train"):
            source = f"signals.{one.language}"
            rows.append(Row(source, one.language, one.text, one.sentiment, is_held, one.signals))
    for one in written.corrections():
        source = f"{CORRECTIONS}.{one.language}"
        rows.append(Row(source, one.language, one.text, one.sentiment, False, one.signals))
    return [row for row in rows if row.label in POLARITIES and row.text.strip()]


def polarity_of(emotions: str) -> str:
    """Polarity behind XED's emotion numbers; empty where they are mixed or say neither.

    Joy (5) without a negative emotion is positive; anger (1), disgust (3) or sadness (6) without
    joy or trust (8) is negative. Anticipation, fear and surprise alone say too little.
    """
    kinds = set(emotions.split(","))
    if "5" in kinds and not kinds & {"1", "3", "4", "6"}:
        return "positive"
    if kinds & {"1", "3", "6"} and not kinds & {"5", "8"}:
        return "negative"
    return ""


def pairs_by_language(data: Path, *, held_out: bool) -> dict[str, tuple[list[str], list[str]]]:
    """Translation pairs of `pairs.csv`: language -> (its sentences, English sentences)."""
    pairs: dict[str, tuple[list[str], list[str]]] = {}
    for row in datasets.read(data / "pairs.csv", ("language", "text", "english")).rows:
        if datasets.is_held_out(row["text"] + row["english"], PAIRS_HELD_OUT) == held_out:
            own, english = pairs.setdefault(row["language"], ([], []))
            own.append(row["text"])
            english.append(row["english"])
    return pairs


def read_concepts(folder: Path = CONCEPTS) -> list[dict[str, str]]:
    """Example comments by concept: rows with concept, text and language."""
    return [
        {**row, "language": path.stem}
        for path in datasets.find(folder, "*.csv")
        for row in datasets.read(path, ("concept", "text")).rows
    ]


def say(text: str) -> None:
    """Progress, on stderr."""
    sys.stderr.write(text + "\n")
