"""Patterns hit where a reader would say so, and not where words merely look alike."""

from __future__ import annotations

import time
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import written
from models import patterns
from models.contracts import LANGUAGES, OTHER, ArtifactError
from models.patterns import Patterns
from models.signals import NAMES

_EXAMPLES = tomllib.loads(
    (Path(__file__).parent / "pattern_examples.toml").read_text(encoding="utf-8")
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
def found_by() -> Patterns:
    return Patterns(NAMES)


def names(found_by: Patterns, text: str, language: str) -> set[str]:
    return set(found_by.find(text, language))


@pytest.mark.parametrize(("language", "name", "sentence", "carries"), _LABELLED)
def test_each_example_carries_its_signal_or_does_not(
    found_by: Patterns, language: str, name: str, sentence: str, carries: bool
) -> None:
    assert (name in names(found_by, sentence, language)) is carries


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_are_precise_on_the_examples_that_are_not_held_out(
    found_by: Patterns, language: str
) -> None:
    hits = [
        name in one.signals
        for one in written.signal_examples("train")
        if one.language == language
        for name in found_by.find(one.text, language)
    ]
    assert len(hits) > 80
    # A third to a half of the examples only resemble a signal, many in its very words.
    assert sum(hits) / len(hits) >= 0.8


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_typed_without_diacritics_or_in_capitals_read_the_same(
    found_by: Patterns, language: str
) -> None:
    for labelled, _, sentence, _ in _LABELLED:
        if labelled == language:
            expected = names(found_by, sentence, language)
            assert names(found_by, without_diacritics(sentence), language) == expected, sentence
            assert names(found_by, sentence.upper(), language) == expected, sentence


def test_offsets_point_at_the_words_as_the_customer_typed_them(found_by: Patterns) -> None:
    text = "Fajnie. Zgłaszam to do UOKiK, a buty… nigdy więcej!"
    found = found_by.find(text, "pl")
    words = {name: [text[start:end] for start, end in spans] for name, spans in found.items()}
    assert "UOKiK" in words["authority_complaint"][0]
    assert words["churn_risk"] == ["nigdy więcej"]


def test_a_guard_takes_back_only_hits_of_its_own_sentence(found_by: Patterns) -> None:
    text = "Nobody was hurt this time. Last month I cut my hand on it."
    ((start, end),) = found_by.find(text, "en")["safety"]
    assert "cut my hand" in text[start:end]


def test_an_unread_language_is_tried_in_english(found_by: Patterns) -> None:
    assert names(found_by, "Dzwonię: never again!", OTHER) == {"churn_risk"}
    assert names(found_by, "Nigdy więcej!", OTHER) == set()


def test_a_pattern_with_capitals_or_diacritics_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"[{name}]\npatterns = ['sąd']\n" for name in NAMES]
    for language in LANGUAGES:
        (tmp_path / f"{language}.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(patterns, "_FOLDER", tmp_path)
    with pytest.raises(ArtifactError, match=r"pl\.toml, open_problem: .*sąd"):
        Patterns(NAMES)


def test_a_missing_signal_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.toml").write_text("[safety]\npatterns = []\n", encoding="utf-8")
    monkeypatch.setattr(patterns, "_FOLDER", tmp_path)
    with pytest.raises(ArtifactError, match="one table per signal"):
        Patterns(NAMES)


_WORDS = sorted({word for _, _, sentence, _ in _LABELLED for word in sentence.split()})


@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_WORDS), max_size=40).map(" ".join)),
    st.sampled_from([*LANGUAGES, OTHER]),
)
def test_hits_are_exact_known_and_in_order(found_by: Patterns, text: str, language: str) -> None:
    for name, spans in found_by.find(text, language).items():
        assert name in NAMES
        assert spans == sorted(spans)
        assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize(
    "unit", ["a", "nie ", "nadal ", "when ", ", ", "a,", "i cut ", "\n", "'a "]
)
def test_time_grows_with_the_length_and_not_its_square(found_by: Patterns, unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    started = time.perf_counter()
    for language in ("pl", "en"):
        found_by.find(text, language)
    assert time.perf_counter() - started < 3.0
