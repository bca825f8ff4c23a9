from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from eval import written as written_examples
from eval.training import adapter as adapter_training
from eval.training import heads, sources, teaching, typist
from eval.training.lessons import (
    SOURCES,
    Course,
    Lesson,
    as_it_was,
    as_typed,
    batches,
    epoch,
    width_of,
)
from eval.training.network import Layers
from eval.training.student import Student
from models import adapter, artifacts
from models.contracts import LANGUAGES, ArtifactError, Vectors
from models.encoder import TorchEncoder, encoder_name
from models.sentiment import SentimentModel
from models.signals import NAMES, SignalModel
from models.signals import VERSION as SIGNALS_VERSION

TEACHER = Course(rank=0, rate=1e-3, epochs=3, seed=1, tokens=512)
SHIPPED = Course(rank=4, rate=1e-3, epochs=3, seed=2, tokens=512)
REVISION = replace(SHIPPED, epochs=1, often={"posts.pl": 1.0, "signals.cs": 1.0})


@pytest.fixture
def tiny(tiny_folder: Path) -> TorchEncoder:
    return TorchEncoder.load(tiny_folder, "tiny")


@pytest.fixture
def lessons(tiny: TorchEncoder) -> list[Lesson]:
    """Written posts, examples with signals, and a Czech sentence with its translation."""
    posts = written_examples.posts(held_out=False)[::200]
    examples = written_examples.signal_examples("train")[::600]
    rows = [
        sources.Row(f"posts.{one.language}", one.language, one.text, one.label, False)
        for one in posts
    ]
    rows += [
        sources.Row(
            f"signals.{one.language}", one.language, one.text, one.sentiment, False, one.signals
        )
        for one in examples
    ]
    pair = sources.Row("pairs.cs", "cs", "Nikdo mi nepomohl.", "", False)
    made = typist.Typist(tiny.tokenizer)
    return [*map(made.lesson, rows), made.lesson(pair, "Nobody helped me.")]


def states(encoder: TorchEncoder, layers: Any, length: int = 9) -> list[tuple[Vectors, Vectors]]:
    """Each layer's states of padded texts, by transformers and by the stacked layers."""
    ids = torch.arange(4, 4 + 3 * length).view(3, length) % 50
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    with torch.inference_mode():
        theirs = encoder.network.encoder(
            input_ids=ids, attention_mask=mask, output_hidden_states=True
        ).hidden_states
        ours = layers(ids, mask.bool())
    seen = mask.bool()
    return [(a[seen].numpy(), b[seen].numpy()) for a, b in zip(theirs, ours, strict=True)]


@pytest.mark.parametrize("rank", [0, 4])
def test_stacked_layers_compute_what_transformers_does(tiny: TorchEncoder, rank: int) -> None:
    layers = Layers(tiny.network.encoder, rank, 0.1, torch.float32).eval()
    for theirs, ours in states(tiny, layers):
        assert np.allclose(theirs, ours, atol=1e-5)


def test_changes_bear_the_names_and_shapes_of_the_matrices_they_change(tiny: TorchEncoder) -> None:
    layers = Layers(tiny.network.encoder, 4, 0.1)
    found = {place: (up @ down).shape for place, (up, down) in layers.changes()}
    matrices = {
        place: tuple(getattr(parent, own).weight.shape)
        for place, parent, own in adapter.places(tiny.network.encoder)
    }
    assert found == matrices


def test_what_is_written_reads_like_what_was_taught(
    tiny: TorchEncoder,
    tiny_folder: Path,
    lessons: list[Lesson],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    student = teaching.teach(
        tiny.network.encoder,
        tiny.pooled_layers,
        lessons,
        [TEACHER, TEACHER],
        SHIPPED,
        REVISION,
    )
    arrays = adapter_training.arrays_of(student)
    artifacts.save(
        artifacts.Artifact(adapter.NAME, adapter.VERSION, "tiny", arrays), "# adapter\n", tmp_path
    )
    monkeypatch.setattr(artifacts, "load", partial(artifacts.load, folder=tmp_path))
    fresh = TorchEncoder.load(tiny_folder, "tiny")
    forms = [one.text for one in written_examples.posts(held_out=False)[::200]][:6]
    parts = typist.Typist(fresh.tokenizer).tokens(forms)
    before = fresh.encode(forms).layers
    adapter.apply(fresh.network, "tiny")
    after = fresh.encode(forms).layers
    with torch.inference_mode():
        taught = student.pool(parts).numpy()
    assert np.abs(after - before).max() > 1e-3, "it has learned something"
    assert np.abs(after - taught).mean() < 0.3 * np.abs(before - taught).mean()


def test_heads_are_written_as_artifacts_that_read_what_the_network_reads(
    tiny: TorchEncoder, lessons: list[Lesson], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = Student(tiny.network.encoder, tiny.pooled_layers, TEACHER)
    student.learn(lessons, student.standardise(lessons), None)
    monkeypatch.setattr(artifacts, "save", partial(artifacts.save, folder=tmp_path))
    heads.write(student)
    monkeypatch.setattr(artifacts, "load", partial(artifacts.load, folder=tmp_path))
    named = encoder_name()
    single = [one for one in lessons if len(one.lengths) == 1]
    with torch.inference_mode():
        layers = torch.cat([student.pool(one.versions[0]) for one in single]).numpy()
    read = student.read(single)
    moods = SentimentModel.load(named).probabilities(layers, ["cs"] * len(single))
    signals = SignalModel.load(named).probabilities(
        [""] * len(single), layers, np.zeros((len(single), len(NAMES)), np.float32)
    )
    assert np.allclose(moods, read.moods, atol=0.02)
    assert np.allclose(signals, read.signals, atol=0.02)


def test_heads_of_the_packaged_encoder_are_asked_of_the_adapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, version = "signals", SIGNALS_VERSION
    assert heads.taught_along(name, version, "another") is None
    monkeypatch.setattr(artifacts, "load", partial(artifacts.load, folder=tmp_path))
    with pytest.raises(ArtifactError, match="ONLY=adapter"):
        heads.taught_along(name, version, encoder_name())


def test_a_network_learns_its_lessons_by_heart(tiny: TorchEncoder, lessons: list[Lesson]) -> None:
    labelled = [one for one in lessons if one.shares is not None]
    own = sorted(labelled, key=lambda one: one.longest)[:24]
    course = Course(0, 2e-3, 40, 1, head_rate=5e-3, tokens=1024, inside=0.0)
    student = Student(tiny.network.encoder, tiny.pooled_layers, course)
    vectors = student.standardise(own)
    truth = np.stack([one.shares for one in own if one.shares is not None]).argmax(axis=1)
    assert set(truth) == {0, 1, 2}
    student.learn(own, vectors, None)
    read = student.read(own)
    assert (read.moods.argmax(axis=1) == truth).mean() > 0.9
    assert np.allclose(read.moods.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_network_goes_back_as_far_as_it_is_told(
    tiny: TorchEncoder, lessons: list[Lesson], share: float
) -> None:
    student = Student(tiny.network.encoder, tiny.pooled_layers, SHIPPED)
    vectors = student.standardise(lessons)
    student.learn(lessons, vectors, None)
    before = {name: weight.clone() for name, weight in student.state_dict().items()}
    read_before = student.read(lessons)
    student.learn(lessons, vectors, None)
    read_after = student.read(lessons)
    assert not np.allclose(read_before.moods, read_after.moods, atol=5e-3)
    student.blend(before, share)
    expected = read_before if share else read_after
    assert np.allclose(student.read(lessons).moods, expected.moods, atol=5e-3)


def test_teaching_again_gives_the_same_network(tiny: TorchEncoder, lessons: list[Lesson]) -> None:
    def taught() -> dict[str, Vectors]:
        return adapter_training.arrays_of(
            teaching.teach(
                tiny.network.encoder, tiny.pooled_layers, lessons, [TEACHER], SHIPPED, REVISION
            )
        )

    first, again = taught(), taught()
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_a_sentence_is_read_in_its_translation_too(
    tiny: TorchEncoder, lessons: list[Lesson]
) -> None:
    student = Student(tiny.network.encoder, tiny.pooled_layers, TEACHER)
    student.standardise(lessons)
    both, own = teaching.read_both_ways(student, lessons), student.read(lessons)
    assert lessons[-1].translation
    assert np.array_equal(both.moods[:-1], own.moods[:-1])
    assert not np.allclose(both.moods[-1], own.moods[-1])


def test_a_signal_is_in_a_text_where_one_of_its_excerpts_shows_it(tiny: TorchEncoder) -> None:
    made = typist.Typist(tiny.tokenizer)
    whole = "The parcel never came. The lady at the desk was lovely."
    parts = ["The parcel never came.", "The lady at the desk was lovely."]
    rows = [sources.Row("posts.en", "en", text, "neutral", False) for text in (whole, *parts)]
    student = Student(tiny.network.encoder, tiny.pooled_layers, TEACHER)
    read = student.read([made.lesson(row) for row in rows]).signals
    assert np.allclose(read[0], read[1:].max(axis=0), atol=5e-3)


def test_only_pairs_with_an_english_side_are_collected(data: Path, tiny: TorchEncoder) -> None:
    pairs = sources.pairs_by_language(data, held_out=False)
    found = Counter(
        one.source for one in typist.lessons_of_pairs(data, typist.Typist(tiny.tokenizer))
    )
    assert 0 < found["pairs.cs"] <= len(pairs["cs"][0])
    assert found["pairs.en"] == sum(found[f"pairs.{code}"] for code in ("pl", "cs", "et"))


def test_every_source_has_its_place_among_the_lessons(data: Path) -> None:
    found = {row.source for row in sources.sentiment_rows(data)}
    found |= {f"pairs.{code}" for code in LANGUAGES}
    found |= {f"concepts.{row['language']}" for row in sources.read_concepts()}
    assert found == set(SOURCES)


def test_every_version_of_a_lesson_has_the_same_excerpts(lessons: list[Lesson]) -> None:
    for lesson in lessons:
        assert len(lesson.versions) == typist.VERSIONS
        assert {len(parts) for parts in lesson.versions} == {len(lesson.lengths)}
    typed = as_typed(random.Random(1))
    shown = [typed(lesson) for lesson in lessons for _ in range(20)]
    as_were = [as_it_was(lesson) for lesson in lessons for _ in range(20)]
    changed = np.mean([a is not b for a, b in zip(shown, as_were, strict=True)])
    assert 0.3 < changed < 0.5


def test_an_epoch_shows_rows_as_often_as_their_source_says(lessons: list[Lesson]) -> None:
    chance = random.Random(1)
    shown = Counter(
        at for _ in range(60) for batch in epoch(lessons, TEACHER, chance) for at in batch
    )
    for at, lesson in enumerate(lessons):
        assert shown[at] / 60 == pytest.approx(SOURCES[lesson.source][0], abs=0.25)


def test_batches_hold_every_lesson_once_within_their_room(lessons: list[Lesson]) -> None:
    found = list(batches(lessons, 512))
    assert sorted(at for batch in found for at in batch) == list(range(len(lessons)))
    for batch in found:
        width = width_of(max(lessons[at].longest for at in batch))
        parts = sum(len(lessons[at].lengths) for at in batch)
        assert parts * width <= 512 or len(batch) == 1


def test_labels_are_learned_beside_what_teachers_say(tiny: TorchEncoder) -> None:
    student = Student(tiny.network.encoder, tiny.pooled_layers, replace(SHIPPED, taught=0.25))
    label = np.array([0, 0, 1], np.float32)
    told = np.array([[0.4, 0.4, 0.2], [0.5, 0.3, 0.2]], np.float32)
    targets, counts = student.targets([label, None], told, 3)
    assert np.allclose(targets.numpy(), [[0.1, 0.1, 0.8], told[1]])
    assert counts.tolist() == [1, 1]
    targets, counts = student.targets([label, None], None, 3)
    assert targets[0].tolist() == [0, 0, 1]
    assert counts.tolist() == [1, 0]
