"""Lines of JSON on the way in and out of `odzew classify`, each with its number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.api.batches import MAX_BATCH_CHARACTERS, characters
from service.api.bodies import MAX_BATCH

_SEND = "write one JSON object a line, in UTF-8"


@dataclass(frozen=True)
class Line:
    """A line that is not blank: its number, from 1, and its object or what is wrong with it."""

    number: int
    record: dict[str, Any] | None = None
    error: str = ""


def read_lines(stream: Iterable[bytes]) -> Iterator[Line]:
    """The lines that are not blank; blank ones count in the numbers."""
    for number, raw in enumerate(stream, 1):
        if raw.strip():
            yield _line(number, raw)


def batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Runs of lines that are as long as one batch of the API may be, or of one longer line."""
    batch: list[Line] = []
    total = 0
    for line in lines:
        size = characters([line.record]) if line.record else 0
        if batch and (len(batch) == MAX_BATCH or total + size > MAX_BATCH_CHARACTERS):
            yield batch
            batch, total = [], 0
        batch.append(line)
        total += size
    if batch:
        yield batch


def in_place(lines: Sequence[Line], answers: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The answer to each line with its number.

    Args:
        lines: in order.
        answers: of those lines that hold a record, in order.
    """
    left = iter(answers)
    for line in lines:
        answer = {"error": line.error} if line.record is None else next(left)
        yield {"line": line.number, **answer}


def _line(number: int, raw: bytes) -> Line:
    try:
        record = json.loads(raw.decode("utf-8-sig").rstrip())
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 (byte {error.start + 1})"
    except RecursionError:
        reason = "is nested too deeply"
    except json.JSONDecodeError as error:
        reason = f"is no JSON ({error.msg}, character {error.pos + 1})"
    except ValueError:
        reason = "has a number with too many digits"
    else:
        if isinstance(record, dict):
            return Line(number, record)
        reason = f"is {_KINDS.get(type(record), 'a number')} and no JSON object"
    return Line(number, error=f"Line {number} {reason}: {_SEND}.")


_KINDS: dict[type, str] = {
    list: "a list",
    str: "a string",
    bool: "true or false",
    type(None): "null",
}
