from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models.contracts import ThemeMatch
from models.personal_data import PersonalSpan
from pipelines.contracts import Person, Understanding
from pipelines.followup.grammar import month
from pipelines.followup.lint import lint
from pipelines.followup.news import (
    News,
    plan_for_silent,
    plan_news,
    plan_praise,
    praised_name,
    praises_somebody,
)
from pipelines.followup.plan import DraftPlan, from_json, to_json
from pipelines.followup.planning import Voice, make_plan
from pipelines.followup.render import render
from pipelines.improvement import ThemeAction
from tests.pipelines.followup.test_plan import BAD, GOOD, understood

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
WROTE = datetime(2026, 3, 5, 9, tzinfo=UTC)
VOICE = Voice("Zipako", None, "care@zipako.example", "Europe/Warsaw")
ANNA = Person("r-1", "Anna Kostrzewa", "f", "anna@example.com", None, None, None)
WORDS = {"pl": "Kurierzy dzwonią teraz przed przyjazdem."}
DID = News("we_did", WORDS, "thm_1", "delivery")


def about(understanding: Understanding, *themes: str | None) -> Understanding:
    """The same, with the themes of its excerpts."""
    found = tuple(
        replace(one, theme=ThemeMatch(theme, theme, 0.9) if theme else None)
        for one, theme in zip(understanding.excerpts, themes, strict=True)
    )
    return replace(understanding, excerpts=found)


def planned(understanding: Understanding, news: News = DID) -> DraftPlan | str:
    return plan_news(
        news, understanding, "detractor", ANNA, VOICE, feedback_id="fb", wrote_at=WROTE, now=NOW
    )


def test_those_who_raised_a_theme_are_told_in_their_own_words_of_it() -> None:
    plan = planned(about(understood(BAD, ("apka jest nie do użycia", -0.9)), "thm_1", "thm_2"))
    assert isinstance(plan, DraftPlan)
    assert (plan.purpose, plan.topic, plan.wrote_on) == ("we_did", "delivery", date(2026, 3, 5))
    assert plan.quote == BAD[0]
    text = render(plan)
    assert "Pani Anno" in text.body
    assert "w\N{NO-BREAK SPACE}marcu" in text.body
    assert WORDS["pl"] in text.body.replace("\N{NO-BREAK SPACE}", " ")
    assert VOICE.contact in text.body
    assert not [one for one in lint(plan, text.subject, text.body) if one.weight == "blocking"]


def test_a_plan_of_news_is_kept_and_read_again() -> None:
    plan = planned(about(understood(BAD), "thm_1"))
    assert isinstance(plan, DraftPlan)
    assert from_json(to_json(plan)) == plan


def test_a_plan_kept_before_there_were_purposes_is_an_answer() -> None:
    plan = make_plan(
        understood(BAD),
        *("detractor", ANNA, VOICE),
        feedback_id="fb",
        respond_by=NOW,
        touchpoints={},
    )
    assert plan is not None
    kept = to_json(plan) | {"version": 2}
    for new in ("purpose", "told", "wrote_on", "doing"):
        del kept[new]
    assert from_json(kept) == plan


@pytest.mark.parametrize(
    ("signals", "language", "why"),
    [
        (("asks_no_contact",), "pl", "asks_no_contact"),
        (("safety",), "pl", "sensitive"),
        (("legal_threat",), "pl", "sensitive"),
        ((), "et", "no_words"),
    ],
)
def test_some_are_not_written_to(signals: tuple[str, ...], language: str, why: str) -> None:
    assert planned(about(understood(BAD, signals=signals, language=language), "thm_1")) == why


def test_nobody_is_written_to_in_a_language_that_is_not_theirs() -> None:
    english = News("we_did", {**WORDS, "en": "Couriers ring first now."}, "thm_1", "delivery")
    assert planned(about(understood(BAD, language="uk"), "thm_1"), english) == "no_words"


def test_a_refusal_of_what_is_no_suggestion_quotes_nothing() -> None:
    plan = planned(understood(BAD), News("declined", {"pl": "W okolicy nie ma na to lokalu."}))
    assert isinstance(plan, DraftPlan)
    assert plan.quote is None


def test_a_refusal_quotes_what_was_suggested_and_says_why() -> None:
    wish = ("przydałby się drugi punkt odbioru", 0.0)
    both = understood(wish, BAD, hits=("suggestion",), signals=("suggestion",))
    plan = planned(both, News("declined", {"pl": "W okolicy nie ma na to lokalu."}))
    assert isinstance(plan, DraftPlan)
    assert plan.quote == wish[0]
    body = render(plan).body.replace("\N{NO-BREAK SPACE}", " ")
    assert "W okolicy nie ma na to lokalu." in body


def test_the_silent_are_told_what_others_said_without_a_name_or_a_quote() -> None:
    plan = plan_for_silent("pl", DID, VOICE, NOW)
    assert plan is not None
    assert (plan.name, plan.quote, plan.wrote_on) == (None, None, None)
    text = render(plan)
    assert not [one for one in lint(plan, text.subject, text.body) if one.weight == "blocking"]
    assert plan_for_silent("cs", DID, VOICE, NOW) is None


def praise(text: str, *pii: PersonalSpan) -> Understanding:
    return understood((text, 0.9), hits=("praise_person",), signals=("praise_person",), pii=pii)


def test_praise_is_passed_on_with_the_name_in_it() -> None:
    text = "Pani Kasia bardzo mi pomogła"
    read = praise("[name] bardzo mi pomogła", PersonalSpan("name", 5, 10))
    read = replace(read, excerpts=(replace(read.excerpts[0], end=len(text)),))
    assert praised_name(text, read) == "Kasia"
    plan = plan_praise(read, VOICE, text=text, colleague="Katarzyna", feedback_id="fb", now=NOW)
    assert (plan.quote, plan.segment) == (text, "promoter")
    note = render(plan)
    assert note.body.startswith("Pani Katarzyno")
    assert text in note.body.replace("\N{NO-BREAK SPACE}", " ")
    assert not lint(plan, note.subject, note.body)


@pytest.mark.parametrize("grave", ["safety", "health", "legal_threat"])
def test_nobody_is_praised_by_who_tells_of_something_grave(grave: str) -> None:
    read = praise("Pani Kasia bardzo mi pomogła")
    assert praises_somebody(read)
    assert not praises_somebody(replace(read, signals=(*read.signals, grave)))


def test_what_is_hardly_kind_praises_nobody() -> None:
    read = praise("Slečna za to nemohla")
    mild = replace(read.excerpts[0], sentiment=replace(read.excerpts[0].sentiment, score=0.4))
    assert not praises_somebody(replace(read, excerpts=(mild,)))


def test_praise_with_a_number_in_it_is_passed_on_without_the_words() -> None:
    text = "Pan spod 600 100 200 bardzo mi pomógł"
    read = praise(text, PersonalSpan("phone", 9, 20))
    plan = plan_praise(read, VOICE, text=text, colleague="", feedback_id="fb", now=NOW)
    assert plan.quote is None
    assert "600" not in render(plan).body


def test_a_note_to_nobody_in_particular_has_the_salutation_of_several() -> None:
    text = "obsługa bardzo mi pomogła"
    plan = plan_praise(praise(text), VOICE, text=text, colleague="", feedback_id="fb", now=NOW)
    assert render(plan).body.startswith("Szanowni Państwo,")


def answer(
    action: ThemeAction, wrote_at: datetime = WROTE, concept: str | None = "courier_never_rang"
) -> DraftPlan:
    said = about(understood(BAD, GOOD), "thm_1", None)
    sure = tuple(replace(one, concept=concept) for one in said.excerpts)
    plan = make_plan(
        replace(said, excerpts=sure),
        *("detractor", ANNA, VOICE),
        feedback_id="fb",
        respond_by=NOW,
        touchpoints={"thm_1": "courier"},
        actions={"thm_1": action},
        wrote_at=wrote_at,
    )
    assert plan is not None
    return plan


def test_an_answer_says_that_something_is_being_done() -> None:
    plan = answer(ThemeAction("under_way", NOW, {}))
    assert (plan.doing, plan.told) == ("under_way", None)
    assert "action" in {one.part for one in render(plan).said}


def test_an_action_against_what_the_words_do_not_bear_out_is_not_spoken_of() -> None:
    under_way = ThemeAction("under_way", NOW, {})
    assert answer(under_way, concept="refund_wait").doing is None
    assert answer(under_way, concept=None).doing is None


def test_an_answer_says_what_was_done_since_the_customer_wrote() -> None:
    plan = answer(ThemeAction("done", NOW, WORDS))
    assert (plan.doing, plan.told) == ("done", WORDS["pl"])
    assert WORDS["pl"] in render(plan).body.replace("\N{NO-BREAK SPACE}", " ")


def test_what_was_done_before_the_customer_wrote_is_no_answer() -> None:
    assert answer(ThemeAction("done", WROTE, WORDS), NOW).doing is None


def test_what_is_told_in_other_languages_only_is_not_said() -> None:
    plan = answer(ThemeAction("done", NOW, {"cs": "Kurýři teď před příjezdem volají."}))
    assert (plan.doing, plan.told) == (None, None)


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        (date(2026, 3, 5), "pl", "w marcu"),
        (date(2026, 9, 5), "pl", "we wrześniu"),
        (date(2025, 12, 5), "pl", "w grudniu\N{NO-BREAK SPACE}2025"),
        (date(2026, 8, 5), "cs", "v srpnu"),
        (date(2026, 4, 5), "cs", "v dubnu"),
        (date(2026, 5, 5), "et", "mais"),
        (date(2025, 1, 5), "et", "2025. aasta jaanuaris"),
        (date(2026, 2, 5), "en", "in February"),
    ],
)
def test_months_stand_after_their_preposition(day: date, language: str, said: str) -> None:
    assert month(day, NOW.date(), language) == said
