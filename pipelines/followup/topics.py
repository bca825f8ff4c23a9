"""What touchpoints are called in the sentences of messages, in the cases that sentences need."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

CASES: Final[Mapping[str, tuple[str, ...]]] = {
    "pl": ("nom", "gen", "acc", "inst", "loc"),
    "cs": ("nom", "gen", "dat", "acc", "loc", "inst"),
    "et": ("nom", "gen", "part", "ela", "com"),
    "en": ("nom",),
}
"""Forms that each language's topics have."""
MIN_QUESTIONS: Final = 2


class TopicError(ValueError):
    """A topic lacks a form or questions; the message names it."""


@dataclass(frozen=True)
class Topic:
    """A touchpoint in sentences.

    Attributes:
        forms: a noun phrase without an article's capital, by grammatical case.
        questions: whole sentences that ask a customer more about it.
    """

    forms: Mapping[str, str]
    questions: tuple[str, ...]


def read_topics(path: Path, language: str) -> Mapping[str, Topic]:
    """Topics of a language by touchpoint.

    Raises:
        TopicError: a form is missing or unknown, or there are too few questions.
        OSError, tomllib.TOMLDecodeError: the file cannot be read.
    """
    found = {}
    for key, entry in tomllib.loads(path.read_text("utf-8")).items():
        forms = {name: value for name, value in entry.items() if name != "ask"}
        if set(forms) != set(CASES[language]) or not all(
            isinstance(form, str) and form.strip() for form in forms.values()
        ):
            raise TopicError(f"{key}: needs the forms {', '.join(CASES[language])}")
        questions = tuple(entry.get("ask", ()))
        if len(questions) < MIN_QUESTIONS or not all(
            isinstance(one, str) and one.endswith("?") for one in questions
        ):
            raise TopicError(f"{key}: ask needs {MIN_QUESTIONS} questions that end in ?")
        found[key] = Topic(MappingProxyType(forms), questions)
    return MappingProxyType(found)
