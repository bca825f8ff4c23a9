from __future__ import annotations

import re
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
import yaml

from models.signals import NAMES
from pipelines.contracts import LEVELS
from pipelines.rules import KINDS, Rules
from pipelines.rules.clock_rules import clock_of
from pipelines.rules.documents import RuleError, shipped
from pipelines.rules.team import team_of
from pipelines.rules.weights import number_of, weights_of
from pipelines.work_calendar import Window

PRAGUE = ZoneInfo("Europe/Prague")


def changed(kind: str, **entries: object) -> str:
    """A shipped document with some entries replaced."""
    return str(yaml.safe_dump({**yaml.safe_load(shipped(kind)), **entries}, allow_unicode=True))


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_documents_can_be_used_and_explain_themselves(kind: str) -> None:
    content = shipped(kind)
    Rules.of({kind: content}, PRAGUE)
    assert content.startswith("# ")
    assert content.count("#") > 5


def test_shipped_limits_are_those_of_the_field() -> None:
    clock = clock_of(shipped("clock"), PRAGUE)
    assert {name: one.hours for name, one in clock.segments.items()} == {
        "detractor": 24,
        "passive": 48,
        "promoter": 168,
    }
    assert clock.levels["P1"].hours == 4
    assert clock.calendar.zone is PRAGUE
    assert clock.calendar.is_free(date(2026, 11, 11)), "Independence Day of Poland"


def test_a_clock_of_ones_own_is_read() -> None:
    week = {"monday": "8:00-12:00, 13:00 – 24:00", "sunday": ""}
    clock = clock_of(
        changed(
            "clock", zone="Europe/Tallinn", week=week, days_off=["2026-12-31"], holidays=["ee"]
        ),
        PRAGUE,
    )
    assert str(clock.calendar.zone) == "Europe/Tallinn"
    assert clock.calendar.week[0] == (Window(time(8), time(12)), Window(time(13), time.min))
    assert not any(clock.calendar.week[1:])
    assert clock.calendar.countries == ("EE",)
    assert clock.calendar.is_free(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "document: "),
        ("- a list", "document: "),
        ("week: [", "no YAML"),
        ("a: &a [*a]", "no YAML|document|a: "),
        ("x" * 100_001, "at most 100,000 bytes"),
        (changed("clock", zone="Europe/Warszawa"), "no IANA time zone"),
        (changed("clock", zone="../etc/passwd"), "no IANA time zone"),
        (changed("clock", week={"monday": "nine to five"}), "no stretch such as"),
        (changed("clock", week={"monday": "17:00-09:00"}), "end before they begin"),
        (changed("clock", week={"monday": "08:00-24:30"}), "no time of day"),
        (changed("clock", week={"monday": ""}), "at least one"),
        (changed("clock", week={"mon": "08:00-16:00"}), "week"),
        (changed("clock", holidays=["ZZ"]), "two-letter code"),
        (changed("clock", days_off=["2026-02-30"]), "days_off"),
        (changed("clock", segments={"detractor": {"hours": 24, "running": "always"}}), "passive"),
        (changed("clock", priorities={"P1": {"hours": -1, "running": "always"}}), "more than 0"),
        (changed("clock", priorities={"P9": {"hours": 1, "running": "always"}}), "priorities"),
        (changed("clock", due_soon=2), "due_soon"),
        (changed("clock", hollidays=["PL"]), "hollidays"),
    ],
)
def test_a_clock_that_cannot_be_kept_says_which_entry(content: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        clock_of(content, PRAGUE)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (changed("weights", signals={"saftey": 40}), "“saftey” is no signal"),
        (changed("weights", low_score="many"), "low_score"),
        (changed("weights", breached=-3), "breached"),
        (changed("weights", segments={"detractor": 1}), "lack points for passive"),
        (changed("weights", levels={"P1": 20, "P2": 45, "P3": 70, "P4": 0}), "levels fall"),
        (changed("weights", levels={"P1": 70, "P2": 45, "P3": 20, "P4": 5}), "begins at 0"),
        (changed("weights", extra=1), "extra"),
    ],
)
def test_weights_that_cannot_be_used_say_which_entry(content: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        weights_of(content)


def test_many_errors_are_told_in_one_short_message() -> None:
    with pytest.raises(RuleError, match=r"and \d+ more"):
        weights_of("nothing: 1")


def test_levels_are_in_order_and_reach_down_to_nothing() -> None:
    weights = weights_of(shipped("weights"))
    found = [weights.level(score) for score in range(101)]
    assert set(found) == set(LEVELS)
    assert found == sorted(found, reverse=True)
    assert set(weights.signals) <= set(NAMES)


NUMBERS: list[tuple[object, float | None]] = [
    (5, 5.0),
    ("5", 5.0),
    ("1 250,5", 1250.5),
    ("12\u00a0000", 12_000.0),
    ("five", None),
    (True, None),
    (None, None),
    ("inf", None),
    ("nan", None),
    ("", None),
]


@pytest.mark.parametrize(("value", "number"), NUMBERS)
def test_attributes_are_numbers_as_people_write_them(value: object, number: float | None) -> None:
    assert number_of(value) == number  # type: ignore[arg-type]


def test_every_entry_of_a_document_has_a_line_of_its_own_to_change() -> None:
    for kind in KINDS:
        keys = yaml.safe_load(shipped(kind))
        for key in keys:
            assert re.search(rf"^{key}:", shipped(kind), re.MULTILINE), key


@pytest.mark.parametrize("other", ["anna nowak", "ANNA NOWAK", "Ａnna Nowak"])
def test_members_whose_names_differ_in_capitals_alone_are_refused(other: str) -> None:
    with pytest.raises(RuleError, match="are the same but for capitals; rename one"):
        team_of(f'members: {{"Anna Nowak": {{}}, "{other}": {{}}}}')
    assert len(team_of("members: {Anna Nowak: {}, Anna Nowakowa: {}}").members) == 2
