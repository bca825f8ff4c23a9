"""Turns rows and messages into answers: the field mapping, the validation and the dedupe key."""

from __future__ import annotations

import csv
import hashlib
import json
import unicodedata
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from pipelines.contracts import Answer, Person, RejectedError, Scale
from pipelines.intake_values import (
    MAX_KEY,
    attributes_of,
    email_of,
    gender_of,
    label_of,
    language_of,
    moment_of,
    phone_of,
    rejected,
    score_of,
    text_of,
)

FIELDS = (
    "text",
    "score",
    "respondent",
    "external_id",
    "occurred_at",
    "survey",
    "language",
    "name",
    "gender",
    "email",
    "phone",
    "tier",
    "account",
)
"""What a column can be mapped to, besides `attr:NAME` for an attribute of that name."""
ATTRIBUTE = "attr:"
_ATTRIBUTES = "attributes"
_EXAMPLE = "text=comment,score=nps,attr:shop=branch"


def parse_map(text: str) -> dict[str, str]:
    """Read `field=column,...`; a column's name with a comma stands with its field in double quotes.

    Returns:
        Columns by field, fields being of FIELDS or `attr:NAME`.

    Raises:
        RejectedError: a pair without `=`, an unknown field, or a field twice.
    """
    try:
        pairs = next(csv.reader([text], skipinitialspace=True), [])
    except csv.Error:
        pairs = []
    if not any(pair.strip() for pair in pairs):
        raise RejectedError(f"The map is empty: write field=column pairs such as {_EXAMPLE}.")
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not (field and equals and column):
            raise RejectedError(
                f"Map: {pair[:40]!r} is no field=column pair. Write pairs such as {_EXAMPLE}."
            )
        field = _known_field(field)
        if field in mapping:
            raise RejectedError(f"Map: the field {field[:70]} stands twice. Give it one column.")
        mapping[field] = column
    return mapping


def own_map(columns: Sequence[str]) -> dict[str, str]:
    """The map where none is given: columns that have a field's own name, whatever their case."""
    by_name = {column.strip().lower(): column for column in reversed(columns)}
    by_name |= {column: column for column in columns}
    return {field: by_name[field] for field in FIELDS if field in by_name}


def check_map(mapping: Mapping[str, str], columns: Sequence[str]) -> None:
    """See that the mapped columns are there, and that an answer can come of them.

    Raises:
        RejectedError: a column is missing, or neither text nor score is mapped.
    """
    there = ", ".join(columns[:50]) + (", ..." if len(columns) > 50 else "")
    for field, column in mapping.items():
        if column not in columns:
            raise RejectedError(
                f"There is no column {column!r} for the field {field}. Columns: {there}."
            )
    if "text" not in mapping and "score" not in mapping:
        raise RejectedError(
            f"No column is taken as text or score. Map one, such as {_EXAMPLE}. Columns: {there}."
        )


def apply_map(mapping: Mapping[str, str], row: Mapping[str, object]) -> dict[str, object]:
    """The record of a row: values by field and `attr:NAME`; a column that is missing gives None."""
    return {field: row.get(column) for field, column in mapping.items()}


def read_answer(
    record: Mapping[str, object], *, scale: Scale, survey: str, now: datetime, timezone: tzinfo
) -> Answer:
    """Validate one record.

    Args:
        record: values by FIELDS and `attr:NAME`; `attributes` may hold a mapping of them too.
        scale: the scale of `score`.
        survey: the survey's name where the record names none.
        now: aware; the time of an answer that names none.
        timezone: of times that name none.

    Raises:
        RejectedError: the message names the field and the reason. An e-mail address or a telephone
            number that is none rejects no answer: it is left out, and `unusable` says so.
    """
    known = set(FIELDS) | {_ATTRIBUTES}
    for key in record:
        if key not in known and not key.startswith(ATTRIBUTE):
            _known_field(key)
    text, score = text_of(record.get("text")), score_of(record.get("score"), scale)
    if not text and score is None:
        raise RejectedError("text and score: both are blank, so there is nothing to take in.")
    external_id = label_of("external_id", record.get("external_id"), is_identity=True)
    named = label_of("survey", record.get("survey"))
    is_dated = bool(str(record.get("occurred_at") or "").strip())
    said = {"survey": named is not None, "occurred_at": is_dated}
    ways, unusable = _ways_to(record)
    return Answer(
        text=text,
        score=score,
        scale=scale,
        survey=named or survey,
        occurred_at=moment_of(record.get("occurred_at"), now=now, timezone=timezone),
        external_id=external_id,
        language_hint=language_of(record.get("language")),
        respondent=_person(record, external_id, ways),
        attributes=attributes_of(_attributes(record)),
        unusable=unusable,
        filled_in=frozenset(field for field, is_said in said.items() if not is_said),
    )


def dedupe_key(answer: Answer, *, row_identity: str | None = None) -> str:
    """What makes an answer the same one when it comes again, within a workspace.

    In this order:

    1. The sender's `external_id`: "id:...". Whatever else changed, it is that answer.
    2. `row_identity`, which a file's reader gives (see RowIdentities): "row:...". The same row in
       the same or an overlapping file is seen before; two rows that are equal throughout, such as
       two anonymous "ok" of one day, stay two answers.
    3. A respondent's id: "sum:...", over survey, respondent, score, text (Unicode and white space
       normalised) and moment. A respondent who says something else, or the same at another time,
       gives another answer. An answer without `occurred_at` got the time of its arrival, so that
       a sender who may repeat messages has to send an `external_id` or the time.
    4. Otherwise "new:..." and random: nothing tells two anonymous answers from one sent twice, and
       losing a customer's answer is the worse mistake.
    """
    if answer.external_id is not None:
        return f"id:{answer.external_id}"
    if row_identity is not None:
        return "row:" + _digest(answer.survey, row_identity)
    if answer.respondent is None:
        return f"new:{uuid.uuid4().hex}"
    text = " ".join(unicodedata.normalize("NFC", answer.text).split())
    moment = answer.occurred_at.timestamp()
    return "sum:" + _digest(
        answer.survey, answer.respondent.external_id, answer.score, text, moment
    )


class RowIdentities:
    """Identities of one file's rows: what a row holds, and how many like it came before.

    One object per reading of a file, rows in the file's order. It keeps eight bytes of hash and a
    count for every different row.
    """

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def of(self, row: Mapping[str, object]) -> str:
        """Identity of the next row, all columns of it, mapped or not."""
        digest = _digest(sorted((name, _plain(value)) for name, value in row.items()))
        key = bytes.fromhex(digest[:16])
        self._seen[key] += 1
        return f"{digest}:{self._seen[key]}"


def _known_field(field: str) -> str:
    if field.startswith(ATTRIBUTE):
        name = field.removeprefix(ATTRIBUTE).strip()
        if 1 <= len(name) <= MAX_KEY:
            return ATTRIBUTE + name
        raise RejectedError(f"An attribute's name has 1 to {MAX_KEY} characters: attr:shop=branch.")
    if field not in FIELDS:
        raise RejectedError(
            f"Unknown field {field[:40]!r}. Known are {', '.join(FIELDS)}, and attr:NAME."
        )
    return field


def _attributes(record: Mapping[str, object]) -> dict[object, object]:
    sent = record.get(_ATTRIBUTES)
    if sent is not None and not isinstance(sent, Mapping):
        raise rejected(_ATTRIBUTES, "must be an object of names and values.")
    attributes: dict[object, object] = dict(sent or {})
    for key, value in record.items():
        if key.startswith(ATTRIBUTE):
            name = key.removeprefix(ATTRIBUTE)
            if name in attributes:
                raise rejected(_ATTRIBUTES, f"{name[:40]!r} stands twice.")
            attributes[name] = value
    return attributes


def _ways_to(record: Mapping[str, object]) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """How the respondent can be reached, and why what was sent for it is of no use."""
    ways, unusable = dict[str, str | None](), list[str]()
    for field, read in (("email", email_of), ("phone", phone_of)):
        try:
            ways[field] = read(record.get(field))
        except RejectedError as error:
            ways[field] = None
            unusable.append(str(error))
    return ways, tuple(unusable)


def _person(
    record: Mapping[str, object], external_id: str | None, ways: Mapping[str, str | None]
) -> Person | None:
    """The respondent, None when nothing is known of one.

    Where no id is sent, the e-mail address or the phone number is the id; without them the person
    is known by this answer alone, for a name is not enough to tell that two answers are one's.
    """
    facts = {field: label_of(field, record.get(field)) for field in ("name", "tier", "account")}
    facts |= ways
    gender = gender_of(record.get("gender"))
    respondent = label_of("respondent", record.get("respondent"), is_identity=True)
    if respondent is None and gender is None and not any(facts.values()):
        return None
    email = facts["email"]
    identity = respondent or (email and email.lower()) or facts["phone"]
    alone = f"answer:{external_id}" if external_id else f"unnamed:{uuid.uuid4().hex}"
    return Person(identity or alone, gender=gender, **facts)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=_plain).encode()).hexdigest()


def _plain(value: object) -> str:
    return f"{type(value).__name__}:{value!s}"
