"""Every word of the pages is in the catalogues of all languages, and none stands outside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import _parse_mapping_toml
from babel.messages.pofile import read_po
from jinja2 import nodes

from service.review.language import DOMAIN, ENGLISH, LANGUAGES, LOCALE
from service.review.pages import environment

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "service" / "review" / "templates"
OTHERS = [code for code in LANGUAGES if code != ENGLISH]
PAGES = sorted(path.name for path in TEMPLATES.glob("*.html"))
KEPT = {"Odzew", "NPS", "CSV", "Parquet", "YAML"}
"""Words that are the same in all languages."""
SEEN = {"title", "aria-label", "placeholder", "alt"}
"""Attributes that people see or hear."""
CODE = {"code", "kbd", "script", "style"}


@cache
def messages() -> Catalog:
    """All messages of the pages, as they stand in templates and code now."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        methods, options = _parse_mapping_toml(file, "pyproject.toml", style="pyproject.toml")
    found = Catalog()
    for folder in ("service", "pipelines"):
        for _, _, message, _, context in extract_from_dir(ROOT / folder, methods, options):
            found.add(message, context=context)
    return found


def translated(code: str) -> Catalog:
    with (LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, code)


def forms(words: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ())


def keys(catalogue: Catalog) -> set[tuple[object, object]]:
    return {(one.context, one.id) for one in catalogue if one.id}


def places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|%%", text))


def tags(text: str) -> Counter[str]:
    return Counter(re.findall(r"<[^>]+>", text))


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_every_message_and_no_stale_one(code: str) -> None:
    found = keys(translated(code))
    assert keys(messages()) - found == set(), "run make words and translate what it adds"
    assert found - keys(messages()) == set(), "run make words: it takes these away"
    assert not translated(code).obsolete


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated_with_its_values_and_tags(code: str) -> None:
    untranslated, fuzzy, broken = [], [], []
    for one in translated(code):
        if not one.id:
            continue
        if not (forms(one.string) and all(forms(one.string))):
            untranslated.append(one.id)
        elif one.fuzzy:
            fuzzy.append(one.id)
        elif not fits(one):
            broken.append((one.id, one.string))
    assert (untranslated, fuzzy, broken) == ([], [], [])


def fits(one: Message) -> bool:
    meant = forms(one.id)[-1]
    return all(
        places(said) == places(meant) and tags(said) == tags(meant) for said in forms(one.string)
    )


@pytest.mark.parametrize("code", OTHERS)
def test_plurals_have_the_forms_of_the_language(code: str) -> None:
    catalogue = translated(code)
    assert catalogue.num_plurals == {"pl": 3, "cs": 3, "et": 2}[code]
    for one in catalogue:
        if one.pluralizable:
            assert len(forms(one.string)) == catalogue.num_plurals, one.id


class Visible(HTMLParser):
    """Gathers what people see of a page: text outside of code, and attributes read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value or "" for name, value in attrs if name in SEEN]
        if tag in CODE:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.said.append(data)


SILENT = (
    *(nodes.Call, nodes.Compare, nodes.Getitem, nodes.Getattr, nodes.Test, nodes.Assign),
    *(nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport),
)
"""What writes nothing of a template's own: it is given or translated, or asks or names."""


def written(node: nodes.Node) -> Iterator[str]:
    """What a template writes by itself, in order, with both branches of every condition."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Const):
        yield node.value if isinstance(node.value, str) else ""
    elif not isinstance(node, SILENT):
        for child in node.iter_child_nodes(exclude=("test", "iter", "args", "kwargs", "defaults")):
            yield from written(child)


@pytest.mark.parametrize("template", PAGES)
def test_a_template_has_no_english_of_its_own(template: str) -> None:
    tree = environment.parse((TEMPLATES / template).read_text("utf-8"))
    page = Visible()
    page.feed("".join(written(tree)))
    page.close()
    words = {word for said in page.said for word in re.findall(r"[^\W\d_]{2,}", said)}
    assert words - KEPT == set(), "say them with _(...)"


@pytest.mark.parametrize("template", PAGES)
def test_a_template_keeps_no_english_in_its_variables(template: str) -> None:
    tree = environment.parse((TEMPLATES / template).read_text("utf-8"))
    kept = [node.node for node in tree.find_all(nodes.Assign)]
    kept += [node.iter for node in tree.find_all(nodes.For)]
    phrases = [
        word for node in kept for word in untranslated(node) if re.search(r"[A-Z]|\w \w", word)
    ]
    assert phrases == [], "say them with _(...)"


def untranslated(node: nodes.Node) -> Iterator[str]:
    """Strings of an expression that are not given to a call."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif not isinstance(node, nodes.Call):
        for child in node.iter_child_nodes():
            yield from untranslated(child)
