from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from pipelines.notices.day import Day, day_of
from pipelines.notices.facts import LISTED, AnswerFact, CaseFact, Quote
from pipelines.notices.week import Part, Week, parts_of, week_of
from pipelines.rules.team import Area, Member

ZONE = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 11, 30, 8, tzinfo=ZONE)
HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
TARTU = Area(attributes={"shop": ("Tartu",)})


def case(at: int = 1, **other: Any) -> CaseFact:
    known: dict[str, Any] = {
        "id": f"cas_{at}",
        "state": "assigned",
        "owner": "Anna",
        "level": "P2",
        "respond_by": NOW + 5 * A_DAY,
        "opened_at": NOW - 2 * A_DAY,
        "resolved_at": None,
        "words": "Late again",
        "language": "en",
    }
    return CaseFact(**(known | other))


def my_day(*cases: CaseFact, member: Member | None = None) -> Day:
    return day_of("Anna", member or Member(), cases, NOW - A_DAY, NOW, ZONE)


def ids(day: Day) -> dict[str, list[str]]:
    return {
        name: [one.id for one in getattr(day, name).cases]
        for name in ("breached", "due_today", "new_p1", "open")
    }


def test_a_day_tells_of_each_case_once_where_it_is_most_urgent() -> None:
    day = my_day(
        case(1, respond_by=NOW - HOUR),
        case(2, respond_by=NOW + HOUR),
        case(3, respond_by=datetime(2026, 11, 30, 23, 59, tzinfo=ZONE), level="P1"),
        case(4, respond_by=datetime(2026, 12, 1, tzinfo=ZONE)),
        case(5, level="P1", opened_at=NOW - HOUR),
        case(6, level="P1", opened_at=NOW - HOUR, owner=None, state="new"),
        case(7, level="P1", opened_at=NOW - HOUR, owner="Jan"),
        case(8, level="P1", opened_at=NOW - 3 * A_DAY, owner=None, state="new"),
        case(9, state="waiting", respond_by=NOW - HOUR),
        case(10, state="resolved", respond_by=NOW - HOUR),
    )
    assert ids(day) == {
        "breached": ["cas_1"],
        "due_today": ["cas_2", "cas_3"],
        "new_p1": ["cas_5", "cas_6"],
        "open": ["cas_9", "cas_4"],
    }


def test_leads_and_those_whose_area_it_is_hear_of_others_new_p1s() -> None:
    other = case(level="P1", opened_at=NOW - HOUR, owner="Jan", attributes={"shop": "Tartu"})
    assert my_day(other).is_empty
    assert my_day(other, member=Member(lead=True)).new_p1.count == 1
    assert my_day(other, member=Member(area=TARTU)).new_p1.count == 1


def test_a_long_list_is_cut_and_counted() -> None:
    day = my_day(*[case(at) for at in range(30)])
    assert (len(day.open.cases), day.open.count) == (LISTED, 30)


@given(
    st.lists(
        st.builds(
            case,
            st.integers(0, 99),
            owner=st.sampled_from(["Anna", "Jan", None]),
            level=st.sampled_from(["P1", "P2"]),
            state=st.sampled_from(["new", "assigned", "waiting", "snoozed", "closed"]),
            respond_by=st.integers(-50, 50).map(lambda hours: NOW + hours * HOUR),
            opened_at=st.integers(-50, 0).map(lambda hours: NOW + hours * HOUR),
        ),
        unique_by=lambda one: one.id,
        max_size=8,
    )
)
def test_every_open_case_of_mine_is_in_my_day_once(cases: list[CaseFact]) -> None:
    found = [one for part in ids(my_day(*cases)).values() for one in part]
    assert len(found) == len(set(found))
    mine = {one.id for one in cases if one.owner == "Anna" and one.state != "closed"}
    assert mine <= set(found)


def answer(
    days_ago: int, theme: str | None = "thm_1", shop: str = "Tartu", mood: float = -0.5
) -> AnswerFact:
    quote = Quote(f"{theme} {days_ago} {mood}", "et", mood, theme, None)
    segment = "detractor" if mood < 0 else "promoter"
    return AnswerFact(NOW - days_ago * A_DAY, segment, {"shop": shop}, (quote,))


def my_week(answers: list[AnswerFact], *cases: CaseFact, parts: tuple[Part, ...] = ()) -> Week:
    return week_of("Anna", parts or (Part(),), answers, cases, NOW, ZONE)


def test_a_week_is_the_seven_days_before_today() -> None:
    week = my_week([answer(days) for days in (0, 1, 7, 8)])
    assert (str(week.first), str(week.last)) == ("2026-11-23", "2026-11-29")
    (part,) = week.parts
    assert (part.answers, part.usual) == (2, 1)
    assert part.nps == -100


def test_what_is_usual_is_of_the_weeks_that_are_known() -> None:
    usual = [my_week([answer(1), answer(days)]).parts[0].usual for days in (2, 8, 14, 15, 35, 99)]
    assert usual == [None, 1, 1, 0.5, 0.25, 0]


def test_themes_that_grow_and_fall_are_told_with_what_is_usual() -> None:
    answers = [answer(3, "thm_up", mood=-0.9) for _ in range(6)]
    answers += [answer(days, "thm_down") for days in range(8, 28)]
    answers += [answer(days, "thm_same") for days in (1, 2, 3, 10, 11, 12, 17, 18, 19, 24, 25, 26)]
    answers += [answer(days, "thm_same") for days in (31, 32, 33)]
    (part,) = my_week(answers).parts
    assert [(one.theme, one.now, one.usual) for one in part.growing] == [("thm_up", 6, 0)]
    assert [(one.theme, one.now, one.usual) for one in part.falling] == [("thm_down", 0, 5)]
    assert part.quotes[0].theme == "thm_up"


def test_each_place_and_theme_has_its_own_part_with_its_own_quotes() -> None:
    area = Area(attributes={"shop": ("Tartu", "Narva")}, themes=("thm_2",))
    answers = [answer(1), answer(2, "thm_2", "Narva", 0.8), answer(3, None, "Valga")]
    week = my_week(answers, parts=parts_of(area))
    assert [part.answers for part in week.parts] == [1, 1, 1]
    assert [[one.theme for one in part.quotes] for part in week.parts] == [
        *(["thm_1"], ["thm_2"], ["thm_2"])
    ]
    assert parts_of(Area()) == (Part(),)


def test_three_quotes_are_of_three_answers_and_of_other_themes_first() -> None:
    answers = [answer(day, theme) for day in (1, 2) for theme in ("thm_1", "thm_2")]
    (part,) = my_week(answers).parts
    assert len(part.quotes) == 3
    assert {one.theme for one in part.quotes[:2]} == {"thm_1", "thm_2"}


def test_cases_of_a_week_are_counted_with_how_many_are_closed() -> None:
    known = (case(1, state="resolved", resolved_at=NOW - A_DAY), case(2), case(3, owner="Jan"))
    week = my_week([], *known)
    assert (week.parts[0].cases, week.parts[0].closed_share, week.parts[0].nps) == (0, None, None)
    assert (week.resolved, week.open) == (1, 1)
    answers = [
        replace(answer(days), case_id=of, case_state=state)
        for days, of, state in (
            *((1, "cas_1", "resolved"), (2, "cas_1", "resolved"), (3, "cas_2", "new")),
            *((4, None, None), (8, "cas_3", "closed")),
        )
    ]
    (part,) = my_week(answers, *known).parts
    assert (part.answers, part.cases, part.closed_share) == (4, 2, 0.5)
    assert not week.is_empty
    assert my_week([]).is_empty


def test_moments_of_any_zone_are_compared() -> None:
    at_utc = case(respond_by=(NOW + HOUR).astimezone(UTC))
    assert ids(my_day(at_utc))["due_today"] == ["cas_1"]
