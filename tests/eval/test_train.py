from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from eval import datasets, train
from eval.tasks import sentiment as sentiment_task
from models import artifacts, concepts, neutral, sentiment
from models.contracts import LANGUAGES, POLARITIES
from models.sentiment import SentimentModel
from tests.eval.data_folder import labelled, write_all
from tests.stand_in import StandInEncoder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_all(tmp_path_factory.mktemp("data"))


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that artifacts are written to instead of the repository's."""
    monkeypatch.setattr(artifacts, "save", partial(artifacts.save, folder=tmp_path))
    return tmp_path


read_artifact = artifacts.load


def load(name: str, version: int, folder: Path) -> dict[str, np.ndarray]:
    return dict(read_artifact(name, version, StandInEncoder.name, folder).arrays)


def test_the_neutral_artifact_is_written_with_its_card(data: Path, written: Path) -> None:
    train.train_neutral(StandInEncoder(), data)
    arrays = load(neutral.NAME, neutral.VERSION, written)
    assert sorted(arrays["languages"]) == ["cs", "en", "et", "pl"]
    assert all(np.isfinite(arrays[name]).all() for name in arrays if name != "languages")
    card = (written / "neutral.md").read_text("utf-8")
    assert StandInEncoder.version in card
    assert "{" not in card


def test_training_the_neutral_space_again_gives_the_same_bytes(data: Path, written: Path) -> None:
    train.train_neutral(StandInEncoder(), data)
    first = load(neutral.NAME, neutral.VERSION, written)
    train.train_neutral(StandInEncoder(), data)
    again = load(neutral.NAME, neutral.VERSION, written)
    assert first.keys() == again.keys()
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_the_concepts_artifact_is_trained_over_the_neutral_one(
    data: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "load", partial(read_artifact, folder=written))
    train.train_neutral(StandInEncoder(), data)
    train.train_concepts(StandInEncoder())
    first = load(concepts.NAME, concepts.VERSION, written)
    assert set(first["names"]) == {row["concept"] for row in train.read_concepts()}
    space = concepts.ConceptSpace.load(StandInEncoder.name)
    assert space.projection.shape[0] == StandInEncoder.dimensions
    assert len(space.names) == len(space.prototypes)
    assert "{" not in (written / "concepts.md").read_text("utf-8")
    train.train_concepts(StandInEncoder())
    again = load(concepts.NAME, concepts.VERSION, written)
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_every_concept_has_as_many_examples_in_each_language() -> None:
    counts = Counter((row["concept"], row["language"]) for row in train.read_concepts())
    names = {name for name, _ in counts}
    assert {code for _, code in counts} == set(LANGUAGES)
    for name in names:
        assert len({counts[name, code] for code in LANGUAGES}) == 1, name


def test_no_example_of_a_concept_stands_in_the_sample_workspace() -> None:
    """The sample's causes are what themes are measured on."""
    sample = Path(train.__file__).parents[1] / "service" / "sample"
    texts = {
        " ".join(row["text"].casefold().split())
        for path in datasets.find(sample, "feedback_*.csv")
        for row in datasets.read(path, ("text",)).rows
        if len(row["text"]) > 20
    }
    assert len(texts) > 400
    assert not texts & {" ".join(r["text"].casefold().split()) for r in train.read_concepts()}


def test_the_sentiment_artifact_is_written_with_its_card_and_reads_what_it_learned(
    data: Path, written: Path
) -> None:
    train.train_sentiment(StandInEncoder(), data)
    arrays = load(sentiment.NAME, sentiment.VERSION, written)
    temperature = float(arrays.pop("temperature"))
    assert temperature > 0
    parts = {name: array.astype(np.float32) for name, array in arrays.items()}
    model = SentimentModel(**parts, temperature=temperature)
    texts = [text for text, _ in labelled()]
    read = model.read(StandInEncoder().encode(texts).layers)
    right = [one.label == label for one, (_, label) in zip(read, labelled(), strict=True)]
    assert np.mean(right) > 0.9
    card = (written / "sentiment.md").read_text("utf-8")
    assert StandInEncoder.version in card
    assert all(f"| {name} |" in card for name in train.SENTIMENT_WEIGHTS)
    assert "{" not in card


def test_training_sentiment_again_gives_the_same_arrays(data: Path, written: Path) -> None:
    train.train_sentiment(StandInEncoder(), data)
    first = load(sentiment.NAME, sentiment.VERSION, written)
    train.train_sentiment(StandInEncoder(), data)
    again = load(sentiment.NAME, sentiment.VERSION, written)
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_held_out_rows_are_those_that_the_evaluation_scores(data: Path) -> None:
    trained, held = train.sentiment_sets(StandInEncoder(), data)
    for path in (*datasets.find(data, "sentiment_*.csv"), *datasets.find(data, "feedback_*.csv")):
        dataset = datasets.read(path)
        scored = sentiment_task.unseen_rows(dataset)
        assert len(held[dataset.name][1]) == len(scored)
        assert len(trained[dataset.name][1]) == len(dataset.rows) - len(scored)
        classes = [POLARITIES.index(datasets.sentiment_label(row)) for row in scored]
        assert held[dataset.name][1].tolist() == classes


@pytest.mark.parametrize(
    ("emotions", "polarity"),
    [
        ("5", "positive"),
        ("5,8", "positive"),
        ("1", "negative"),
        ("3,6", "negative"),
        ("1,5", ""),
        ("5,4", ""),
        ("6,8", ""),
        ("2", ""),
        ("4,7", ""),
        ("", ""),
    ],
)
def test_emotions_are_read_as_polarity_only_where_they_agree(emotions: str, polarity: str) -> None:
    assert train.polarity_of(emotions) == polarity


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(datasets.DatasetError, match=r"pairs\.csv cannot be read"):
        train.train_neutral(StandInEncoder(), tmp_path)
