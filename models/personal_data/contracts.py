"""What the search for personal data finds: types, spans, and claims on a part of a comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

PersonalType: TypeAlias = Literal[
    "email",
    "phone",
    "iban",
    "card",
    "pesel",
    "nip",
    "rodne_cislo",
    "ico",
    "isikukood",
    "order_number",
    "customer_number",
    "address",
    "name",
]
PERSONAL_TYPES: tuple[PersonalType, ...] = get_args(PersonalType)


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """Where personal data stands: `comment[start:end]`, offsets in code points."""

    type: PersonalType
    start: int
    end: int


class Claim(NamedTuple):
    """A part of a reading whose meaning is settled.

    `type` is None for what is known to be nothing personal (a product code, a register number),
    so that no later finder takes its digits for a telephone number.
    """

    type: PersonalType | None
    start: int
    end: int
