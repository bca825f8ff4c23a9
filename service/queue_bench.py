"""Times the queue with many cases as ratios within one run: `odzew bench queue`."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from pipelines.understanding import Reader
from service import sample
from service.app import create_app
from service.settings import Settings
from service.storage import access
from service.storage.all_tables import metadata
from service.storage.case_tables import CaseRow
from service.wiring import Odzew

NAME = "queue"
ROUNDS = 15
_COPIED: Mapping[str, tuple[str, ...]] = {
    "respondents": ("id", "external_id"),
    "feedback": ("id", "dedupe_key", "respondent_id"),
    "readings": ("feedback_id",),
    "excerpts": ("feedback_id",),
    "feedback_words": ("feedback_id",),
    "cases": ("id", "feedback_id"),
    "case_answers": ("feedback_id", "case_id"),
}
"""Tables whose rows are multiplied, with the columns that tell one copy from another."""


@dataclass(frozen=True)
class Timing:
    """A request: its median time on the server, and that as a share of the first."""

    part: str
    milliseconds: float
    ratio: float


def queue(reader: Reader, *, count: int, say: Callable[[str], object]) -> list[Timing]:
    """What pages and filters of the queue cost with many cases, beside the sample's own queue.

    The sample workspace is loaded and its rows are multiplied until there are `count` cases, in a
    folder that is thrown away.

    Args:
        reader: everything that reads.
        count: cases to reach.
        say: told of each step.

    Returns:
        The page of the sample's queue first (ratio 1), then the same with `count` cases, filters
        and other orders; medians of `ROUNDS` rounds in turn.
    """
    from starlette.testclient import TestClient

    with tempfile.TemporaryDirectory() as folder:
        odzew = Odzew(Settings(home=Path(folder)), reader)
        try:
            with odzew.database.transaction() as session:
                workspace = access.ensure_workspace(session, "Bench", datetime.now(UTC))
                token = access.create_link(session, workspace, "Bench", datetime.now(UTC))
            say("Loading the sample workspace")
            sample.load(odzew, workspace)
            odzew.refit_themes(workspace)
            with TestClient(create_app(odzew)) as browser:
                browser.get(f"/sign-in?token={token}")
                first = {"page, the sample's own cases": _median(browser, ["/queue"])[0]}
                with odzew.database.transaction() as session:
                    say(f"Making {count:,} cases of them")
                    theme = _multiply(session, count)
                asked = _requests(theme)
                times = _median(browser, list(asked.values()))
        finally:
            odzew.close()
    found = first | dict(zip(asked, times, strict=True))
    base = next(iter(found.values()))
    return [Timing(part, taken, taken / base) for part, taken in found.items()]


def _requests(theme: str) -> dict[str, str]:
    return {
        "page": "/queue",
        "page asked again for what is new": "/queue?since=0",
        "page of all states": "/queue?state=all",
        "page 34": "/queue?state=all&offset=990",
        "by priority": "/queue?state=all&priority=P1",
        "by language": "/queue?state=all&language=et",
        "by segment and language": "/queue?state=all&segment=detractor&language=cs",
        "by theme": f"/queue?state=all&theme={theme}",
        "by owner": "/queue?owner=nobody",
        "in order of time": "/queue?state=all&sort=respond_by",
        "newest first": "/queue?state=all&sort=newest",
        "search for words": "/queue?state=all&q=refund+parcel",
        "search for a customer": "/queue?state=all&q=600+000+014",
    }


def _median(browser: Any, addresses: list[str]) -> list[float]:
    """Milliseconds of each address, in turn; the first round warms up."""
    taken: list[list[float]] = [[] for _ in addresses]
    for _ in range(ROUNDS + 1):
        for own, address in zip(taken, addresses, strict=True):
            begun = time.perf_counter()
            response = browser.get(address)
            own.append((time.perf_counter() - begun) * 1_000)
            response.raise_for_status()
    return [statistics.median(own[1:]) for own in taken]


def _multiply(session: Session, count: int) -> str:
    """Copy cases with all that their lines show until there are `count`; gives the top theme."""
    cases = int(session.scalar(select(func.count()).select_from(CaseRow)) or 0)
    for copy in range(1, -(-count // cases)):
        for name, told_by in _COPIED.items():
            table = metadata.tables[name]
            keys = [column.name for column in table.columns if column.autoincrement is not True]
            values = [f"{key} || '-{copy}'" if key in told_by else f'"{key}"' for key in keys]
            original = f"{told_by[0]} NOT LIKE '%-%'"
            names = ", ".join(f'"{key}"' for key in keys)
            session.execute(
                text(
                    f"INSERT INTO {name} ({names}) SELECT {', '.join(values)} "  # noqa: S608
                    f"FROM {name} WHERE {original}"
                )
            )
    session.execute(text("ANALYZE"))
    top = session.execute(
        text(
            "SELECT theme_id FROM excerpts WHERE theme_id IS NOT NULL GROUP BY theme_id "
            "ORDER BY count(*) DESC LIMIT 1"
        )
    ).scalar_one()
    return str(top)
