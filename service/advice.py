"""Says what is wrong with a request's body and what to do, in the words all routes share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

_ADVICE = {
    "json_invalid": "this is no JSON; send one JSON object",
    "extra_forbidden": "there is no such field; see /openapi.json for those there are",
    "model_attributes_type": "send one JSON object",
    "model_type": "send one JSON object",
    "missing": "this field is needed",
    "string_type": "send text in quotes",
    "string_too_short": "send at least {min_length} characters",
    "string_too_long": "send at most {max_length:,} characters",
    "int_type": "send a whole number",
    "int_parsing": "send a whole number",
    "int_from_float": "send a whole number",
    "float_type": "send a number",
    "float_parsing": "send a number",
    "finite_number": "send a number that is not infinite",
    "bool_type": "send true or false",
    "bool_parsing": "send true or false",
    "list_type": "send a list in square brackets",
    "dict_type": "send an object of names and values",
    "too_short": "send at least {min_length} of them",
    "too_long": "send at most {max_length:,} of them, in several requests if need be",
    "literal_error": "send one of {expected}",
    "enum": "send one of {expected}",
    "greater_than_equal": "send at least {ge}",
    "greater_than": "send more than {gt}",
    "less_than_equal": "send at most {le:,}",
    "less_than": "send less than {lt}",
}
"""What to do by the type of a pydantic error, with the values of its context."""
_NO_CONTENT_TYPE = "send the header `Content-Type: application/json` with the JSON"
_WHOLE = "body"


def advice(error: Mapping[str, Any]) -> str:
    """What to do about one of pydantic's errors."""
    if error["type"] == "model_attributes_type" and isinstance(error.get("input"), bytes):
        return _NO_CONTENT_TYPE  # FastAPI leaves bytes unread where the header names no JSON
    words = _ADVICE.get(error["type"])
    if words is None:
        return str(error["msg"]).removeprefix("Value error, ")
    return words.format(**error.get("ctx", {}))


def place(error: Mapping[str, Any]) -> str:
    """Where in the request one of pydantic's errors is, as in `body.score`."""
    return ".".join(str(part) for part in error["loc"]) or _WHOLE


def sentence(error: ValidationError | RequestValidationError) -> str:
    """The first trouble, as in "score: must be a number"; the same alone and in a batch."""
    found: Sequence[Any] = error.errors()
    return f"{place(found[0]).removeprefix(_WHOLE + '.')}: {advice(found[0])}"


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
