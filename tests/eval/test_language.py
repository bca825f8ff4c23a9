"""The task `language`, its suite, and the training of the language model on made-up words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from eval.language.made_texts import NOISE, TextMaker
from eval.language.transliteration import HABITS, to_latin
from eval.language.words import Word, WordList, words_anywhere
from eval.perturbations import without_diacritics
from eval.tasks import language as task
from eval.training import language as training
from models import artifacts
from models.contracts import LANGUAGES, OTHER
from models.language import LanguageDetector
from models.language.model import LanguageModel
from pipelines.understanding import Reader
from tests.eval.data_folder import write, write_all

NEIGHBOURS = {"sk", "fi", "lv", "lt", "sl", "ru"}
WORDS = {
    "pl": "nie jest bardzo dobrze paczka",
    "cs": "není velmi dobře zásilka",
    "et": "ei ole väga hästi pakk",
    "en": "not very good parcel",
    "sk": "nie je veľmi zásielka",
    "ru": "не очень хорошо посылка",
}


def word_list(code: str) -> WordList:
    words: list[Word] = [
        (without_diacritics(word), word) if code != "ru" else (word, word)
        for word in WORDS[code].split()
    ]
    return WordList(counted=words, odds=np.full(len(words), 1 / len(words)))


@pytest.fixture
def maker() -> TextMaker:
    real = {code: [word_list(code).counted] for code in LANGUAGES}
    return TextMaker({code: word_list(code) for code in WORDS}, [("ok", "ok")], real, real, seed=3)


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.fixture
def reader(detector: LanguageDetector) -> Reader:
    """Only the part that names languages."""
    return cast(Reader, SimpleNamespace(languages=detector))


def test_every_file_of_the_kind_is_measured(reader: Reader, tmp_path: Path) -> None:
    rows = [
        {"text": "Bardzo dobra obsługa, polecam wszystkim", "language": "pl"},
        {"text": "Zásielka neprišla a nikto nedvíha", "language": "sk-SK"},
        {"text": "dziękuję", "language": "PL"},
        {"text": "👍", "language": "other"},
        {"text": " ", "language": "en"},
    ]
    write(tmp_path / "language_mine.csv", rows)
    found = {
        one.language: one for one in task.run(reader, tmp_path) if one.dataset == "language_mine"
    }
    assert {code: one.n for code, one in found.items()} == {"all": 4, "pl": 2, "sk": 1, "other": 1}
    assert {(one.name, one.dataset) for one in found.values()} == {("language", "language_mine")}
    values = found["all"].metrics
    assert values["accuracy"] == values["accuracy_plain"] == 1.0
    bands = {"0_9", "20_39", "below_20", "from_20"}
    parts = {f"accuracy_{band}" for band in bands} | {"accuracy"}
    assert set(values) == parts | {f"{part}_plain" for part in parts} | {"ece"}


def test_files_that_training_reads_are_measured_on_what_it_left(
    reader: Reader, tmp_path: Path
) -> None:
    data = write_all(tmp_path)
    found = [one for one in task.run(reader, data) if one.language == "all"]
    assert [one.dataset for one in found] == ["suite", "pairs", "topics_made", "emotions_xed"]
    for one in found:
        assert 0 < one.n < 600
    trained = {text for texts in training.sentences_of(data).values() for text in texts}
    for name in ("pairs", "topics_made", "emotions_xed"):
        left = {text for text, _ in task.unseen_rows(data / f"{name}.csv")}
        assert left.isdisjoint(trained)


def test_only_tatoeba_counts_as_english_in_pairs(tmp_path: Path) -> None:
    rows = [
        {"source": source, "language": "pl", "text": f"tekst {at}", "english": f"{source} {at}"}
        for source in ("tatoeba", "xed")
        for at in range(100)
    ]
    write(tmp_path / "pairs.csv", rows)
    english = [text for text, code in task.unseen_rows(tmp_path / "pairs.csv") if code == "en"]
    assert english
    assert all(text.startswith("tatoeba") for text in english)


def test_the_suite_is_shaped_as_promised() -> None:
    rows = [*task.suite_rows(dev=True), *task.suite_rows(dev=False)]
    counts = Counter(code for _, code in rows)
    assert len({text for text, _ in rows}) == len(rows)
    assert all(counts[code] >= 100 for code in LANGUAGES)
    assert all(counts[code] >= 40 for code in NEIGHBOURS)
    assert sum(counts.values()) - sum(counts[code] for code in {*LANGUAGES, *NEIGHBOURS}) >= 60
    lengths = np.array([len(text) for text, _ in rows])
    for part in (lengths < 20, (lengths >= 20) & (lengths <= 60), lengths > 60):
        assert 0.25 < part.mean() < 0.42


def test_the_model_does_on_the_suite_what_the_issue_asks(reader: Reader) -> None:
    whole = next(task.run(reader, None)).metrics
    assert whole["accuracy_from_20"] >= 0.985
    assert whole["accuracy_below_20"] >= 0.95
    assert whole["accuracy_below_20_plain"] >= 0.95
    assert whole["ece"] <= 0.05


def test_plain_takes_off_every_diacritic() -> None:
    assert (
        without_diacritics("Zażółć gęślą jaźń, Žluťoučký, õäöü")
        == "Zazolc gesla jazn, Zlutoucky, oaou"
    )


def test_no_rows_give_no_results(detector: LanguageDetector) -> None:
    assert list(task.results(detector, "nothing", [])) == []


def test_russian_is_typed_in_latin_letters_in_several_ways() -> None:
    forms = {to_latin("хорошо", "ru", habit) for habit in range(HABITS)}
    assert {"khorosho", "horosho", "xorosho"} == forms
    assert to_latin("кур'єр", "uk", 0) == "kuryer"
    for habit in range(HABITS):
        assert to_latin("съёмщикжюяґѓѕџщъ☺", "ru", habit).isascii()


def test_made_texts_are_the_same_for_the_same_seed_and_have_words(maker: TextMaker) -> None:
    texts, classes = maker.texts(400)
    again = TextMaker(maker.lists, maker.anywhere, maker.sentences, maker.comments, maker.seed)
    assert (texts, classes) == again.texts(400)
    for text in texts:
        assert text.plain.strip()
        assert text.plain.isascii()
        assert len(text.plain) == len(text.written)
    assert maker.codes == (*LANGUAGES, "ru", "sk", NOISE)
    assert sum(maker.shares) == pytest.approx(1.0)
    assert set(classes) <= set(range(len(maker.codes)))


def test_words_met_anywhere_are_words() -> None:
    assert all(plain and plain == written for plain, written in words_anywhere())


def test_training_tells_the_languages_of_its_words_apart(maker: TextMaker) -> None:
    model = training.fit(maker, 40_000, rows=512)
    detector = LanguageDetector(model)
    for code, words in WORDS.items():
        text = to_latin(words, code, 0) if code == "ru" else words
        assert detector.detect(text).code == (code if code in LANGUAGES else OTHER)
    assert np.abs(model.table).max() <= 127
    assert (model.table == np.rint(model.table)).all()


def test_training_writes_what_is_loaded(
    maker: TextMaker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(training, "word_lists", lambda *_: maker.lists)
    monkeypatch.setattr(training, "TEXTS", 2048)
    saved = tmp_path / "artifacts"
    saved.mkdir()
    save, load = artifacts.save, artifacts.load
    monkeypatch.setattr(artifacts, "save", lambda artifact, card: save(artifact, card, saved))
    training.train(write_all(tmp_path / "data"))
    monkeypatch.setattr(
        artifacts, "load", lambda name, version, encoder: load(name, version, encoder, saved)
    )
    model = LanguageModel.load()
    assert model.shares.sum() == pytest.approx(1.0)
    assert 0.5 < model.temperature < 2.6
    card = (saved / "language.md").read_text("utf-8")
    assert "CC BY-SA 4.0" in card
    assert "| suite (test part) |" in card
    assert "| topics_made |" in card


def test_the_temperature_mends_confidence_that_is_too_high(detector: LanguageDetector) -> None:
    model = LanguageModel.load()
    rows = [("bardzo dobrze", "pl"), ("bardzo dobrze", "en")] * 10
    assert training.fit_temperature(model, rows) > model.temperature
