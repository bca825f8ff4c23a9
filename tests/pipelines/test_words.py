from __future__ import annotations

import pytest

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
