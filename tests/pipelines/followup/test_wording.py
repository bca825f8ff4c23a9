"""What may stand in a wording, and that whoever writes another thing is told in plain words."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts import PipelineError
from pipelines.followup.wording import compiled

TOPIC = ("topic",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{{ 7*7 }}", "“{{ 7*7 }}”: templates do not calculate; write the number"),
        ("{{ -1 }}", "“{{ -1 }}”: templates do not calculate"),
        ("{{ company ~ contact }}", "“{{ company ~ contact }}”: templates do not calculate"),
        ("{% if 1 + 1 %}a{% endif %}", "“{% if 1 + 1 %}”: templates do not calculate"),
        ("a {% for a in [1] %}a{% endfor %}", "“{% for a in [1] %}”: loops are not offered"),
        ("{% set a = 1 %}a", "“{% set a = 1 %}”: only slots may be filled in: topic,"),
        ("{% macro a() %}{% endmacro %}", "“{% macro a() %}”: only slots"),
        ("{% import 'a' as b %}", "“{% import 'a' as b %}”: only slots"),
        ("{% include 'a' %}", "“{% include 'a' %}”: only slots"),
        ("{% raw %}{{ a }}{% endraw %}", "“{% raw %}”: only slots"),
        ("{% nothing %}", "“{% nothing %}”: only slots"),
        ("{{ [1, 2] }}", "“{{ [1, 2] }}”: only slots"),
        ("{{ topic['gen'] }}", "“{{ topic['gen'] }}”: only slots"),
        ("{{ 'a'.__class__ }}", "“{{ 'a'.__class__ }}”: only slots"),
        ("{{ company.name }}", "“{{ company.name }}”: company has no forms; write {{ company }}"),
        ("{{ topic.dat }}", "there is no form dat; forms of topic are nom, gen, acc, inst, loc"),
        (
            "{{ topic }}",
            "write a form of topic (nom, gen, acc, inst, loc), such as {{ topic.nom }}",
        ),
        ("{{ topic | small }}", "write a form of topic"),
        ("{{ topic if topic else 'a' }}", "write a form of topic"),
        ("{{ company.upper() }}", "a slot is written without round brackets"),
        ("{{ contact() }}", "“{{ contact() }}”: a slot is written without round brackets"),
        ("{{ verb }}", 'write both verbs, as in {{ verb("pisze", "piszą") }}'),
        ("{{ verb('pisze') }}", "write both verbs"),
        ("{{ verb(*company) }}", "write both verbs"),
        ("{{ company | upper }}", 'after the bar (|) only small or after("s") may stand'),
        ("{{ topic.inst | after }}", "after the bar (|)"),
        ("{{ compny }}", "“{{ compny }}”: there is no slot compny; did you mean company?"),
        ("{{ refund }}", "“{{ refund }}”: there is no slot refund; there are: topic,"),
        ("a {{ company", "“{{ company” is not closed; write }} after it"),
        ("a {{ company }} {% if topic", "“{% if topic” is not closed; write %} after it"),
        ("{{ company }", "“{{ company }” cannot be read; write the name of one slot"),
        ("{{ company }} {{ ( }}", "“{{ ( }}” cannot be read"),
        ("{{ two words }}", "“{{ two words }}” cannot be read"),
        ("{# company", "“{# company” cannot be read"),
        ("We at {company} are", "“{company} are”: a slot has two braces on both sides"),
        ("company }} here", "“}} here”: a slot has two braces on both sides"),
        ("{{ }}", "“{{ }}” is empty; write a slot in it"),
        ("{{ quote }}", "“{{ quote }}” may be empty here"),
        ("{% if topic %}a", "close each {% if … %} by {% endif %}"),
        ("{{" + "(" * 400 + "1" + ")" * 400 + "}}", "too entangled"),
        ("{# nothing #} ", "says nothing"),
    ],
)
def test_what_may_not_stand_there_is_shown_with_what_to_do(text: str, complaint: str) -> None:
    with pytest.raises(PipelineError, match=re.escape(complaint)):
        compiled(text, "pl", TOPIC)


def test_a_long_piece_is_shown_cut() -> None:
    with pytest.raises(PipelineError) as caught:
        compiled("{{ company + " + "contact + " * 50 + "sender }}", "en", ())
    assert str(caught.value).startswith("“{{ company + contact + contact")
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(
    "text",
    [
        "Dziękujemy.",
        "{{ company }}, {{contact}}{# ours #}",
        "{{ topic.inst | after('z') }}, {{ topic.nom }}",
        "{{ verb('pisze', \"piszą\") }}",
        "{% if topic %}{{ topic.gen }}{% else %}sprawy{% endif %}",
        "{{ topic.gen if topic else 'sprawy' }}",
    ],
)
def test_slots_forms_and_choices_may_stand_there(text: str) -> None:
    compiled(text, "pl", TOPIC)


@given(
    st.lists(
        st.sampled_from(
            [
                *("{{", "}}", "{%", "%}", "{#", "#}", "{", "}", " ", "\n", "'", "-", "|", "(", ")"),
                *("company", "topic", "topic.gen", "verb", "small", "if", "endif", "for", "7*7"),
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_whatever_is_typed_is_taken_or_refused_in_words(text: str) -> None:
    with suppress(PipelineError):
        compiled(text, "pl", TOPIC)
