"""One wording of a block: checked, then compiled."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, partial
from typing import Final

from jinja2 import StrictUndefined, Template
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from pipelines.followup.braces import WordingError, check_braces
from pipelines.followup.grammar import small, vocalised
from pipelines.messages import N_
from pipelines.words import check_words

MAX_WORDING: Final = 1_000
"""Characters that a wording may have."""


def compiled(text: str, language: str, when: Collection[str]) -> Template:
    """A wording made ready, once it is seen to keep to what templates may do.

    There is no loop, no call but `verb` and no arithmetic, so a wording always ends, and soon.

    Args:
        text: as it was written.
        language: that it is in.
        when: conditions of its block, which say what slots are filled.

    Raises:
        WordingError: it does not keep to it.
    """
    check_words(N_("A wording"), text, MAX_WORDING)
    environment = _environment(language)
    try:
        check_braces(text, environment, language, when)
        if not _says_something(text, environment):
            raise WordingError(N_("This wording says nothing; write a sentence."))
        return environment.from_string(text)
    except JinjaError as error:
        raise WordingError(
            N_("The choices of this wording do not match; close each {% if … %} by {% endif %}.")
        ) from error
    except (RecursionError, MemoryError, SyntaxError, OverflowError) as error:
        raise WordingError(
            N_("What stands in the braces is too entangled; simplify it.")
        ) from error


@cache
def _environment(language: str) -> SandboxedEnvironment:
    # Messages are plain text, so nothing is escaped for HTML here; pages escape what they show.
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters = {"after": partial(vocalised, language=language), "small": small}
    environment.globals.clear()
    return environment


def _says_something(text: str, environment: SandboxedEnvironment) -> bool:
    return any(
        kind == "variable_begin" or (kind == "data" and words.strip())
        for _, kind, words in environment.lex(text)
    )
