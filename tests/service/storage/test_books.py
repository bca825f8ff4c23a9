from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pipelines.followup.own_wordings import BlockChange
from service.storage import access
from service.storage.book_tables import BookDecision
from service.storage.books import BookRepository, changes_of
from service.storage.conflicts import ConflictError, NotFoundError
from service.wiring import Odzew

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def change(own: str) -> BlockChange:
    return BlockChange(("One.", "Two."), {"One.": own}, ())


def proposed(odzew: Odzew, workspace: str, block: str = "thanks", own: str = "Eins.") -> int:
    with odzew.database.transaction() as session:
        books = BookRepository(session, workspace)
        changes = {block: change(own) if own else None}
        row = books.propose(
            "en", "message", changes, seen=books.newest(), who="Ewa", at=NOW, why="Warmer"
        )
        return row.id


def publish(odzew: Odzew, workspace: str, number: int, who: str = "Piotr") -> int:
    with odzew.database.transaction() as session:
        return BookRepository(session, workspace).publish(number, who=who, at=NOW).id


def in_use(odzew: Odzew, workspace: str, version: int | None = None) -> dict[str, str]:
    with odzew.database.snapshot() as session:
        found = BookRepository(session, workspace).in_use("en", version)
    return {place[1]: one.change.instead["One."] for place, one in found.items()}


def test_a_proposal_is_in_use_once_a_second_person_publishes_it(
    odzew: Odzew, workspace: str
) -> None:
    number = proposed(odzew, workspace)
    assert in_use(odzew, workspace) == {}
    publish(odzew, workspace, number)
    assert in_use(odzew, workspace) == {"thanks": "Eins."}
    with odzew.database.snapshot() as session:
        proposal, decision = BookRepository(session, workspace).get(number)
    assert (proposal.who, proposal.why, proposal.at) == ("Ewa", "Warmer", NOW)
    assert decision is not None
    assert (decision.who, decision.verdict) == ("Piotr", "published")
    assert changes_of(proposal) == {"thanks": change("Eins.")}


@pytest.mark.parametrize("name", ["Ewa", "ewa", "EWA"])
def test_nobody_publishes_what_they_proposed(odzew: Odzew, workspace: str, name: str) -> None:
    number = proposed(odzew, workspace)
    with pytest.raises(ConflictError, match="odzew users add"):
        publish(odzew, workspace, number, name)
    assert in_use(odzew, workspace) == {}


@pytest.mark.parametrize(
    ("who", "proposed_by", "verdict"),
    [("ewa", "Ewa", "published"), ("Piotr", "Jan", "published"), ("Piotr", "Ewa", "agreed")],
)
def test_the_database_itself_holds_to_four_eyes(
    odzew: Odzew, workspace: str, who: str, proposed_by: str, verdict: str
) -> None:
    decision = BookDecision(
        workspace_id=workspace,
        proposal_id=proposed(odzew, workspace),
        proposed_by=proposed_by,
        verdict=verdict,
        who=who,
        at=NOW,
    )
    with pytest.raises(IntegrityError), odzew.database.transaction() as session:
        session.add(decision)


def test_versions_can_be_read_again_whatever_came_after(odzew: Odzew, workspace: str) -> None:
    first = publish(odzew, workspace, proposed(odzew, workspace, own="Eins."))
    second = publish(odzew, workspace, proposed(odzew, workspace, own="Uno."))
    third = publish(odzew, workspace, proposed(odzew, workspace, own=""))
    assert [in_use(odzew, workspace, one) for one in (0, first, second, third)] == [
        {},
        {"thanks": "Eins."},
        {"thanks": "Uno."},
        {},
    ]


def test_a_proposal_that_was_overtaken_is_not_published_and_others_are(
    odzew: Odzew, workspace: str
) -> None:
    late = proposed(odzew, workspace, own="Uno.")
    elsewhere = proposed(odzew, workspace, "apology")
    publish(odzew, workspace, proposed(odzew, workspace, own="Eins."))
    with pytest.raises(ConflictError, match="“thanks” was changed after"):
        publish(odzew, workspace, late)
    publish(odzew, workspace, elsewhere)
    assert in_use(odzew, workspace) == {"thanks": "Eins.", "apology": "Eins."}


def test_a_proposal_is_decided_about_once(odzew: Odzew, workspace: str) -> None:
    number = proposed(odzew, workspace)
    with odzew.database.transaction() as session:
        BookRepository(session, workspace).withdraw(number, who="Ewa", at=NOW)
        assert BookRepository(session, workspace).waiting() == []
    with pytest.raises(ConflictError, match="withdrawn by Ewa"):
        publish(odzew, workspace, number)
    assert in_use(odzew, workspace) == {}


def test_books_of_one_workspace_are_not_anothers(odzew: Odzew, workspace: str) -> None:
    with odzew.database.transaction() as session:
        other = access.ensure_workspace(session, "Other", NOW)
    number = proposed(odzew, workspace)
    with pytest.raises(NotFoundError):
        publish(odzew, other, number)
    publish(odzew, workspace, number)
    assert in_use(odzew, other) == {}
    with odzew.database.snapshot() as session:
        assert BookRepository(session, other).history(10) == []
        assert BookRepository(session, other).newest() == 0


def test_what_was_proposed_is_not_taken_for_somebody_elses(odzew: Odzew, workspace: str) -> None:
    publish(odzew, workspace, proposed(odzew, workspace))
    with pytest.raises(IntegrityError), odzew.database.transaction() as session:
        session.execute(text("UPDATE book_proposals SET who = 'Piotr'"))
