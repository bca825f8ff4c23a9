from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from eval import datasets, run
from eval.datasets import DatasetError
from eval.results import Result
from eval.tasks import alignment, sentiment, topics
from eval.training.sources import FEEDBACK_HELD_OUT, pairs_by_language
from models.contracts import LANGUAGES, POLARITIES
from pipelines.understanding import Reader
from tests.eval.data_folder import write


def results(
    reader: Reader, data: Path | None, *names: str, sample: Path = Path("nowhere")
) -> list[Result]:
    bench = run.Bench(reader, data, sample, Path("nowhere"))
    return run.run(bench, names, say=lambda _: None)


def test_json_has_the_shape_that_others_read() -> None:
    made = [Result("topics", "topics_x", "all", 7, {"v_measure": 0.123456, "nmi": 1})]
    assert json.loads(json.dumps(run.to_json(made))) == {
        "tasks": [
            {
                "name": "topics",
                "dataset": "topics_x",
                "language": "all",
                "n": 7,
                "metrics": {"v_measure": 0.1235, "nmi": 1},
            }
        ]
    }
    assert run.to_json([]) == {"tasks": []}


def test_an_unknown_task_is_refused_with_the_names_there_are(reader: Reader, data: Path) -> None:
    with pytest.raises(DatasetError, match=r"no task 'weather'. Tasks are: topics, sentiment"):
        results(reader, data, "sentiment", "weather")


def test_a_folder_that_is_none_is_refused(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is no folder"):
        results(reader, tmp_path / "gone", "sentiment")


@pytest.mark.parametrize("name", ["topics", "alignment", "severity"])
def test_a_task_without_a_suite_of_its_own_needs_files(
    name: str, reader: Reader, tmp_path: Path
) -> None:
    assert results(reader, tmp_path, name) == []
    assert results(reader, None, name) == []


def test_sentiment_is_measured_for_each_file_in_its_language(reader: Reader, data: Path) -> None:
    found = results(reader, data, "sentiment")
    assert {(one.dataset, one.language) for one in found} == {
        ("feedback_en_nhs", "en"),
        ("sentiment_et_valence", "et"),
        ("sentiment_pl_hotels", "pl"),
        ("sentiment_pl_medicine", "pl"),
        *(("posts", code) for code in LANGUAGES),
    }
    for one in found:
        assert set(one.metrics) == {
            "macro_f1",
            "accuracy",
            "polarity_accuracy",
            "ece",
            "accuracy_at_80",
        }
        assert all(0 <= value <= 1 for value in one.metrics.values())
        assert 0 < one.n < 600
        assert len(one.mistakes) == round((1 - one.metrics["accuracy"]) * one.n)


def test_rows_that_training_saw_are_never_scored(data: Path) -> None:
    for path in (*datasets.find(data, "sentiment_*.csv"), *datasets.find(data, "feedback_*.csv")):
        scored = sentiment.unseen_rows(datasets.read(path))
        assert scored
        assert all(row.get("split") != "train" for row in scored)
        if "split" not in scored[0]:
            assert all(datasets.is_held_out(row["text"], FEEDBACK_HELD_OUT) for row in scored)


def test_a_foreign_file_without_a_split_is_scored_whole(tmp_path: Path) -> None:
    rows = [{"text": f"text {at}", "label": "positive"} for at in range(20)]
    write(tmp_path / "sentiment_cs_own.csv", rows)
    assert sentiment.unseen_rows(datasets.read(tmp_path / "sentiment_cs_own.csv")) == rows


def test_rows_without_one_of_the_three_labels_or_without_words_are_left_out(
    reader: Reader, tmp_path: Path
) -> None:
    labels = [*POLARITIES, "ambiguous", "", "Positive", "negative"]
    texts = [f"text number {at}" for at in range(6)] + ["  "]
    rows = [{"text": t, "label": label} for t, label in zip(texts, labels, strict=True)]
    write(tmp_path / "sentiment_cs_own.csv", rows)
    (one,) = [own for own in results(reader, tmp_path, "sentiment") if own.dataset != "posts"]
    assert one.n == 4


@pytest.mark.parametrize("label", ["neutral", "positive"])
def test_a_file_with_one_label_only_gives_numbers(
    label: str, reader: Reader, tmp_path: Path
) -> None:
    write(tmp_path / "sentiment_cs_own.csv", [{"text": "ok then", "label": label}] * 3)
    (one,) = [own for own in results(reader, tmp_path, "sentiment") if own.dataset != "posts"]
    assert not any(math.isnan(value) for value in one.metrics.values()), one.metrics


def test_alignment_measures_the_held_out_tenth_both_ways(reader: Reader, data: Path) -> None:
    found = results(reader, data, "alignment")
    held = pairs_by_language(data, held_out=True)
    assert {one.language: one.n for one in found} == {c: len(own) for c, (own, _) in held.items()}
    for one in found:
        assert one.name == alignment.NAME
        assert set(one.metrics) == {"to_english", "from_english"}
        assert all(0 <= value <= 1 for value in one.metrics.values())


def test_pairs_are_either_trained_on_or_measured(data: Path) -> None:
    trained, held = (pairs_by_language(data, held_out=part) for part in (False, True))
    for code in ("pl", "cs", "et"):
        ours, theirs = set(trained[code][0]), set(held[code][0])
        assert not ours & theirs
        assert len(ours) + len(theirs) == 120
        assert len(theirs) < len(ours)


def test_topics_are_measured_over_all_languages_against_default_bertopic(
    reader: Reader, data: Path
) -> None:
    (one,) = results(reader, data, "topics")
    assert (one.dataset, one.language, one.n) == ("topics_made", "all", 160)
    parts = ("v_measure", "language_nmi", "unthemed_share")
    assert set(one.metrics) == {
        "v_measure",
        "language_nmi",
        "pair_agreement",
        *(f"{prefix}_{part}" for prefix in ("engine", "bertopic") for part in parts),
    }
    assert all(0 <= value <= 1 for value in one.metrics.values())


def test_each_sentence_of_a_corpus_appears_in_one_of_its_languages() -> None:
    rows = [{"id": str(at), "language": code} for at in range(40) for code in ("pl", "cs", "en")]
    chosen = topics.one_language_each(rows)
    assert [rows[at]["id"] for at in chosen] == [str(at) for at in range(40)]
    assert {rows[at]["language"] for at in chosen} == {"pl", "cs", "en"}
    assert chosen.tolist() == topics.one_language_each(rows).tolist()


def test_engine_metrics_count_rows_without_a_theme_and_measure_the_others() -> None:
    rows = [{"label": label, "language": "pl"} for label in "aabb"]
    values = topics.engine_metrics(rows, ["x", "x", "y", None], "engine")
    assert values["engine_v_measure"] == pytest.approx(1)
    assert values["engine_unthemed_share"] == 0.25
    nothing = topics.engine_metrics(rows, [None] * 4, "engine")
    assert nothing["engine_v_measure"] == 0
    assert nothing["engine_unthemed_share"] == 1


def test_the_sample_is_measured_by_its_causes(reader: Reader, tmp_path: Path) -> None:
    causes = {"refund": "my refund money is missing", "courier": "the courier never rang"}
    rows = [
        {"text": f"{text} {day} {place}", "cause": cause}
        for cause, text in causes.items()
        for day in ("monday", "tuesday", "friday", "sunday", "easter")
        for place in ("kitchen", "town", "office", "garden")
    ]
    rows += [{"text": "", "cause": ""}, {"text": "both of these things", "cause": "refund|courier"}]
    write(tmp_path / "feedback_en.csv", rows)
    (one,) = results(reader, None, "sample", sample=tmp_path)
    assert (one.name, one.dataset, one.n) == ("sample", "sample", 40)
    assert set(one.metrics) >= {"v_measure", "language_nmi", "unthemed_share"}


def test_progress_is_said_before_and_after_each_file(reader: Reader, data: Path) -> None:
    said: list[str] = []
    run.run(run.Bench(reader, data, data, data), ["alignment"], say=said.append)
    assert said[0] == "alignment ..."
    assert len(said) == 4
