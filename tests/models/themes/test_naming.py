"""Names say what a theme is about, in each of the four languages alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.concepts import ConceptSpace
from models.contracts import LANGUAGES
from models.encoder import encoder_name
from models.themes.naming import SEPARATOR, VARIOUS, known_names, names_of, unlike

PLACE = {"pl": "Dostawa", "cs": "Doručení", "et": "Kohaletoimetamine", "en": "Delivery"}


# Names


EVERY = {"pl": ["zwrot", "bank"], "cs": ["peníze"], "et": ["raha"], "en": ["refund", "card"]}


def test_where_every_language_has_phrases_as_many_of_each_are_its_name() -> None:
    assert names_of(EVERY) == {"pl": "zwrot", "cs": "peníze", "et": "raha", "en": "refund"}
    two = {**EVERY, "cs": ["peníze", "účet"], "et": ["raha", "konto", "arve"]}
    assert names_of(two)["et"] == SEPARATOR.join(["raha", "konto"])
    assert names_of(two)["en"] == SEPARATOR.join(["refund", "card"])


def test_nothing_is_named_where_nothing_is_said() -> None:
    assert names_of({}) == names_of({"cs": []}) == {}


def test_a_language_without_a_phrase_quotes_that_of_another_in_its_own_quotation_marks() -> None:
    assert names_of({"pl": ["filtr"]}) == {
        "pl": "filtr",
        "cs": f"{VARIOUS['cs']}: „filtr“",
        "et": f"{VARIOUS['et']}: „filtr“",
        "en": f"{VARIOUS['en']}: “filtr”",
    }


def test_what_is_near_stands_before_what_is_quoted() -> None:
    names = names_of({"pl": ["filtr"]}, near=PLACE)
    assert names["pl"] == "Dostawa: filtr"
    assert names["en"] == "Delivery: “filtr”"
    said = names_of({"en": ["delivery", "door"]}, near=PLACE)
    assert said["en"] == "Delivery: door"


def test_only_what_a_dictionary_has_in_its_base_form_is_a_name_if_anything_is() -> None:
    assert names_of({"pl": ["rzecznika", "zipako", "filtr"]})["pl"] == "filtr"
    pictures = {"pl": ["ramki na zdjęcie", "ramka na zdjęcie"]}
    assert names_of(pictures)["pl"] == "ramka na zdjęcie"
    assert names_of({"pl": ["zipako"]})["pl"] == "zipako"


def test_what_is_a_known_concept_has_its_hand_written_names_in_every_language() -> None:
    names = names_of({"en": ["app"]}, known="app_crash", place=PLACE)
    assert names == known_names()["app_crash"]
    assert set(names) == set(LANGUAGES)


def test_names_that_are_handed_out_may_be_changed_without_harm() -> None:
    names_of({}, known="app_crash")["en"] = "changed"
    assert names_of({}, known="app_crash")["en"] != "changed"


def test_a_concept_without_hand_written_names_is_named_by_its_phrases() -> None:
    assert names_of(EVERY, known="no_such_concept") == names_of(EVERY)


def test_the_place_stands_before_a_phrase_in_every_language_or_alone_in_every_language() -> None:
    assert names_of({"en": ["courier", "bell"], "pl": ["kurier"]}, place=PLACE) == PLACE
    names = names_of(EVERY, place=PLACE)
    assert names["en"] == SEPARATOR.join(["Delivery", "refund"])
    assert names["et"] == SEPARATOR.join(["Kohaletoimetamine", "raha"])


def test_a_phrase_that_the_place_says_already_is_not_said_again() -> None:
    names = names_of({**EVERY, "en": ["delivery", "courier"]}, place=PLACE)
    assert names["en"] == SEPARATOR.join(["Delivery", "courier"])


# Known names


def test_every_concept_of_the_shipped_space_has_hand_written_names_and_nothing_else_has() -> None:
    assert set(known_names()) == set(ConceptSpace.load(encoder_name()).names)


def test_known_names_are_there_in_each_language_and_say_something() -> None:
    for concept, names in known_names().items():
        assert set(names) == set(LANGUAGES), concept
        for name in names.values():
            assert name == name.strip(), concept
            assert len(name) >= 3, concept
            assert name[0].isupper() or not name[0].isalpha(), concept


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_known_names_of_a_language_are_alike(language: str) -> None:
    every = [names[language].casefold() for names in known_names().values()]
    assert len(set(every)) == len(every)


# Unlike others


def test_a_name_that_no_other_theme_has_is_left_as_it_is() -> None:
    names = {"en": "Refund", "pl": "Zwrot"}
    assert unlike(names, {"en": ["bank"]}, [{"en": "Courier"}, {"pl": "Refund"}, {}]) == names
    assert unlike(names, {}, []) == names


def test_a_name_that_another_theme_has_says_what_it_is_about_besides_in_every_language() -> None:
    names = unlike(
        {"en": "Refund", "pl": "Zwrot"},
        {"en": ["bank", "card"], "pl": ["karta"]},
        [{"en": "REFUND"}],
    )
    assert names == {"en": "Refund: bank", "pl": "Zwrot: karta"}


def test_a_language_without_a_phrase_is_told_apart_by_the_same_one_quoted() -> None:
    names, words = {"en": "Refund", "pl": "Zwrot"}, {"en": ["bank"]}
    assert unlike(names, words, [names]) == {"en": "Refund: bank", "pl": "Zwrot: „bank”"}


def test_a_place_tells_names_apart_where_no_language_has_a_phrase_and_numbers_come_last() -> None:
    names = {"en": "Refund", "pl": "Zwrot"}
    payment, refund = {"en": "Payment", "pl": "Płatność"}, {"en": "Refund", "pl": "Pieniądze"}
    others = [dict(names)]
    told = unlike(names, {"en": ["refund"]}, others, [refund, payment])
    assert told == {"en": "Refund: Payment", "pl": "Zwrot: Płatność"}
    assert unlike(names, {}, [*others, told], [payment]) == {"en": "Refund: 2", "pl": "Zwrot: 2"}


def test_the_next_phrase_is_taken_where_the_first_is_taken_too() -> None:
    others = [{"en": "Refund"}, {"en": "Refund: bank"}]
    assert unlike({"en": "Refund"}, {"en": ["bank", "card"]}, others) == {"en": "Refund: card"}
    assert unlike({"en": "Refund"}, {"en": ["bank"]}, others) == {"en": "Refund: 2"}
    assert unlike({"en": "Refund"}, {}, others[:1]) == {"en": "Refund: 2"}


@given(
    st.lists(st.sampled_from(("a", "b", "A", "a: b", "a: 2", "a: 3")), max_size=6),
    st.lists(st.sampled_from("bcd"), max_size=3),
)
def test_names_are_always_unlike_those_of_the_others(taken: list[str], words: list[str]) -> None:
    (name,) = unlike({"en": "a"}, {"en": words}, [{"en": one} for one in taken]).values()
    assert name.casefold() not in {one.casefold() for one in taken}


def test_a_name_made_of_phrases_is_not_told_apart_by_one_of_them() -> None:
    best = {code: ["refund", "account", "bank"] for code in ("en",)}
    names = {"en": "refund · account"}
    assert unlike(names, best, [names]) == {"en": "refund · account: bank"}


# Terms


BUS = {"pl": "autobus", "cs": "autobus", "et": "buss", "en": "bus"}
QUEUE = {"pl": "kolejka", "cs": "fronta", "et": "järjekord", "en": "queue"}
RAIN = {"pl": "deszcz", "cs": "déšť", "et": "vihm", "en": "rain"}
WAITING = {"pl": "Kolejka i czas", "cs": "Fronta", "et": "Järjekord", "en": "Queue"}


def test_terms_name_it_in_every_language_whatever_its_phrases_are() -> None:
    own = names_of({"en": ["wet feet"]}, terms=[BUS, RAIN])
    assert own == {
        "pl": "Autobus · deszcz",
        "cs": "Autobus · déšť",
        "et": "Buss · vihm",
        "en": "Bus · rain",
    }


def test_terms_stand_behind_the_place_but_for_what_it_says_and_three_parts_are_most() -> None:
    own = names_of({}, place=WAITING, terms=[QUEUE, BUS, RAIN, BUS])
    assert own["en"] == "Queue · bus · rain"
    assert names_of({}, near=WAITING, terms=[QUEUE])["et"] == "Järjekord"


def test_names_alike_are_told_apart_by_a_term_before_a_phrase() -> None:
    own = unlike(WAITING, {"en": ["wet feet"]}, [WAITING], terms=[QUEUE, BUS])
    assert own["en"] == "Queue: bus"
    assert own["et"] == "Järjekord: buss"
