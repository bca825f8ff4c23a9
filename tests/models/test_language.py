"""What the language detector answers on comments as customers type them."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contracts import LANGUAGES, OTHER, Language
from models.language import LanguageDetector
from models.language.grams import LONGEST, rows_of
from models.language.letters import READ_LETTERS, letters
from models.language.model import CODES, LanguageModel


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


@pytest.mark.parametrize(
    "text",
    [
        "Objednávka prišla neskoro a nikto sa neozval.",  # Slovak
        "Tilaus tuli myöhässä eikä kukaan vastannut.",  # Finnish
        "Pasūtījums atnāca par vēlu un neviens neatbildēja.",  # Latvian
        "Užsakymas atėjo pavėluotai ir niekas neatsakė.",  # Lithuanian
        "Naročilo je prišlo prepozno in nihče ni odgovoril.",  # Slovene
        "Zakaz prishel pozdno i nikto ne otvetil",  # Russian
        "Zamovlennya pryishlo pizno i nikhto ne vidpoviv",  # Ukrainian
        "Narudžba je stigla kasno i nitko nije odgovorio.",  # Croatian
        "Bestillingen kom for sent, og ingen svarede.",  # Danish
        "A rendelés későn érkezett, és senki sem válaszolt.",  # Hungarian
        "Comanda a venit târziu și nu a răspuns nimeni.",  # Romanian
    ],
)
def test_neighbours_are_other_with_and_without_diacritics(
    detector: LanguageDetector, text: str
) -> None:
    marks = unicodedata.normalize("NFD", text)
    plain = "".join(one for one in marks if not unicodedata.combining(one))
    for form in (text, plain, text.upper(), marks):
        answer = detector.detect(form)
        assert (answer.code, answer.confidence > 0.5) == (OTHER, True), (form, answer)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Wasz customer service nie odpisuje, zero feedbacku od tygodnia", "pl"),
        ("Checkout na mobilu pořád hází error, support neodpovídá", "cs"),
        ("Äpi checkout annab errorit ja support ei vasta üldse", "et"),
        ("The pierogi from Kraków were lovely, thank you Pani Basia", "en"),
        ("Дякую! Kurier był bardzo miły i zadzwonił przed przyjazdem", "pl"),
    ],
)
def test_a_comment_that_mixes_languages_is_in_its_main_one(
    detector: LanguageDetector, text: str, code: str
) -> None:
    assert detector.detect(text).code == code


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("bar\u200bdzo pole\u200dcam", "bardzo polecam"),
        ("\u202ebardzo polecam\u202c", "bardzo polecam"),
        ("BARDZO POLECAM!!!", "bardzo polecam"),
        ("bardzo polecaaaam 👍👍", "bardzo polecam"),
        ("\uff42\uff41\uff52\uff44\uff5a\uff4f polecam", "bardzo polecam"),
        ("bardzo polecam https://example.com/the/best?of=all", "bardzo polecam"),
        ("bardzo polecam xD :D", "bardzo polecam"),
        ("bardzo polecam info.desk@example.com", "bardzo polecam"),
        ("va\u0308ga hea", "väga hea"),
    ],
)
def test_what_is_no_word_changes_nothing(detector: LanguageDetector, text: str, same: str) -> None:
    assert detector.detect(text) == detector.detect(same)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nie polecam, " * 10_000, "pl"),
        ("\ud800\udfff väga rahul \udc80", "et"),
        (" " * 100_000 + "doporučuji všem", "cs"),
        ("a" * 100_000, OTHER),
        ("\u0301" * 100_000, OTHER),
        ("٣٤٥ ١٢", OTHER),
        ("\u200b\u200f\ufeff", OTHER),
        ("https://example.com/very/good", OTHER),
        (":D xD", OTHER),
        ("مرحبا بك thanks", OTHER),
    ],
)
def test_odd_input_gets_an_answer(detector: LanguageDetector, text: str, code: str) -> None:
    assert detector.detect(text).code == code


def test_letters_of_other_scripts_are_other_with_their_share_as_confidence(
    detector: LanguageDetector,
) -> None:
    assert detector.detect("привет ok") == Language(OTHER, 0.75)
    assert detector.detect("快递一直没有到") == Language(OTHER, 1.0)


def test_other_in_the_survey_makes_other_likelier(detector: LanguageDetector) -> None:
    rare, often = (
        detector.detect("ochotna pani", priors={"cs": 1 - share, OTHER: share})
        for share in (0.01, 0.9)
    )
    assert (rare.code, often.code) == ("cs", OTHER)


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


@pytest.mark.parametrize("text", ["", "   ", "10", "👍", "-", "?!", "5/5 :)", "10/10 :D", "❤️", "x"])
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


def test_a_batch_is_read_as_its_texts_are_alone(detector: LanguageDetector) -> None:
    texts = [f"{word} {number}" for number in range(60) for word in ("polecam", "díky", "x", "")]
    assert detector.detect_many(texts) == [detector.detect(text) for text in texts]


@given(st.text(max_size=400))
def test_both_forms_of_the_words_have_the_same_length(text: str) -> None:
    read = letters(text)
    assert len(read.plain) == len(read.written) <= READ_LETTERS + 2
    assert set(read.plain) <= set(" abcdefghijklmnopqrstuvwxyz")
    assert len(read.plain.split()) == len(read.written.split())
    assert read.plain == " " or (read.plain[0], read.plain[-1]) == (" ", " ")
    assert 0.0 <= read.latin_share <= 1.0


@given(st.lists(st.text("abzłžöß ", min_size=1, max_size=30), min_size=1, max_size=6))
def test_rows_of_a_batch_are_those_of_its_texts_in_order(texts: list[str]) -> None:
    read = [one for one in map(letters, texts) if one.plain.strip()]
    if not read:
        return
    rows, counts = rows_of(read, 1000)
    alone = [rows_of([one], 1000)[0] for one in read]
    assert rows.tolist() == np.concatenate(alone).tolist()
    assert counts.tolist() == [len(own) for own in alone]
    assert rows.min() >= 0
    assert rows.max() < 1000


def test_runs_do_not_reach_from_one_word_into_the_next() -> None:
    rows, _ = rows_of([letters("ab")], 1 << 30)
    both, _ = rows_of([letters("ab cd")], 1 << 30)
    other, _ = rows_of([letters("cd")], 1 << 30)
    assert sorted(both.tolist()) == sorted([*rows.tolist(), *other.tolist()])
    # 2 letters; " a", "ab", "b "; " ab", "ab "; " ab "; the word
    assert len(rows) == 2 + 3 + 2 + 1 + 1
    assert LONGEST == 5


def test_marks_are_rows_of_their_own() -> None:
    plain, _ = rows_of([letters("zla")], 1 << 30)
    marked, _ = rows_of([letters("zła")], 1 << 30)
    assert set(plain.tolist()) < set(marked.tolist())
    assert len(marked) - len(plain) == 4


def test_probabilities_are_of_the_four_and_other() -> None:
    shares = LanguageModel.load().probabilities([letters("dziękuję"), letters("thank you")])
    assert shares.shape == (2, len(CODES))
    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert [CODES[at] for at in shares.argmax(axis=1)] == ["pl", "en"]
