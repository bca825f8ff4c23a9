"""A notice or digest in words: a letter of sections, as plain text and as simple HTML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

_QUOTED: Mapping[str, str] = {"en": "“{}”", "pl": "„{}”", "cs": "„{}“", "et": "„{}“"}


@dataclass(frozen=True)
class Line:
    """One thing told.

    Attributes:
        text: ours.
        quote: a customer's words, masked; `quote_language` is what they are written in.
        link: address that `text` leads to.
    """

    text: str
    quote: str = ""
    quote_language: str = ""
    link: str = ""


@dataclass(frozen=True)
class Section:
    """Lines under a heading, which may be blank."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Letter:
    """What one person is told."""

    language: str
    subject: str
    intro: str
    sections: tuple[Section, ...]
    foot: tuple[Line, ...] = ()


@lru_cache
def words(language: str) -> Mapping[str, Mapping[str, str]]:
    """Sentences by kind and name, in a language.

    Raises:
        FileNotFoundError: no such language; the four of `LANGUAGES` are there.
    """
    path = Path(__file__).parent / "texts" / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def quoted(text: str, language: str) -> str:
    """Words between the quotation marks of the language that quotes them."""
    return _QUOTED[language].format(text)


def as_text(letter: Letter) -> str:
    """The letter as plain text."""
    parts = [letter.intro]
    for section in letter.sections:
        lines = [section.title] if section.title else []
        parts.append("\n".join([*lines, *(_plain(line, letter) for line in section.lines)]))
    if letter.foot:
        parts.append("-- \n" + "\n".join(_plain(line, letter) for line in letter.foot))
    return "\n\n".join(parts) + "\n"


def as_html(letter: Letter) -> str:
    """The letter as HTML without pictures, scripts or anything to be loaded."""
    return "\n".join(_html(letter)) + "\n"


def _plain(line: Line, letter: Letter) -> str:
    said = [line.text] if line.text else []
    if line.quote:
        said.insert(0, quoted(line.quote, letter.language))
    if line.link:
        said.append(line.link)
    return "- " + "\n  ".join(said) if line.quote else "\n".join(said)


def _html(letter: Letter) -> Iterator[str]:
    yield f'<!doctype html>\n<html lang="{letter.language}"><head><meta charset="utf-8">'
    yield f"<title>{escape(letter.subject)}</title></head>"
    yield '<body style="font:16px/1.5 sans-serif;max-width:40em;margin:1em auto;padding:0 1em">'
    yield f"<h1 style='font-size:1.25em'>{escape(letter.subject)}</h1><p>{escape(letter.intro)}</p>"
    for section in letter.sections:
        if section.title:
            yield f"<h2 style='font-size:1.05em'>{escape(section.title)}</h2>"
        for line in section.lines:
            yield _paragraph(line, letter)
    if letter.foot:
        yield "<hr>"
    for line in letter.foot:
        yield f"<p style='font-size:.85em;color:#5b6774'>{_linked(line)}</p>"
    yield "</body></html>"


def _paragraph(line: Line, letter: Letter) -> str:
    quote = ""
    if line.quote:
        shown = escape(quoted(line.quote, letter.language))
        quote = f'<span lang="{escape(line.quote_language)}">{shown}</span>'
    said = _linked(line) if line.text else ""
    return f"<p>{'<br>'.join(part for part in (quote, said) if part)}</p>"


def _linked(line: Line) -> str:
    if not line.link:
        return escape(line.text)
    return f'<a href="{escape(line.link)}">{escape(line.text)}</a>'
