"""Times the parts of reading as ratios within one run: `odzew bench reading`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eval import datasets
from eval.fits import Corpus, fit
from models import personal_data
from pipelines.page import Comment, Page, Sheet
from pipelines.understanding import Reader

READING = "reading"
ROUNDS = 5


@dataclass(frozen=True)
class Timing:
    """A part of the work: its median time a comment, and that as a share of the bare pass."""

    part: str
    milliseconds: float
    ratio: float


def reading(reader: Reader, sample: Path, *, say: Callable[[str], object]) -> list[Timing]:
    """What reading costs beside the bare encoder pass over the same excerpts.

    The comments of the sample workspace are read `ROUNDS` times, the parts in turn, so that all
    parts meet the same moods of the machine.

    Returns:
        The bare pass first (ratio 1), then the parts, then all of `Reader.read` as "reading".
    """
    comments = [
        Comment(row["text"])
        for path in datasets.find(sample, "feedback_*.csv")
        for row in datasets.read(path, ("text",)).rows
        if row["text"].strip()
    ]
    say(f"{len(comments)} comments, fitting themes")
    model = fit(reader, Corpus.of_comments(reader, [comment.text for comment in comments]))
    sheets = [Sheet.of(comment) for comment in comments]
    spoken = reader.languages.detect_many([sheet.spoken for sheet in sheets])
    pages = [Page.lay_out(*one) for one in zip(sheets, spoken, strict=True)]
    excerpts = [piece.text for page in pages for piece in page.pieces]
    forms = [form for page in pages for form in page.forms]
    codes = [page.language.code for page in pages for _ in page.forms]
    encoded = reader.encoder.encode(forms)
    parts: dict[str, Callable[[], object]] = {
        "bare encoder pass": lambda: reader.encoder.encode(forms),
        "clearing and cuts": lambda: [Sheet.of(comment) for comment in comments],
        "language": lambda: reader.languages.detect_many([sheet.spoken for sheet in sheets]),
        "excerpts and reading forms": lambda: [
            Page.lay_out(*one) for one in zip(sheets, spoken, strict=True)
        ],
        "of it personal data": lambda: [
            personal_data.find(page.clear.text, page.language.code) for page in pages
        ],
        "sentiment": lambda: reader.sentiment.read(encoded.layers, codes),
        "signals": lambda: reader.signals.read(excerpts, forms, codes, encoded),
        "theme vectors and themes": lambda: model.assign(reader.theme_vectors(encoded, codes)),
        READING: lambda: reader.read(comments, model),
    }
    return _timed(parts, len(comments), say)


def _timed(
    parts: dict[str, Callable[[], object]], count: int, say: Callable[[str], object]
) -> list[Timing]:
    seconds: dict[str, list[float]] = {part: [] for part in parts}
    for at in range(ROUNDS):
        for part, work in parts.items():
            started = time.perf_counter()
            work()
            seconds[part].append(time.perf_counter() - started)
        say(f"round {at + 1} of {ROUNDS}")
    medians = {part: statistics.median(own) for part, own in seconds.items()}
    bare = next(iter(medians.values()))
    return [Timing(part, 1000 * median / count, median / bare) for part, median in medians.items()]
