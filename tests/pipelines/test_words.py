from __future__ import annotations

import json

import pytest

from pipelines.messages import Codes, Told
from pipelines.words import shortened


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("one two three", "one two…"),
        ("one, two", "one, two"),
        ("one", "one"),
        ("x" * 12, "x" * 8 + "…"),
    ],
)
def test_a_text_is_cut_between_words(text: str, short: str) -> None:
    assert shortened(text, 9) == short


def test_codes_of_a_sentence_are_kept_as_what_they_are() -> None:
    said = Told("It can take %(moves)s.", {"moves": Codes("step", ("assign", "close"))})
    assert str(said) == "It can take assign, close."
    assert Told.of_json(json.loads(json.dumps(said.to_json()))) == said
