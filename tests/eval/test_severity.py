from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from eval.datasets import DatasetError
from eval.tasks.severity import measures, run
from pipelines.understanding import Reader


def test_an_order_by_severity_itself_is_the_best_there_is() -> None:
    severe = np.array([3.0, 2, 1, -1, -2, 3, 0, 1, -4, 2])
    found = measures(severe * 10, severe)
    assert found["spearman"] == pytest.approx(1)
    assert found["spearman_negatives"] == pytest.approx(1)
    assert found["top_tenth_severity"] == found["top_tenth_best"] == 3
    assert measures(-severe, severe)["spearman"] == pytest.approx(-1)


def test_ties_count_as_the_mean_of_every_order() -> None:
    found = measures(np.zeros(20), np.arange(20.0))
    assert (found["spearman"], found["top_tenth_severity"]) == (0, 9.5)
    assert found["top_tenth_best"] == 18.5


def test_files_are_read_without_scores(tmp_path: Path, reader: Reader) -> None:
    rows = [("I fell and broke my arm, this is dangerous.", "-4"), ("Lovely staff.", "4")]
    path = tmp_path / "severity_en_made.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "language", "criticality")])
        csv.writer(file).writerows((text, "en", value) for text, value in rows * 10)
    (result,) = run(reader, tmp_path)
    assert (result.dataset, result.language, result.n) == ("severity_en_made", "en", 20)
    path.write_text("text,language,criticality\na,en,bad\n", "utf-8")
    with pytest.raises(DatasetError, match="no number"):
        list(run(reader, tmp_path))
