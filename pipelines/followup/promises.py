"""Rules of the linter about promises: what the workspace allows, and days that can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipelines.followup.days import DayNamed, days_named, weekday_of
from pipelines.followup.findings import Finding, Letter, Weight, hits
from pipelines.followup.grammar import NBSP, deadline
from pipelines.messages import N_, Told

PROMISES: Final = {
    "refund": N_("money back"),
    "compensation": N_("compensation"),
    "discount": N_("a discount or voucher"),
    "gift": N_("a gift or something free"),
    "guarantee": N_("a guarantee"),
}
"""Kinds of promise that need leave, and what they are called."""


def forbidden_promises(letter: Letter) -> Iterator[Finding]:
    """What is promised though the workspace does not allow that kind of promise.

    Money back that a person writes of without promising it may be under way or paid: of that there
    is a warning, and a second person has to approve it.
    """
    for kind, called in PROMISES.items():
        if kind in letter.allowed:
            continue
        for words in hits(kind, letter.own, letter.plan.language):
            is_told = (
                kind == "refund"
                and (letter.by_person or words in (letter.plan.told or ""))
                and not hits("refund_promise", letter.own, letter.plan.language)
            )
            said = Told(
                N_("“%(words)s” speaks of %(what)s: be sure that it is so.")
                if is_told
                else N_("“%(words)s” promises %(what)s, which was not allowed."),
                {"words": words, "what": Told(called)},
            )
            yield Finding("forbidden_promise", "warning" if is_told else "blocking", said, words)


def days_promised(letter: Letter) -> Iterator[Finding]:
    """Days other than that by which the customer is to hear from us.

    A later one blocks where somebody waits for the answer and the right day no longer stands in
    the message; else, and for words that hang on the day they are read on, there is a warning.
    """
    plan = letter.plan
    if plan.purpose != "answer":  # nobody waits for it by a day
        return
    limit, text = plan.respond_by.date(), letter.own
    right = deadline(plan.respond_by, plan.locale, is_short=plan.channel == "sms")
    right = right.replace(NBSP, " ")
    is_waited_for = plan.segment == "detractor" or "open_problem" in plan.signals or plan.sensitive
    late: Weight = "blocking" if is_waited_for and right not in text else "warning"
    told = plan.told or right  # what was done may name days, such as when a counter is open
    found = days_named(
        text.replace(right, " ").replace(told, " "),
        plan.language,
        near=limit,
        today=letter.today,
        month_first=plan.locale == "en_US",
    )
    if is_waited_for and right not in text and not found:
        said = Told(N_("Say by when the customer will hear from us: %(day)s."), {"day": right})
        yield Finding("day", "warning", said)
    for one in found:
        if one.kind == "weekday" and weekday_of(one.words, plan.language) == limit.weekday():
            continue
        yield from _judged(one, letter, right, late)


def _judged(one: DayNamed, letter: Letter, right: str, late: Weight) -> Iterator[Finding]:
    limit = letter.plan.respond_by.date()
    facts = {"words": one.words, "day": right}
    if one.day is not None and one.day > limit:
        weight: Weight = "warning" if one.kind == "weekday" else late
        said = Told(N_("“%(words)s” is later than the customer was to hear: %(day)s."), facts)
        yield Finding("day", weight, said, one.words)
    elif one.kind == "ahead":
        said = Told(N_("“%(words)s” changes with the day it is read on; write: %(day)s."), facts)
        yield Finding("day", "warning", said, one.words)
    elif one.kind == "weekday" or (letter.today and letter.today <= (one.day or limit) < limit):
        said = Told(N_("“%(words)s” is not the day the clock asks for: %(day)s."), facts)
        yield Finding("day", "warning", said, one.words)
