from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.folding import fold
from models.wording import LONGEST, ROWS, SHORTEST, Wording, rows_of

LETTERS = "abcdefghijklmnopqrstuvwxyz?"


def counted_one_by_one(text: str) -> list[int]:
    """The same rows, run by run."""
    signs = [
        len(LETTERS) + 1 if letter in "0123456789" else LETTERS.find(letter) + 1
        for letter in fold(f" {text} ")
    ]
    rows = set()
    for length in range(SHORTEST, LONGEST + 1):
        for start in range(len(signs) - length + 1):
            run = signs[start : start + length]
            if all(run[1:-1]):
                key = 0
                for sign in run:
                    key = key * (len(LETTERS) + 2) + sign
                hashed = (key + (length << 40)) * 0x9E3779B97F4A7C15 % 2**64
                rows.add(hashed * ROWS >> 64)
    return sorted(rows)


@given(st.text(max_size=60) | st.text("aä?1 .ž", max_size=30))
def test_rows_are_those_of_every_run_of_letters(text: str) -> None:
    assert rows_of(text).tolist() == counted_one_by_one(text)


def test_case_accents_and_figures_do_not_count_but_a_question_does() -> None:
    assert rows_of("Čekám 12 dní!").tolist() == rows_of("cekam 34 dni").tolist()
    assert rows_of("cekam?").tolist() != rows_of("cekam").tolist()


def test_what_a_text_is_worth_is_the_sum_of_its_rows_by_the_root_of_their_number() -> None:
    rng = np.random.default_rng(1)
    table = rng.integers(-127, 128, (ROWS, 3), np.int8)
    scales = np.array([1.0, 0.5, 2.0], np.float32)
    logits = Wording(table, scales).logits(["nikdy více", "", "!"])
    rows = rows_of("nikdy více")
    expected = table[rows].astype(float).sum(axis=0) / np.sqrt(len(rows)) * scales
    assert np.allclose(logits[0], expected, rtol=1e-5)
    assert not logits[1:].any()


def test_a_silent_one_says_nothing() -> None:
    assert not Wording.silent(2).logits(["never again", "super"]).any()
