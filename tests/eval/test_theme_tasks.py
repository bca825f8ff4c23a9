from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval import bench_themes
from eval.fits import Corpus
from eval.tasks import aspects, labels, stability
from eval.tasks.aspects import only_category, transfer_accuracy
from models.contracts import LANGUAGES
from pipelines.understanding import Reader
from tests.eval.data_folder import FOREIGN, THINGS, WORDS, write


@pytest.mark.parametrize(
    ("categories", "only"),
    [
        ("FOOD#QUALITY=positive", "FOOD#QUALITY"),
        ("FOOD#QUALITY=positive|FOOD#QUALITY=negative", "FOOD#QUALITY"),
        ("FOOD#QUALITY=positive|SERVICE#GENERAL=negative", ""),
        ("", ""),
    ],
)
def test_only_sentences_of_one_category_are_taken(categories: str, only: str) -> None:
    assert only_category(categories) == only


def test_transfer_is_one_where_languages_lie_together_and_low_where_they_do_not() -> None:
    chance = np.random.default_rng(3)
    centres = np.eye(4, 8, dtype=np.float32)
    named = [f"c{at % 4}" for at in range(160)]
    spoken = ["en"] * 80 + ["cs"] * 80
    noise = 0.05 * chance.standard_normal((160, 8)).astype(np.float32)
    together = centres[[at % 4 for at in range(160)]] + noise
    assert transfer_accuracy(together, spoken, named) == 1
    swapped = together.copy()
    swapped[80:] = np.roll(together[80:], 1, axis=0)
    assert transfer_accuracy(swapped, spoken, named) == 0
    assert transfer_accuracy(together[:80], spoken[:80], named[:80]) is None


def test_aspects_are_measured_beside_raw_vectors_and_default_bertopic(
    reader: Reader, tmp_path: Path
) -> None:
    rows = [
        {
            "text": f"the {thing} {thing} was {word} and {word} {FOREIGN.get(code, '')}",
            "language": code,
            "categories": f"{thing.upper()}#GENERAL={label}",
        }
        for code in ("en", "cs")
        for thing in THINGS
        for label, words in WORDS.items()
        for word in words
    ]
    write(tmp_path / "aspects_made.csv", rows)
    write(tmp_path / "aspects_other.csv", [{"text": "x", "label": "y"}])
    (found,) = aspects.run(reader, tmp_path)
    assert (found.dataset, found.n) == ("aspects_made", len(rows))
    assert {"v_measure", "language_nmi", "raw_v_measure", "transfer_accuracy"} < set(found.metrics)
    assert {"engine_v_measure", "bertopic_v_measure"} < set(found.metrics)
    assert all(0 <= value <= 1 for value in found.metrics.values())


@pytest.mark.slow
def test_themes_of_the_product_are_the_same_again_and_after_loading(
    real_reader: Reader, tmp_path: Path
) -> None:
    rows = [
        {"text": f"the {thing} was {word} {place}"}
        for thing in THINGS
        for word in (*WORDS["negative"], *WORDS["positive"])
        for place in ("again in town", "for my mother", "twice this week")
    ]
    write(tmp_path / "feedback_en_made.csv", rows)
    (found,) = stability.run(real_reader, tmp_path)
    assert {found.metrics[name] for name in ("same_data", "other_order", "after_load")} == {1}
    assert found.metrics["kept_after_growth"] >= 0.8
    assert found.metrics["kept_after_threefold"] >= 0.8
    assert {f"bertopic_{name}" for name in ("same_data", "after_load")} < set(found.metrics)


def test_names_are_measured_in_every_language(reader: Reader) -> None:
    quotes = Corpus.of_texts(reader, ["the locker was full", "plný výdejní box"], ["en", "cs"])
    names = [
        {"en": "the locker was full", "cs": "plný výdejní box"},
        {"en": "refund · and the", "cs": "plný výdejní box"},
    ]
    values = labels._measures(reader, names, quotes, [0, 0])
    assert values["duplicate_rate"] == 0.25
    assert values["stop_word_rate"] == 0.2
    assert values["own_label_nearest"] == 1
    assert values["quotes"] == 2


def test_copies_differ_from_each_other_and_stay_near_what_they_were_made_from(
    reader: Reader,
) -> None:
    texts = ["the locker was full", "vrácení peněz trvá"]
    made = bench_themes.copies(Corpus.of_texts(reader, texts, ["en", "cs"]), 500)
    assert len(set(made.texts)) == 500
    assert set(made.languages) <= set(LANGUAGES)
    assert np.allclose(np.linalg.norm(made.vectors, axis=1), 1, atol=1e-3)
