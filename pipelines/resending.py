"""An answer that comes again under its id: the same one, or another that must not get lost."""

from __future__ import annotations

from datetime import timedelta

from pipelines.contracts import Answer
from pipelines.messages import Told
from pipelines.rules.team import same_attribute

_SAME_DAY = timedelta(days=1)
"""Surveys send moments, their exports often days, and zones differ."""
_OTHER = (
    "external_id %(id)s is stored already as %(feedback)s with other content (%(fields)s). What is "
    "stored stays as it was and this was not taken in. Send what is new under an external_id of "
    "its own; where two surveys count alike, put the survey’s name before the number."
)


def what_differs(stored: Answer, again: Answer) -> tuple[str, ...]:
    """Names of the fields in which an answer that is sent again says something else.

    Only what the sender says counts: a survey or moment that was filled in, an attribute, a
    respondent or a language that is left out is no difference. What is known of the respondent
    (name, tier, ...) may change between two sendings of one answer.
    """
    moments = abs(stored.occurred_at - again.occurred_at)
    person, other = again.respondent, stored.respondent
    differs = {
        "text": stored.text != again.text,
        "score": stored.score != again.score,
        "scale": again.score is not None and stored.scale != again.scale,
        "survey": "survey" not in again.filled_in and stored.survey != again.survey,
        "occurred_at": "occurred_at" not in again.filled_in and moments > _SAME_DAY,
        "language": again.language_hint not in (None, stored.language_hint),
        "respondent": person is not None
        and (other is None or person.external_id != other.external_id),
        "attributes": not all(
            name in stored.attributes and same_attribute(stored.attributes[name], value)
            for name, value in again.attributes.items()
        ),
    }
    return tuple(field for field, is_other in differs.items() if is_other)


def refusal(again: Answer, feedback_id: str, fields: tuple[str, ...]) -> Told:
    """What is said of an answer that differs from the one that is stored under its id."""
    return Told(
        _OTHER,
        {
            "id": (again.external_id or "")[:60],
            "feedback": feedback_id,
            "fields": ", ".join(fields),
        },
    )
