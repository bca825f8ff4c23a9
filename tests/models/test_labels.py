from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contracts import LANGUAGES
from models.labels import (
    base_form,
    content_words,
    holds_phrase,
    is_stop_word,
    is_weak_word,
    opens_in_base_form,
    phrases,
    proper_names,
    says_nothing,
)

LONGEST = 4
any_text = st.text(max_size=60) | st.lists(
    st.sampled_from(("The", "courier", "couriers", "paczki", "nie", "a", "kulleri", ".", "bell,")),
    max_size=12,
).map(" ".join)
any_language = st.sampled_from((*LANGUAGES, "other"))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The lockers were full", "en", "locker"),
        ("Automaty były pełne", "pl", "automat"),
        ("Bez kurýrů", "cs", "kurýr"),
        ("Kullerid ei helistanud", "et", "kuller"),
    ],
)
def test_words_are_brought_to_their_dictionary_form(
    text: str, language: str, expected: str
) -> None:
    assert expected in content_words(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("and the it was not", "en"),
        ("ale to nie jest się", "pl"),
        ("ale to není se", "cs"),
        ("aga see ei ole ja", "et"),
    ],
)
def test_words_that_say_nothing_are_left_out(text: str, language: str) -> None:
    assert content_words(text, language) == []
    assert phrases(text, language) == {}


def test_words_of_two_letters_and_numbers_are_left_out() -> None:
    assert content_words("24/7 courier, xy 👍 №5", "en") == ["courier"]


def test_content_words_keep_their_order_and_are_counted_as_often_as_said() -> None:
    assert content_words("Courier lost parcels; COURIERS", "en") == [
        "courier",
        "lose",
        "parcel",
        "courier",
    ]


def test_a_language_that_is_not_read_keeps_its_words_as_they_are() -> None:
    assert content_words("Die Pakete und Kuriere", "other") == ["die", "pakete", "und", "kuriere"]


def test_a_phrase_begins_and_ends_with_a_telling_word_and_may_hold_small_ones() -> None:
    found = phrases("The courier of my street", "en")
    assert found == {
        ("courier",): "courier",
        ("courier", "street"): "courier of my street",
        ("street",): "street",
    }


def test_no_phrase_goes_over_the_end_of_a_sentence_or_a_comma() -> None:
    found = phrases("late courier. parcel lost, bell (door)\nbox", "en")
    assert ("courier", "parcel") not in found
    assert ("lose", "bell") not in found
    assert ("bell", "door") not in found
    assert ("door", "box") not in found
    assert {("courier",), ("parcel", "lose"), ("bell",), ("door",), ("box",)} <= found.keys()


def test_a_phrase_is_counted_once_whatever_its_forms_and_shown_as_first_written() -> None:
    found = phrases("Couriers lost the parcels, courier lost my parcel", "en")
    assert found["courier", "lose", "parcel"] == "couriers lost the parcels"
    assert found["courier",] == "couriers"


def test_phrases_of_a_long_sentence_have_at_most_four_words() -> None:
    found = phrases("red courier lost red parcel box near post office", "en")
    assert max(len(written.split()) for written in found.values()) == LONGEST
    assert ("lose", "red", "parcel", "box") in found


@settings(deadline=None)
@given(any_text, any_language)
def test_phrases_are_made_of_the_content_words_of_the_text_and_of_nothing_else(
    text: str, language: str
) -> None:
    found = phrases(text, language)
    singles = {key[0] for key in found if len(key) == 1}
    assert singles <= set(content_words(text, language))
    assert not any(is_weak_word(one, language) for one in singles)
    for lemmas, written in found.items():
        words = written.split(" ")
        assert len(lemmas) <= len(words)
        assert not is_stop_word(words[-1], language)
        assert not any(is_stop_word(lemma, language) for lemma in lemmas)


@settings(deadline=None)
@given(any_text, any_language)
def test_a_text_holds_each_of_its_own_phrases(text: str, language: str) -> None:
    assert all(holds_phrase(text, language, one) for one in phrases(text, language).values())


@pytest.mark.parametrize(
    ("text", "language", "phrase"),
    [
        ("Żadnego ZWROTU PIENIĘDZY nie dostałam", "pl", "zwrot pieniędzy"),
        ("Bez kurýra dnes", "cs", "kurýr"),
        ("Kulleri ootasin kaua", "et", "kuller"),
        ("Two late couriers!", "en", "late courier"),
        ("late courier", "en", "Late couriers"),
    ],
)
def test_a_phrase_is_held_in_whatever_form_its_words_stand(
    text: str, language: str, phrase: str
) -> None:
    assert holds_phrase(text, language, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The courier was late", "late courier"),
        ("a late and rude courier", "late courier"),
        ("late", "late courier"),
        ("The postcourier", "courier"),
        ("", "courier"),
    ],
)
def test_a_phrase_is_not_held_in_another_order_with_words_between_or_in_part(
    text: str, phrase: str
) -> None:
    assert not holds_phrase(text, "en", phrase)


def test_forms_are_those_of_the_text_s_own_language() -> None:
    assert holds_phrase("zwrotu nie ma", "pl", "zwrot")
    assert not holds_phrase("zwrotu nie ma", "en", "zwrot")


def test_small_words_belong_to_a_phrase_that_is_looked_for() -> None:
    assert holds_phrase("It was not delivered", "en", "not delivered")
    assert not holds_phrase("It was delivered", "en", "not delivered")


@pytest.mark.parametrize("phrase", ["", " ", "123", "…!"])
def test_a_phrase_without_words_is_held_by_no_text(phrase: str) -> None:
    assert not holds_phrase("The courier, 123 …!", "en", phrase)
    assert not holds_phrase("", "en", phrase)


@pytest.mark.parametrize(
    ("word", "language"),
    [("The", "en"), ("NIE", "pl"), ("že", "cs"), ("ei", "et"), ("kunagi", "et")],
)
def test_a_word_that_says_nothing_by_itself_is_a_stop_word_in_any_case(
    word: str, language: str
) -> None:
    assert is_stop_word(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [("courier", "en"), ("kurier", "pl"), ("kurýr", "cs"), ("kuller", "et"), ("the", "other")],
)
def test_a_word_that_says_something_or_is_of_no_language_read_is_no_stop_word(
    word: str, language: str
) -> None:
    assert not is_stop_word(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("proszę", "pl"),
        ("nikogo", "pl"),
        ("palun", "et"),
        ("prosím", "cs"),
        ("děkuji", "cs"),
        ("thanks", "en"),
        ("someone", "en"),
        ("days", "en"),
        ("o'clock", "en"),
        ("neljapäeva", "et"),
        ("měsíců", "cs"),
        ("the", "en"),
    ],
)
def test_words_of_politeness_time_and_people_in_general_are_weak(word: str, language: str) -> None:
    assert is_weak_word(word.upper(), language)
    assert phrases(word, language) == {}


@pytest.mark.parametrize(
    ("word", "language"),
    [("late", "en"), ("full", "en"), ("pozdě", "cs"), ("faktura", "pl"), ("arve", "et")],
)
def test_words_that_name_a_topic_are_not_weak(word: str, language: str) -> None:
    assert not is_weak_word(word, language)
    assert word in phrases(word, language).values()


@pytest.mark.parametrize(
    ("text", "language", "phrase"),
    [
        ("nobody answers the phone", "en", "nobody answers the phone"),
        ("nikt nie odbiera telefonu", "pl", "nikt nie odbiera telefonu"),
        ("keegi ei vasta telefonile", "et", "keegi ei vasta telefonile"),
        ("nikdo nezvedá telefon", "cs", "nikdo nezvedá telefon"),
    ],
)
def test_a_phrase_keeps_the_negation_before_it(text: str, language: str, phrase: str) -> None:
    assert phrase in phrases(text, language).values()


@pytest.mark.parametrize(
    "text",
    ["ok", "Nothing.", "-", "", "brak", "nic", "Pole!", "N/A", "Don’t know", "test", "12345", "👍"],
)
def test_stock_answers_and_texts_without_words_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["late", "Cena", "nic nepřišlo", "pole pakki", "price 5"])
def test_short_answers_about_something_say_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize("mask", ["[name]", "[order_number]", "[NAME]", "[redacted]"])
def test_masks_of_personal_data_are_no_words(mask: str) -> None:
    assert phrases(f"thanks {mask} courier", "en") == {("courier",): "courier"}
    assert content_words(mask, "en") == []
    assert says_nothing(mask)
    assert not holds_phrase(f"thanks {mask}", "en", mask.strip("[]"))


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Prosze o zwrot srodkow na konto.", "zwrot środków"),
        ("Proszę o zwrot środków na konto.", "zwrot srodkow"),
        ("Proszę o zwrot środki", "zwrot srodkow"),
        ("ZWROT ŚRODKÓW", "zwrot srodkow"),
    ],
)
def test_accents_do_not_matter_for_a_phrase_that_is_looked_for(text: str, phrase: str) -> None:
    assert holds_phrase(text, "pl", phrase)


def test_a_czech_and_an_estonian_phrase_are_found_without_accents() -> None:
    assert holds_phrase("vratte penize", "cs", "vraťte peníze")
    assert holds_phrase("kull voi kuller", "et", "küll või kuller")


def test_words_with_a_capital_inside_sentences_are_proper_names() -> None:
    texts = ["Never again Zipako", "it was zipako", "ask Zipako", "Courier. Courier came", "my SMS"]
    assert proper_names(texts, "en") == {"zipako"}
    assert proper_names(["przy Borowskiej", "na Borowską"], "pl") == {"borowski"}


@pytest.mark.parametrize(
    ("word", "language", "base"),
    [
        ("rzecznika", "pl", "rzecznik"),
        ("aplikaci", "cs", "aplikace"),
        ("kapid", "et", "kapp"),
        ("lockers", "en", "locker"),
        ("zipako", "pl", None),
        ("locker", "other", None),
    ],
)
def test_the_base_form_of_a_word_is_what_a_dictionary_has(
    word: str, language: str, base: str | None
) -> None:
    assert base_form(word, language) == base


@pytest.mark.parametrize(
    ("phrase", "language", "reads_well"),
    [
        ("ramka na zdjęcie", "pl", True),
        ("ramki na zdjęcie", "pl", False),
        ("rzecznika", "pl", False),
        ("nikt nie odbiera telefonu", "pl", True),
        ("zipako", "pl", False),
        ("", "pl", False),
    ],
)
def test_a_phrase_reads_as_a_name_where_it_opens_in_base_form_or_with_a_negation(
    phrase: str, language: str, reads_well: bool
) -> None:
    assert opens_in_base_form(phrase, language) is reads_well
