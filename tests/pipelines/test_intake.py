from __future__ import annotations

from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts import Answer, Person, RejectedError
from pipelines.intake import (
    FIELDS,
    RowIdentities,
    apply_map,
    check_map,
    dedupe_key,
    own_map,
    parse_map,
    read_answer,
)
from pipelines.segments import NPS

NOW = datetime(2022, 6, 1, 12, tzinfo=UTC)
WARSAW = ZoneInfo("Europe/Warsaw")


def read(**record: Any) -> Answer:
    """An answer of `record`, with a text unless the record has its own."""
    values = {"text": "ok", **record}
    return read_answer(values, scale=NPS, survey="nps", now=NOW, timezone=WARSAW)


def refused(**record: Any) -> str:
    with pytest.raises(RejectedError) as caught:
        read(**record)
    return str(caught.value)


def test_a_map_is_read_with_attributes_and_quoted_commas() -> None:
    text = 'text=Your comment=why, score=nps,attr:shop = Branch,"name=Last, first"'
    assert parse_map(text) == {
        "text": "Your comment=why",
        "score": "nps",
        "attr:shop": "Branch",
        "name": "Last, first",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("txet=a", "Unknown field 'txet'"),
        ("text=a,text=b", "stands twice"),
        ("attr:a=x,attr: a=y", "stands twice"),
        ("text", "no field=column pair"),
        ("text=", "no field=column pair"),
        ("=a", "no field=column pair"),
        ("attr:=a", "name has 1 to 64"),
        ("text=a,", "no field=column pair"),
    ],
)
def test_a_wrong_map_is_rejected_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(RejectedError, match=said):
        parse_map(text)


@given(st.text())
def test_any_map_is_read_or_rejected(text: str) -> None:
    try:
        mapping = parse_map(text)
    except RejectedError:
        return
    assert all(field in FIELDS or field.startswith("attr:") for field in mapping)
    assert all(mapping.values())


def test_a_missing_column_is_named_beside_those_there_are() -> None:
    with pytest.raises(RejectedError, match=r"'comment' for the field text.*Columns: id, opinia"):
        check_map({"text": "comment"}, ["id", "opinia"])
    with pytest.raises(RejectedError, match="No column is taken as text or score"):
        check_map({"respondent": "id"}, ["id"])
    check_map({"score": "id"}, ["id"])


def test_without_a_map_columns_with_the_fields_names_are_taken() -> None:
    assert own_map(["ID", "Text", "score", "shop", "text"]) == {"text": "text", "score": "score"}
    assert own_map(["Text"]) == {"text": "Text"}


def test_a_row_goes_through_the_map_into_an_answer() -> None:
    mapping = parse_map("text=comment,score=mark,respondent=who,occurred_at=day,attr:shop=branch")
    row = {"comment": "Źle", "mark": "3", "who": 12.0, "day": "30.09.2021", "branch": "Praha"}
    assert read(**apply_map(mapping, row)) == Answer(
        text="Źle",
        score=3.0,
        scale=NPS,
        survey="nps",
        occurred_at=datetime(2021, 9, 29, 22, tzinfo=UTC),
        respondent=Person("12"),
        attributes={"shop": "Praha"},
    )


def test_text_is_trimmed_with_unix_line_ends() -> None:
    assert read(text=" a\r\nb\rc\t \n").text == "a\nb\nc"
    assert read(text=None, score=1).text == ""
    assert read(text=10).text == "10"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\0b", "U\\+0000"),
        ("a\x0bb", "U\\+000B"),
        ("\x85", "U\\+0085"),
        ("\ud800", "surrogate"),
        ("x" * 100_001, "100,001 characters, at most 100,000"),
        (True, "must be text"),
        (["a"], "must be text"),
        (10**300, "digits"),
    ],
)
def test_text_that_no_one_typed_is_rejected(text: object, said: str) -> None:
    with pytest.raises(RejectedError, match=f"^text: .*{said}"):
        read(text=text)


@pytest.mark.parametrize("text", ["\u200b", " \u200c\u200d\n\u2060\ufeff"])
def test_text_of_invisible_characters_alone_is_blank(text: str) -> None:
    assert read(text=text, score=3).text == ""
    with pytest.raises(RejectedError, match="both are blank"):
        read(text=text)


def test_text_of_the_greatest_length_is_taken() -> None:
    assert len(read(text="x" * 100_000 + " ").text) == 100_000


@pytest.mark.parametrize(
    ("score", "value"),
    [(9, 9), ("9", 9), (" 8,5 ", 8.5), ("8.0", 8), (Decimal("7.5"), 7.5), ("", None), (None, None)],
)
def test_scores_are_read(score: object, value: float | None) -> None:
    assert read(score=score).score == value


@pytest.mark.parametrize(
    "score",
    [
        True,
        "9/10",
        "nan",
        "1_0",
        "٣",
        11,
        "-1",
        float("nan"),
        10**400,
        "9" * 400,
        [],
        Decimal("sNaN"),
    ],
)
def test_what_is_no_score_on_the_scale_is_rejected(score: object) -> None:
    assert refused(score=score).startswith("score")


def test_neither_text_nor_score_is_nothing_to_take_in() -> None:
    assert "nothing to take in" in refused(text=" \n", score=" ")


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        ("31/12/2021", "2021-12-30T23:00"),
        ("31.12.2021 14:05", "2021-12-31T13:05"),
        ("31. 12. 2021 14.05", "2021-12-31T13:05"),
        ("1.7.2021 9:05:07", "2021-07-01T07:05:07"),
        ("12/31/2021", "2021-12-30T23:00"),
        ("31/12/2021 2:05 PM", "2021-12-31T13:05"),
        ("2021-12-31", "2021-12-30T23:00"),
        ("2021/12/31 00:30", "2021-12-30T23:30"),
        ("2021-12-31T14:05:00Z", "2021-12-31T14:05"),
        ("2021-12-31T14:05+02:00", "2021-12-31T12:05"),
        (date(2021, 12, 31), "2021-12-30T23:00"),
        (datetime(2021, 12, 31, 14, 5), "2021-12-31T13:05"),  # noqa: DTZ001 - naive is meant
        (datetime(2021, 12, 31, 14, tzinfo=timezone(timedelta(hours=5))), "2021-12-31T09:00"),
        (None, "2022-06-01T12:00"),
        (" ", "2022-06-01T12:00"),
        (NOW + timedelta(days=1), "2022-06-02T12:00"),
    ],
)
def test_moments_are_read_day_first_in_the_surveys_time_zone(value: object, utc: str) -> None:
    moment = read(occurred_at=value).occurred_at
    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("31/31/2021", "no date"),
        ("yesterday", "no date"),
        (44561, "no date"),
        ("31/12/21", "no date"),
        ("30.2.2021", "no date"),
        ("1.1.2021 13:00 PM", "no date"),
        ("1989-12-31", "before 1990"),
        ("0001-01-01T00:00+14:00", "before 1990"),
        ("9999-12-31T23:59-12:00", "future"),
        ("2022-06-02T12:00:01Z", "future"),
    ],
)
def test_moments_that_cannot_be_are_rejected(value: object, said: str) -> None:
    assert said in refused(occurred_at=value)


@pytest.mark.parametrize(
    ("value", "code"),
    [("pl", "pl"), ("PL", "pl"), ("pl-PL", "pl"), ("cs_CZ", "cs"), ("de", None), ("", None)],
)
def test_language_hints_outside_the_four_are_left_to_the_detector(
    value: str, code: str | None
) -> None:
    assert read(language=value).language_hint == code


def test_a_language_hint_that_is_none_is_rejected() -> None:
    assert refused(language="x" * 36).startswith("language")
    assert refused(language=5).startswith("language")


@pytest.mark.parametrize(
    ("value", "gender"),
    [
        ("F", "f"),
        ("k", "f"),
        ("Kobieta", "f"),
        ("ŽENA", "f"),
        ("naine", "f"),
        ("female ", "f"),
        ("M", "m"),
        ("mężczyzna", "m"),
        ("muž", "m"),
        ("mees", "m"),
        ("x", None),
        ("", None),
        (1, None),
    ],
)
def test_gender_is_f_m_or_unknown(value: object, gender: str | None) -> None:
    person = read(respondent="r1", gender=value).respondent
    assert person is not None
    assert person.gender == gender


@pytest.mark.parametrize("field", ["external_id", "respondent", "name", "account"])
def test_labels_must_be_short_text_or_whole_numbers(field: str) -> None:
    for value in ("x" * 201, 1.5, True, ["a"], 1e17, 10**200, "a\0b", float("nan")):
        assert refused(**{field: value}).startswith(f"{field}: ")


def test_labels_of_a_sheet_lose_their_decimal_point_and_blanks() -> None:
    answer = read(external_id=12.0, respondent=7, name=" Jan \n Novák ", phone=48600000014)
    assert answer.external_id == "12"
    assert answer.respondent == Person("7", name="Jan Novák", phone="48600000014")


def test_a_person_without_an_id_is_known_by_mail_or_phone_or_this_answer_alone() -> None:
    assert read(email="Jan@Example.com").respondent == Person(
        "jan@example.com", email="Jan@Example.com"
    )
    assert read(phone="600 100").respondent == Person("600 100", phone="600 100")
    assert read(name="Jan", external_id="a").respondent == Person("answer:a", name="Jan")
    first, second = read(name="Jan").respondent, read(name="Jan").respondent
    assert first is not None
    assert second is not None
    assert first.external_id != second.external_id
    assert read().respondent is None


@pytest.mark.parametrize("field", ["email", "phone"])
def test_an_address_that_is_none_is_left_out_and_told_and_the_answer_taken(field: str) -> None:
    for value in ("x" * 201, 1.5, True, ["a"], 10**200, "a\0b", "brak", "a@b", "Jan <j@x.cz>"):
        answer = read(respondent="r", **{field: value})
        assert answer.text
        assert answer.respondent == Person("r")
        (said,) = answer.unusable
        assert said.startswith(f"{field}: ")
        assert said.isprintable()


def test_customers_with_the_same_word_for_no_address_are_not_one() -> None:
    first, second = read(email="brak", name="Jan"), read(email="brak", name="Eva")
    assert first.respondent != second.respondent
    assert read(email="brak", phone="-").respondent is None
    assert len(read(email="brak", phone="-").unusable) == 2


def test_attributes_are_flat_and_blank_ones_left_out() -> None:
    answer = read(
        **{"attr:shop": " Praha ", "attr:none": "", "attr:day": date(2021, 12, 31)},
        attributes={"n": 1, "share": 0.5, "vip": True, "price": Decimal("9.9")},
    )
    assert answer.attributes == {
        "shop": "Praha", "day": "2021-12-31", "n": 1, "share": 0.5, "vip": True, "price": 9.9
    }  # fmt: skip


@pytest.mark.parametrize(
    "attributes",
    [
        {"a": {}},
        {"a": [1]},
        {"a": float("inf")},
        {"a": float("nan")},
        {"a": 2**63},
        {"a": "x" * 501},
        {"x" * 65: 1},
        {" ": 1},
        {"a": 1, " a": 2},
        {"a": "\0"},
        {"a\n": 1},
        {str(n): n for n in range(51)},
        [1],
        "a",
    ],
)
def test_attributes_that_cannot_be_kept_are_rejected(attributes: object) -> None:
    assert refused(attributes=attributes).startswith("attributes")


def test_an_unknown_field_is_not_dropped_in_silence() -> None:
    assert "Unknown field 'txet'" in refused(txet="a")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
likely = st.sampled_from(
    [
        "9",
        9,
        "31.12.2021",
        "2021-12-31T10:00+23:59",
        "9999-12-31",
        "pl",
        "12.0",
        "k",
        1e300,
        "\ud800",
    ]
)
keys = st.sampled_from([*FIELDS, "attributes", "attr:a", "attr:"]) | st.text(max_size=5)


@settings(max_examples=400)
@given(st.dictionaries(keys, likely | json_values, max_size=8))
def test_any_json_record_gives_an_answer_or_is_rejected(record: dict[str, object]) -> None:
    try:
        answer = read_answer(record, scale=NPS, survey="s", now=NOW, timezone=WARSAW)
    except RejectedError:
        return
    assert answer.text or answer.score is not None
    assert answer.occurred_at <= NOW + timedelta(days=1)
    assert answer.text == answer.text.strip()
    written = [answer.text, answer.survey, answer.external_id, *answer.attributes]
    written += [value for value in answer.attributes.values() if isinstance(value, str)]
    written += astuple(answer.respondent) if answer.respondent else ()
    for value in written:
        assert "\0" not in (value or "")
        (value or "").encode("utf-8")
    dedupe_key(answer)


@given(st.datetimes(), st.sampled_from(["%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"]))
def test_written_moments_are_read_back_or_rejected(moment: datetime, form: str) -> None:
    try:
        answer = read(occurred_at=moment.strftime(form))
    except RejectedError:
        assert moment.year < 1990 or moment > datetime(2022, 6, 2)  # noqa: DTZ001 - naive
        return
    local = answer.occurred_at.astimezone(WARSAW).replace(tzinfo=None)
    # An hour that the clock skips in spring is read as the one after it.
    assert local - moment.replace(second=0, microsecond=0) in (timedelta(0), timedelta(hours=1))


def test_the_senders_id_makes_the_key_whatever_else_changed() -> None:
    assert dedupe_key(read(external_id="7")) == dedupe_key(
        read(external_id=7, text="other"), row_identity="r"
    )


def test_a_file_read_twice_gives_the_same_keys_and_equal_rows_stay_apart() -> None:
    rows: list[dict[str, object]] = [{"text": "ok", "mark": 9}, {"text": "ok", "mark": 9}]
    rows.append({"text": "ok", "mark": "9"})

    def keys_of() -> list[str]:
        identities = RowIdentities()
        return [dedupe_key(read(text="ok"), row_identity=identities.of(row)) for row in rows]

    assert keys_of() == keys_of()
    assert len(set(keys_of())) == 3


def test_an_overlapping_file_gives_the_overlap_the_same_keys() -> None:
    first, second = RowIdentities(), RowIdentities()
    rows = [{"text": str(n)} for n in range(4)]
    assert [first.of(row) for row in rows][2:] == [second.of(row) for row in rows[2:]]


def test_a_respondents_message_sent_twice_is_one_answer() -> None:
    one = read(respondent="r", score=3, text="Žádná  odpověď", occurred_at="2021-12-31 10:00")
    same = read(
        respondent="r", score="3", text="Z\u030cádná odpověď", occurred_at="2021-12-31T09:00Z"
    )
    assert dedupe_key(one) == dedupe_key(same)


def test_another_word_score_time_survey_or_person_is_another_answer() -> None:
    one = read(respondent="r", score=3, text="ne", occurred_at="2021-12-31")
    others = [
        replace(one, text="Ne"),
        replace(one, score=4.0),
        replace(one, score=None),
        replace(one, survey="other"),
        replace(one, respondent=Person("s")),
        replace(one, occurred_at=one.occurred_at + timedelta(seconds=1)),
    ]
    assert len({dedupe_key(answer) for answer in [one, *others]}) == 7


def test_anonymous_answers_are_never_merged() -> None:
    answer = read(score=9)
    assert dedupe_key(answer) != dedupe_key(answer)


@given(st.text(min_size=1), st.text(min_size=1))
def test_parts_of_a_key_do_not_run_together(left: str, right: str) -> None:
    one = replace(read(respondent="r"), survey=left, text=right)
    other = replace(one, survey=left + right, text="")
    assert dedupe_key(one) != dedupe_key(other)
