from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts import SEGMENTS, RejectedError, Scale
from pipelines.segments import (
    NAMED_SCALES,
    NPS,
    check_score,
    custom_scale,
    goodness,
    parse_scale,
    segment_of,
)

finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    low, high = sorted(draw(st.tuples(finite, finite).filter(lambda ends: ends[0] != ends[1])))
    width = high - low
    if not math.isfinite(width):
        low, high = low / 4, high / 4
    return custom_scale(low, high, higher_is_better=draw(st.booleans()))


def test_nps_is_cut_after_six_and_eight() -> None:
    assert [segment_of(score, NPS) for score in (0, 6, 7, 8, 9, 10)] == [
        "detractor",
        "detractor",
        "passive",
        "passive",
        "promoter",
        "promoter",
    ]


@pytest.mark.parametrize(
    ("scale", "promoters", "passives"),
    [
        ("csat5", {5}, {4}),
        ("stars5", {5}, {4}),
        ("ces7", {6, 7}, {5}),
        ("1-5:lower", {1}, {2}),
        ("1-7:lower", {1, 2}, {3}),
        ("0-10:lower", {0, 1}, {2, 3}),
        ("0-100", set(range(90, 101)), set(range(70, 90))),
    ],
)
def test_every_whole_score_falls_where_practice_puts_it(
    scale: str, promoters: set[int], passives: set[int]
) -> None:
    read = parse_scale(scale)
    scores = range(int(read.min), int(read.max) + 1)
    assert {score for score in scores if segment_of(score, read) == "promoter"} == promoters
    assert {score for score in scores if segment_of(score, read) == "passive"} == passives


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("nps", Scale(0, 10)),
        ("1-5:lower", Scale(1, 5, higher_is_better=False)),
        (" 1 - 6 ", Scale(1, 6)),
        ("-3-3", Scale(-3, 3)),
        ("-5--1", Scale(-5, -1)),
        ("0.5-1.5", Scale(0.5, 1.5)),
    ],
)
def test_scales_are_read(name: str, scale: Scale) -> None:
    assert parse_scale(name) == scale


@pytest.mark.parametrize("name", ["", "5", "5-1", "3-3", "a-b", "1-5:higher", "0-" + "9" * 400])
def test_what_is_no_scale_is_rejected(name: str) -> None:
    with pytest.raises(RejectedError):
        parse_scale(name)


@given(st.text() | st.text("0123456789-.:lower "))
def test_any_name_gives_a_scale_that_rises_or_is_rejected(name: str) -> None:
    try:
        scale = parse_scale(name)
    except RejectedError:
        return
    assert 0 < scale.max - scale.min < math.inf


def test_a_scale_whose_width_overflows_is_rejected() -> None:
    with pytest.raises(RejectedError, match="finite"):
        custom_scale(-1.7e308, 1.7e308)


@given(score=st.floats(), scale=scales())
def test_a_score_passes_exactly_when_it_lies_on_the_scale(score: float, scale: Scale) -> None:
    if scale.min <= score <= scale.max:
        assert check_score(score, scale) == score
    else:
        with pytest.raises(RejectedError, match="scale"):
            check_score(score, scale)


@given(scale=scales(), places=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_better_score_never_gives_a_worse_segment(
    scale: Scale, places: tuple[float, float]
) -> None:
    scores = [
        min(max(scale.min + place * (scale.max - scale.min), scale.min), scale.max)
        for place in places
    ]
    worse, better = sorted(scores, reverse=not scale.higher_is_better)
    assert 0 <= goodness(worse, scale) <= goodness(better, scale) <= 1
    order = [SEGMENTS.index(segment_of(score, scale)) for score in (worse, better)]
    assert order == sorted(order)


@given(scale=scales())
def test_the_ends_are_a_detractor_and_a_promoter(scale: Scale) -> None:
    best, worst = scale.max, scale.min
    if not scale.higher_is_better:
        best, worst = worst, best
    assert (segment_of(worst, scale), segment_of(best, scale)) == ("detractor", "promoter")


@given(name=st.sampled_from(["0-10", "1-5", "1-7", "1-6", "0-100", "-3-3"]), share=st.floats(0, 1))
def test_a_scale_and_its_mirror_agree_on_whole_scores(name: str, share: float) -> None:
    up, down = parse_scale(name), parse_scale(name + ":lower")
    score = round(up.min + share * (up.max - up.min))
    assert segment_of(score, up) == segment_of(up.min + up.max - score, down)


def test_every_named_scale_parses_to_itself() -> None:
    assert all(parse_scale(name) == scale for name, scale in NAMED_SCALES.items())
