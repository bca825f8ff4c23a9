"""Actions: what the company does about a theme, where each stands, what customers hear of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from models.contracts import LANGUAGES
from pipelines.contracts import PipelineError
from pipelines.messages import N_, Codes
from pipelines.words import check_words

ActionState: TypeAlias = Literal["planned", "under_way", "done", "declined"]
ACTION_STATES: Final[tuple[ActionState, ...]] = ("planned", "under_way", "done", "declined")
STEPS: Final[Mapping[str, Mapping[ActionState, ActionState]]] = {
    "start": {"planned": "under_way"},
    "finish": {"planned": "done", "under_way": "done", "done": "done"},
    "decline": {"planned": "declined", "under_way": "declined", "declined": "declined"},
    "reopen": {"done": "under_way", "declined": "planned"},
}
"""From which state each step leads where; to change its words, one that ended is ended again."""
ENDED: Final[frozenset[ActionState]] = frozenset(("done", "declined"))
MAX_TITLE: Final = 200
LEAST_WORDS, MOST_WORDS = 15, 400
"""Characters that what customers are told may have, in each language."""
_ENDS = (".", "?", "!", "…")


class ActionError(PipelineError):
    """An action lacks something, or its state does not allow a step."""


class ActionStepError(ActionError):
    """A step that an action's state does not allow."""


@dataclass(frozen=True, slots=True)
class ThemeAction:
    """What a customer may hear of the action against a theme.

    Attributes:
        state: "under_way" or "done".
        since: when it came to be so, aware.
        words: what was done, by language, in whole sentences.
    """

    state: Literal["under_way", "done"]
    since: datetime
    words: Mapping[str, str]


NO_ACTIONS: Final[Mapping[str, ThemeAction]] = MappingProxyType({})


def after(state: ActionState, step: str) -> ActionState:
    """State of an action after a step.

    Raises:
        ActionError: no such step.
        ActionStepError: the state does not allow it.
    """
    if step not in STEPS:
        raise ActionError(
            N_("There is no step %(step)s. Steps are: %(known)s."),
            step=step[:40],
            known=", ".join(STEPS),
        )
    to = STEPS[step].get(state)
    if to is None:
        raise ActionStepError(
            N_("An action that is %(state)s cannot take this step."),
            state=Codes("action", (state,)),
        )
    return to


def check_title(title: str) -> str:
    """The title of an action in one line.

    Raises:
        ActionError: it is empty or too long.
    """
    title = " ".join(title.split())
    if not title:
        raise ActionError(N_("Say in a few words what is to be done."))
    return _short_enough(N_("A title"), title, MAX_TITLE)


def check_owner(owner: str | None) -> str | None:
    """Who sees to an action, or None.

    Raises:
        ActionError: the name is too long.
    """
    owner = " ".join((owner or "").split())
    return _short_enough(N_("A name"), owner, MAX_TITLE) or None


def checked_words(words: Mapping[str, str], to: ActionState) -> dict[str, str]:
    """What customers are to be told, by language, empty ones left out.

    Args:
        words: by language, as they were typed.
        to: the state that the action comes to.

    Raises:
        ActionError: an unknown language, no words for one that ended, or words that are too short
            or long, or no whole sentence.
    """
    if odd := sorted(set(words) - set(LANGUAGES)):
        raise ActionError(
            N_("There is no language %(code)s here. There are: %(known)s."),
            code=odd[0][:40],
            known=", ".join(LANGUAGES),
        )
    tidy = {code: " ".join(words[code].split()) for code in LANGUAGES if words.get(code)}
    told = {code: _checked(code, text) for code, text in tidy.items() if text}
    if to in ENDED and not told:
        raise ActionError(
            N_("Write in at least one language, in a whole sentence, what was done.")
            if to == "done"
            else N_("Write in at least one language, in a whole sentence, why it is not done.")
        )
    return told


def _checked(code: str, text: str) -> str:
    _short_enough(N_("What customers are told"), text, MOST_WORDS)
    if len(text) < LEAST_WORDS or not text.endswith(_ENDS) or not _begins_well(text):
        raise ActionError(
            N_(
                "Write whole sentences (%(language)s): with a capital, a full stop and at least "
                "%(least)s characters."
            ),
            language=code,
            least=LEAST_WORDS,
        )
    if any(mark in text for mark in ("{", "}", "<", ">", "://")):
        raise ActionError(
            N_("Write plain words without braces, tags or links (%(language)s)."),
            language=code,
        )
    return text


def _begins_well(text: str) -> bool:
    return text[0].isupper() or text[0].isdigit()


def _short_enough(what: str, text: str, most: int) -> str:
    try:
        check_words(what, text, most)
    except PipelineError as error:
        raise ActionError(error.told.message, **error.told.facts) from error
    return text
