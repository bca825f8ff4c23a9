"""Renders page templates: the Jinja environment, its filters, and the error page."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.review.bell import unread
from service.storage.access import Caller

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"

LANGUAGE_NAMES = {
    "pl": "Polish",
    "cs": "Czech",
    "et": "Estonian",
    "en": "English",
    "other": "Other",
}
SIGNAL_NAMES = {
    "open_problem": "problem still open",
    "resolved_problem": "problem put right",
    "churn_risk": "may leave",
    "legal_threat": "legal threat",
    "authority_complaint": "complaint to an authority",
    "media_threat": "may go public",
    "safety": "safety",
    "health": "health",
    "discrimination": "discrimination",
    "fraud_or_security": "fraud or security",
    "privacy": "privacy",
    "vulnerable_person": "vulnerable person",
    "contacted_before": "contacted before",
    "promise_broken": "broken promise",
    "effort": "too much effort",
    "waiting": "waiting",
    "price": "price",
    "suggestion": "suggestion",
    "question": "question",
    "praise_person": "praises a person",
    "recommend": "recommends us",
    "upsell_interest": "wants more",
    "asks_contact": "asks for contact",
    "asks_no_contact": "asks for no contact",
    "score_text_mismatch": "score contradicts text",
}

_environment = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(unread=unread)


def render(template: str, **context: object) -> HTMLResponse:
    """A page from a template."""
    return HTMLResponse(_environment.get_template(template).render(**context))


def theme_page(template: str, person: Caller, tab: str, **context: object) -> HTMLResponse:
    """A page of the room of themes, under one of its tabs."""
    return render(template, person=person.name, here="themes", tab=tab, **context)


_TITLES = {409: "Not just now"}
_REFIT = ("/themes/refit", "See how far the fit is")
_THEMES = (
    ("/themes/changes", "See in the history what changed, and by whom"),
    ("/themes", "Go to the themes"),
)
_QUEUE = (("/queue", "Back to the queue"),)


def error_page(request: Request, status: int, detail: str) -> Response:
    """A page that says what went wrong and where to go."""
    page = render(
        "error.html",
        title=_TITLES.get(status, HTTPStatus(status).phrase),
        detail=detail,
        ways=() if status == HTTPStatus.UNAUTHORIZED else _ways_on(request.url.path),
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
    pattern = "EEE d MMM, HH:mm"
    if value.astimezone(zone).year != datetime.now(zone).year:
        pattern = "EEE d MMM y, HH:mm"
    return str(format_datetime(value.astimezone(zone), pattern, locale="en_GB"))


def due(value: datetime) -> str:
    """How far a deadline is: `in 5 h`, `2 d late`."""
    distance = value - datetime.now(UTC)
    words = _span(abs(distance))
    return f"{words} late" if distance < timedelta(0) else f"in {words}"


def is_late(value: datetime) -> bool:
    """Whether a deadline has passed."""
    return value < datetime.now(UTC)


def seconds(value: float) -> str:
    """How long something took: `12 s`, `3 min 5 s`."""
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _span(distance: timedelta) -> str:
    minutes = int(distance.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} d"


_filters: dict[str, Any] = {
    "at": moment,
    "hours": lambda hours: f"{hours * 60:.0f} min" if hours < 1 else _span(timedelta(hours=hours)),
    "due": due,
    "is_late": is_late,
    "language": lambda code: LANGUAGE_NAMES.get(code, code),
    "signal": lambda name: SIGNAL_NAMES.get(name, name),
    "sure": lambda share: f"{min(math.floor(share * 100 + 0.5), 99)}%",
    "percent": lambda share: f"{share * 100:.0f}%",
    "counted": lambda count, noun: f"{count:,} {noun}{'s' * (count != 1)}",
    "seconds": seconds,
    "share": lambda share: "<1%" if 0 < share < 0.01 else f"{share * 100:.0f}%",
    "number": lambda value: f"{value:g}",
    "signed": lambda value: f"{value:+.2f}".replace("-", "−"),
}
_environment.filters.update(_filters)
