"""The slots that wordings may name: in which language, under which condition, in which forms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from pipelines.followup.estonian import CASES as NAME_CASES
from pipelines.followup.grammar import POLISH_ADDRESS
from pipelines.followup.topics import CASES

SLOTS: Final = (
    *("quote", "praised", "topic", "good_topic", "ask"),
    *("deadline", "contact", "sender", "company", "review_link", "told", "month"),
)
_OWN_SLOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "pl": (*POLISH_ADDRESS[None], "verb"),
    "et": ("name",),
}
CONDITIONS: Final = {
    "quote": "quote",
    "praised": "praised",
    "topic": "topic",
    "good_topic": "good_topic",
    "ask": "ask",
    "review_link": "review",
    "name": "name",
    "told": "told",
    "month": "raised",
}
"""Slots that are filled only where a condition holds."""
WITH_FORMS: Final = ("topic", "good_topic", "name")
"""Slots that are asked for in a grammatical case."""


def slots_of(language: str) -> tuple[str, ...]:
    """Slots that wordings of a language may name."""
    return (*SLOTS, *_OWN_SLOTS.get(language, ()))


def slots_for(language: str, when: Collection[str]) -> tuple[str, ...]:
    """Slots that are surely filled in a block of these conditions."""
    return tuple(
        slot for slot in slots_of(language) if slot not in CONDITIONS or CONDITIONS[slot] in when
    )


def forms_of(slot: str, language: str) -> tuple[str, ...]:
    """Grammatical cases that a slot can be asked for."""
    return NAME_CASES if slot == "name" else tuple(CASES[language])
