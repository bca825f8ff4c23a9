from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from models.contracts import Language, Polarity, Sentiment, SignalHit
from models.personal_data import PersonalSpan
from pipelines.contracts import Person, ReadExcerpt, Segment, Understanding
from pipelines.followup.plan import VARIANTS, DraftPlan, PlanError, from_json, make_plan, to_json

BAD = ("kurier w ogóle nie zadzwonił", -0.9)
WORSE = ("PACZKA PRZEPADŁA BEZ ŚLADU", -0.95)
GOOD = ("pani w punkcie bardzo mi pomogła", 0.9)


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
    settings: dict[str, Any] = {
        "feedback_id": "fb_1",
        "respond_by": datetime(2026, 11, 24, 14, tzinfo=UTC),
        "company": "Zipako",
        "sender": "Ewa Lis",
        "contact": "opieka@example.com",
        "timezone": "Europe/Warsaw",
    }
    return make_plan(understanding, segment, person, **{**settings, **changes})


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


@pytest.mark.parametrize("signal", ["safety", "legal_threat", "authority_complaint"])
def test_safety_law_and_authorities_make_a_plan_sensitive(signal: str) -> None:
    assert planned(understood(BAD, signals=(signal,))).sensitive
    assert not planned(understood(BAD, signals=("churn_risk",))).sensitive


def test_the_respondents_gender_outranks_the_name() -> None:
    stated = planned(understood(BAD), person=Person("r", "Anna Lis", "m"))
    guessed = planned(understood(BAD), person=Person("r", "Anna Lis"))
    assert (stated.gender, guessed.gender) == ("m", "f")
    assert guessed.salutation == "Pani Anno,"


def test_the_deadline_is_in_the_customers_time_zone() -> None:
    plan = planned(understood(BAD))
    assert (plan.respond_by.hour, plan.respond_by.utcoffset()) == (15, plan.respond_by.utcoffset())
    assert plan.respond_by == datetime(2026, 11, 24, 14, tzinfo=UTC)


def test_the_wording_stays_with_the_answer_and_differs_between_answers() -> None:
    variants = [planned(understood(BAD), feedback_id=f"fb_{n}").variant for n in range(200)]
    assert planned(understood(BAD), feedback_id="fb_7").variant == variants[7]
    assert len(set(variants)) > VARIANTS // 2
    assert set(variants) <= set(range(VARIANTS))


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
