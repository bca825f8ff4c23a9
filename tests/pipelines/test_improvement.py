from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from pipelines.improvement import (
    ACTION_STATES,
    MAX_TITLE,
    MOST_WORDS,
    STEPS,
    ActionError,
    ActionState,
    ActionStepError,
    after,
    check_owner,
    check_title,
    checked_words,
)

DONE = "Kurierzy dzwonią teraz przed przyjazdem."


def test_states_are_those_of_the_table() -> None:
    assert get_args(ActionState) == ACTION_STATES
    for leads in STEPS.values():
        assert {*leads, *leads.values()} <= set(ACTION_STATES)


@pytest.mark.parametrize(("state", "step"), [*product(ACTION_STATES, STEPS)])
def test_a_step_leads_where_the_table_says_or_is_refused(state: ActionState, step: str) -> None:
    if state in STEPS[step]:
        assert after(state, step) == STEPS[step][state]
    else:
        with pytest.raises(ActionStepError, match=f"An action that is {state} cannot"):
            after(state, step)


def test_a_step_that_is_none_is_told() -> None:
    with pytest.raises(ActionError, match=r"There is no step burn\. Steps are: start, finish"):
        after("planned", "burn")


def test_a_title_is_one_line() -> None:
    assert check_title("  Ring\n before \t the courier comes ") == "Ring before the courier comes"
    for bad in ("", " \n ", "a" * (MAX_TITLE + 1), "a\x00b"):
        with pytest.raises(ActionError):
            check_title(bad)


def test_an_owner_may_be_left_out_and_has_a_short_name() -> None:
    assert (check_owner(None), check_owner("  "), check_owner(" Ewa  Sowa ")) == (
        *(None, None),
        "Ewa Sowa",
    )
    with pytest.raises(ActionError):
        check_owner("a" * 1_000)


def test_words_are_kept_in_the_languages_they_are_written_in() -> None:
    typed = {"pl": f" {DONE}\n", "cs": "", "en": "We ring before we come now."}
    assert checked_words(typed, "done") == {"pl": DONE, "en": "We ring before we come now."}
    assert checked_words({}, "under_way") == {}


@pytest.mark.parametrize("state", ["done", "declined"])
def test_what_has_ended_needs_words(state: ActionState) -> None:
    with pytest.raises(ActionError, match="Write in at least one language"):
        checked_words({"pl": "  "}, state)


@pytest.mark.parametrize(
    "words",
    [
        "Tak.",
        "bez wielkiej litery na początku zdania.",
        "Zdanie bez kropki na końcu",
        "Patrz https://example.com/nowosci.",
        "Zmieniliśmy {{ topic.loc }} na lepsze.",
        "Zmieniliśmy <b>wszystko</b> na lepsze.",
        "A" * MOST_WORDS + ".",
        "Zmieniliśmy\x00 wszystko na lepsze.",
    ],
)
def test_words_that_are_no_plain_sentence_are_refused(words: str) -> None:
    with pytest.raises(ActionError):
        checked_words({"pl": words}, "done")


def test_a_language_that_is_not_offered_is_refused() -> None:
    with pytest.raises(ActionError, match="There is no language de here"):
        checked_words({"de": "Wir rufen jetzt vorher an."}, "done")
