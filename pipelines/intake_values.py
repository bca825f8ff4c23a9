"""Reads the single values of an answer out of what files and platforms send for them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from models.clear_text import is_blank
from models.contracts import LANGUAGES
from pipelines.addresses import is_email, is_phone
from pipelines.contracts import AttributeValue, RejectedError, Scale
from pipelines.segments import check_score

MAX_TEXT = 100_000
MAX_LABEL = 200
MAX_ATTRIBUTES, MAX_KEY, MAX_VALUE = 50, 64, 500

_LANGUAGE_TAG = 35
_EXACT_FLOAT = 2**53
_INT64 = 2**63
_FIRST_YEAR = 1990
_FUTURE = timedelta(days=1)
_MONTHS = 12

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_TIME = r"(?:[ T,]+([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?(?: ?([ap]m))?)?"
_DAY_FIRST = re.compile(r"([0-9]{1,2})[./-] ?([0-9]{1,2})[./-] ?([0-9]{4})" + _TIME, re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})[./-]([0-9]{1,2})[./-]([0-9]{1,2})" + _TIME, re.IGNORECASE)

_GENDERS = {
    "f": ("f", "k", "ž", "z", "w", "female", "woman", "kobieta", "žena", "zena", "naine", "pani"),
    "m": ("m", "male", "man", "mężczyzna", "mezczyzna", "muž", "muz", "mees", "pan"),
}
_GENDER_OF = {word: gender for gender, words in _GENDERS.items() for word in words}


def rejected(field: str, reason: str) -> RejectedError:
    """The error of a field, in the form all of them have."""
    return RejectedError(f"{field}: {reason}")


def text_of(value: object) -> str:
    """A comment, trimmed, its line ends unified; a number that a sheet made of one is text again.

    A text of which nothing is seen, such as zero-width characters alone, is blank.

    Raises:
        RejectedError: no text, too long, or with characters that no one typed.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        value = _digits("text", value)
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_controls("text", text)
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise rejected(
            "text", f"has {len(text):,} characters, at most {MAX_TEXT:,} are taken: shorten it."
        )
    return "" if is_blank(text) else text


def score_of(value: object, scale: Scale) -> float | None:
    """A score on its scale, None for a blank; a decimal comma is read.

    Raises:
        RejectedError: no number, or not on the scale.
    """
    if isinstance(value, str):
        value = value.strip() or None
    if value is None:
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return check_score(float(value.replace(",", ".")), scale)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        try:
            return check_score(_float(value), scale)
        except OverflowError:
            return check_score(math.inf if value > 0 else -math.inf, scale)
    raise rejected("score", f"{_shown(value)} is no number.")


def label_of(field: str, value: object, *, is_identity: bool = False) -> str | None:
    """A short string such as a name or an id, None for a blank.

    Whole numbers become their digits ("12" for a sheet's 12.0). Runs of white space become one
    space, but for identities, where two spellings may be two people.

    Raises:
        RejectedError: of another type, longer than MAX_LABEL, or with control characters.
    """
    if value is None:
        return None
    label = value if isinstance(value, str) else _digits(field, value)
    if not is_identity:
        label = " ".join(re.split(r"[ \t\r\n\xa0]+", label))
    label = label.strip(" \t\r\n\xa0")
    _refuse_controls(field, label, also="\n\t")
    if len(label) > MAX_LABEL:
        raise rejected(field, f"is longer than {MAX_LABEL} characters.")
    return label.strip() or None


def email_of(value: object) -> str | None:
    """An e-mail address, None for a blank.

    Raises:
        RejectedError: it is none, or several.
    """
    found = label_of("email", value)
    if found is None or is_email(found):
        return found
    raise rejected(
        "email", f"{_shown(found)} is no e-mail address: write one such as anna@example.com."
    )


def phone_of(value: object) -> str | None:
    """A telephone number as it was written, None for a blank.

    Raises:
        RejectedError: it is none.
    """
    found = label_of("phone", value)
    if found is None or is_phone(found):
        return found
    raise rejected(
        "phone", f"{_shown(found)} is no telephone number: write one such as +48 600 100 200."
    )


def moment_of(value: object, *, now: datetime, timezone: tzinfo) -> datetime:
    """When the customer answered, aware, in UTC; `now` for a blank.

    Read are ISO 8601 and the day-first forms of Polish, Czech, Estonian and British files
    (31/12/2021, 31.12.2021 14:05); 12/31/2021, which can only be month-first, is read so. What
    names no time zone is in `timezone`; a day alone is its midnight there.

    Raises:
        RejectedError: unreadable, before 1990, or more than a day after `now`.
    """
    if isinstance(value, str):
        value = value.strip() or None
    if value is None:
        return now.astimezone(UTC)
    moment = _moment(value)
    if moment is None:
        raise rejected(
            "occurred_at",
            f"{_shown(value)} is no date: write 2021-12-31, 2021-12-31T14:05 or 31.12.2021 14:05.",
        )
    if moment.year < _FIRST_YEAR:
        raise rejected("occurred_at", f"{_shown(value)} is before {_FIRST_YEAR}.")
    # The year is looked at first: near the end of the calendar a time zone overflows.
    if moment.year <= now.year + 1:
        if moment.utcoffset() is None:
            moment = moment.replace(tzinfo=timezone)
        if moment <= now + _FUTURE:
            return moment.astimezone(UTC)
    raise rejected("occurred_at", f"{_shown(value)} is more than a day in the future.")


def language_of(value: object) -> str | None:
    """The language hint as one of LANGUAGES; None for others, which the detector decides.

    Raises:
        RejectedError: it cannot be a language tag.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise rejected("language", "must be a code such as pl, cs, et or en.")
    tag = value.strip()
    if len(tag) > _LANGUAGE_TAG:
        raise rejected("language", "is too long for a language code such as pl, cs, et or en.")
    _refuse_controls("language", tag, also="\n\t")
    code = re.split("[-_]", tag.lower())[0]
    return code if code in LANGUAGES else None


def gender_of(value: object) -> str | None:
    """Give "f", "m", or None for all that is not clearly one of them in the four languages."""
    return _GENDER_OF.get(value.strip().casefold()) if isinstance(value, str) else None


def attributes_of(values: Mapping[object, object]) -> dict[str, AttributeValue]:
    """Attributes by name, blanks left out; dates become ISO 8601 strings.

    Raises:
        RejectedError: too many, a name or value that is too long, or a value that is not flat.
    """
    if len(values) > MAX_ATTRIBUTES:
        raise rejected("attributes", f"{len(values)} were sent, at most {MAX_ATTRIBUTES} are kept.")
    attributes: dict[str, AttributeValue] = {}
    for key, value in values.items():
        if not isinstance(key, str) or not key.strip() or len(key.strip()) > MAX_KEY:
            raise rejected("attributes", f"a name must have 1 to {MAX_KEY} characters.")
        _refuse_controls("attributes", key, also="\n\t")
        if key.strip() in attributes:
            raise rejected("attributes", f"{key.strip()!r} stands twice.")
        attributes[key.strip()] = _attribute(f"attributes.{key.strip()}", value)
    return {key: value for key, value in attributes.items() if value is not None}


def _attribute(field: str, value: object) -> AttributeValue:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        value = _float(value)
    if isinstance(value, date | time):
        value = value.isoformat()
    if isinstance(value, timedelta):
        value = str(value)
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").replace("\r", "\n")
        _refuse_controls(field, value)
        value = value.strip()
        if len(value) > MAX_VALUE:
            raise rejected(field, f"is longer than {MAX_VALUE} characters.")
        return value or None
    if isinstance(value, int) and abs(value) < _INT64:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int | float):
        raise rejected(field, "is no number that can be kept (too large, infinite or not one).")
    raise rejected(field, "must be text, a number, true, false or null, and not a list or object.")


def _digits(field: str, value: object) -> str:
    """A number's digits, for cells that a spreadsheet took for numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise rejected(field, f"must be text; it is {_shown(value)}.")
    if isinstance(value, int):
        if abs(value) < 10**MAX_LABEL:
            return str(value)
        raise rejected(field, f"has more than {MAX_LABEL} digits.")
    number = _float(value)
    if not abs(number) <= _EXACT_FLOAT:  # false for NaN too
        raise rejected(field, "is no number whose digits are all known: store it as text.")
    if number.is_integer():
        return str(int(number))
    if field == "text":
        return str(number)
    raise rejected(field, f"must be text or a whole number; it is {_shown(value)}.")


def _float(value: float | Decimal) -> float:
    if isinstance(value, Decimal) and not value.is_finite():
        return math.nan
    return float(value)


def _moment(value: object) -> datetime | None:
    """The date and time, naive where no time zone is named; None where it is none."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - its zone comes later
    if not isinstance(value, str):
        return None
    try:
        if match := _YEAR_FIRST.fullmatch(value):
            return _assembled(match[1], match[2], match[3], match.groups()[3:])
        if match := _DAY_FIRST.fullmatch(value):
            day, month = match[1], match[2]
            if int(month) > _MONTHS >= int(day):  # only an American date can be meant
                day, month = month, day
            return _assembled(match[3], month, day, match.groups()[3:])
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _assembled(year: str, month: str, day: str, clock: tuple[str | None, ...]) -> datetime:
    hour, minute, second = (int(part or 0) for part in clock[:3])
    half = (clock[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of a twelve-hour clock")
        hour = hour % 12 + (12 if half == "pm" else 0)
    return datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001 - as above


def _refuse_controls(field: str, text: str, *, also: str = "") -> None:
    found = _CONTROL.search(text)
    letter = found[0] if found else next((sign for sign in also if sign in text), None)
    if letter is None:
        return
    what = "half of a surrogate pair" if letter >= "\ud800" else "a control character"
    raise rejected(field, f"holds {what} (U+{ord(letter):04X}): remove it.")


def _shown(value: object) -> str:
    """A value for a message, short and printable."""
    if isinstance(value, str | date | float | Decimal):
        return ascii(str(value)[:40]) if not str(value).isprintable() else repr(str(value)[:40])
    return f"of type {type(value).__name__}"
