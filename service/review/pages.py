"""Renders page templates: the Jinja environment, its filters, and the error page."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.messages import N_
from pipelines.theme_life.gone import reason_told
from service.review.bell import unread
from service.review.language import (
    IN_TEMPLATES,
    LANGUAGES,
    VARY,
    _,
    language,
    locale,
    ngettext,
    number,
    told,
    translated,
    visit,
)
from service.review.names import language_name, language_of, named, signal_name
from service.storage.access import Caller

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"

environment = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
environment.policies["ext.i18n.trimmed"] = True
environment.newstyle_gettext = True  # type: ignore[attr-defined]  # as the extension does it
environment.globals.update(IN_TEMPLATES, visit=visit, page_languages=LANGUAGES, bell=unread)


def render(template: str, **context: object) -> HTMLResponse:
    """A page from a template, in the language of the visit."""
    headers = {"Content-Language": language(), **VARY}
    return HTMLResponse(environment.get_template(template).render(**context), headers=headers)


def theme_page(template: str, person: Caller, tab: str, **context: object) -> HTMLResponse:
    """A page of the room of themes, under one of its tabs."""
    return render(template, person=person.name, here="themes", tab=tab, **context)


_TITLES = {
    400: N_("This request cannot be read"),
    401: N_("Not signed in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("This cannot be done here"),
    409: N_("Not just now"),
    413: N_("Too large"),
    422: N_("Something does not fit"),
    500: N_("Something went wrong"),
    503: N_("Not just now"),
}
_REFIT = ("/themes/refit", N_("See how far the fit is"))
_THEMES = (
    ("/themes/changes", N_("See in the history what changed, and by whom")),
    ("/themes", N_("Go to the themes")),
)
_QUEUE = (("/queue", N_("Back to the queue")),)


def error_page(request: Request, status: int, detail: str) -> Response:
    """A page that says what went wrong and where to go."""
    page = render(
        "error.html",
        title=_(_TITLES[status]) if status in _TITLES else HTTPStatus(status).phrase,
        detail=translated(detail),
        ways=()
        if status == HTTPStatus.UNAUTHORIZED
        else [(address, _(name)) for address, name in _ways_on(request.url.path)],
        person=None,
    )
    page.status_code = status
    return page


def _ways_on(path: str) -> tuple[tuple[str, str], ...]:
    """Addresses and names of pages to go on to from an error at an address."""
    if not path.startswith("/themes"):
        return _QUEUE
    return (_REFIT, *_THEMES) if path == "/themes/refit" else _THEMES


def moment(value: datetime, zone: ZoneInfo) -> str:
    """A moment as people write it: `Mon 23 Nov, 15:00`; with the year where it is not this one."""
    here = value.astimezone(zone)
    day = "MMMEd" if here.year == datetime.now(zone).year else "yMMMEd"
    written = (format_skeleton(part, here, locale=locale()) for part in (day, "Hm"))
    return ", ".join(written)


def day(value: date) -> str:
    """A day as people write it: `23 Nov 2026`."""
    return str(format_date(value, "medium", locale=locale()))


def due(value: datetime) -> str:
    """How far a deadline is: `in 5 h`, `2 d late`."""
    distance = value - datetime.now(UTC)
    words = _span(abs(distance))
    return (
        _("%(span)s late", span=words) if distance < timedelta(0) else _("in %(span)s", span=words)
    )


def is_late(value: datetime) -> bool:
    """Whether a deadline has passed."""
    return value < datetime.now(UTC)


def seconds(value: float) -> str:
    """How long something took: `12 s`, `3 min 5 s`."""
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def hours(value: float) -> str:
    """A number of hours as a short span."""
    return _span(timedelta(minutes=round(value * 60)))


def percent(share: float) -> str:
    """A share as whole percent."""
    return str(format_percent(share, locale=locale()))


def _span(distance: timedelta) -> str:
    minutes = int(distance.total_seconds() // 60)
    if minutes < 60:
        return _("%(count)s min", count=minutes)
    if minutes < 48 * 60:
        return _("%(count)s h", count=minutes // 60)
    return ngettext("%(num)s d", "%(num)s d", minutes // (24 * 60))


def _signed(pattern: str) -> Callable[[float], str]:
    return lambda value: str(format_decimal(value, f"+{pattern};−{pattern}", locale=locale()))


_filters: dict[str, Any] = {
    "at": moment,
    "day": day,
    "hours": hours,
    "due": due,
    "is_late": is_late,
    "theme_name": lambda theme: theme.name_in(language()),
    "language": language_name,
    "language_of": language_of,
    "signal": signal_name,
    "named": named,
    "told": told,
    "why_gone": lambda reason, called: told(reason_told(reason, called)),
    "sure": lambda share: percent(min(math.floor(share * 100 + 0.5), 99) / 100),
    "percent": percent,
    "excerpts": lambda count: ngettext("%(num)s excerpt", "%(num)s excerpts", count),
    "answers": lambda count: ngettext("%(num)s answer", "%(num)s answers", count),
    "decimals": lambda value: str(format_decimal(value, "0.00", locale=locale())),
    "tenths": lambda share: str(format_percent(share, "0.0%", locale=locale())),
    "seconds": seconds,
    "share": lambda share: f"<{percent(0.01)}" if 0 < share < 0.01 else percent(share),
    "number": number,
    "signed": _signed("0.00"),
    "points": _signed("0"),
}
environment.filters.update(_filters)
