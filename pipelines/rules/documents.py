"""Reads a rules document: YAML in, a checked record out, errors that name the entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.advice import advice
from pipelines.contracts import PipelineError
from pipelines.messages import N_, Told
from pipelines.yaml_entries import read_yaml

MOST_BYTES = 100_000
_SHOWN = 5
WholeNumber: TypeAlias = Annotated[int, Field(strict=True)]
Number: TypeAlias = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""As they are written: no `true` is 1, and no text is a number."""


class RuleError(PipelineError):
    """A rules document that cannot be used; the message says which entry and why."""


class Document(BaseModel):
    """A part of a rules document; entries that nobody knows are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


AnyDocument = TypeVar("AnyDocument", bound=Document)


def parse(kind: type[AnyDocument], content: str) -> AnyDocument:
    """Read a document.

    Raises:
        RuleError: it is no YAML, or an entry is missing, unknown or out of its range.
    """
    if len(content.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise RuleError(N_("A rules document has at most %(most)s bytes."), most=MOST_BYTES)
    entries = read_yaml(content, RuleError)
    try:
        return kind.model_validate(entries)
    except ValidationError as error:
        # What is missing is often so because of a slip that stands there, so that comes first.
        found = sorted(error.errors(), key=lambda one: one["type"] == "missing")
        raise several(
            [at_entry(_place(one["loc"], entries), advice(one)) for one in found]
        ) from error


def at_entry(place: str, what: Told) -> Told:
    """What is wrong with an entry, said with its place: `rules.2.to: ...`."""
    if not place:
        return Told(N_("document: %(what)s"), {"what": what})
    return Told("%(place)s: %(what)s", {"place": place, "what": what})


def several(troubles: Sequence[Told]) -> RuleError:
    """All that is wrong with a document as one error, which names the first few."""
    said = reduce(_then, troubles[:_SHOWN])
    more = len(troubles) - _SHOWN
    if more > 0:
        said = Told(N_("%(first)s; and %(count)s more"), {"first": said, "count": more})
    return RuleError(said.message, **said.facts)


def shipped(name: str) -> str:
    """The document that ships with the product, such as `weights`."""
    return (Path(__file__).parent / f"{name}.yaml").read_text("utf-8")


def _then(first: Told, second: Told) -> Told:
    return Told("%(first)s; %(second)s", {"first": first, "second": second})


def _place(path: Sequence[int | str], entries: Any) -> str:
    """Where an entry stands, items of a list counted from 1; blank for the whole document."""
    parts, here = [], entries
    for part in path:
        if part == "[key]":
            continue
        is_item = isinstance(here, list) and isinstance(part, int)
        parts.append(str(int(part) + 1 if is_item else part))
        try:
            here = here[part] if is_item or isinstance(here, Mapping) else None
        except (KeyError, IndexError):
            here = None
    return ".".join(parts)
