from __future__ import annotations

from datetime import date

import pytest

from pipelines.followup.days import days_named, weekday_of

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("pl", "do 5 grudnia albo 26.11., 2026-12-01", ["2026-12-01", "2026-12-05", "2026-11-26"]),
        ("pl", "pojutrze, w ciągu 3 dni, za tydzień", ["2026-11-26", "2026-12-01", "2026-11-27"]),
        ("pl", "o godz. 12.10 za 9.10 zł, w środowisku; 100.5", []),
        ("cs", "5. prosince, 30. 11., 3. ledna 2027", ["2026-12-05", "2027-01-03", "2026-11-30"]),
        ("cs", "zítra, během 48 hodin, do týdne", ["2026-11-25", "2026-12-01", "2026-11-26"]),
        ("cs", "v 12.10, střed města, pátý den", []),
        ("et", "5. detsembril või 26.11", ["2026-12-05", "2026-11-26"]),
        ("et", "homme, ülehomme, 3 päeva jooksul", ["2026-11-25", "2026-11-26", "2026-11-27"]),
        ("et", "kell 12.10 Täname Teid", []),
        ("en", "December 6th or the 5th of December", ["2026-12-06", "2026-12-05"][::-1]),
        ("en", "the day after tomorrow, tomorrow", ["2026-11-26", "2026-11-25"]),
        ("en", "24/7, £9.10, may I, at 9.10, 31/02", []),
    ],
)
def test_days_are_found_and_what_only_looks_like_one_is_not(
    language: str, text: str, days: list[str]
) -> None:
    found = days_named(text, language, near=TUESDAY, today=TUESDAY)
    assert [str(one.day) for one in found] == days


def test_americans_write_the_month_first() -> None:
    for month_first, day in ((True, date(2026, 12, 5)), (False, date(2027, 5, 12))):
        found = days_named("12/05", "en", near=TUESDAY, month_first=month_first)
        assert [one.day for one in found] == [day]


def test_a_weekday_is_the_next_of_its_name() -> None:
    (friday,) = days_named("w piątek", "pl", near=TUESDAY, today=TUESDAY)
    assert (friday.kind, friday.day) == ("weekday", date(2026, 11, 27))
    (unknown,) = days_named("reedel", "et", near=TUESDAY)
    assert unknown.day is None
    assert weekday_of("neděli", "cs") == 6
    assert weekday_of("nedbalost", "cs") is None
