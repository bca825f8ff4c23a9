from __future__ import annotations

import re
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from eval import datasets
from eval import written as written_examples
from eval.tasks import sentiment as sentiment_task
from eval.training import adapter as adapter_training
from eval.training import concepts as concepts_training
from eval.training import neutral as neutral_training
from eval.training import sentiment as sentiment_training
from eval.training import signals as signals_training
from eval.training import sources, teaching
from eval.training.lessons import SOURCES
from models import artifacts, concepts, neutral, sentiment, signals
from models.contracts import LANGUAGES, OTHER
from models.sentiment import SentimentModel
from tests.eval.data_folder import labelled
from tests.stand_in import StandInEncoder


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that artifacts are written to instead of the repository's."""
    monkeypatch.setattr(artifacts, "save", partial(artifacts.save, folder=tmp_path))
    return tmp_path


read_artifact = artifacts.load


class AnotherEncoder(StandInEncoder):
    """One that no adapter was made for, so that layers over it are fitted here."""

    name = "another"


def load(
    name: str, version: int, folder: Path, encoder: str = StandInEncoder.name
) -> dict[str, np.ndarray]:
    return dict(read_artifact(name, version, encoder, folder).arrays)


def test_the_neutral_artifact_is_written_with_its_card(data: Path, written: Path) -> None:
    neutral_training.train(StandInEncoder(), data)
    arrays = load(neutral.NAME, neutral.VERSION, written)
    assert sorted(arrays["languages"]) == ["cs", "en", "et", "pl"]
    assert all(np.isfinite(arrays[name]).all() for name in arrays if name != "languages")
    card = (written / "neutral.md").read_text("utf-8")
    assert StandInEncoder.version in card
    assert "{" not in card


def test_training_the_neutral_space_again_gives_the_same_bytes(data: Path, written: Path) -> None:
    neutral_training.train(StandInEncoder(), data)
    first = load(neutral.NAME, neutral.VERSION, written)
    neutral_training.train(StandInEncoder(), data)
    again = load(neutral.NAME, neutral.VERSION, written)
    assert first.keys() == again.keys()
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_the_concepts_artifact_is_trained_over_the_neutral_one(
    data: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "load", partial(read_artifact, folder=written))
    neutral_training.train(StandInEncoder(), data)
    concepts_training.train(StandInEncoder())
    first = load(concepts.NAME, concepts.VERSION, written)
    assert set(first["names"]) == {row["concept"] for row in sources.read_concepts()}
    space = concepts.ConceptSpace.load(StandInEncoder.name)
    assert space.projection.shape[0] == StandInEncoder.dimensions
    assert len(space.names) == len(space.prototypes)
    assert "{" not in (written / "concepts.md").read_text("utf-8")
    concepts_training.train(StandInEncoder())
    again = load(concepts.NAME, concepts.VERSION, written)
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_every_concept_has_as_many_examples_in_each_language() -> None:
    counts = Counter((row["concept"], row["language"]) for row in sources.read_concepts())
    names = {name for name, _ in counts}
    assert {code for _, code in counts} == set(LANGUAGES)
    for name in names:
        assert len({counts[name, code] for code in LANGUAGES}) == 1, name


def test_no_example_of_a_concept_stands_in_the_sample_workspace() -> None:
    """The sample's causes are what themes are measured on."""
    sample = Path(datasets.__file__).parents[1] / "service" / "sample"
    texts = {
        " ".join(row["text"].casefold().split())
        for path in datasets.find(sample, "feedback_*.csv")
        for row in datasets.read(path, ("text",)).rows
        if len(row["text"]) > 20
    }
    assert len(texts) > 400
    assert not texts & {" ".join(r["text"].casefold().split()) for r in sources.read_concepts()}


@pytest.fixture
def few_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few of the written examples, so that training takes seconds."""
    few = written_examples.signal_examples("train")[::40]
    posts = written_examples.posts(held_out=True)[::10]
    monkeypatch.setattr(written_examples, "signal_examples", lambda part: few)
    monkeypatch.setattr(written_examples, "posts", lambda *, held_out: posts)


def trained_sentiment(data: Path, written: Path) -> dict[str, np.ndarray]:
    sentiment_training.train(AnotherEncoder(), data)
    return load(sentiment.NAME, sentiment.VERSION, written, AnotherEncoder.name)


def test_the_sentiment_artifact_is_written_with_its_card_and_reads_what_it_learned(
    few_examples: None, data: Path, written: Path
) -> None:
    arrays = trained_sentiment(data, written)
    codes = arrays.pop("languages").tolist()
    temperatures = dict(zip(codes, arrays.pop("temperatures").tolist(), strict=True))
    assert sorted(temperatures) == sorted([*LANGUAGES, OTHER])
    assert min(temperatures.values()) > 0
    parts = {name: array.astype(np.float32) for name, array in arrays.items()}
    model = SentimentModel(**parts, temperatures=temperatures)
    texts = [text for text, _ in labelled()]
    read = model.read(StandInEncoder().encode(texts).layers, ["en"] * len(texts))
    right = [one.label == label for one, (_, label) in zip(read, labelled(), strict=True)]
    assert np.mean(right) > 0.9
    card = (written / "sentiment.md").read_text("utf-8")
    assert StandInEncoder.version in card
    assert "{" not in card


def test_training_sentiment_again_gives_the_same_arrays(
    few_examples: None, data: Path, written: Path
) -> None:
    first, again = trained_sentiment(data, written), trained_sentiment(data, written)
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_signals_are_learned_with_thresholds_and_the_same_again(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trained() -> dict[str, np.ndarray]:
        signals_training.train(AnotherEncoder())
        return load(signals.NAME, signals.VERSION, written, AnotherEncoder.name)

    taught, dev = (written_examples.signal_examples(part) for part in ("train", "dev"))
    parts = {"train": taught[::8], "dev": dev[::2]}
    monkeypatch.setattr(written_examples, "signal_examples", parts.get)
    monkeypatch.setattr(signals_training, "FOLDS", 2)
    monkeypatch.setattr(signals_training, "ROUNDS", 2)
    first, again = trained(), trained()
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert first["weights"].shape == (StandInEncoder.dimensions, len(signals.NAMES))
    assert (first["thresholds"] > 0).all()
    assert first["floors"][signals.NAMES.index("churn_risk")] > 0.9, "sure patterns are right"
    assert (first["pattern_weights"] > 0).mean() > 0.9, "patterns speak for their signals"
    card = (written / "signals.md").read_text("utf-8")
    assert all(f"| {name} |" in card for name in signals.NAMES)
    assert "{" not in card


def test_what_was_taught_along_is_calibrated_and_stays(
    few_examples: None, data: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals_training, "FOLDS", 2)
    monkeypatch.setattr(signals_training, "GRAVE", ())
    before = {
        part.NAME: dict(read_artifact(part.NAME, part.VERSION, StandInEncoder.name).arrays)
        for part in (sentiment, signals)
    }
    sentiment_training.train(StandInEncoder(), data)
    signals_training.train(StandInEncoder())
    moods = load(sentiment.NAME, sentiment.VERSION, written)
    named = load(signals.NAME, signals.VERSION, written)
    assert np.array_equal(moods["hidden"], before[sentiment.NAME]["hidden"])
    assert not np.array_equal(moods["temperatures"], before[sentiment.NAME]["temperatures"])
    assert np.array_equal(named["weights"], before[signals.NAME]["weights"])
    assert not np.array_equal(named["slopes"], before[signals.NAME]["slopes"])
    assert "taught along with the adapter" in (written / "sentiment.md").read_text("utf-8")


def test_the_adapters_card_leaves_nothing_open() -> None:
    text = adapter_training.card(Counter({name: 1 for name in SOURCES}))
    assert "{" not in text
    assert all(f"| {name} | 1 |" in text for name in SOURCES)


def test_every_source_that_is_revised_is_one() -> None:
    assert set(teaching.REVISION.often or ()) <= set(SOURCES)


def test_held_out_rows_are_those_that_the_evaluation_scores(data: Path) -> None:
    rows = sources.sentiment_rows(data)
    for path in (*datasets.find(data, "sentiment_*.csv"), *datasets.find(data, "feedback_*.csv")):
        dataset = datasets.read(path)
        scored = {row["text"] for row in sentiment_task.unseen_rows(dataset)}
        own = [row for row in rows if row.source == dataset.name]
        assert {row.text for row in own if row.is_held_out} == scored
        assert len(own) == len(dataset.rows)


def test_every_signal_has_its_examples_in_every_language_and_none_is_held_out_and_trained_on() -> (
    None
):
    trained = written_examples.signal_examples("train")
    held = written_examples.signal_examples("held_out")
    assert not {one.text for one in trained} & {one.text for one in held}
    for examples, least in ((trained, 10), (held, 3)):
        counts = Counter((name, one.language) for one in examples for name in one.signals)
        assert all(counts[name, code] >= least for name in signals.NAMES for code in LANGUAGES)
        resembling = Counter(
            one.written_for for one in examples if one.written_for not in one.signals
        )
        assert all(resembling[name] >= least for name in signals.NAMES)
    assert {name for one in (*trained, *held) for name in one.signals} == set(signals.NAMES)


def plain(text: str) -> str:
    """A text's words, so that "Polecam!" and "polecam" are one."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_nothing_that_measures_or_calibrates_was_taught_from() -> None:
    taught = {plain(one.text) for one in written_examples.signal_examples("train")}
    taught |= {plain(one.text) for one in written_examples.posts(held_out=False)}
    taught |= {plain(row["text"]) for row in sources.read_concepts()}
    taught |= {plain(one.text) for one in written_examples.corrections()}
    examples = [
        one for part in ("dev", "held_out") for one in written_examples.signal_examples(part)
    ]
    posts = [*written_examples.posts(held_out=True), *written_examples.hard_lines()]
    kept = [one.text for one in examples] + [one.text for one in posts]
    assert [text for text in kept if plain(text) in taught] == []


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
    assert sources.polarity_of(emotions) == polarity


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(datasets.DatasetError, match=r"pairs\.csv cannot be read"):
        neutral_training.train(StandInEncoder(), tmp_path)


def test_a_threshold_must_hold_where_no_pattern_hits_too() -> None:
    shares = np.array([0.97] * 30 + [0.85] * 4 + [0.05] * 20)
    shown = np.array([True] * 30 + [False] * 24)
    truth = np.array([True] * 30 + [True, True, False, False] + [False] * 20)
    by_all = signals_training.precise_threshold(shares, truth, np.ones_like(shown))
    by_bare = signals_training.precise_threshold(shares, truth, shown)
    assert by_all <= 0.85 < by_bare <= 0.97


@pytest.mark.parametrize("seed", range(3))
def test_half_of_the_promised_f1_is_the_best_threshold_of_calibrated_shares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = rng.beta(0.3, 1.5, 200_000)
    truth = rng.random(len(shares)) < shares
    tried = np.arange(0.05, 0.95, 0.01)
    named = [shares >= one for one in tried]
    f1 = [2 * (one & truth).sum() / (one.sum() + truth.sum()) for one in named]
    assert abs(signals_training.best_threshold(shares) - tried[int(np.argmax(f1))]) <= 0.04
