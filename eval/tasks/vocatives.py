"""Task `vocatives`: are people called by the right form of their name, or safely by none?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eval import datasets, written
from eval.results import Mistake, Result
from pipelines.followup.vocatives import Gender, vocative

NAME = "vocatives"
LANGUAGES = ("pl", "cs")
"""Those that have a vocative."""
_COLUMNS = ("kind", "gender", "nominative", "vocative")


def run(data: Path | None) -> Iterator[Result]:
    """Measure the own names, then every `vocatives*.csv` of a folder.

    Where a row's vocative is empty, nobody can be sure of it, and only to avoid it is right.
    """
    for language in LANGUAGES:
        rows = datasets.read(written.FOLDER / NAME / f"{language}.csv", _COLUMNS).rows
        yield _measure("own_names", language, rows)
    for path in datasets.find(data, "vocatives*.csv") if data else ():
        dataset = datasets.read(path, ("language", *_COLUMNS))
        for language in LANGUAGES:
            rows = [row for row in dataset.rows if row["language"] == language]
            if rows:
                yield _measure(dataset.name, language, rows)


def _measure(dataset: str, language: str, rows: Sequence[dict[str, str]]) -> Result:
    called = [_called(row, language) for row in rows]
    right = sum(one == row["vocative"] for one, row in zip(called, rows, strict=True))
    avoided = called.count("")
    known_to_none = sum(one == row["vocative"] == "" for one, row in zip(called, rows, strict=True))
    mistakes = [
        Mistake(NAME, dataset, language, row["nominative"], row["vocative"], one, 1.0)
        for one, row in zip(called, rows, strict=True)
        if one not in ("", row["vocative"])
    ]
    values = {
        "right_share": (right - known_to_none) / len(rows),
        "avoided_share": avoided / len(rows),
        "wrong_share": len(mistakes) / len(rows),
    }
    return Result(NAME, dataset, language, len(rows), values, mistakes)


def _called(row: dict[str, str], language: str) -> str:
    gender: Gender = "m" if row["gender"].casefold() == "m" else "f"
    return vocative(row["nominative"], language, gender, is_family=row["kind"] == "last") or ""
