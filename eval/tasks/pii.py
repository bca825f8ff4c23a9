"""Task `pii`: is personal data found where it stands, and nothing else taken for it?

A true span is found when found spans cover at least half of its characters; a found span is right
when true spans cover at least half of its own. Recall is the share of true spans that are found,
precision the share of found spans that are right, so a span split in two or joined to its
neighbour still counts, and one that swallows a sentence does not. `type_accuracy` is taken over
the spans found whose true type is one of `PERSONAL_TYPES`: the type of the found span that shares
most with it. `recall_<type>` is there for every type that occurs.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import datasets
from eval.datasets import DatasetError
from eval.results import Mistake, Result
from models.contracts import LANGUAGES
from models.personal_data import PERSONAL_TYPES, PersonalSpan, find
from pipelines.understanding import Reader

NAME = "pii"
SUITE = Path(__file__).parents[1] / "pii"
OWN = ("suite", "blind")
"""The own lines, and those written later, in another style, to see what the patterns had missed."""
_FILES = {"suite": "{}.csv", "blind": "blind_{}.csv"}


@dataclass(frozen=True)
class Span:
    """A span as a file has it: the type in small letters, or "" where the file names none."""

    type: str
    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """A text with its language, the spans it has and the spans found in it."""

    text: str
    language: str
    true: tuple[Span, ...]
    found: tuple[PersonalSpan, ...]


def run(reader: Reader, data: Path | None) -> Iterator[Result]:
    """Measure the repository's own lines, then every `pii_*` file.

    A file has the columns text and spans: JSON, a list of {"start", "end", "type"?} or of
    [start, end, type], offsets in code points. The language comes from the column `language`,
    from the file's name, or from the text.

    Raises:
        DatasetError: a row whose spans cannot be read; it names file and row.
    """
    yield from run_own()
    for path in datasets.find(data, "pii_*.csv") if data else ():
        yield from _results(path.stem, read(path, reader))


def run_own() -> Iterator[Result]:
    """Measure `eval/pii`, all together and by language; needs no model."""
    for name in OWN:
        lines = [
            line
            for language in LANGUAGES
            for line in read(SUITE / _FILES[name].format(language), None, language)
        ]
        yield from _results(name, lines)


def read(path: Path, reader: Reader | None, language: str = "") -> list[Line]:
    """Read a file and find personal data in each of its texts."""
    dataset = datasets.read(path, ("text", "spans"))
    named = language or datasets.language_of(dataset.name)
    lines = []
    for at, row in enumerate(dataset.rows, start=2):  # the first line has the columns' names
        text = row["text"]
        code = row.get("language", "").strip().lower() or named
        if not code and reader:
            code = reader.languages.detect(text).code
        true = _spans(row["spans"], len(text), f"{path}, row {at}")
        lines.append(Line(text, code, true, tuple(find(text, code))))
    return lines


def _spans(written: str, length: int, where: str) -> tuple[Span, ...]:
    try:
        spans = tuple(_span(one) for one in json.loads(written or "[]"))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise DatasetError(
            f'{where}: spans must be a JSON list of {{"start", "end", "type"}} or of '
            f"[start, end, type], not {written[:80]!r}."
        ) from error
    for span in spans:
        if not 0 <= span.start < span.end <= length:
            raise DatasetError(
                f"{where}: the span {span.start}-{span.end} is not inside the text, "
                f"which has {length} characters."
            )
    return spans


def _span(written: Any) -> Span:
    if isinstance(written, dict):
        start, end, kind = written["start"], written["end"], written.get("type")
    else:
        start, end, kind = written[0], written[1], written[2] if len(written) > 2 else None
    if type(start) is not int or type(end) is not int:
        raise TypeError
    return Span(str(kind or "").strip().lower(), start, end)


def _results(dataset: str, lines: Sequence[Line]) -> Iterator[Result]:
    codes = sorted({line.language for line in lines})
    if len(codes) != 1:
        yield _result(dataset, "all", lines, mistakes=[])
    for code in codes:
        own = [line for line in lines if line.language == code]
        mistakes = [_mistake(dataset, line) for line in own if _is_wrong(line)]
        yield _result(dataset, code, own, mistakes)


def _result(
    dataset: str, language: str, lines: Sequence[Line], mistakes: Sequence[Mistake]
) -> Result:
    return Result(NAME, dataset, language, len(lines), measure(lines), mistakes)


def measure(lines: Sequence[Line]) -> dict[str, float]:
    """Recall, precision, F1, accuracy of the type, and recall by type; 1 for none of nothing."""
    true = [(span, line.found) for line in lines for span in line.true]
    hits = [(span, found) for span, found in true if is_covered(span, found)]
    guesses = [is_covered(span, line.true) for line in lines for span in line.found]
    recall = len(hits) / len(true) if true else 1.0
    precision = sum(guesses) / len(guesses) if guesses else 1.0
    values = {
        "recall": recall,
        "precision": precision,
        "f1": 2 * recall * precision / (recall + precision) if recall + precision else 0.0,
    }
    typed = [_nearest(span, found).type == span.type for span, found in hits if _is_typed(span)]
    if typed:
        values["type_accuracy"] = sum(typed) / len(typed)
    asked = Counter(span.type for span, _ in true if span.type)
    named = Counter(span.type for span, _ in hits)
    return values | {f"recall_{kind}": named[kind] / asked[kind] for kind in sorted(asked)}


def is_covered(span: Span | PersonalSpan, others: Sequence[Span | PersonalSpan]) -> bool:
    """Whether `others` together cover at least half of the span's characters."""
    covered = {at for other in others for at in range(*_overlap(span, other))}
    return 2 * len(covered) >= span.end - span.start


def _overlap(one: Span | PersonalSpan, other: Span | PersonalSpan) -> tuple[int, int]:
    return max(one.start, other.start), min(one.end, other.end)


def _nearest(span: Span, found: Sequence[PersonalSpan]) -> PersonalSpan:
    return max(found, key=lambda one: len(range(*_overlap(span, one))))


def _is_typed(span: Span) -> bool:
    return span.type in PERSONAL_TYPES


def _is_wrong(line: Line) -> bool:
    values = measure([line])
    return min(values["recall"], values["precision"], values.get("type_accuracy", 1.0)) < 1


def _mistake(dataset: str, line: Line) -> Mistake:
    truth, answer = (
        "|".join(f"{span.type}:{line.text[span.start : span.end]}" for span in spans)
        for spans in (line.true, line.found)
    )
    return Mistake(NAME, dataset, line.language, line.text, truth, answer, 1.0)
