"""Validates the items of a batch: what can be taken goes on, the rest are told in their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any

from pydantic import ValidationError

from pipelines.contracts import Answer, RejectedError
from service.advice import sentence
from service.api.bodies import ClassifyBody, answer_of

MAX_BATCH_CHARACTERS = 2_000_000


def characters(records: Iterable[Any]) -> int:
    """Characters of the comments in records."""
    texts = (one.get("text") for one in records if isinstance(one, dict))
    return sum(len(text) for text in texts if isinstance(text, str))


def check_size(records: Sequence[Any]) -> None:
    """See that a batch is not too much text for one request.

    Raises:
        RejectedError: it is.
    """
    found = characters(records)
    if found > MAX_BATCH_CHARACTERS:
        raise RejectedError(
            f"items: the texts have {found:,} characters together, at most "
            f"{MAX_BATCH_CHARACTERS:,} are taken in one batch: send smaller batches."
        )


def answers_of(
    records: Sequence[Any],
    body: type[ClassifyBody],
    *,
    now: datetime,
    timezone: tzinfo,
) -> list[Answer | str]:
    """The answer in each record, in order; a bad record gives the sentence that says why."""
    return [_answer(record, body, now, timezone) for record in records]


def _answer(record: Any, body: type[ClassifyBody], now: datetime, timezone: tzinfo) -> Answer | str:
    try:
        return answer_of(body.model_validate(record), now=now, timezone=timezone)
    except ValidationError as error:
        return str(sentence(error))
    except RejectedError as error:
        return str(error)
