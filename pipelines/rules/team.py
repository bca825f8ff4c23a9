"""The document of who answers customers and who is given which case: `team.yaml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from models.contracts import LANGUAGES, OTHER
from pipelines.contracts import AttributeValue, Level, Segment
from pipelines.rules.documents import Document, parse

_ABSENCE = re.compile(r"\s*(\d{4}-\d\d-\d\d)\s*\.\.\s*(\d{4}-\d\d-\d\d)\s*")
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-zA-Z0-9][a-zA-Z0-9.-]{0,250}", re.ASCII)
"""An e-mail address as browsers take it."""
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]


class Area(Document):
    """What somebody looks after: some themes, and answers with some attributes, such as a shop."""

    themes: tuple[str, ...] = ()
    attributes: dict[str, tuple[AttributeValue, ...]] = Field(default_factory=dict)

    def holds(
        self, themes: Collection[str], attributes: Mapping[str, Collection[AttributeValue]]
    ) -> bool:
        """Whether any of the themes, or any value of an attribute, is looked after."""
        return any(theme in self.themes for theme in themes) or any(
            same_attribute(value, wanted)
            for name, mine in self.attributes.items()
            for value in attributes.get(name, ())
            for wanted in mine
        )


class Member(Document):
    """Somebody who answers customers.

    Attributes:
        languages: in which they answer; all where none are named.
        capacity: open cases at a time.
        absent: stretches of days, both ends included, such as `2026-12-24..2026-12-31`.
        email: where notices go.
        lead: whether they hear of every new P1, of every breach and of what nobody has.
        area: of what else they hear.
    """

    languages: tuple[str, ...] = ()
    capacity: Annotated[int, Field(ge=0, le=10_000)] = 30
    absent: tuple[str, ...] = ()
    email: str | None = None
    lead: bool = False
    area: Area = Area()

    @field_validator("email")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not ADDRESS.fullmatch(value):
            raise ValueError(f"{value[:80]!r} is no address such as anna@example.com")
        return value

    @field_validator("languages")
    @classmethod
    def _read_languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for code in value:
            if code not in (*LANGUAGES, OTHER):
                raise ValueError(f"{code!r} is none of {', '.join((*LANGUAGES, OTHER))}")
        return value

    @field_validator("absent")
    @classmethod
    def _stretches(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for stretch in value:
            _days(stretch)
        return value

    def is_absent(self, day: date) -> bool:
        """Whether they are away on a day."""
        return any(first <= day <= last for first, last in map(_days, self.absent))


class When(Document):
    """What a rule asks of a case; all that is named must fit.

    `second_level` is true in rules for cases that are reopened because the customer is still
    unhappy; the others are for new cases.
    """

    second_level: bool = False
    language: str | None = None
    segment: Segment | None = None
    level: Level | None = None
    theme: str | None = None
    account: str | None = None
    attributes: dict[str, AttributeValue] = Field(default_factory=dict)


class Rule(Document):
    """Whom cases that fit are given to."""

    when: When
    to: Annotated[tuple[Name, ...], Field(min_length=1)]


class Team(Document):
    """`team.yaml` as it is written."""

    members: dict[Name, Member] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    everyone_else: tuple[Name, ...] = ()
    default_owner: Name | None = None

    @model_validator(mode="after")
    def _known_members(self) -> Team:
        named = {name for rule in self.rules for name in rule.to} | {*self.everyone_else}
        unknown = sorted(named - set(self.members))
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: no member; add them under members")
        return self


def same_attribute(given: AttributeValue, wanted: AttributeValue) -> bool:
    """Whether an attribute is the one that rules name: text from files, numbers from machines."""
    return str(given).casefold() == str(wanted).casefold()


def team_of(content: str) -> Team:
    """A team from YAML of the shape of `team.yaml`.

    Raises:
        RuleError: it cannot be read, or an entry is unknown, missing or names somebody unknown.
    """
    return parse(Team, content)


def _days(stretch: str) -> tuple[date, date]:
    found = _ABSENCE.fullmatch(stretch)
    try:
        first, last = (date.fromisoformat(found[at]) for at in (1, 2)) if found else (None, None)
    except ValueError as error:
        raise ValueError(f"{stretch!r}: {error}") from error
    if first is None or last is None or last < first:
        raise ValueError(f"{stretch!r} is no stretch of days such as 2026-12-24..2026-12-31")
    return first, last
