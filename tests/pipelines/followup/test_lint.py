from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from eval.tasks.drafts import grid
from pipelines.followup.findings import Finding
from pipelines.followup.grammar import NBSP, deadline
from pipelines.followup.lint import RULES, lint
from pipelines.followup.plan import DraftPlan
from pipelines.followup.render import DraftText, render
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


def with_another_day(plan: DraftPlan, day: str) -> tuple[DraftText, str]:
    text = render(plan)
    right = deadline(plan.respond_by, plan.locale).replace(NBSP, " ")
    return text, text.body.replace(NBSP, " ").replace(right, day)


def rules(found: list[Finding]) -> set[tuple[str, str]]:
    return {(one.rule, one.weight) for one in found}


COMPLAINTS = [
    ("en", "Please see [link] for more.", "empty_slot", "blocking"),
    ("en", "Dear {{ name }}, hello.", "empty_slot", "blocking"),
    ("en", "We will refund you in full.", "forbidden_promise", "blocking"),
    ("pl", "Otrzyma Pani zwrot pieniędzy i bon.", "forbidden_promise", "blocking"),
    ("pl", "Gwarantujemy, że to się nie powtórzy.", "forbidden_promise", "blocking"),
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
    ("en", "Hi {name}, hello.", "empty_slot", "blocking"),
    ("pl", "Napisałaś do nas wczoraj.", "formality", "blocking"),
    ("cs", "Dej nám vědět.", "formality", "blocking"),
    ("pl", "Zadzwonimy jutro.", "day", "warning"),
    ("cs", "Ozveme se zítra.", "day", "warning"),
    ("et", "Helistame homme.", "day", "warning"),
    ("en", "We will call tomorrow.", "day", "warning"),
    ("en", "We will call on Friday.", "day", "warning"),
    ("pl", "Przesyłka dotrze 5 grudnia.", "day", "warning"),
    ("cs", "Zásilka dorazí 5. prosince.", "day", "warning"),
    ("et", "Pakk jõuab kohale 5. detsembril.", "day", "warning"),
    ("en", "The parcel will arrive on 5 December.", "day", "warning"),
]


@pytest.mark.parametrize(("language", "added", "rule", "weight"), COMPLAINTS)
def test_an_edit_is_told_what_is_wrong_with_it(
    language: str, added: str, rule: str, weight: str
) -> None:
    plan = a_plan(language)
    before = rules(edited(plan, ""))
    assert (rule, weight) not in before
    assert (rule, weight) in rules(edited(plan, added))


FINE = [
    ("pl", "Przykro nam, że trzeba było tak długo czekać. To nie Pani wina."),
    ("pl", "Gdyby Pani miała pytania, prosimy o kontakt. Powinna Pani otrzymać odpowiedź."),
    ("pl", "Dziękujemy bardzo bardzo. Ci z nas, którzy to czytali, i inni ci, którzy pracują."),
    ("cs", "Kdybyste měla dotazy, napište nám. Měla jste pravdu a není to Vaše chyba."),
    ("cs", "Ty zásilky jsme našli a ti zákazníci už vědí. Ten, kdo se se mnou spojil."),
    ("et", "Kui Te oleksite nõus, helistame. See ei ole Teie süü."),
    ("en", "If you had any trouble, it is not your fault. Our estimate stands: call us 24/7."),
    ("en", "Your letter of 20 November reached us on Tuesday 24 November."),
]
"""What only looks like something that a rule looks for."""


@pytest.mark.parametrize(("language", "added"), FINE)
def test_what_is_said_with_good_will_is_let_pass(language: str, added: str) -> None:
    woman = next(
        one
        for one in grid(language)
        if one.gender == ("f" if language in ("pl", "cs") else None)
        and (one.segment, one.channel, one.sensitive) == ("detractor", "email", ())
    )
    known = rules(edited(woman, ""))
    assert rules(edited(woman, added)) == known


def test_a_promise_that_the_workspace_allows_is_let_pass() -> None:
    plan, added = a_plan(), "We will send you a voucher and refund you."
    assert [one.words for one in edited(plan, added) if one.rule == "forbidden_promise"] == [
        "refund",
        "voucher",
    ]
    left = edited(plan, added, allowed=["discount"])
    assert [one.words for one in left if one.rule == "forbidden_promise"] == ["refund"]


@pytest.mark.parametrize(
    ("language", "later"),
    [
        *[("pl", "do 30 listopada"), ("cs", "do 30. listopadu"), ("et", "hiljemalt 30. novembril")],
        *[("en", "by 30 November"), ("en", "by 2026-11-30"), ("pl", "do 30.11.")],
    ],
)
def test_a_day_that_is_too_late_blocks_where_it_takes_the_place_of_the_right_one(
    language: str, later: str
) -> None:
    plan = a_plan(language)
    text, body = with_another_day(plan, later)
    found = [one for one in lint(plan, text.subject, body) if one.rule == "day"]
    assert [one.weight for one in found] == ["blocking"]
    assert deadline(plan.respond_by, plan.locale).replace(NBSP, " ") in str(found[0].told)
    promoter = replace(plan, segment="promoter", signals=())
    kinder = [one.weight for one in lint(promoter, text.subject, body) if one.rule == "day"]
    assert kinder == ["warning"]


def test_days_ahead_are_weighed_from_the_day_of_the_edit() -> None:
    plan = a_plan()
    text, body = with_another_day(plan, "next week")
    assert ("day", "warning") in rules(lint(plan, text.subject, body))
    on_monday = rules(lint(plan, text.subject, body, today=date(2026, 11, 23)))
    assert ("day", "blocking") in on_monday
    early = edited(plan, "We will call on 23 November.", today=date(2026, 11, 23))
    assert ("day", "warning") in rules(early)


def test_who_waits_is_told_until_when() -> None:
    plan = a_plan()
    text, body = with_another_day(plan, "soon")
    assert ("day", "warning") in rules(lint(plan, text.subject, body))


def test_a_participle_must_not_guess_whether_a_man_or_a_woman_wrote() -> None:
    man = a_plan("cs", gender="m")
    assert ("gender", "blocking") in rules(edited(man, "Děkujeme, že jste nám to napsala."))
    assert ("gender", "blocking") not in rules(edited(man, "Děkujeme, že jste nám to napsal."))
    assert ("gender", "blocking") in rules(edited(man, "Děkujeme, že jste nám to napsali."))
    nobody = a_plan("cs", gender=None)
    assert ("gender", "warning") in rules(edited(nobody, "Děkujeme, že jste nám to napsal."))


def test_a_name_that_signs_twice_is_no_doubled_word() -> None:
    plan = a_plan(sender="Zipako")
    assert ("doubled_word", "warning") not in rules(edited(plan, ""))


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


def test_most_sentences_of_last_time_are_told() -> None:
    plan = a_plan()
    text = render(plan)
    sentences = text.body.replace("Thank you", "Many thanks")
    again = rules(lint(plan, text.subject, sentences + " We mean it, truly.", last=text.body))
    assert ("same_again", "warning") in again
    next_one = render(replace(plan, turn=1))
    assert not rules(lint(plan, next_one.subject, next_one.body, last=text.body))


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
