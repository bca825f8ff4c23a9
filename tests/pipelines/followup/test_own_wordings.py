from __future__ import annotations

from dataclasses import replace

import pytest

from models.contracts import LANGUAGES
from pipelines.followup.book import FILES, Block, Book, load_book
from pipelines.followup.braces import WordingError
from pipelines.followup.own_wordings import (
    BlockChange,
    change_of,
    merged,
    own_book,
    said,
    with_change,
)

SHIPPED = ("One.", "Two.", "Three.", "Four.")
APOLOGY = "apology.detractor.not-sensitive"


def test_what_somebody_typed_becomes_a_change_and_back() -> None:
    change = change_of(SHIPPED, ["One.", "", "Drei.\r\nVier.", "Four.", " Five. ", "", "Five."])
    assert change == BlockChange(SHIPPED, {"Two.": "", "Three.": "Drei.\nVier."}, ("Five.",))
    assert BlockChange.of_json(change.to_json()) == change
    wordings = merged(SHIPPED, change)
    assert [one.text for one in wordings] == ["One.", "", "Drei.\nVier.", "Four.", "Five."]
    assert [one.was for one in wordings] == [None] * 5
    assert change_of(SHIPPED, [one.text for one in wordings]) == change


def test_what_was_not_touched_is_no_change() -> None:
    assert not change_of(SHIPPED, [*SHIPPED, ""])
    assert said(merged(SHIPPED, None)) == SHIPPED


@pytest.mark.parametrize(
    ("later", "in_use", "to_look_at"),
    [
        # The upgrade adds a wording: nothing to look at.
        ((*SHIPPED, "Six."), ("One.", "Drei.", "Four.", "Six.", "Five."), []),
        # It rewrites the wording that was replaced: the own one holds, and both are shown.
        (
            ("One.", "Two.", "Three!", "Four."),
            ("One.", "Drei.", "Four.", "Five."),
            [("Three.", "Three!", "Drei.")],
        ),
        # It rewrites the one that was switched off: it stays off.
        (
            ("One.", "Two, again.", "Three.", "Four."),
            ("One.", "Drei.", "Four.", "Five."),
            [("Two.", "Two, again.", "")],
        ),
        # It rewrites and moves it.
        (
            ("Nought.", "One.", "Two.", "Threee.", "Four."),
            ("Nought.", "One.", "Drei.", "Four.", "Five."),
            [("Three.", "Threee.", "Drei.")],
        ),
        # It takes away the one that was replaced: the own one is kept beside the others.
        (
            ("One.", "Two.", "Four."),
            ("One.", "Four.", "Drei.", "Five."),
            [("Three.", None, "Drei.")],
        ),
        # It ships what the workspace had added: it is said once.
        ((*SHIPPED, "Five."), ("One.", "Drei.", "Four.", "Five."), []),
    ],
)
def test_an_upgrade_keeps_own_wordings_and_marks_what_changed_under_them(
    later: tuple[str, ...], in_use: tuple[str, ...], to_look_at: list[tuple[str, str | None, str]]
) -> None:
    change = BlockChange(SHIPPED, {"Two.": "", "Three.": "Drei."}, ("Five.",))
    found = merged(later, change)
    assert said(found) == in_use
    assert [(one.was, one.shipped, one.text) for one in found if one.was] == to_look_at


def test_a_change_made_again_over_the_new_wordings_has_nothing_to_look_at() -> None:
    later = ("One.", "Two.", "Three!", "Four.")
    found = merged(later, BlockChange(SHIPPED, {"Three.": "Drei."}, ()))
    again = change_of(later, [one.text for one in found])
    assert not any(one.was for one in merged(later, again))
    assert said(merged(later, again)) == said(found)


def block_of(book: Book, name: str) -> Block:
    return next(one for one in book.blocks["message"] if one.name == name)


def test_a_book_has_own_wordings_and_another_version() -> None:
    shipped = load_book("en")
    texts = block_of(shipped, APOLOGY).texts
    own = change_of(texts, [*texts, "We are truly sorry, all of us at {{ company }}."])
    book, troubles = own_book(shipped, {("message", APOLOGY): own}, "7")
    assert not troubles
    found = block_of(book, APOLOGY)
    assert found.texts[-1] == own.added[0]
    assert len(found.templates) == len(found.texts)
    assert book.version == f"{shipped.version}+7"
    assert own_book(shipped, {}, "8")[0].version == shipped.version


def test_own_wordings_that_an_upgrade_broke_are_told_and_what_ships_is_said() -> None:
    shipped = load_book("en")
    texts = block_of(shipped, APOLOGY).texts
    changes = {
        ("message", APOLOGY): BlockChange(texts, {}, ("Sorry for {{ gone }}.",)),
        ("short", "nowhere"): BlockChange(("a",), {}, ("b",)),
    }
    book, troubles = own_book(shipped, changes, "7")
    assert block_of(book, APOLOGY) is block_of(shipped, APOLOGY)
    assert [(one.file, one.block) for one in troubles] == [
        ("message", APOLOGY),
        ("short", "nowhere"),
    ]
    assert "there is no slot gone" in str(troubles[0].told)


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (["", "", "", ""], "leave at least one"),
        ([*SHIPPED, *(f"{number}." for number in range(40))], "at most 40"),
        ([*SHIPPED, "x" * 1001], "at most 1,000 characters"),
        ([*SHIPPED, "Late\x00r."], "control character"),
        ([*SHIPPED, "{{ company"], "is not closed"),
        ([*SHIPPED, "{{" + "(" * 400 + "1" + ")" * 400 + "}}"], "too entangled"),
        ([*SHIPPED, "{{ 9 ** 9 }}"], "do not calculate"),
        ([*SHIPPED, "{% for a in [1] %}a{% endfor %}"], "loops are not offered"),
        ([*SHIPPED, "{{ company.__class__ }}"], "company has no forms"),
        ([*SHIPPED, "{{ contact() }}"], "only verb"),
        ([*SHIPPED, "{{ quote }}"], "may be empty here"),
        ([*SHIPPED, "{{ topic }}"], "^“{{ topic }}”: write a form of topic"),
        ([*SHIPPED, "{# nothing #}"], "says nothing"),
    ],
)
def test_wordings_that_break_the_rules_are_refused_and_named(
    typed: list[str], complaint: str
) -> None:
    first = load_book("en").blocks["message"][0]
    block = replace(first, when=(), texts=SHIPPED, templates=first.templates[:1] * 4)
    with pytest.raises(WordingError, match=complaint):
        with_change(block, "en", change_of(SHIPPED, typed))


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_blocks_say_what_and_when(language: str) -> None:
    for file in FILES:
        for block in load_book(language).blocks[file]:
            assert block.name.startswith(block.part)
            assert len(block.name) <= 120
