from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eval.tasks.drafts import grid
from pipelines.followup.lint import RULES, Finding, lint
from pipelines.followup.plan import DraftPlan
from pipelines.followup.render import render
from pipelines.followup.sms import segments_of


def a_plan(language: str = "en", **changes: object) -> DraftPlan:
    plan = next(
        one
        for one in grid(language)
        if (one.segment, one.channel, one.sensitive) == ("detractor", "email", ()) and one.quote
    )
    return replace(plan, **changes)  # type: ignore[arg-type]


def edited(plan: DraftPlan, added: str, **known: object) -> list[Finding]:
    text = render(plan)
    at = max(text.body.rfind("\n\n"), 0)
    body = f"{text.body[:at]} {added}{text.body[at:]}"
    return lint(plan, text.subject, body, **known)  # type: ignore[arg-type]


def rules(found: list[Finding]) -> set[tuple[str, str]]:
    return {(one.rule, one.weight) for one in found}


COMPLAINTS = [
    ("en", "Please see [link] for more.", "empty_slot", "blocking"),
    ("en", "Dear {{ name }}, hello.", "empty_slot", "blocking"),
    ("en", "We will refund you in full.", "forbidden_promise", "blocking"),
    ("pl", "Otrzyma Pani zwrot pieniędzy i bon.", "forbidden_promise", "blocking"),
    ("cs", "Dostanete od nás slevu.", "forbidden_promise", "blocking"),
    ("et", "Saate meilt allahindluse.", "forbidden_promise", "blocking"),
    ("en", "You should have read the terms.", "blame", "blocking"),
    ("pl", "Trzeba było sprawdzić regulamin.", "blame", "blocking"),
    ("cs", "Měl jste si to přečíst.", "blame", "blocking"),
    ("et", "Te oleksite pidanud tingimusi lugema.", "blame", "blocking"),
    ("en", "It was a shit day.", "profanity", "blocking"),
    ("en", "Your neighbour's number is +48 601 234 567.", "personal_data", "blocking"),
    ("pl", "Proszę pisać do pana Nowaka: jan.nowak@example.org.", "personal_data", "blocking"),
    ("en", "Tell the world: https://reviews.example.com/zipako", "public_link", "blocking"),
    ("en", "Great!", "tone", "warning"),
    ("en", "Cheer up 😀", "tone", "blocking"),
    ("en", "We will will call.", "doubled_word", "warning"),
    ("pl", "Dziękujemy ci za to.", "formality", "blocking"),
    ("cs", "Děkujeme ti za to.", "formality", "blocking"),
    ("et", "Täname sind selle eest.", "formality", "blocking"),
]


@pytest.mark.parametrize(("language", "added", "rule", "weight"), COMPLAINTS)
def test_an_edit_is_told_what_is_wrong_with_it(
    language: str, added: str, rule: str, weight: str
) -> None:
    plan = a_plan(language)
    before = rules(edited(plan, ""))
    assert (rule, weight) not in before
    assert (rule, weight) in rules(edited(plan, added))


def test_forms_for_a_man_do_not_go_to_a_woman() -> None:
    woman = next(
        one
        for one in grid("pl")
        if one.gender == "f" and one.channel == "email" and one.segment == "detractor"
    )
    assert ("gender", "blocking") in rules(edited(woman, "Zadzwonimy do Pana jutro."))
    assert ("gender", "blocking") not in rules(edited(woman, "Zadzwonimy do Pani jutro."))


def test_what_a_detractor_must_be_told_cannot_be_left_out() -> None:
    plan = a_plan()
    text = render(plan)
    without = lint(plan, text.subject, text.body.replace(plan.contact, "us"))
    assert ("missing_part", "blocking") in rules(without)
    unsigned = lint(plan, text.subject, text.body.replace(plan.company, ""))
    assert ("missing_part", "blocking") in rules(unsigned)
    assert ("empty_slot", "blocking") in rules(lint(plan, text.subject, " "))


def test_a_message_in_another_language_is_blocked_when_that_is_sure() -> None:
    plan = a_plan()
    assert ("wrong_language", "blocking") in rules(edited(plan, "", detect=lambda _: ("pl", 0.99)))
    assert ("wrong_language", "blocking") not in rules(
        edited(plan, "", detect=lambda _: ("pl", 0.5))
    )


def test_the_very_message_of_last_time_is_blocked() -> None:
    plan = a_plan()
    text = render(plan)
    again = lint(plan, text.subject, text.body, last=text.body.replace("\n\n", "\n"))
    assert ("same_again", "blocking") in rules(again)
    assert not rules(lint(plan, text.subject, text.body, last="Hello,\n\nother words"))


def test_long_messages_are_told_by_their_channel() -> None:
    plan = a_plan(channel="sms")
    assert ("length", "warning") in rules(edited(plan, "ž" * 300))
    assert ("length", "blocking") in rules(edited(plan, "ž" * 900))
    assert ("length", "warning") in rules(edited(a_plan(), "word " * 500))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        *[("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2)],
        *[("ż" * 70, 1), ("ż" * 71, 2), ("😀" * 35, 1), ("😀" * 36, 2)],
    ],
)
def test_text_messages_are_counted(text: str, count: int) -> None:
    assert segments_of(text) == count


def found_by_some_test() -> Iterator[str]:
    yield from (rule for _, _, rule, _ in COMPLAINTS)
    yield from ("missing_part", "wrong_language", "same_again", "length", "gender_and_formality")


def test_every_rule_is_tried() -> None:
    assert set(RULES) <= set(found_by_some_test())
