"""The document of who answers customers and who is given which case: `team.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator, model_validator

from models.contracts import LANGUAGES, OTHER
from pipelines.addresses import is_email
from pipelines.advice import EntryError, PlainValue
from pipelines.contracts import AttributeValue, Level, Segment
from pipelines.messages import N_
from pipelines.rules.documents import Document, WholeNumber, parse

_ABSENCE = re.compile(r"\s*(\d{4}-\d\d-\d\d)\s*\.\.\s*(\d{4}-\d\d-\d\d)\s*")
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,300})(\.\d{1,300})?")


def _tidy(name: str) -> str:
    if name != name.strip() or not name.isprintable():
        raise EntryError(N_("give a name without white space at its ends and without line breaks"))
    return name


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_tidy)]


class Area(Document):
    """What somebody looks after: some themes, and answers with some attributes, such as a shop."""

    themes: tuple[str, ...] = ()
    attributes: dict[str, tuple[PlainValue, ...]] = Field(default_factory=dict)

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
        approves: whether they may approve what is sent to customers.
        area: of what else they hear.
    """

    languages: tuple[str, ...] = ()
    capacity: Annotated[WholeNumber, Field(ge=0, le=10_000)] = 30
    absent: tuple[str, ...] = ()
    email: str | None = None
    lead: bool = False
    approves: bool = True
    area: Area = Area()

    @field_validator("email")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not is_email(value):
            raise EntryError(
                N_("“%(address)s” is no e-mail address; write one such as anna@example.com"),
                address=value[:80],
            )
        return value

    @field_validator("languages")
    @classmethod
    def _read_languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for code in value:
            _check_language(code)
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
    attributes: dict[str, PlainValue] = Field(default_factory=dict)

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str | None) -> str | None:
        if value is not None:
            _check_language(value)
        return value


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
            raise EntryError(
                N_("no member is called %(names)s; add them under members"),
                names=", ".join(unknown)[:200],
            )
        return self

    @model_validator(mode="after")
    def _names_apart(self) -> Team:
        seen: dict[str, str] = {}
        for name in self.members:
            other = seen.setdefault(unicodedata.normalize("NFKC", name).casefold(), name)
            if other != name:
                raise EntryError(
                    N_("“%(one)s” and “%(other)s” are the same but for capitals; rename one"),
                    one=other[:60],
                    other=name[:60],
                )
        return self


def same_attribute(given: AttributeValue, wanted: AttributeValue) -> bool:
    """Whether an attribute is the one that rules name: text from files, numbers from machines.

    A number is the same however it is written (6, 6.0), as text too; texts that are no numbers to
    machines, such as the shop 010, are the same where their letters are.
    """
    if str(given).casefold() == str(wanted).casefold():
        return True
    if isinstance(given, str) and isinstance(wanted, str):
        return False
    one, other = _number_of(given), _number_of(wanted)
    return one is not None and one == other


def _number_of(value: AttributeValue) -> Decimal | None:
    is_number = not isinstance(value, bool | str | None) or (
        isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value) is not None
    )
    return Decimal(str(value)) if is_number else None


def team_of(content: str) -> Team:
    """A team from YAML of the shape of `team.yaml`.

    Raises:
        RuleError: it cannot be read, or an entry is unknown, missing or names somebody unknown.
    """
    return parse(Team, content)


def _check_language(code: str) -> None:
    if code not in (*LANGUAGES, OTHER):
        raise EntryError(
            N_("“%(code)s” is no language that is told apart; write one of %(known)s"),
            code=code[:20],
            known=", ".join((*LANGUAGES, OTHER)),
        )


def _days(stretch: str) -> tuple[date, date]:
    found = _ABSENCE.fullmatch(stretch)
    try:
        first, last = (date.fromisoformat(found[at]) for at in (1, 2)) if found else (None, None)
    except ValueError as error:
        raise EntryError(
            N_("“%(written)s” names a day that is none; look at the calendar"), written=stretch[:40]
        ) from error
    if first is None or last is None or last < first:
        raise EntryError(
            N_("“%(written)s” is no stretch of days such as 2026-12-24..2026-12-31"),
            written=stretch[:40],
        )
    return first, last
