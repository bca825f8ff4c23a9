"""Makes notices of what happened: each person is told of a thing once, of many things at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pipelines.notices.choices import KINDS
from pipelines.notices.recipients import Occasion, recipients, without_doubles
from service.notices.people import Recipient, people
from service.storage.notice_facts import NoticeFacts
from service.storage.notices import WEBHOOK, NoticeRepository
from service.wiring import Odzew

AT_ONCE = 500
"""Occasions in one transaction."""
ONE_BY_ONE = 5
"""So many notices of a kind one person gets at once; more are told of together."""
OLDEST_SPIKE = timedelta(weeks=3)
"""A spike in an older week, found in old answers, is told to nobody."""


def spread(odzew: Odzew, workspace: str, now: datetime) -> int:
    """Tell people of what nobody was told of yet; gives how many notices were made.

    Any number of processes may do so: occasions are locked, and a notice is unique.
    """
    made, seen = 0, AT_ONCE
    while seen == AT_ONCE:
        fresh, seen = _spread_some(odzew, workspace, now)
        made += fresh
    return made


def _spread_some(odzew: Odzew, workspace: str, now: datetime) -> tuple[int, int]:
    rules = odzew.rules(workspace)
    day = now.astimezone(rules.clock.calendar.zone).date()
    with odzew.database.transaction() as session:
        notices = NoticeRepository(session, workspace)
        rows = notices.untold(AT_ONCE)
        if not rows:
            return 0, 0
        found = NoticeFacts(session, workspace).occasions(rows, day - OLDEST_SPIKE)
        occasions = list({(one.kind, one.key): one for one in found if one is not None}.values())
        everybody = people(session, workspace, rules)
        known = notices.known(KINDS, {one.key for one in occasions})
        told: dict[str, list[Occasion]] = defaultdict(list)
        for one in occasions:
            for name in recipients(one, rules.team.members, everybody):
                if (name, one.kind, one.key) not in known:
                    told[name].append(one)
        is_mailing = odzew.settings.mail_server is not None
        made = 0
        for name, own in without_doubles(told).items():
            made += _tell(notices, everybody[name], own, now, day, is_mailing=is_mailing)
        if odzew.settings.webhook is not None:
            new = [one for one in occasions if (WEBHOOK, one.kind, one.key) not in known]
            made += _post(notices, new, now)
        for row in rows:
            row.told_at = now
    return made, len(rows)


def _tell(
    notices: NoticeRepository,
    person: Recipient,
    occasions: Sequence[Occasion],
    now: datetime,
    day: date,
    *,
    is_mailing: bool,
) -> int:
    made = 0
    for kind in KINDS:
        own = [one for one in occasions if one.kind == kind]
        single = own if len(own) <= ONE_BY_ONE else own[: ONE_BY_ONE - 1]
        together = own[len(single) :]
        for one in [*single, *together[:1]]:
            is_many = one in together
            notices.add(
                *(person.name, kind, one.key),
                at=now,
                is_shown=person.choices.wants(kind, "app"),
                channel=person.channel(kind, day, is_mailing=is_mailing),
                case_id=None if is_many else one.case_id,
                theme_id=None if is_many else one.theme_id,
                count=len(together) if is_many else 1,
            )
            made += 1
        for one in together[1:]:  # told with the first of them, and never again
            notices.add(person.name, kind, one.key, at=now, is_shown=False)
    return made


def _post(notices: NoticeRepository, occasions: Sequence[Occasion], now: datetime) -> int:
    for one in occasions:
        notices.add(
            *(WEBHOOK, one.kind, one.key),
            at=now,
            is_shown=False,
            channel="webhook",
            case_id=one.case_id,
            theme_id=one.theme_id,
        )
    return len(occasions)
