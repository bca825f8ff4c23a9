"""Says what is wrong with a request's body and what to do, in the words all routes share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from pipelines.advice import advice
from pipelines.messages import Told

_OF_REQUESTS = {
    "json_invalid": "this is no JSON; send one JSON object",
    "extra_forbidden": "there is no such field; see /openapi.json for those there are",
    "model_attributes_type": "send one JSON object",
    "model_type": "send one JSON object",
    "too_long": "send at most %(max_length)s of them, in several requests if need be",
}
"""What to do where a request is another matter than a document, by the type of error."""
_NO_CONTENT_TYPE = "send the header `Content-Type: application/json` with the JSON"
_WHOLE = "body"
_PLAIN = (("str",), ("int",))
_KINDS = {"str", "int", "RespondentBody", "CustomScale"}
"""What pydantic adds to the place of an error where a field takes several kinds of value."""


def request_advice(error: Mapping[str, Any]) -> Told:
    """What to do about one of pydantic's errors."""
    if error["type"] == "model_attributes_type" and isinstance(error.get("input"), bytes):
        return Told(_NO_CONTENT_TYPE)  # FastAPI leaves bytes unread where the header names no JSON
    return advice(error, _OF_REQUESTS)


def troubles(error: ValidationError | RequestValidationError) -> list[Mapping[str, Any]]:
    """Pydantic's errors, but for those of a plain value where an object was sent."""
    found: Sequence[Any] = error.errors()
    fitting = [
        one
        for one in found
        if one["loc"][-1:] not in _PLAIN or not isinstance(one["input"], Mapping)
    ]
    return fitting or list(found)


def place(error: Mapping[str, Any]) -> str:
    """Where in the request one of pydantic's errors is, as in `body.score`."""
    return ".".join(str(part) for part in error["loc"] if part not in _KINDS) or _WHOLE


def sentence(error: ValidationError | RequestValidationError) -> Told:
    """The first trouble, as in "score: must be a number"; the same alone and in a batch."""
    first = troubles(error)[0]
    where = place(first).removeprefix(_WHOLE + ".")
    return Told("%(where)s: %(what)s", {"where": where, "what": request_advice(first)})


def unread(cause: BaseException | None) -> str:
    """Why a body could not be read at all, from the error that reading it ended with."""
    if isinstance(cause, UnicodeDecodeError):
        return (
            f"The body is not UTF-8 (byte {cause.start + 1}). Send JSON that is encoded in UTF-8."
        )
    if isinstance(cause, RecursionError):
        return "The body is nested too deeply. Send one flat JSON object; see /openapi.json."
    if isinstance(cause, ValueError) and "digits" in str(cause):
        return "The body has a number with too many digits. Send shorter numbers."
    return "The body cannot be read. Send one JSON object, encoded in UTF-8."
