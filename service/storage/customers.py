"""Customers: what a search finds them by, and the names of those of cases."""

from __future__ import annotations

import re
from collections.abc import Sequence

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.folding import fold
from service.storage.answer_tables import Feedback, Respondent
from service.storage.case_tables import CaseRow

_OF_AN_ANSWER, _UNNAMED = "answer:", "unnamed:"
"""How ids begin that are made up here, of who is known by one answer alone (`pipelines.intake`)."""
_NUMBER = re.compile(r"[\d\s+()./-]+")
_SHORTEST_NUMBER = 5
_COUNTRIES = frozenset((44, 48, 372, 420))


def known_by(
    external_id: str,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    account: str | None = None,
) -> str:
    """One folded line of what a caller may say they are; a phone number is digits alone."""
    number = "" if external_id.startswith(_UNNAMED) else external_id.removeprefix(_OF_AN_ANSWER)
    digits = re.sub(r"\D", "", phone or "")
    return fold(" ".join(filter(None, (name, email, digits, number, account))))


def sought_words(asked: str) -> list[str]:
    """The words of a search as they stand in what `known_by` gives.

    What reads as a phone number is one word, without spaces, the zeros that dial abroad and the
    code of its country.
    """
    if _NUMBER.fullmatch(asked):
        digits = re.sub(r"\D", "", asked).lstrip("0")
        if len(digits) >= _SHORTEST_NUMBER:
            return [_within_country(digits)]
    return fold(asked).split()


def _within_country(digits: str) -> str:
    """A number without its country code, for it may be stored with and without one."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return digits
    known = number.country_code in _COUNTRIES and phonenumbers.is_possible_number(number)
    return str(number.national_number) if known else digits


def customer_names(session: Session, workspace: str, case_ids: Sequence[str]) -> dict[str, str]:
    """Names of the customers of some cases, of those that have one."""
    query = (
        select(CaseRow.id, Respondent.name)
        .join(Feedback, Feedback.id == CaseRow.feedback_id)
        .join(Respondent, Respondent.id == Feedback.respondent_id)
        .where(CaseRow.workspace_id == workspace, CaseRow.id.in_(case_ids))
    )
    return {row.id: row.name for row in session.execute(query) if row.name}
