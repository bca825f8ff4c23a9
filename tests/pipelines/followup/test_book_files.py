from __future__ import annotations

import pytest

from models.contracts import LANGUAGES
from pipelines.followup.book import FILES, TemplateError, load_book, read_blocks
from pipelines.followup.book_files import FileError, changes_in, to_toml
from pipelines.followup.own_wordings import BlockChange, own_book

APOLOGY = "apology.detractor.not-sensitive"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", FILES)
def test_a_file_that_was_written_reads_as_the_same_blocks_and_changes_nothing(
    language: str, file: str
) -> None:
    book = load_book(language)
    written = to_toml(book.blocks[file])
    read = read_blocks(written, language, "a file")
    assert [(one.name, one.when, one.texts) for one in read] == [
        (one.name, one.when, one.texts) for one in book.blocks[file]
    ]
    assert changes_in(written.encode(), book, file, {}) == {}


def test_an_own_book_goes_out_and_comes_back_into_another_workspace() -> None:
    shipped = load_book("en")
    texts = next(one for one in shipped.blocks["message"] if one.name == APOLOGY).texts
    own = BlockChange(texts, {texts[0]: 'Sorry.\n"Truly" — über \\ all.', texts[1]: ""}, ("New.",))
    book, _ = own_book(shipped, {("message", APOLOGY): own}, "1")
    written = to_toml(book.blocks["message"]).encode()
    assert changes_in(written, shipped, "message", {APOLOGY: own}) == {}
    (back,) = changes_in(written, shipped, "message", {}).values()
    found, _ = own_book(shipped, {("message", APOLOGY): back}, "1")
    assert {one.name: set(one.texts) for one in found.blocks["message"]} == {
        one.name: set(one.texts) for one in book.blocks["message"]
    }


def test_a_part_of_a_file_leaves_the_other_blocks_as_they_are() -> None:
    book = load_book("cs")
    block = book.blocks["short"][0]
    content = to_toml([block]).replace(block.texts[0], "Jinak.").encode()
    assert changes_in(content, book, "short", {}) == {
        block.name: BlockChange(block.texts, {block.texts[0]: "Jinak."}, ())
    }


HEAD = '[[block]]\npart = "apology"\nparagraph = 2\n'
WHEN = 'when = ["detractor", "not sensitive"]\n'


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\xff\xfe", "no TOML file"),
        (b"text = [", "no TOML file"),
        (b"a = " + b"[" * 5000, "no TOML file"),
        (b"# " + b"x" * 200_001, "too large"),
        (b"", "cannot be taken"),
        ((HEAD + 'when = ["sunny"]\ntext = ["a"]').encode(), "unknown condition"),
        ((HEAD + 'when = ["letter"]\ntext = ["a"]').encode(), "does not come with Odzew"),
        (
            (HEAD.replace("2", "3") + WHEN + 'text = ["a"]').encode(),
            "another part, paragraph or conditions",
        ),
        ((HEAD + WHEN + 'text = ["{{ 1 + 1 }}"]').encode(), "do not calculate"),
        ((HEAD + WHEN + "text = []").encode(), "at least 1"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_why(content: bytes, complaint: str) -> None:
    with pytest.raises(FileError, match=complaint):
        changes_in(content, load_book("en"), "message", {})


def test_two_blocks_of_one_name_are_refused() -> None:
    block = HEAD + WHEN + 'text = ["a", "b", "c", "d"]\n'
    with pytest.raises(TemplateError, match="two blocks are called"):
        read_blocks(block + block, "en", "en/message.toml")


def test_a_block_may_keep_its_name_when_its_conditions_change() -> None:
    block = (
        '[[block]]\nname = "sorry"\npart = "apology"\nparagraph = 2\ntext = ["a", "b", "c", "d"]\n'
    )
    assert read_blocks(block, "en", "en/message.toml")[0].name == "sorry"
