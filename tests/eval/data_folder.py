"""Writes a tiny folder of evaluation and training data with every kind of file."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

GOOD = ("lovely", "wonderful", "brilliant", "perfect", "superb")
BAD = ("awful", "terrible", "broken", "rude", "useless")
DULL = ("ordinary", "plain", "average", "usual", "regular")
WORDS = {"positive": GOOD, "negative": BAD, "neutral": DULL}
THINGS = ("parcel", "courier", "locker", "refund", "invoice", "helpline", "counter", "website")
FOREIGN = {"pl": "paczka", "cs": "balik", "et": "pakk"}


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def labelled() -> list[tuple[str, str]]:
    """120 texts with a label each."""
    return [
        (f"the {thing} was {word}", label)
        for label, words in WORDS.items()
        for word in words
        for thing in THINGS
    ]


def write_all(folder: Path) -> Path:
    """Write every file that evaluation and training look for."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = labelled()
    for name in ("sentiment_pl_hotels", "sentiment_pl_medicine", "sentiment_et_valence"):
        split = [
            {"text": text, "label": label, "split": ("train", "test", "dev", "train")[at % 4]}
            for at, (text, label) in enumerate(rows)
        ]
        write(folder / f"{name}.csv", split)
    write(folder / "feedback_en_nhs.csv", [{"text": t, "sentiment": s} for t, s in rows])
    aspects = [
        {"text": text, "label": {"positive": "meta_plus_m", "negative": "meta_minus_m"}[label]}
        for text, label in rows
        if label != "neutral"
    ]
    write(folder / "aspects_pl_products.csv", aspects)
    emotions = [
        {"text": text, "language": code, "emotions": "5" if label == "positive" else "1,6"}
        for code in ("pl", "cs", "et", "en")
        for text, label in rows
        if label != "neutral"
    ]
    write(folder / "emotions_xed.csv", emotions)
    pairs = [
        {"source": "made", "language": code, "text": f"{text} {word}", "english": text}
        for code, word in FOREIGN.items()
        for text, _ in rows
    ]
    write(folder / "pairs.csv", pairs)
    topics = [
        {
            "id": f"{thing}{at}",
            "language": code,
            "label": thing,
            "text": f"{thing} {word} {GOOD[at]} {BAD[at]} {thing}",
        }
        for thing in THINGS
        for at in range(5)
        for code, word in {**FOREIGN, "en": "parcel"}.items()
    ]
    write(folder / "topics_made.csv", topics)
    return folder
