from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from models.contracts import Language, Polarity, Sentiment, SignalHit, ThemeMatch
from models.personal_data import PersonalSpan
from models.themes.naming import known_names
from pipelines.contracts import Person, ReadExcerpt, Segment, Understanding
from pipelines.followup.choosing import SENSITIVE
from pipelines.followup.plan import DraftPlan, PlanError, from_json, to_json
from pipelines.followup.planning import Voice, make_plan
from pipelines.theme_life.places import PLACES
from pipelines.theme_life.touchpoints import shipped

BAD = ("kurier w ogóle nie zadzwonił", -0.9)
WORSE = ("PACZKA PRZEPADŁA BEZ ŚLADU", -0.95)
GOOD = ("pani w punkcie bardzo mi pomogła", 0.95)


def polarity(score: float) -> Polarity:
    return "negative" if score < -0.2 else "positive" if score > 0.2 else "neutral"


def understood(
    *parts: tuple[str, float],
    signals: tuple[str, ...] = (),
    language: str = "pl",
    overall: float | None = None,
    pii: tuple[PersonalSpan, ...] = (),
    hits: tuple[str, ...] = (),
) -> Understanding:
    excerpts, at = [], 0
    for text, score in parts:
        found = tuple(SignalHit(name, text, 0, len(text), 0.9) for name in hits)
        sentiment = Sentiment(polarity(score), score, 0.9)
        excerpts.append(
            ReadExcerpt(
                *(text, at, at + len(text), sentiment, None, found),
                shown=text,
                evidence=(text,) * len(found),
            )
        )
        at += len(text) + 1
        hits = ()
    mean = overall if overall is not None else (parts[0][1] if parts else 0.0)
    return Understanding(
        language=Language(language, 0.99),
        sentiment=Sentiment(polarity(mean), mean, 0.9) if parts else None,
        is_mixed=False,
        mismatch=None,
        excerpts=tuple(excerpts),
        themes=(),
        signals=signals,
        pii=pii,
        cuts=(),
        vectors=np.zeros((len(parts), 2), np.float32),
        model="test",
        themes_version=None,
    )


def planned(
    understanding: Understanding,
    segment: Segment | None = "detractor",
    person: Person | None = None,
    **changes: Any,
) -> DraftPlan:
    plan = maybe_planned(understanding, segment, person, **changes)
    assert plan is not None
    return plan


def maybe_planned(
    understanding: Understanding,
    segment: Segment | None = "detractor",
    person: Person | None = None,
    *,
    contact: str = "opieka@example.com",
    english: str = "en_GB",
    review_link: str | None = None,
    **changes: Any,
) -> DraftPlan | None:
    settings: dict[str, Any] = {
        "feedback_id": "fb_1",
        "respond_by": datetime(2026, 11, 24, 14, tzinfo=UTC),
        "touchpoints": {"thm_1": "courier", "thm_2": "staff"},
    }
    voice = Voice("Zipako", "Ewa Lis", contact, "Europe/Warsaw", english, review_link)
    return make_plan(understanding, segment, person, voice, **{**settings, **changes})


def test_a_detractor_is_quoted_the_worst_clean_excerpt_and_thanked_for_the_good_one() -> None:
    plan = planned(understood(GOOD, WORSE, BAD, overall=-0.5))
    assert (plan.quote, plan.praised) == (BAD[0], GOOD[0])


def test_a_promoter_is_quoted_the_best_excerpt_and_never_a_complaint() -> None:
    plan = planned(understood(BAD, GOOD, overall=0.5), "promoter")
    assert (plan.quote, plan.praised) == (GOOD[0], None)
    assert planned(understood(BAD, overall=0.5), "promoter").quote is None


def test_a_complaint_makes_a_better_quote_than_a_threat() -> None:
    threat = ("następnym razem wybiorę inną firmę", -0.99)
    plan = planned(understood(threat, BAD, hits=("churn_risk",)))
    assert plan.quote == BAD[0]


def test_words_with_personal_data_are_not_quoted() -> None:
    plan = planned(understood(BAD, pii=(PersonalSpan("phone", 3, 9),)))
    assert plan.quote is None
    assert plan.has_comment


@pytest.mark.parametrize(
    ("overall", "tone"), [(-0.8, "detractor"), (0.0, "passive"), (0.8, "promoter")]
)
def test_without_a_score_the_sentiment_sets_the_tone(overall: float, tone: str) -> None:
    assert planned(understood(BAD, overall=overall), None).segment == tone


def test_an_answer_without_score_and_text_is_passive() -> None:
    plan = planned(understood(), None)
    assert (plan.segment, plan.has_comment, plan.quote) == ("passive", False, None)


def test_a_furious_text_with_a_top_score_gets_no_joy_and_a_warm_one_no_guilt() -> None:
    mismatch = ("score_text_mismatch",)
    assert planned(understood(BAD, signals=mismatch), "promoter").segment == "detractor"
    assert planned(understood(GOOD, signals=mismatch), "detractor").segment == "passive"
    assert planned(understood(BAD), "promoter").segment == "promoter"


def test_another_language_is_answered_in_english_without_its_words() -> None:
    plan = planned(understood(("el paquete nunca ha llegado", -0.9), language="other"))
    assert (plan.language, plan.quote) == ("en", None)


@pytest.mark.parametrize("signal", SENSITIVE)
def test_danger_law_and_need_make_a_plan_sensitive(signal: str) -> None:
    assert planned(understood(BAD, signals=(signal,))).sensitive == (SENSITIVE[signal],)
    assert not planned(understood(BAD, signals=("churn_risk",))).sensitive


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Po śmierci męża chciałam zamknąć konto"),
        ("cs", "Maminka nám zemřela a pořád chodí faktury"),
        ("et", "Minu ema suri ja arved tulevad ikka"),
        ("en", "My father passed away and the bills keep coming"),
    ],
)
def test_who_tells_of_a_death_is_answered_with_restraint(language: str, text: str) -> None:
    assert planned(understood((text, -0.6), language=language)).sensitive == ("loss",)


@pytest.mark.parametrize(
    ("language", "text"),
    [("et", "Telefoni aku suri kohe"), ("en", "The battery died on me after a week")],
)
def test_a_dead_battery_is_no_death(language: str, text: str) -> None:
    assert not planned(understood((text, -0.6), language=language)).sensitive


def test_who_asks_not_to_be_contacted_gets_no_draft() -> None:
    assert maybe_planned(understood(BAD, signals=("asks_no_contact",))) is None


def test_the_worst_excerpt_with_a_touchpoint_is_the_topic_and_a_promoters_best_one() -> None:
    said = understood(BAD, GOOD)
    themes = (ThemeMatch("thm_1", "courier", 0.9), ThemeMatch("thm_2", "staff", 0.9))
    concepts = ("courier_never_rang", "staff_friendly")
    both = tuple(
        replace(one, theme=theme, concept=concept)
        for one, theme, concept in zip(said.excerpts, themes, concepts, strict=True)
    )
    plan = planned(replace(said, excerpts=both))
    assert (plan.topic, plan.good_topic) == ("courier", "staff")
    promoter = planned(replace(said, excerpts=both), "promoter")
    assert (promoter.topic, promoter.good_topic) == ("staff", None)
    assert planned(said).topic is None


@pytest.mark.parametrize("concept", [None, "refund_wait", "nothing_to_improve"])
def test_a_touchpoint_that_the_customers_own_words_do_not_bear_out_is_not_named(
    concept: str | None,
) -> None:
    said = understood(BAD)
    theme = ThemeMatch("thm_1", "courier", 0.9)
    excerpts = tuple(replace(one, theme=theme, concept=concept) for one in said.excerpts)
    assert planned(replace(said, excerpts=excerpts)).topic is None


def test_known_concepts_lie_at_touchpoints_that_ship() -> None:
    assert set(PLACES.values()) <= {one.key for one in shipped()}
    assert set(known_names()) - set(PLACES) == {"nothing_to_improve"}


@pytest.mark.parametrize(
    "kind", [("boty přišly až po svatbě", 0.7), ("odpověděli mi až na potřetí", 0.95)]
)
def test_nobody_who_is_unhappy_is_thanked_for_what_may_be_a_complaint(
    kind: tuple[str, float],
) -> None:
    trouble = ("contacted_before",) if kind[1] > 0.9 else ()
    plan = planned(understood(kind, WORSE, language="cs", overall=-0.5, hits=trouble))
    assert plan.praised is None


@pytest.mark.parametrize(("confidence", "is_said"), [(0.85, False), (0.95, True)])
def test_what_is_not_surely_there_is_not_taken_up(confidence: float, is_said: bool) -> None:
    said = understood(BAD, hits=("promise_broken",), signals=("promise_broken",))
    sure = tuple(
        replace(one, signals=tuple(replace(hit, confidence=confidence) for hit in one.signals))
        for one in said.excerpts
    )
    plan = planned(replace(said, excerpts=sure))
    assert plan.signals == (("promise_broken",) if is_said else ())


def test_a_low_score_with_a_complaint_in_it_keeps_its_apology() -> None:
    mismatch = ("score_text_mismatch",)
    assert planned(understood(GOOD, BAD, signals=mismatch, overall=0.6)).segment == "detractor"
    hopeful = ("automat był pełny, ale jakoś poszło", 0.7)
    assert planned(understood(hopeful, signals=mismatch)).segment == "detractor"


def test_a_message_goes_where_the_customer_can_be_reached() -> None:
    mail = Person("r", email="a@example.com", phone="+48 600 700 800")
    assert planned(understood(BAD), person=mail).channel == "email"
    assert planned(understood(BAD), person=Person("r", phone="+48 600 700 800")).channel == "sms"
    assert planned(understood(BAD), channel="letter").channel == "letter"
    assert planned(understood(BAD), person=mail).can_be_called


def test_only_promoters_are_shown_the_link_for_reviews() -> None:
    link = "https://example.com/review"
    assert planned(understood(GOOD), "promoter", review_link=link).review_link == link
    assert planned(understood(BAD), "detractor", review_link=link).review_link is None


def test_the_respondents_gender_outranks_the_name() -> None:
    stated = planned(understood(BAD), person=Person("r", "Anna Lis", "m"))
    guessed = planned(understood(BAD), person=Person("r", "Anna Lis"))
    assert (stated.gender, guessed.gender) == ("m", "f")
    assert guessed.salutation == "Pani Anno,"


def test_the_deadline_is_in_the_customers_time_zone() -> None:
    plan = planned(understood(BAD))
    assert (plan.respond_by.hour, plan.respond_by.utcoffset()) == (15, plan.respond_by.utcoffset())
    assert plan.respond_by == datetime(2026, 11, 24, 14, tzinfo=UTC)


def test_the_wording_stays_with_the_customer_and_differs_between_customers() -> None:
    lots = [planned(understood(BAD), person=Person(f"r{n}")).wording for n in range(200)]
    again = planned(understood(BAD), person=Person("r7"), feedback_id="fb_2")
    assert again.wording == lots[7]
    assert len(set(lots)) == 200
    assert planned(understood(BAD), feedback_id="fb_7").wording != again.wording


def test_a_plan_survives_json() -> None:
    plan = planned(understood(BAD, GOOD), person=Person("r", "Żaneta Gawron", "f"))
    assert from_json(json.loads(json.dumps(to_json(plan)))) == plan


@pytest.mark.parametrize("change", [{"version": 99}, {"extra": 1}])
def test_a_plan_of_another_shape_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(PlanError, match="Not a draft plan"):
        from_json({**to_json(planned(understood(BAD))), **change})


def test_a_public_link_is_no_contact_and_a_naive_deadline_no_deadline() -> None:
    with pytest.raises(PlanError, match="link"):
        planned(understood(BAD), contact="https://reviews.example.com")
    with pytest.raises(PlanError, match="zone"):
        planned(understood(BAD), respond_by=datetime(2026, 11, 24, 14))  # noqa: DTZ001
