"""Reads a rules document: YAML in, a checked record out, errors that name the entry."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.contracts import PipelineError

MOST_BYTES = 100_000
_SHOWN = 5


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
        raise RuleError(f"A rules document has at most {MOST_BYTES:,} bytes.")
    try:
        entries = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RuleError(f"The document is no YAML: {str(error)[:300]}") from error
    try:
        return kind.model_validate(entries)
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in one['loc']) or 'document'}: {one['msg']}"
            for one in error.errors()
        ]
        more = f"; and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
        raise RuleError("; ".join(lines[:_SHOWN]) + more) from error


def shipped(name: str) -> str:
    """The document that ships with the product, such as `weights`."""
    return (Path(__file__).parent / f"{name}.yaml").read_text("utf-8")
