"""Task `robustness`: what sentiment loses when the same thing is typed differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from eval import datasets, written
from eval.perturbations import KINDS, perturb
from eval.results import Mistake, Result
from eval.tasks import sentiment
from models.contracts import LANGUAGES
from pipelines.page import Comment
from pipelines.understanding import Reader

NAME = "robustness"
MOST_ROWS = 400
"""Rows of a dataset that are perturbed, chosen by a hash of their text."""


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure every suite of task `sentiment` under each perturbation, then the hard lines.

    `drop_<kind>` is macro F1 as it was typed less macro F1 as it was perturbed, `drop` their mean,
    `drop_most` the largest.
    """
    for suite in sentiment.suites(data):
        yield _drops(reader, _sampled(suite))
    yield from _hard_lines(reader)


def _sampled(suite: sentiment.Suite) -> sentiment.Suite:
    order = sorted(range(len(suite.texts)), key=lambda at: datasets.bucket(suite.texts[at], 2**32))
    chosen = sorted(order[:MOST_ROWS])
    return replace(
        suite,
        texts=[suite.texts[at] for at in chosen],
        labels=[suite.labels[at] for at in chosen],
    )


def _drops(reader: Reader, suite: sentiment.Suite) -> Result:
    typed = sentiment.measure(reader, suite).metrics["macro_f1"]
    drops = {}
    for kind in KINDS:
        changed = [perturb(kind, text, suite.language) for text in suite.texts]
        found = sentiment.measure(reader, replace(suite, texts=changed)).metrics["macro_f1"]
        drops[kind] = typed - found
    values = {
        "macro_f1": typed,
        "drop": sum(drops.values()) / len(drops),
        "drop_most": max(drops.values()),
        **{f"drop_{kind}": drop for kind, drop in drops.items()},
    }
    return Result(NAME, suite.dataset, suite.language, len(suite.texts), values)


def _hard_lines(reader: Reader) -> Iterator[Result]:
    """Accuracy on lines whose mood hangs on a turn of phrase: negation, sarcasm, one word ..."""
    lines = written.hard_lines()
    for code in LANGUAGES:
        own = [one for one in lines if one.language == code]
        read = reader.read([Comment(one.text, language_hint=code) for one in own], None)
        answers = [said.sentiment.label if said.sentiment else "neutral" for said in read]
        right = [answer == one.label for answer, one in zip(answers, own, strict=True)]
        values = {"accuracy": sum(right) / len(own)}
        for kind in sorted({one.kind for one in own}):
            rows = [hit for hit, one in zip(right, own, strict=True) if one.kind == kind]
            values[f"accuracy_{kind}"] = sum(rows) / len(rows)
        mistakes = [
            Mistake(
                NAME,
                "hard_lines",
                code,
                one.text,
                one.label,
                answer,
                said.sentiment.confidence if said.sentiment else 0.0,
            )
            for one, answer, said in zip(own, answers, read, strict=True)
            if answer != one.label
        ]
        yield Result(NAME, "hard_lines", code, len(own), values, mistakes)
