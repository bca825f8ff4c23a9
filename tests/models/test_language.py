"""What the language detector answers on comments as customers type them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contracts import LANGUAGES, OTHER, Language
from models.language import LanguageDetector


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Paczka przyszła uszkodzona, a na infolinii nikt nie odbiera.", "pl"),
        ("Zásilka přišla rozbitá a na lince to nikdo nezvedá.", "cs"),
        ("Pakk jõudis kohale katkisena ja keegi ei vasta telefonile.", "et"),
        ("The parcel arrived damaged and nobody answers the phone.", "en"),
        ("Zásielka neprišla, nikto nedvíha telefón.", OTHER),
        ("Der Fahrer hat nicht mal geklingelt!", OTHER),
        ("Paketti ei saapunut perille, kukaan ei vastaa puhelimeen", OTHER),
        ("Поштомат знову забитий, посилку завезли на інший кінець міста.", OTHER),
        ("快递一直没有到", OTHER),
    ],
)
def test_clear_texts_get_their_language(detector: LanguageDetector, text: str, code: str) -> None:
    answer = detector.detect(text)
    assert answer.code == code
    assert answer.confidence > 0.6


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kurier nie przyjechal, nikt nie odbiera", "pl"),
        ("prosze o informacje kiedy otrzymam zwrot srodkow", "pl"),
        ("zasilka prisla rozbita", "cs"),
        ("kuryr vubec nezvonil, jen hodil listek do schranky", "cs"),
        ("pakk ei joudnud kohale", "et"),
        ("luuk ei tulnud lahti, seisin vihma kaes", "et"),
        ("das paket kam nie an und keiner meldet sich", OTHER),
        ("zasielka prisla poskodena, nikto nedviha telefon", OTHER),
    ],
)
def test_texts_without_diacritics_get_their_language(
    detector: LanguageDetector, text: str, code: str
) -> None:
    assert detector.detect(text).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("brak", "pl"),
        ("nie polecam", "pl"),
        ("nic moc", "cs"),
        ("děkuji", "cs"),
        ("pole viga", "et"),
        ("väga hea", "et"),
        ("too slow", "en"),
        ("no complaints", "en"),
    ],
)
def test_short_texts_resolve_without_knowing_the_survey(
    detector: LanguageDetector, text: str, code: str
) -> None:
    assert detector.detect(text).code == code


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("text", ["ok", "super"])
def test_what_every_language_says_goes_to_the_language_of_the_survey(
    detector: LanguageDetector, text: str, code: str
) -> None:
    assert detector.detect(text, priors={code: 0.96}).code == code


def test_a_clear_text_overrules_the_survey(detector: LanguageDetector) -> None:
    text = "Nobody came to the door and the card says sorry we missed you."
    assert detector.detect(text, priors={"pl": 1.0}).code == "en"
    assert detector.detect("Ich warte seit Wochen auf mein Geld", priors={"cs": 1.0}).code == OTHER


@pytest.mark.parametrize("text", ["", "   ", "10", "👍", "-", "?!", "5/5 :)"])
def test_a_text_without_letters_is_other_without_confidence(
    detector: LanguageDetector, text: str
) -> None:
    assert detector.detect(text) == Language(OTHER, 0.0)


def test_many_are_answered_in_order_as_one_by_one(detector: LanguageDetector) -> None:
    texts = ["nie polecam", "", "jsem spokojená", "дуже дякую", "väga rahul", "lovely staff"]
    assert detector.detect_many(texts) == [detector.detect(text) for text in texts]
    assert [one.code for one in detector.detect_many(texts)] == [
        *("pl", OTHER, "cs", OTHER, "et", "en")
    ]
    assert detector.detect_many([]) == []


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=300), st.dictionaries(st.sampled_from([*LANGUAGES, OTHER]), st.floats(0, 1))
)
def test_any_text_gets_a_known_code_and_a_probability(
    detector: LanguageDetector, text: str, priors: dict[str, float]
) -> None:
    answer = detector.detect(text, priors=priors)
    assert answer.code in {*LANGUAGES, OTHER}
    assert 0.0 <= answer.confidence <= 1.0
