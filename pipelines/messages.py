"""English sentences that the pages say in other languages too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


def N_(message: str) -> str:
    """The message itself; `make words` finds it by this mark."""
    return message


@dataclass(frozen=True)
class Told:
    """A sentence with its facts, which can be told in other languages; `str` gives the English.

    Attributes:
        message: an English sentence, marked by `N_`, with places for facts: `%(name)s`.
        facts: values of those places; one may be a sentence itself, or codes.
    """

    message: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.facts:
            return self.message
        return self.message % {name: _shown(value) for name, value in self.facts.items()}

    def to_json(self) -> dict[str, Any]:
        """The sentence as it is kept."""
        facts = {name: _kept(value) for name, value in self.facts.items()}
        return {"message": self.message, "facts": facts}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Told:
        """The sentence that `to_json` gave."""
        facts = {name: _fact_of(value) for name, value in kept["facts"].items()}
        return cls(kept["message"], facts)


@dataclass(frozen=True)
class Codes:
    """Codes of the product in a sentence, by which machines know them; pages say their words.

    Attributes:
        kind: what they are codes of, as pages name it: "state", "step", "outcome".
    """

    kind: str
    codes: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.codes)


Fact: TypeAlias = str | int | float | Told | Codes


def _kept(value: Fact) -> object:
    if isinstance(value, Told):
        return value.to_json()
    return {"kind": value.kind, "codes": list(value.codes)} if isinstance(value, Codes) else value


def _fact_of(kept: Any) -> Fact:
    if not isinstance(kept, Mapping):
        return kept  # type: ignore[no-any-return]  # a plain value, as it was kept
    if "codes" in kept:
        return Codes(kept["kind"], tuple(kept["codes"]))
    return Told.of_json(kept)


def _shown(value: Fact) -> str:
    return f"{value:,}".removesuffix(".0") if isinstance(value, int | float) else str(value)


class ToldError(Exception):
    """An error whose message can be told in other languages.

    Args:
        message: an English sentence, marked by `N_`, with places for facts: `%(name)s`.
        facts: values of those places.
    """

    def __init__(self, message: str = "", /, **facts: Fact) -> None:
        self.told = Told(message, facts)
        super().__init__(str(self.told))
