from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from shutil import copytree

import pytest

from eval.tasks.drafts import grid, news
from models.contracts import LANGUAGES
from pipelines.contracts import SEGMENTS
from pipelines.followup.book import (
    FILES,
    TEMPLATES,
    TemplateError,
    file_of,
    load_book,
    read_blocks,
)
from pipelines.followup.grammar import NBSP, deadline
from pipelines.followup.plan import DraftPlan
from pipelines.followup.quotes import in_marks
from pipelines.followup.render import DraftText, facts, render


def some(language: str) -> list[DraftPlan]:
    """A fifth of the grid, in which each value of each side of it comes up with each other's."""
    return list(grid(language))[::5]


@pytest.fixture(scope="module", params=LANGUAGES)
def drafts(request: pytest.FixtureRequest) -> list[tuple[DraftPlan, DraftText]]:
    return [(plan, render(plan)) for plan in some(request.param)]


def written(drafts: list[tuple[DraftPlan, DraftText]]) -> Iterator[tuple[DraftPlan, str]]:
    for plan, text in drafts:
        if plan.channel in ("email", "letter"):
            yield plan, text.body.replace(NBSP, " ")


def test_every_letter_opens_with_the_salutation_and_is_signed(
    drafts: list[tuple[DraftPlan, DraftText]],
) -> None:
    for plan, body in written(drafts):
        paragraphs = body.split("\n\n")
        assert paragraphs[0] == plan.salutation
        assert paragraphs[-1].endswith(f"\n{plan.sender}\n{plan.company}")


def test_every_quote_stands_in_its_languages_marks(
    drafts: list[tuple[DraftPlan, DraftText]],
) -> None:
    for plan, body in written(drafts):
        if plan.quote and "loss" not in plan.sensitive:
            assert in_marks(plan.quote, plan.language) in body
        assert '"' not in body


def test_no_draft_shows_its_seams(drafts: list[tuple[DraftPlan, DraftText]]) -> None:
    for _, text in drafts:
        whole = f"{text.subject}\n{text.body}".replace(NBSP, " ")
        assert not re.search(r"\{\{|\}\}|None|True|False|  | \n|\.\.|[,.:;!?] ?[,.:;]", whole)


def test_no_part_is_said_twice(drafts: list[tuple[DraftPlan, DraftText]]) -> None:
    for _, text in drafts:
        parts = [one.part for one in text.said]
        assert len(parts) == len(set(parts)), parts


def test_detractors_get_a_time_and_a_direct_contact_and_no_public_link(
    drafts: list[tuple[DraftPlan, DraftText]],
) -> None:
    for plan, text in drafts:
        body = text.body.replace(NBSP, " ")
        if plan.segment == "detractor" and plan.channel in ("email", "letter"):
            said = {one.part for one in text.said}
            assert said >= {"apology", "next_step", "call_to_action"}
            assert deadline(plan.respond_by, plan.locale).replace(NBSP, " ") in body
            assert plan.contact in body
            assert "http" not in body


def test_passives_get_a_question(drafts: list[tuple[DraftPlan, DraftText]]) -> None:
    for plan, body in written(drafts):
        if plan.segment == "passive" and not plan.sensitive:
            assert "?" in body


def test_promoters_are_asked_for_a_recommendation_unless_something_is_unsolved(
    drafts: list[tuple[DraftPlan, DraftText]],
) -> None:
    for plan, body in written(drafts):
        if plan.segment == "promoter":
            content = "open_problem" not in plan.signals and not plan.sensitive
            assert (plan.contact in body) == (not content)
            assert ("http" in body) == (content and plan.review_link is not None)


def test_sensitive_drafts_ask_for_a_call_and_stay_restrained(
    drafts: list[tuple[DraftPlan, DraftText]],
) -> None:
    for plan, text in drafts:
        if plan.sensitive:
            body = text.body.removeprefix(plan.salutation)
            assert "!" not in body
            assert "http" not in body


def test_nobody_whose_number_is_known_is_asked_for_it(
    drafts: list[tuple[DraftPlan, DraftText]],
) -> None:
    asked = set()
    for plan, text in drafts:
        asking = " ".join(one.text for one in text.said if one.part == "call_to_action")
        if re.search("number|numer|čísl|numbri", asking, re.IGNORECASE):
            asked.add(plan.can_be_called)
    assert asked == {False}


def test_polish_drafts_agree_with_the_person_addressed() -> None:
    for plan in some("pl"):
        bodies = {
            gender: render(replace(plan, gender=gender, salutation="Dzień dobry,")).body
            for gender in ("f", "m", None)
        }
        assert not re.search(r"\bPan(a|u|em|ie)?\b|Państw", bodies["f"])
        assert not re.search(r"\bPani(ą)?\b|Państw", bodies["m"])
        assert not re.search(r"\bPan(i|ią|a|u|em|ie)?\b", bodies[None])


def test_czech_and_estonian_drafts_address_the_reader_with_capitals() -> None:
    small = {
        "cs": r"\b(vy|vás|vám|vámi|váš|vaše|vaši|vaší|vašich)\b",
        "et": r"\b(teie|teid|teile|teil|teiega)\b",
    }
    for language in small:
        for plan in some(language):
            assert not re.search(small[language], render(plan).body)


def test_the_same_plan_gives_the_same_text() -> None:
    for plan in list(grid("pl"))[:50]:
        assert render(plan) == render(replace(plan))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customer_does_not_read_the_same_sentence_again(language: str) -> None:
    for plan in list(grid(language))[::97]:
        said = [{one.text for one in render(replace(plan, turn=turn)).said} for turn in range(4)]
        for earlier, later in product(range(4), range(4)):
            if earlier < later:
                assert not said[earlier] & said[later]


def test_words_of_a_customer_are_never_run_as_a_template() -> None:
    plan = next(one for one in grid("en") if one.quote and one.channel == "email")
    assert (
        "“{{ contact }} {% raw %}”"
        in render(replace(plan, quote="{{ contact }} {% raw %}", sensitive=())).body
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_is_said_by_some_plan(language: str) -> None:
    book = load_book(language)
    unsaid = {(file, block.name): block for file, own in book.blocks.items() for block in own}
    for plan in (*grid(language), *news(language)):
        held = facts(plan, book)
        for place in [
            place
            for place, block in unsaid.items()
            if place[0] == file_of(plan) and block.applies(held)
        ]:
            del unsaid[place]
    assert not [*unsaid]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_touchpoint_that_ships_has_words(language: str) -> None:
    keys = set(load_book("en").topics)
    assert len(keys) > 35
    assert set(load_book(language).topics) == keys


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ('text = ["a", "b", "c"]', "at least 4"),
        ('text = ["a", "a", "b", "c"]', "at least 4"),
        ('when = ["angry"]\ntext = ["a", "b", "c", "d"]', "unknown condition"),
        ('text = ["a {{ refund }}", "b", "c", "d"]', "there is no slot refund; there are: "),
        ('text = ["a {{ quote", "b", "c", "d"]', "'thanks'"),
        ('text = ["{% for a in quote %}{% endfor %}", "b", "c", "d"]', "loops are not offered"),
        ('text = ["{{ quote * 99999999 }}", "b", "c", "d"]', "do not calculate"),
        ('text = ["{{ quote.__class__ }}", "b", "c", "d"]', "quote has no forms"),
        ('text = ["{{ topic.dat }}", "b", "c", "d"]', "there is no form dat"),
        ('text = ["{{ contact() }}", "b", "c", "d"]', "only verb"),
        ('text = ["{{ quote | upper }}", "b", "c", "d"]', "after the bar"),
        ("text = 1", "TypeError"),
        ("text = [", "Invalid"),
        ('text = ["a", "b", "c", "d"]\ntone = "warm"', "unknown entry"),
    ],
)
def test_a_template_that_breaks_its_rules_is_refused(block: str, complaint: str) -> None:
    head = '[[block]]\npart = "thanks"\nparagraph = 1\n'
    with pytest.raises(TemplateError, match=re.escape(complaint)):
        read_blocks(head + block, "en", "en/message.toml")


def test_a_topic_without_a_form_is_refused(tmp_path: Path) -> None:
    copytree(TEMPLATES, tmp_path / "templates")
    topics = tmp_path / "templates" / "pl" / "topics.toml"
    topics.write_text('[price]\nnom = "cena"\nask = ["Ile?", "Za co?"]\n', "utf-8")
    with pytest.raises(TemplateError, match=r"pl/topics\.toml: price: needs the forms"):
        load_book("pl", tmp_path / "templates")


@pytest.mark.parametrize("language", LANGUAGES)
def test_segments_all_have_an_answer_in_every_channel(language: str) -> None:
    book = load_book(language)
    for file, channels in FILES.items():
        for channel, segment in product(channels, SEGMENTS):
            held = frozenset({segment, channel, *({file} & {"praise"}), *_news(file)})
            assert any(block.applies(held) for block in book.blocks[file])


def _news(file: str) -> tuple[str, ...]:
    return ("we_did", "raised") if file == "news" else ()
