"""Says what to do about a value that does not fit: one table for requests, forms and documents."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from pipelines.contracts import AttributeValue
from pipelines.messages import N_, Fact, Told, ToldError

_DAY = N_("give a day such as 2026-12-31")
_MOMENT = N_("give a moment with its zone, such as 2026-12-31T09:00+01:00")
_TIME = N_("give a time of day such as 07:00")
_WHOLE_NUMBER = N_("give a whole number")
_NUMBER = N_("give a number")
_RANGE = N_("this number is too large; give one from -1.7e308 to 1.7e308")
_TRUTH = N_("give true or false")
_LIST = N_("give a list in square brackets")
_OBJECT = N_("give names with their values, as in {name: value}")
_ONE_OF = N_("give one of %(expected)s")
_ADVICE: Mapping[str, str] = {
    "missing": N_("this is missing; add it"),
    "string_type": N_("give text in quotation marks"),
    "string_too_short": N_("this is too short; characters needed: %(min_length)s or more"),
    "string_too_long": N_("this is too long; characters taken: %(max_length)s at most"),
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "int_parsing_size": N_("give a smaller number"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _RANGE,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "too_short": N_("these are too few; needed: %(min_length)s or more"),
    "too_long": N_("these are too many; taken: %(max_length)s at most"),
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    "greater_than_equal": N_("give at least %(ge)s"),
    "greater_than": N_("give more than %(gt)s"),
    "less_than_equal": N_("give at most %(le)s"),
    "less_than": N_("give less than %(lt)s"),
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_aware": _MOMENT,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "recursion_loop": N_("this leads back to itself; write it out"),
    "extra_forbidden": N_("there is no such entry; correct its name or take it out"),
}
"""What to do by the type of a pydantic error, with the values of its context."""


class EntryError(ToldError, ValueError):
    """A value that does not fit; what a validator raises."""


def advice(error: Mapping[str, Any], own: Mapping[str, str] = {}) -> Told:
    """What to do about one of pydantic's errors.

    Args:
        error: of `ValidationError.errors()`.
        own: what to do by type of error where it is other than usual.
    """
    context = error.get("ctx", {})
    found = context.get("error")
    if isinstance(found, EntryError):
        return found.told
    words = own.get(error["type"]) or _ADVICE.get(error["type"])
    if words in (_NUMBER, _RANGE):
        words = _RANGE if _is_beyond(error.get("input")) else _NUMBER
    if words is None:
        return Told(str(error["msg"]).removeprefix("Value error, "))
    facts = {name: _fact(value) for name, value in context.items() if f"%({name})s" in words}
    return Told(words, facts)


def _is_beyond(value: object) -> bool:
    """Whether a value is a number, but larger than a float has room for."""
    if isinstance(value, int) and not isinstance(value, bool):
        return True
    return isinstance(value, float) and math.isinf(value)


def _fact(value: Any) -> Fact:
    if isinstance(value, int | float):
        return value
    return str(value).replace(" or ", ", ")


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    raise EntryError(N_("give one value: text, a number, true or false"))


PlainValue = Annotated[AttributeValue, BeforeValidator(_plain)]
"""A value of an attribute, as it is sent or written."""
