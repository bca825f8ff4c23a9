from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from models.contracts import LANGUAGES
from pipelines.notices.choices import KINDS, OF_CASES
from pipelines.notices.day import day_of
from pipelines.notices.facts import AnswerFact, CaseFact, Quote
from pipelines.notices.letter import as_html, as_text, words
from pipelines.notices.week import Part, week_of
from pipelines.notices.writing import SpikeFact, Writer
from pipelines.rules.team import Member

ZONE = ZoneInfo("Europe/Tallinn")
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
NASTY = '<script>alert("x")</script> & more'


def case(text: str = "Late again", themes: tuple[str, ...] = ("thm_1",)) -> CaseFact:
    due = NOW + timedelta(hours=2)
    return CaseFact("cas_1", "new", None, "P1", due, NOW, None, text, "en", themes)


def writer(language: str) -> Writer:
    return Writer(language, {"thm_1": "Lost parcel"}, ZONE, "https://odzew.example")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_with_the_same_places_in_every_language(language: str) -> None:
    english, other = words("en"), words(language)
    assert {part: {*names} for part, names in english.items()} == {
        part: {*names} for part, names in other.items()
    }
    for part, names in english.items():
        for name, sentence in names.items():
            assert sorted(re.findall(r"{\w+}", other[part][name])) == sorted(
                re.findall(r"{\w+}", sentence)
            )
            has_words = re.search(r"[a-z]", re.sub(r"{\w+}", "", sentence))
            assert language == "en" or not has_words or other[part][name] != sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_can_be_told_is_written_in_every_language(language: str) -> None:
    by = writer(language)
    assert {by.kind(kind) for kind in KINDS} == {*words(language)["kind"].values()}
    letters = [by.of_many(kind, 7, "Anna") for kind in (*OF_CASES, "spike")]
    letters += [by.of_case(kind, case(), NOW) for kind in OF_CASES]
    quote = Quote("Kadus ära", "et", -0.9, None, "cas_1")
    letters.append(by.of_spike(SpikeFact("thm_1", date(2026, 11, 23), 9, 2.4), [quote]))
    day = day_of("Anna", Member(), [case("")] * 12, NOW - timedelta(days=1), NOW, ZONE)
    answers = [
        AnswerFact(NOW - timedelta(days=days), "detractor", {"shop": "Tartu"}, (quote,))
        for days in (1, 2, 9)
    ]
    parts = (Part(), Part("place", "shop", "Tartu"), Part("theme", value="thm_1"))
    letters += [by.of_day(day, NOW), by.of_week(week_of("Anna", parts, answers, [], NOW, ZONE))]
    for one in letters:
        ended = by.with_foot(one, "daily", "https://odzew.example/notices/stop?token=a")
        for text in (as_text(ended), as_html(ended)):
            assert "{" not in text.replace("{font", "")
            assert "https://odzew.example/notices/stop?token=a" in text


def test_what_customers_write_cannot_become_markup() -> None:
    letter = writer("en").of_case("new_p1", case(NASTY, ()), NOW)
    seen: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            seen.append(tag)

    Tags().feed(as_html(letter))
    assert "script" not in seen
    assert NASTY in as_text(letter)


def test_quotes_stand_between_the_marks_of_the_letters_language() -> None:
    assert "„Late again”" in as_text(writer("pl").of_case("breached", case(), NOW))
    assert "„Late again“" in as_text(writer("cs").of_case("breached", case(), NOW))


def test_a_case_without_a_theme_is_told_of_by_its_words() -> None:
    title = writer("en").title("new_p1", case("word " * 40, ()))
    assert title.startswith("New P1: “word word")
    assert len(title) < 90
    assert writer("en").title("new_p1", case("", ())) == "New P1: no theme yet"


def test_pages_tell_of_a_case_by_its_customer_and_mails_do_not() -> None:
    page = replace(writer("en"), customers={"cas_1": "Jitka Malá"})
    assert page.title("new_p1", case()) == "New P1: Jitka Malá"
    assert writer("en").title("new_p1", case()) == "New P1: Lost parcel"
    day = day_of("Anna", Member(), [replace(case(), owner="Anna")], NOW, NOW, ZONE)
    assert "Jitka Malá · Lost parcel · P1, to do by" in as_text(page.of_day(day, NOW))
    assert "Jitka" not in as_text(writer("en").of_day(day, NOW))


def test_a_list_that_is_cut_leads_to_the_cases_it_is_of() -> None:
    many = [replace(case(), id=f"cas_{at}", owner=None) for at in range(12)]
    day = day_of("Anna", Member(), many, NOW - timedelta(days=3), NOW, ZONE)
    (section,) = writer("en").of_day(day, NOW).sections
    assert section.title == "P1 cases that came in since Fri 27 Nov, 10:00: 12"
    assert section.lines[-1].link == "https://odzew.example/queue?priority=P1&sort=newest"
    (act,) = writer("en").of_many("due_soon", 12, "Anna Mrå").sections[0].lines
    assert act.link == "https://odzew.example/queue?owner=Anna+Mr%C3%A5&sort=respond_by"


def test_hours_are_those_of_the_team() -> None:
    assert "12:00" in as_text(writer("et").of_case("due_soon", case(), NOW))
