"""Bad input, as it comes: what cannot be read is marked or taken away, and nothing is lost."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from models.clear_text import ClearText
from models.contracts import LANGUAGES, Language
from models.signals import EXCLUSIVE, NAMES, SignalReader
from pipelines.page import Comment, Page
from pipelines.spoken import is_spoken
from pipelines.understanding import Reader
from tests.stand_in import StandInEncoder

MAIL = (
    "Nadal czekam na zwrot. Proszę o telefon: 600 000 011.\n\nPozdrawiam,\nJan Kowalski\n\n"
    "W dniu 12.03.2026 o 10:12 Sklep <sklep@example.com> napisał(a):\n> Dzień dobry,\n> zwrot jest."
)


def test_quoted_letters_and_signatures_are_marked_and_not_read(reader: Reader) -> None:
    (read,) = reader.read([Comment(MAIL)], None)
    assert [cut.type for cut in read.cuts] == ["signature", "quoted"]
    assert [one.text for one in read.excerpts] == [
        "Nadal czekam na zwrot.",
        "Proszę o telefon: 600 000 011.",
    ]
    assert read.language.code == "pl"
    masked = {MAIL[one.start : one.end] for one in read.pii}
    assert {"600 000 011", "sklep@example.com"} <= masked, "in what is cut as well"


def test_the_encoder_never_sees_personal_data_or_markup() -> None:
    text = "<p>Napiszcie na <b>jan@example.com</b>!</p>"
    page = Page.of(Comment(text), "pl")
    assert page.forms == ["Napiszcie na !"]
    (excerpt,) = page.excerpts
    assert excerpt.text == "Napiszcie na jan@example.com!"
    assert text[excerpt.start : excerpt.end] == "Napiszcie na <b>jan@example.com</b>!"
    (piece,) = page.pieces
    assert page.shown(piece.start, piece.end) == "Napiszcie na [email]!"


def test_markup_parts_sentences_where_it_breaks_the_line() -> None:
    page = Page.of(Comment("<li>Miła pani w okienku<li>Długa kolejka"), "pl")
    assert page.forms == ["Miła pani w okienku", "Długa kolejka"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t ",
        "\u200b\u200e\ufeff",
        "!!! ... ???",
        "\ud800\udc00 \ud800",
        "<br><p></p>",
        "&nbsp;",
        "-",
    ],
)
def test_nothing_to_read_gives_no_mood_and_no_error(text: str, reader: Reader) -> None:
    (read,) = reader.read([Comment(text)], None)
    assert read.sentiment is None
    assert read.excerpts == ()
    assert not read.is_mixed


@pytest.mark.parametrize(
    "text",
    [
        "👍🏽👍🏽👍🏽",
        "😡",
        "12345",
        "10/10",
        "Привет super дела",
        "\u202eobrócony tekst\u202c i zwykły",
        "za\u200bdo\u200bwo\u200blo\u200bna",
        "# Nagłówek\n**super** i [link](https://example.com)",
        "x" * 5_000,
        "ą" * 700 + " " + "ß" * 700,
    ],
)
def test_odd_text_is_read_with_offsets_that_hold(text: str, reader: Reader) -> None:
    (read,) = reader.read([Comment(text)], None)
    clear = ClearText.of(text)
    for one in read.excerpts:
        first, last = clear.within(one.start, one.end)
        assert clear.text[first:last] == one.text
    assert read.excerpts


def test_a_hundred_thousand_characters_are_read_to_the_end(reader: Reader) -> None:
    text = ("Kurier się spóźnił. " * 5_000)[:99_960] + "Nigdy więcej u was nie kupię!"
    started = time.perf_counter()
    (read,) = reader.read([Comment(text)], None)
    assert time.perf_counter() - started < 60
    assert read.excerpts[-1].text == "Nigdy więcej u was nie kupię!"
    assert len(read.vectors) == len(read.excerpts)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_of_a_known_language_is_laid_out_in_it(code: str) -> None:
    assert Page.of(Comment("ok super"), code).language == Language(code, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "nr klienta 48291, zam. 77120 i <b>suuuper</b> obsługa&nbsp;tu",
        "Napisz: jan&#64;example.com, bo paczka p&#345;i&scaron;la rozbita",
        "ni\u200bgdy <b>więcej</b> sa\u0328du!!!",
        MAIL,
    ],
)
def test_evidence_of_masked_marked_up_and_stretched_text_lies_in_the_comment(
    text: str, reader: Reader
) -> None:
    weights = np.ones((StandInEncoder.dimensions, len(NAMES)), np.float32)
    names_all = replace(
        reader.signals.model, weights=weights, thresholds=np.zeros(len(NAMES), np.float32)
    )
    everything = replace(reader, signals=SignalReader(names_all))
    (read,) = everything.read([Comment(text, language_hint="pl")], None)
    clear = ClearText.of(text)
    for excerpt in read.excerpts:
        names = [name for name in NAMES if is_spoken(name, excerpt.sentiment)]
        found = [hit.name for hit in excerpt.signals]
        assert [name for name in names if name not in EXCLUSIVE or name in found] == found
        assert len(excerpt.evidence) == len(found) >= len(names) - 1
        for hit in excerpt.signals:
            assert hit.text == clear.text[slice(*clear.within(hit.start, hit.end))]
            assert hit.text in excerpt.text
            assert excerpt.start <= hit.start < hit.end <= excerpt.end


def test_what_is_hidden_in_entities_is_masked_and_shown_nowhere() -> None:
    text = 'jan&#64;example.com <a href="mailto:ala@example.com">tu</a>'
    page = Page.of(Comment(text), "pl")
    assert page.forms == ["tu"]
    assert [text[one.start : one.end] for one in page.pii] == [
        "jan&#64;example.com",
        "ala@example.com",
    ]


def test_words_on_both_sides_of_a_quotation_stay_apart() -> None:
    text = "Nadal czekam.\n> Dzień dobry\n> zwrot jest.\nK"
    page = Page.of(Comment(text), "pl")
    assert page.forms == ["Nadal czekam.", "K"]
    for excerpt in page.excerpts:
        assert not any(cut.start < excerpt.end and excerpt.start < cut.end for cut in page.cuts)


def test_the_language_is_that_of_the_own_words(reader: Reader) -> None:
    text = "Ok.\n" + "> The parcel is on its way to you.\n" * 90 + "Nadal czekam na zwrot pieniędzy"
    (read,) = reader.read([Comment(text)], None)
    assert read.language.code == "pl"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dzień dobry,", "pl"),
        ("Dobrý den, vážený pane Dvořáku!", "cs"),
        ("Tere hommikust,", "et"),
        ("Good morning,", "en"),
    ],
)
def test_a_greeting_alone_tells_the_language_and_nothing_else(
    text: str, code: str, reader: Reader
) -> None:
    (read,) = reader.read([Comment(text)], None)
    assert read.language.code == code
    assert (read.excerpts, read.sentiment, read.signals) == ((), None, ())
    assert [(cut.type, cut.start, cut.end) for cut in read.cuts] == [("greeting", 0, len(text))]


def test_what_a_device_wrote_is_no_comment(reader: Reader) -> None:
    (read,) = reader.read([Comment("Wysłane z iPhone'a")], None)
    assert (read.excerpts, read.sentiment, read.language) == ((), None, Language("other", 0.0))


def test_a_name_in_a_greeting_is_masked() -> None:
    text = "<p>Szanowna Pani Nowak,</p>paczka nie dotarła"
    page = Page.of(Comment(text), "pl")
    assert page.forms == ["paczka nie dotarła"]
    assert [text[cut.start : cut.end] for cut in page.cuts] == ["Szanowna Pani Nowak,"]
    assert [text[one.start : one.end] for one in page.pii] == ["Nowak"]


def test_a_letter_in_html_is_cut_where_its_lines_break() -> None:
    text = (
        "Nadal czekam.<br>Pozdrawiam<br>Jan Kowalski<br>"
        "W dniu 12.03.2026 o 10:12 a@example.com napisał(a):<br>Witam"
    )
    page = Page.of(Comment(text), "pl")
    assert page.forms == ["Nadal czekam."]
    assert [cut.type for cut in page.cuts] == ["signature", "quoted"]


@pytest.mark.parametrize("text", ["Jan Kowalski.", "Tel. 601 234 567", "ul. Lipowa 5, 00-950"])
def test_a_part_that_only_says_who_somebody_is_is_not_read(text: str) -> None:
    page = Page.of(Comment(f"Pan Nowak był miły. {text}"), "pl")
    assert all(any(letter.isalnum() for letter in form) for form in page.forms)
    assert not any("Nowak" in form or "601" in form for form in page.forms)


def test_a_name_leaves_the_sentence_round_it_as_it_is() -> None:
    page = Page.of(Comment("Paní Nováková na mě křičela."), "cs")
    assert page.forms == ["Paní na mě křičela."]
