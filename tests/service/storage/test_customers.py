from __future__ import annotations

import pytest

from service.storage.customers import known_by, sought_words


def test_a_customer_is_known_by_all_that_a_caller_may_say() -> None:
    said = known_by(
        "C-17", "Jitka Vaculíková", "Jitka@Example.com", "+420 600-000-014", "Bajer s.r.o."
    )
    assert said == "jitka vaculikova jitka@example.com 420600000014 c-17 bajer s.r.o."


@pytest.mark.parametrize(
    ("external_id", "said"), [("answer:order 5", "anna order 5"), ("unnamed:0f3a", "anna")]
)
def test_nobody_is_known_by_an_id_that_was_made_up_here(external_id: str, said: str) -> None:
    assert known_by(external_id, "Anna") == said


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("Vaculíková Jitka", ["vaculikova", "jitka"]),
        ("+420 600 000 014", ["600000014"]),
        ("00420 600000014", ["600000014"]),
        ("48600000044", ["600000044"]),
        ("(0)600-000-014", ["600000014"]),
        ("12 34", ["12", "34"]),
        ("Jitka 600", ["jitka", "600"]),
    ],
)
def test_a_number_is_sought_however_it_is_spaced(asked: str, words: list[str]) -> None:
    assert sought_words(asked) == words
