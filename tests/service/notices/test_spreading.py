from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from pipelines.cases import Step
from pipelines.insight.spikes import Incident, Spike
from pipelines.notices.choices import Choices
from service.app import create_app
from service.notices.spreading import AT_ONCE, ONE_BY_ONE
from service.storage.cases import CaseRepository
from service.storage.incidents import IncidentRepository
from service.storage.notice_tables import NoticeRow, OccasionRow
from service.storage.theme_tables import ThemeRow
from service.wiring import Odzew
from tests.conftest import sign_in
from tests.service.notices.conftest import TEAM, Telling


def test_a_new_p1_is_told_once_to_owner_and_lead(telling: Telling) -> None:
    telling.answer()
    assert telling.spread() == 2
    assert telling.notices() == [("Anna", "new_p1"), ("Ola", "new_p1")]
    assert telling.spread() == 0


def test_an_answer_that_is_no_p1_is_told_to_whom_it_is_given(telling: Telling) -> None:
    telling.answer("The courier was a little late.", 5)
    telling.spread()
    assert telling.notices() == [("Anna", "assigned")]


def test_the_clock_is_told_of_once_when_soon_and_once_when_late(telling: Telling) -> None:
    telling.answer("The courier was a little late.", 5)
    telling.spread()
    for _ in range(20):
        telling.pass_by(hours=8)
        for _ in range(2):
            telling.odzew.watch_cases(telling.workspace, telling.now)
            telling.spread()
    assert telling.notices() == [
        *(("Anna", "assigned"), ("Anna", "breached"), ("Anna", "due_soon"), ("Ola", "breached"))
    ]


def test_a_p1_of_long_ago_that_is_imported_is_no_news(telling: Telling) -> None:
    telling.answer(days_ago=4)
    telling.spread()
    assert telling.notices() == [("Anna", "assigned")]


def test_a_second_answer_to_a_p1_that_was_told_is_not_told_again(telling: Telling) -> None:
    telling.answer(name="Anna Wójcik")
    telling.spread()
    telling.written -= 1
    telling.answer(name="Anna Wójcik")
    telling.spread()
    assert telling.notices() == [("Anna", "new_p1"), ("Ola", "new_p1")]


def test_taking_over_and_handing_over(telling: Telling) -> None:
    case = telling.answer("The courier was a little late.", 5)
    telling.spread()
    for who, owner in (("Ola", "Ola"), ("Ola", "Jan")):
        telling.pass_by(minutes=1)
        with telling.odzew.database.transaction() as session:
            clock = telling.odzew.rules(telling.workspace).clock
            step = Step("assign", who, telling.now, owner=owner)
            CaseRepository(session, telling.workspace).move(case, step, clock)
        telling.spread()
    assert telling.notices() == [("Anna", "assigned"), ("Jan", "assigned")]


def test_who_was_given_a_case_for_a_moment_and_who_has_it_back_hear_nothing(
    telling: Telling,
) -> None:
    case = telling.answer("The courier was a little late.", 5)
    telling.spread()
    for owner in ("Jan", "Anna"):
        telling.pass_by(seconds=5)
        with telling.odzew.database.transaction() as session:
            clock = telling.odzew.rules(telling.workspace).clock
            step = Step("assign", "Ola", telling.now, owner=owner)
            CaseRepository(session, telling.workspace).move(case, step, clock)
    telling.spread()
    assert ("Jan", "assigned") not in telling.notices()


def test_many_at_once_are_told_of_together_and_never_again(telling: Telling) -> None:
    for _ in range(ONE_BY_ONE + 3):
        telling.answer()
    telling.spread()
    with telling.odzew.database.snapshot() as session:
        query = select(NoticeRow).where(NoticeRow.person == "Anna").order_by(NoticeRow.count)
        rows = list(session.scalars(query))
    shown = [row.count for row in rows if row.is_shown]
    assert shown == [*[1] * (ONE_BY_ONE - 1), 4]
    assert len(rows) == ONE_BY_ONE + 3
    telling.written = 0
    for _ in range(ONE_BY_ONE + 3):
        telling.answer()
    assert telling.spread() == 0


def test_what_a_person_does_not_want_on_their_page_is_kept_but_not_shown(
    telling: Telling,
) -> None:
    telling.choose("Anna", Choices({"new_p1": frozenset()}))
    telling.answer()
    telling.spread()
    with telling.odzew.database.snapshot() as session:
        rows = {row.person: row.is_shown for row in session.scalars(select(NoticeRow))}
    assert rows == {"Anna": False, "Ola": True}


def test_nothing_is_lost_where_the_process_dies_between(telling: Telling) -> None:
    telling.answer()
    with telling.odzew.database.snapshot() as session:
        assert [row.told_at for row in session.scalars(select(OccasionRow))] == [None, None]
    telling.odzew.close()  # nothing was told yet
    again = Telling(
        Odzew(telling.odzew.settings, telling.odzew.reader), telling.workspace, telling.now
    )
    assert again.spread() == 2
    again.odzew.close()


def test_several_processes_tell_each_thing_once(telling: Telling) -> None:
    for _ in range(4):
        telling.answer()
    houses = [Odzew(telling.odzew.settings, telling.odzew.reader) for _ in range(3)]
    threads = [Thread(target=Telling(one, telling.workspace, telling.now).spread) for one in houses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in houses:
        one.close()
    assert telling.notices() == [*[("Anna", "new_p1")] * 4, *[("Ola", "new_p1")] * 4]


def test_more_than_fit_in_one_transaction_are_all_told(telling: Telling) -> None:
    case = telling.answer()
    with telling.odzew.database.transaction() as session:
        for at in range(AT_ONCE + 10):
            session.add(
                OccasionRow(
                    workspace_id=telling.workspace,
                    kind="breached",
                    key=f"{case} {at}",
                    case_id=case,
                    at=telling.now,
                )
            )
    telling.spread()
    with telling.odzew.database.snapshot() as session:
        assert session.scalars(select(OccasionRow).where(OccasionRow.told_at.is_(None))).all() == []


def test_a_case_that_was_erased_meanwhile_is_told_to_nobody(telling: Telling) -> None:
    with telling.odzew.database.transaction() as session:
        session.add(
            OccasionRow(
                workspace_id=telling.workspace,
                kind="new_p1",
                key="cas_gone 1",
                case_id="cas_gone",
                at=telling.now,
            )
        )
    assert telling.spread() == 0


def incident(week_of: datetime, reopened: int = 0) -> Incident:
    monday = week_of.date() - timedelta(days=week_of.weekday())
    spike = Spike("thm_1", monday, "emerging", 9, 2.0, 1e-6)
    return Incident("thm_1", "emerging", (spike,), reopened)


@pytest.mark.parametrize(("weeks_ago", "told"), [(1, ["Jan", "Ola"]), (30, [])])
def test_a_theme_on_the_rise_is_told_to_its_owner_and_leads_if_it_is_news(
    telling: Telling, weeks_ago: int, told: list[str]
) -> None:
    at = telling.now - timedelta(weeks=weeks_ago)
    with telling.odzew.database.transaction() as session:
        session.add(
            ThemeRow(
                id="thm_1",
                workspace_id=telling.workspace,
                label="Lost parcel",
                keywords={},
                owner="Jan",
                created_at=at,
            )
        )
        session.flush()
        found = incident(at)
        for _ in range(2):
            IncidentRepository(session, telling.workspace).keep([found])
    telling.spread()
    assert [person for person, _ in telling.notices()] == told
    with telling.odzew.database.transaction() as session:
        IncidentRepository(session, telling.workspace).keep([replace(found, reopened=1)])
    telling.spread()
    assert [person for person, _ in telling.notices()] == sorted(told * 2)


def test_without_a_team_everybody_who_has_signed_in_hears_of_a_p1(telling: Telling) -> None:
    telling.team("members: {}")
    with TestClient(create_app(telling.odzew)) as browser:
        browser.get(sign_in(telling.odzew, telling.workspace))
    telling.answer()
    telling.spread()
    assert telling.notices() == [("Ewa", "new_p1")]


@given(
    st.lists(
        st.sampled_from(
            ["answer", "again", "spread", "later", "watch", "restart", "leave", "join"]
        ),
        max_size=14,
    )
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_nobody_is_told_of_a_thing_twice_and_everything_is_told(
    telling: Telling, steps: list[str]
) -> None:
    for step in steps:
        if step in ("answer", "again"):
            telling.written -= step == "again" and telling.written > 0
            telling.answer()
        elif step == "later":
            telling.pass_by(hours=7)
        elif step == "watch":
            telling.odzew.watch_cases(telling.workspace, telling.now)
        elif step == "restart":
            telling.odzew = Odzew(telling.odzew.settings, telling.odzew.reader)
        elif step in ("leave", "join"):
            telling.team(TEAM if step == "join" else TEAM.replace("lead: true", ""))
        else:
            telling.spread()
    telling.spread()
    with telling.odzew.database.snapshot() as session:
        rows = list(session.scalars(select(NoticeRow)))
        left = session.scalars(select(OccasionRow).where(OccasionRow.told_at.is_(None))).all()
        cases = {row.case_id for row in session.scalars(select(OccasionRow))}
    keys = [(row.person, row.kind, row.key) for row in rows]
    assert len(keys) == len(set(keys))
    assert not left
    assert {row.key.partition(" ")[0] for row in rows} == cases
