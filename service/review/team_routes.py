"""The team page: how the small loop goes by person, theme and place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Response

from pipelines.contracts import RejectedError
from pipelines.insight.loop import by_attribute, by_owner, by_theme, figures
from pipelines.messages import N_
from service.auth import House, Person
from service.review.language import _, language
from service.review.pages import render
from service.storage.case_times import case_times
from service.storage.queue import NOBODY
from service.storage.themes import ThemeRepository

router = APIRouter(include_in_schema=False)

LOOK_BACK = timedelta(days=90)
_OWNER, _THEME = "owner", "theme"
_MOST = 60


@router.get("/team")
def team(person: Person, odzew: House, by: str = _OWNER) -> Response:
    """Figures of the last 90 days by owner, theme or any attribute of the answers."""
    now = datetime.now(UTC)
    with odzew.database.snapshot() as session:
        cases = case_times(session, person.workspace, now - LOOK_BACK)
        names = ThemeRepository(session, person.workspace).names(language()) if by == _THEME else {}
    attributes = sorted({name for case in cases for name, _ in case.attributes})
    by = by or _OWNER
    if by not in (_OWNER, _THEME, *attributes):
        raise RejectedError(
            N_("No answer of these cases has the attribute “%(by)s”. Choose one of: %(offered)s."),
            by=by[:60],
            offered=", ".join((_OWNER, _THEME, *attributes)),
        )
    part = {_OWNER: by_owner, _THEME: by_theme}.get(by) or by_attribute(by)
    whole, *rows = figures(cases, part, now)
    return render(
        "team.html",
        person=person.name,
        here="team",
        by=by,
        ways=[
            (_OWNER, _("By person")),
            (_THEME, _("By theme")),
            *((one, _("By %(attribute)s", attribute=one)) for one in attributes),
        ],
        whole=whole,
        rows=rows[:_MOST],
        more=max(0, len(rows) - _MOST),
        names=names,
        key={_OWNER: "owner", _THEME: "theme"}.get(by),
        nobody=NOBODY,
    )
