"""Signals are found where a reader would find them and not where words merely look alike."""

from __future__ import annotations

import time
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import signals
from models.contracts import LANGUAGES, OTHER, ArtifactError
from models.signals import NAMES, SignalReader

_EXAMPLES = tomllib.loads(
    (Path(__file__).parent / "signal_examples.toml").read_text(encoding="utf-8")
)
_LABELLED = [
    (language, name, sentence, kind == "carries")
    for language, by_name in _EXAMPLES.items()
    for name, by_kind in by_name.items()
    for kind, sentences in by_kind.items()
    for sentence in sentences
]


def without_diacritics(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("ł", "l").replace("Ł", "L"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@pytest.fixture(scope="module")
def reader() -> SignalReader:
    return SignalReader()


def names(reader: SignalReader, text: str, language: str) -> set[str]:
    return {hit.name for hit in reader.find(text, language)}


@pytest.mark.parametrize(("language", "name", "sentence", "carries"), _LABELLED)
def test_each_example_carries_its_signal_or_does_not(
    reader: SignalReader, language: str, name: str, sentence: str, carries: bool
) -> None:
    assert (name in names(reader, sentence, language)) is carries


def test_every_language_and_signal_has_six_examples_of_both_kinds() -> None:
    for language in LANGUAGES:
        for name in NAMES:
            counts = {kind: len(found) for kind, found in _EXAMPLES[language][name].items()}
            assert min(counts["carries"], counts["lacks"]) >= 6, (language, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_typed_without_diacritics_or_in_capitals_read_the_same(
    reader: SignalReader, language: str
) -> None:
    for labelled, _, sentence, _ in _LABELLED:
        if labelled == language:
            expected = names(reader, sentence, language)
            assert names(reader, without_diacritics(sentence), language) == expected, sentence
            assert names(reader, sentence.upper(), language) == expected, sentence


def test_offsets_point_at_the_words_as_the_customer_typed_them(reader: SignalReader) -> None:
    text = "Fajnie. Zgłaszam to do UOKiK, a buty… nigdy więcej!"
    found = reader.find(text, "pl")
    assert [(hit.name, hit.text) for hit in found] == [
        ("authority_complaint", "UOKiK"),
        ("churn_risk", "nigdy więcej"),
    ]
    assert all(text[hit.start : hit.end] == hit.text for hit in found)


def test_a_guard_takes_back_only_hits_of_its_own_sentence(reader: SignalReader) -> None:
    text = "Nobody was hurt this time. Last month I cut my hand on it."
    assert [hit.text for hit in reader.find(text, "en") if hit.name == "safety"] == ["cut my hand"]


def test_an_unread_language_is_tried_in_english(reader: SignalReader) -> None:
    assert names(reader, "Dzwonię: never again!", OTHER) == {"churn_risk"}
    assert names(reader, "Nigdy więcej!", OTHER) == set()


def test_a_pattern_with_capitals_or_diacritics_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"[{name}]\npatterns = ['sąd']\n" for name in NAMES]
    for language in LANGUAGES:
        (tmp_path / f"{language}.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(signals, "_FOLDER", tmp_path)
    with pytest.raises(ArtifactError, match=r"pl\.toml, open_problem: .*sąd"):
        SignalReader()


def test_a_missing_signal_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.toml").write_text("[safety]\npatterns = []\n", encoding="utf-8")
    monkeypatch.setattr(signals, "_FOLDER", tmp_path)
    with pytest.raises(ArtifactError, match="one table per signal"):
        SignalReader()


_WORDS = sorted({word for _, _, sentence, _ in _LABELLED for word in sentence.split()})


@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_WORDS), max_size=40).map(" ".join)),
    st.sampled_from([*LANGUAGES, OTHER]),
)
def test_hits_are_exact_known_and_in_order(reader: SignalReader, text: str, language: str) -> None:
    found = reader.find(text, language)
    assert all(text[hit.start : hit.end] == hit.text for hit in found)
    assert all(hit.text and hit.name in NAMES for hit in found)
    assert [hit.start for hit in found] == sorted(hit.start for hit in found)


@pytest.mark.parametrize(
    "unit", ["a", "nie ", "nadal ", "when ", ", ", "a,", "i cut ", "\n", "'a "]
)
def test_time_grows_with_the_length_and_not_its_square(reader: SignalReader, unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    started = time.perf_counter()
    for language in ("pl", "en"):
        reader.find(text, language)
    assert time.perf_counter() - started < 3.0
