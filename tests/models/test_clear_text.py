from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clear_text import ClearText, is_blank


@pytest.mark.parametrize(
    ("comment", "seen"),
    [
        ("zwykły tekst", "zwykły tekst"),
        ("<b>Bardzo</b> źle &amp; drogo", "Bardzo źle & drogo"),
        ("jedno<br>drugie", "jedno\ndrugie"),
        ("p&#345;i&scaron;la", "přišla"),
        ("Paczka przyszła&nbsp;uszkodzona", "Paczka przyszła\u00a0uszkodzona"),
        ("jan&#64;example.com", "jan@example.com"),
        ("bardzo <!--StartFragment-->miła", "bardzo miła"),
        ("<style>p { color: red }</style>ok", "\nok"),
        ("<script>if (a<b) { alert(1) }</SCRIPT >ok", "\nok"),
        ("<style>never closed", "\nnever closed"),
        ('<a href="https://example.com"\ntarget="_blank">tu</a>', "tu"),
        ("zip\u200bzap\u202e \ud800x\ufeff", "zipzap x"),
        ("600\u2069000\u2069011", "600000011"),
        ("sa\u0328du", "sądu"),
        ("x\u0308\u0332", "ẍ\u0332"),
        ("&#8203;&#8205;", ""),
        ("za\u200ddo\u200dwolona", "zadowolona"),
        ("\u200d\u200d", ""),
        ("👩\u200d\U0001f52c ❤\ufe0f\u200d🔥", "👩\u200d\U0001f52c ❤\ufe0f\u200d🔥"),
        ("👍\u200dok\u200d👍", "👍ok👍"),
        ("👍🏽 &lt;3", "👍🏽 <3"),
        ("**źle** i __drogo__, _bardzo_ ~~tanio~~ `ok`", "źle i drogo, bardzo tanio ok"),
        ("**bad _very_ bad** ***worst***", "bad very bad worst"),
        ("<b>**_oba_**</b>&nbsp;naraz", "oba\u00a0naraz"),
        ("**Zle.\nBardzo zle.** dost", "**Zle.\nBardzo zle.** dost"),
        ("[oferta](https://example.com/a) ![foto](a.png)", "oferta foto"),
        ("## Nagłówek\n* punkt\n- minus\n+ plus", "Nagłówek\npunkt\n- minus\n+ plus"),
    ],
)
def test_what_people_see(comment: str, seen: str) -> None:
    assert ClearText.of(comment).text == seen


@pytest.mark.parametrize(
    "comment",
    [
        *(
            "czekałem <5 minut, 3 < 5, <3",
            "Jan <jan@example.com>",
            "a<b and c>d",
            "AT&T; ok",
            "R&D",
        ),
        *("", "5 * 4 = 20 < 30", "snake_case a-b c++", "k***a, hotel 5* i f**k", "***** polecam"),
        *("*tanio *szybko", "#1 w mieście", "a [b] (c)", "~5 minut ~ 6", "it`s"),
    ],
)
def test_what_is_no_markup_stays(comment: str) -> None:
    clear = ClearText.of(comment)
    assert clear.text == comment
    assert [clear.span(at, at + 1) for at in range(len(comment))] == [
        (at, at + 1) for at in range(len(comment))
    ]


def test_without_markup_tags_and_entities_stand_as_typed() -> None:
    text = "<b>a\u200b</b>&amp; **b**"
    assert ClearText.of(text, markup=False).text == "<b>a</b>&amp; **b**"


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("**bardzo** źle", "bardzo źle"),
        ("<b>drogo</b>", "drogo"),
        ("drogo", "drogo"),
        ("&nbsp;", "\u00a0"),
        ("(https://example.com)", ""),
        ("**", ""),
    ],
)
def test_a_part_of_the_comment_leads_to_what_is_seen_of_it(part: str, seen: str) -> None:
    comment = "Było **bardzo** źle, <b>drogo</b>&nbsp;i [tu](https://example.com)."
    clear = ClearText.of(comment)
    start = comment.index(part)
    first, last = clear.within(start, start + len(part))
    assert clear.text[first:last] == seen


def test_in_a_clear_comment_each_part_leads_to_itself() -> None:
    assert ClearText.of("zwykły tekst").within(2, 6) == (2, 6)


PARTS = [
    "<b>",
    "</p>",
    "&amp;",
    "&#345;",
    "\u200b",
    "\u200d",
    "👍",
    "e\u0301",
    "ok",
    "**",
    "_",
    "[",
    "](x)",
    "# ",
    " ",
    "<!--",
    "-->",
    "<style>",
    "ż",
]


@given(st.text(max_size=60) | st.lists(st.sampled_from(PARTS), max_size=20).map("".join))
def test_every_character_leads_back_to_the_comment_in_order(comment: str) -> None:
    clear = ClearText.of(comment)
    spans = [clear.span(at, at + 1) for at in range(len(clear.text))]
    assert all(0 <= start < end <= len(comment) for start, end in spans)
    assert spans == sorted(spans)
    for at, span in enumerate(spans):
        first, last = clear.within(*span)
        assert first <= at < last
    for letter, (start, end) in zip(clear.text, spans, strict=True):
        if end - start == 1 and comment[start] != letter:
            raise AssertionError((letter, comment[start:end]))
    assert not any(unicodedata.category(letter) == "Cs" for letter in clear.text)


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<b",
        "<b>",
        "<!--",
        "<script>",
        "&",
        "&amp;",
        "\u200b",
        "\u200d",
        "a\u0301",
        "<p\n",
        "*a ",
        "[a](",
        "_a_",
    ],
)
def test_time_grows_with_the_length_and_not_its_square(unit: str) -> None:
    comment = (unit * 100_000)[:100_000]
    started = time.perf_counter()
    ClearText.of(comment)
    assert time.perf_counter() - started < 5.0


@pytest.mark.parametrize(
    "text", ["", " \n", "\u200b", "\u200c\u200d\u2060\ufeff", " \u200d \u00ad\ufe0f\u202e"]
)
def test_a_text_of_which_nothing_is_seen_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200b.", "👍\u200d", "\u200b\u200b0"])
def test_a_text_with_anything_to_see_is_not_blank(text: str) -> None:
    assert not is_blank(text)
