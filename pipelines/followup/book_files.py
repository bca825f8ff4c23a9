"""Books as files in the format of those that ship, and what a file changes in a workspace."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from typing import Final

from pipelines.followup.book import Block, Book, TemplateError, read_blocks
from pipelines.followup.own_wordings import BlockChange, change_of, with_change
from pipelines.messages import N_, Told

MAX_FILE: Final = 200_000
"""Bytes that a file of templates may have."""


class FileError(TemplateError):
    """A file of templates cannot be taken; the message says which block and why."""


def to_toml(blocks: Sequence[Block]) -> str:
    """Blocks as the TOML that `read_blocks` takes."""
    return "\n".join(
        "\n".join(
            (
                "[[block]]",
                f"name = {_string(block.name)}",
                f"part = {_string(block.part)}",
                f"paragraph = {block.paragraph}",
                f"when = [{', '.join(map(_string, block.when))}]",
                "text = [",
                *(f"  {_string(text)}," for text in block.texts),
                "]",
                "",
            )
        )
        for block in blocks
    )


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def changes_in(
    content: bytes, shipped: Book, file: str, changes: Mapping[str, BlockChange]
) -> dict[str, BlockChange]:
    """What a file changes in a workspace's blocks, by name; blocks it leaves out stay as they are.

    Args:
        content: the file.
        shipped: the book that ships, of the language that the file is in.
        file: which of its files.
        changes: the workspace's own, in use.

    Raises:
        FileError: it cannot be read, a block is not one that ships, or a wording breaks the rules.
    """
    blocks = {block.name: block for block in shipped.blocks[file]}
    found = {}
    for read in _read(content, shipped.language, file):
        block = blocks.get(read.name)
        if block is None:
            raise FileError(
                N_(
                    "The block “%(name)s” does not come with Odzew. A file can change wordings; "
                    "blocks and their conditions stay as they are."
                ),
                name=read.name[:120],
            )
        shape = (read.part, set(read.when), read.paragraph)
        if shape != (block.part, set(block.when), block.paragraph):
            raise FileError(
                N_(
                    "The block “%(name)s” has another part, paragraph or conditions than the one "
                    "that comes with Odzew. A file can change wordings only."
                ),
                name=read.name,
            )
        change = change_of(block.texts, _in_places(block.texts, read.texts))
        before = with_change(block, shipped.language, changes.get(block.name)).texts
        if set(with_change(block, shipped.language, change).texts) != set(before):
            found[block.name] = change
    return found


def _read(content: bytes, language: str, file: str) -> tuple[Block, ...]:
    if len(content) > MAX_FILE:
        raise FileError(N_("The file is too large; it has at most %(most)s bytes."), most=MAX_FILE)
    try:
        text = content.decode("utf-8-sig")
        tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileError(
            N_("This is no TOML file: %(what)s"), what=str(error) or "RecursionError"
        ) from error
    try:
        return read_blocks(text, language, f"{language}/{file}.toml", least=1)
    except TemplateError as error:
        raise FileError(N_("The file cannot be taken: %(what)s"), what=_told(error)) from error


def _told(error: TemplateError) -> Told | str:
    return error.told if error.told.facts else str(error)


def _in_places(shipped: Sequence[str], texts: Sequence[str]) -> list[str]:
    """A file's wordings in the places of those that ship, nothing where one is gone, then the rest.

    A wording that stands where another shipped is taken for that one, rewritten.
    """
    own = [text for text in texts if text not in shipped]
    placed = []
    for at, text in enumerate(shipped):
        there = texts[at] if at < len(texts) else ""
        if text in texts:
            placed.append(text)
        elif there in own:
            placed.append(there)
            own.remove(there)
        else:
            placed.append("")
    return [*placed, *own]
