"""When a customer may be written to: by the clock and the holidays of the country they live in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers

from pipelines.contracts import AttributeValue
from pipelines.notices.choices import Quiet
from pipelines.notices.quiet import held_until
from pipelines.work_calendar import Window, WorkCalendar

_ZONES: Final[Mapping[str, str]] = {
    "PL": "Europe/Warsaw",
    "CZ": "Europe/Prague",
    "EE": "Europe/Tallinn",
    "SK": "Europe/Bratislava",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "DE": "Europe/Berlin",
    "AT": "Europe/Vienna",
    "LT": "Europe/Vilnius",
    "LV": "Europe/Riga",
    "FI": "Europe/Helsinki",
}
_OF_LANGUAGE: Final[Mapping[str, str]] = {"pl": "PL", "cs": "CZ", "et": "EE"}
QUIET: Final[Mapping[str, Quiet]] = {
    "email": Quiet(time(21), time(7), on_days_off=False),
    "sms": Quiet(time(20), time(8), on_days_off=True),
}
"""A mail may be read whenever one likes; what rings in a pocket keeps off evenings, Sundays and
holidays."""
_ALL_DAY: Final = (Window(time(0), time(0)),)


def country_of(
    language: str, phone: str | None, attributes: Mapping[str, AttributeValue]
) -> str | None:
    """Code of the country a customer lives in, by what is surest; None where nothing says.

    Args:
        language: of their comment.
        phone: with its country code, after + or 00.
        attributes: one named `country` may hold a code such as "EE".
    """
    named = str(attributes.get("country", "")).strip().upper()
    if named in _ZONES:
        return named
    if phone:
        try:
            written = f"+{phone[2:]}" if phone.startswith("00") else phone
            region = phonenumbers.region_code_for_number(phonenumbers.parse(written))
        except phonenumbers.NumberParseException:
            region = None
        if region in _ZONES:
            return region
    return _OF_LANGUAGE.get(language)


def zone_of(country: str | None, otherwise: ZoneInfo) -> ZoneInfo:
    """The time zone of a country that `country_of` gave, and another where that is not known."""
    return ZoneInfo(_ZONES[country]) if country else otherwise


def may_write_at(moment: datetime, channel: str, country: str | None, zone: ZoneInfo) -> datetime:
    """The first moment at or after one at which a customer may be written to; in UTC.

    Args:
        moment: aware.
        channel: "sms" rings in a pocket; all others are read when one likes.
        country: see `country_of`.
        zone: of the workspace, for a country that is not known.
    """
    quiet = QUIET["sms" if channel == "sms" else "email"]
    return held_until(moment, quiet, _calendar(country, zone))


@cache
def _calendar(country: str | None, zone: ZoneInfo) -> WorkCalendar:
    local = zone_of(country, zone)
    return WorkCalendar(local, (_ALL_DAY,) * 6 + ((),), (country,) if country else ())
