from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.tasks.drafts import grid
from pipelines.followup.diff import became, changed_share, differences
from pipelines.followup.drafting import Draft
from pipelines.followup.learning import Lesson, figures, with_slots

PLAN = next(
    plan
    for plan in grid("en")
    if (plan.segment, plan.channel, plan.sensitive) == ("detractor", "email", ())
)


def lesson(case: str, final: str | None) -> Lesson:
    draft = Draft.of(PLAN)
    return Lesson(case, PLAN, draft.to_json()["said"], draft.text.body, final)


def apology() -> str:
    (text,) = [one.text for one in Draft.of(PLAN).text.said if one.part == "apology"]
    return text


def test_what_is_approved_as_it_was_is_kept_in_every_block() -> None:
    body = Draft.of(PLAN).text.body
    found = figures([lesson("a", body), lesson("b", body)])
    assert {(one.kept, one.count, one.unkept_share) for one in found} == {(2, 2, 0.0)}
    assert {one.file for one in found} == {"message"}


def test_only_the_block_that_was_changed_counts_as_edited_and_comes_first() -> None:
    body, text = Draft.of(PLAN).text.body, apology()
    final = body.replace(text, text.rstrip(".") + " indeed.")
    first, *others = figures([lesson("a", final)])
    assert (first.part, first.edited, first.kept) == ("apology", 1, 0)
    assert 0 < first.changed_share < 0.5
    assert all(one.kept == 1 for one in others)
    assert first.edits[0].after.endswith(" indeed.")


def test_a_block_that_is_gone_was_dropped_and_a_rejected_draft_rejects_all() -> None:
    body, text = Draft.of(PLAN).text.body, apology()
    first = figures([lesson("a", body.replace(text, ""))])[0]
    assert (first.part, first.dropped) == ("apology", 1)
    assert all(one.rejected == 1 for one in figures([lesson("a", None)]))


def test_a_change_is_counted_by_the_cases_that_share_it() -> None:
    body, text = Draft.of(PLAN).text.body, apology()
    alike = body.replace(text, text.rstrip(".") + " indeed.")
    other = body.replace(text, text.rstrip(".") + " truly.")
    lessons = [lesson("a", alike), lesson("b", alike), lesson("b", alike), lesson("c", other)]
    first = figures(lessons)[0]
    assert [one.cases for one in first.edits] == [2, 1]


def test_values_of_a_message_become_slots_again() -> None:
    plan = replace(PLAN, company="Karu Pakk", contact="care@karu.example", quote="It was late")
    text = "We at Karu\u00a0Pakk read “It was late”. Write to care@karu.example."
    assert with_slots(text, plan) == (
        "We at {{ company }} read {{ quote }}. Write to {{ contact }}."
    )


words = st.lists(st.sampled_from(["one", "two", "three", "four", "."]), max_size=12).map(" ".join)


@given(words, words)
def test_pieces_give_both_texts_back(old: str, new: str) -> None:
    pieces = differences(old, new)
    assert "".join(one.text for one in pieces if one.change != "new") == old
    assert "".join(one.text for one in pieces if one.change != "gone") == new


@pytest.mark.parametrize(
    ("old", "new", "part", "found"),
    [
        ("A b. C d. E f.", "A b. C x. E f.", "C d.", "C x."),
        ("A b. C d. E f.", "A b. E f.", "C d.", ""),
        ("A b. C d. E f.", "A b. C d. And more. E f.", "A b.", "A b."),
        ("A b. C d. E f.", "C d. E f.", "C d.", "C d."),
        ("A b. C d. E f.", "", "C d.", ""),
        ("A b.", "A b.", "A b.", "A b."),
    ],
)
def test_a_stretch_becomes_what_stands_in_its_place(
    old: str, new: str, part: str, found: str
) -> None:
    start = old.index(part)
    assert became(old, new, start, start + len(part)) == found


@pytest.mark.parametrize(
    ("old", "new", "share"),
    [("", "", 0), ("a b", "a b", 0), ("a b", "A, b!", 0), ("a b", "a c", 0.5), ("a", "", 1)],
)
def test_the_share_of_changed_words(old: str, new: str, share: float) -> None:
    assert changed_share(old, new) == share
