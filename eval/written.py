"""The example comments of this folder: written for this project, in part kept from training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from eval import datasets
from models.contracts import LANGUAGES

FOLDER = Path(__file__).parent
Part: TypeAlias = Literal["train", "dev", "held_out"]
POSTS_HELD_OUT = 6
"""One post in six is kept from training, by a hash of its text."""


@dataclass(frozen=True)
class SignalExample:
    """An excerpt with its signals.

    `written_for` is the signal that it shows or only resembles, or the kind of a correction.
    """

    text: str
    language: str
    written_for: str
    signals: frozenset[str]
    sentiment: str


@dataclass(frozen=True)
class Labelled:
    """A text with one label, as it stands in a file of `kind` and label."""

    text: str
    language: str
    label: str
    kind: str


def signal_examples(part: Part) -> list[SignalExample]:
    """Examples of `eval/signals`.

    Args:
        part: "train" teaches the adapter, "dev" calibrates and sets thresholds, "held_out"
            measures.
    """
    return _examples(f"signals/{part}", "signal")


def corrections() -> list[SignalExample]:
    """Lines of `eval/corrections` like those that were read wrong, and their counterparts."""
    return _examples("corrections", "kind")


def posts(*, held_out: bool) -> list[Labelled]:
    """Posts and survey answers of `eval/posts` with their sentiment."""
    return [
        one
        for one in _labelled("posts")
        if datasets.is_held_out(one.text, POSTS_HELD_OUT) == held_out
    ]


def hard_lines() -> list[Labelled]:
    """Lines of `eval/robustness`, whose sentiment hangs on a turn of phrase; `kind` names it."""
    return _labelled("robustness")


def _examples(folder: str, kind: str) -> list[SignalExample]:
    return [
        SignalExample(
            row["text"],
            language,
            row[kind],
            frozenset(filter(None, row["signals"].split("|"))),
            row["sentiment"],
        )
        for language in LANGUAGES
        for row in datasets.read(
            FOLDER / folder / f"{language}.csv", (kind, "text", "signals", "sentiment")
        ).rows
    ]


def _labelled(folder: str) -> list[Labelled]:
    return [
        Labelled(row["text"], language, row["label"], row["kind"])
        for language in LANGUAGES
        for row in datasets.read(
            FOLDER / folder / f"{language}.csv", ("text", "label", "kind")
        ).rows
    ]
