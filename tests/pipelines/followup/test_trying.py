from __future__ import annotations

from dataclasses import replace

import pytest

from models.contracts import LANGUAGES
from pipelines.followup.book import FILES, Block, Book, load_book
from pipelines.followup.drafting import Draft
from pipelines.followup.made_up import plans_for
from pipelines.followup.own_wordings import change_of, own_book, with_change
from pipelines.followup.plan import DraftPlan
from pipelines.followup.planning import Voice
from pipelines.followup.trying import Judge, examples, objections

VOICE = Voice("Zipako", None, "care@zipako.example", "Europe/Warsaw")
APOLOGY = "apology.detractor.not-sensitive"


def apology(book: Book, wording: str) -> tuple[Block, list[DraftPlan]]:
    block = next(one for one in book.blocks["message"] if one.name == APOLOGY)
    tried = with_change(block, book.language, change_of(block.texts, [*block.texts, wording]))
    return tried, plans_for(block, book, "message", VOICE, 20)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_is_said_by_ten_made_up_plans_that_nothing_blocks(language: str) -> None:
    book = load_book(language)
    for file in FILES:
        for block in book.blocks[file]:
            plans = plans_for(block, book, file, VOICE, 10)
            assert len(plans) == 10, block.name
            found = objections(book, block, block.texts[:1], plans[::5])
            assert not [one for one in found if one.finding.weight == "blocking"], block.name


def test_made_up_plans_are_of_women_men_and_unknown_people_in_every_channel() -> None:
    book = load_book("pl")
    for file, channels in FILES.items():
        for block in book.blocks[file]:
            plans = plans_for(block, book, file, VOICE, 24)
            if "not raised" in block.when:  # nobody in particular is written to
                assert {(plan.gender, plan.channel) for plan in plans} == {(None, "email")}
                continue
            assert {plan.gender for plan in plans} == {"f", "m", None}, block.name
            if not any(channel in word for channel in channels for word in block.when):
                assert {plan.channel for plan in plans} == set(channels), block.name
                assert len({plan.can_be_called for plan in plans}) == 2 - (
                    "phone" in str(block.when)
                )


def test_a_wording_is_shown_in_whole_messages() -> None:
    book = load_book("en")
    tried, plans = apology(book, "We at {{ company }} are truly sorry.")
    shown = examples(book, tried, tried.texts[-1:], plans)
    assert len(shown) == len(plans)
    for one in shown:
        assert one.text == "We at Zipako are truly sorry."
        assert one.text in one.body.replace("\N{NO-BREAK SPACE}", " ")


def test_wordings_take_turns_in_messages() -> None:
    book = load_book("en")
    tried, plans = apology(book, "We are truly sorry.")
    shown = examples(book, tried, tried.texts[:2], plans[:4])
    assert [one.wording for one in shown] == [*tried.texts[:2], *tried.texts[:2]]


@pytest.mark.parametrize(
    ("wording", "rule", "weight"),
    [
        ("We will refund you in full.", "forbidden_promise", "blocking"),
        ("You should have read the terms.", "blame", "blocking"),
        ("Write to http://zipako.example about it.", "public_link", "blocking"),
        ("We are so very sorry!", "tone", "warning"),
        ("We are sorry sorry for it.", "doubled_word", "warning"),
        ("we are sorry for it.", "unlike_others", "warning"),
        ("We are sorry for it", "unlike_others", "warning"),
    ],
)
def test_the_linter_speaks_of_a_wording_once_with_an_example(
    wording: str, rule: str, weight: str
) -> None:
    book = load_book("en")
    tried, plans = apology(book, wording)
    found = objections(book, tried, [wording], plans)
    told = [f"{one.finding.rule}: {one.finding.weight}" for one in found]
    assert told.count(f"{rule}: {weight}") == 1
    assert {one.example.wording for one in found} == {wording}


def test_what_the_workspace_may_promise_is_no_objection() -> None:
    book = load_book("en")
    wording = "We will refund you in full."
    tried, plans = apology(book, wording)
    (found,) = objections(book, tried, [wording], plans)
    assert found.finding.rule == "forbidden_promise"
    allowed = Judge(allowed=frozenset({"refund"}))
    assert objections(book, tried, [wording], plans, allowed) == []


def test_a_wording_in_another_language_is_pointed_out() -> None:
    book = load_book("en")
    wording = "Bardzo nam przykro, że tak się stało i że Państwa zawiedliśmy."
    tried, plans = apology(book, wording)
    judge = Judge(lambda text: ("pl" if "przykro" in text[:30] else "en", 0.99))
    found = objections(book, tried, [wording], plans, judge)
    assert [(one.finding.rule, one.finding.weight) for one in found] == [
        ("wrong_language", "warning")
    ]


def test_a_draft_names_the_book_that_worded_it() -> None:
    shipped = load_book("en")
    _, plans = apology(shipped, "We are truly sorry.")
    own = change_of(shipped.blocks["message"][0].texts, ["About what you told us"])
    book, _ = own_book(shipped, {("message", shipped.blocks["message"][0].name): own}, "3")
    draft = Draft.of(plans[0], book)
    assert draft.to_json()["book"] == f"{shipped.version}+3"
    assert Draft.of(plans[0]).to_json()["book"] == shipped.version


def test_what_ships_stands_in_for_an_own_wording_that_cannot_be_written() -> None:
    shipped = load_book("en")
    tried, plans = apology(shipped, "We are truly sorry.")
    broken = replace(tried, templates=tuple(load_book("pl").blocks["message"][0].templates[:1]))
    blocks = {**shipped.blocks, "message": (broken,)}
    plan = replace(plans[0], channel="email")
    draft = Draft.of(plan, replace(shipped, blocks=blocks, version="x+1"))
    assert (draft.text, draft.book) == (Draft.of(plan).text, shipped.version)
