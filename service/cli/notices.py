"""The command `odzew digest`: what a digest would say, without telling anybody."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from pipelines.contracts import PipelineError
from pipelines.notices.letter import as_text
from pipelines.notices.week import Part
from service.cli.house import opened
from service.notices.digests import DigestRoom
from service.notices.letters import LetterRoom
from service.notices.people import person as recipient


def digest(
    person: Annotated[str, typer.Option(help="Whose.")],
    kind: Annotated[Literal["daily", "weekly"], typer.Option(help="Which.")] = "daily",
    place: Annotated[
        str | None, typer.Option(help="The week of one place instead, such as shop=Tartu.")
    ] = None,
) -> None:
    """Print a person's digest as of now; nothing is sent."""
    name, _, value = (place or "").partition("=")
    if place is not None and not value:
        raise PipelineError(f"--place is an attribute and its value: shop=Tartu, not {place!r}.")
    now = datetime.now(UTC)
    with opened() as (odzew, workspace), odzew.database.snapshot() as session:
        rules = odzew.rules(workspace)
        told = recipient(session, workspace, rules, person)
        calendar = rules.clock.calendar
        room = DigestRoom(session, workspace, calendar, now)
        letters = LetterRoom(session, workspace, calendar, odzew.settings.pages, now)
        writer = letters.writer(told.choices.language)
        if kind == "daily" and not value:
            letter = writer.of_day(room.day(told), now)
        else:
            parts = [Part("place", name, value)] if value else []
            letter = writer.of_week(room.week(told, parts))
    sys.stdout.write(f"{letter.subject}\n\n{as_text(letter)}")
