from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contracts import LANGUAGES
from models.signals import NAMES
from pipelines.brief import QUESTIONS, call_around, make_brief, words
from pipelines.contracts import SCORE_TEXT_MISMATCH, SEGMENTS, Segment


@given(st.sampled_from(SEGMENTS), st.frozensets(st.sampled_from([*NAMES, SCORE_TEXT_MISMATCH])))
def test_every_case_has_five_questions_and_words_in_every_language(
    segment: Segment, signals: frozenset[str]
) -> None:
    brief = make_brief(segment, signals)
    assert len(set(brief.questions)) == QUESTIONS
    assert brief.avoid
    assert brief.end[-1] == "thanks"
    for language in LANGUAGES:
        said = words(language)
        kinds = (("ask", brief.questions), ("avoid", brief.avoid), ("end", brief.end))
        for kind, names in (*kinds, ("first", (brief.first,))):
            assert all(said[kind][name].endswith((".", "?")) for name in names)


def test_the_gravest_is_asked_first_and_the_person_before_the_matter() -> None:
    brief = make_brief("detractor", frozenset({"waiting", "safety", "legal_threat"}))
    assert brief.first == "safe"
    assert brief.questions[:3] == ("safe", "steps", "wait")
    assert brief.avoid[0] == "fault"


def test_what_was_put_right_is_not_promised_again() -> None:
    assert "next" in make_brief("detractor", frozenset({"open_problem"})).end
    assert "next" not in make_brief("detractor", frozenset({"resolved_problem"})).end


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_say_the_same_things(language: str) -> None:
    english, said = words("en"), words(language)
    assert {kind: [*names] for kind, names in said.items()} == {
        kind: [*names] for kind, names in english.items()
    }
    if language != "en":
        same = [
            name
            for kind, names in english.items()
            for name, sentence in names.items()
            if said[kind][name] == sentence
        ]
        assert not same, "left in English"


@pytest.mark.parametrize(
    ("wrote", "around"),
    [
        ("12:10", "12:00"),
        ("12:20", "12:30"),
        ("03:00", "09:00"),
        ("08:59", "09:00"),
        ("23:50", "19:00"),
        ("18:50", "19:00"),
        ("00:00", "09:00"),
    ],
)
def test_customers_are_called_around_when_they_wrote_but_at_no_odd_hour(
    wrote: str, around: str
) -> None:
    moment = datetime.fromisoformat(f"2026-11-23T{wrote}+01:00")
    assert call_around(moment).strftime("%H:%M") == around
