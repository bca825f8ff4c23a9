"""The document of what messages to customers may promise: `promises.yaml`."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pipelines.rules.documents import Document, parse

Promise: TypeAlias = Literal["refund", "compensation", "discount", "gift", "guarantee"]


class Promises(Document):
    """`promises.yaml` as it is written.

    Attributes:
        allowed: kinds of promise that the linter lets pass.
    """

    allowed: tuple[Promise, ...] = ()


def promises_of(content: str) -> Promises:
    """What may be promised, from YAML of the shape of `promises.yaml`.

    Raises:
        RuleError: it cannot be read, or an entry is unknown.
    """
    return parse(Promises, content)
