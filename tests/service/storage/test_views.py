from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.contracts import PipelineError
from service.storage.views import ViewExistsError, ViewRepository
from service.wiring import Odzew

NOW = datetime.now(UTC)


def test_a_person_keeps_and_deletes_views_of_their_own(odzew: Odzew, workspace: str) -> None:
    with odzew.database.transaction() as session:
        mine = ViewRepository(session, workspace, "Ewa")
        mine.save("  Czech   P1 ", "language=cs&priority=P1", NOW)
        mine.save("All", "state=all", NOW)
        mine.save("Czech P1", "language=cs", NOW, replaces=True)
        ViewRepository(session, workspace, "Jan").save("All", "state=closed", NOW)
    with odzew.database.transaction() as session:
        mine = ViewRepository(session, workspace, "Ewa")
        theirs = ViewRepository(session, workspace, "Jan")
        assert [(one.name, one.query) for one in mine.all()] == [
            ("All", "state=all"),
            ("Czech P1", "language=cs"),
        ]
        mine.remove(theirs.all()[0].id)
        mine.remove(mine.all()[0].id)
        assert [one.name for one in mine.all()] == ["Czech P1"]
        assert [one.query for one in theirs.all()] == ["state=closed"]


def test_a_view_takes_the_place_of_no_other_unasked(odzew: Odzew, workspace: str) -> None:
    with odzew.database.transaction() as session:
        mine = ViewRepository(session, workspace, "Ewa")
        mine.save("Czech P1", "language=cs", NOW)
        with pytest.raises(ViewExistsError, match="You have a view Czech P1 already"):
            mine.save("Czech  P1", "state=all", NOW)
        mine.save("Czech P1", "language=cs", NOW)
        assert [(one.name, one.query) for one in mine.all()] == [("Czech P1", "language=cs")]


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("  ", "", "a name"),
        ("x" * 61, "", "60"),
        ("x", "q" * 1_001, "1,000"),
        ("a\0", "", "control"),
    ],
)
def test_a_view_that_cannot_be_kept_is_refused(
    odzew: Odzew, workspace: str, name: str, query: str, said: str
) -> None:
    with odzew.database.transaction() as session, pytest.raises(PipelineError, match=said):
        ViewRepository(session, workspace, "Ewa").save(name, query, NOW)


def test_there_are_so_many_views_at_most(odzew: Odzew, workspace: str) -> None:
    with odzew.database.transaction() as session:
        mine = ViewRepository(session, workspace, "Ewa")
        for at in range(30):
            mine.save(str(at), "", NOW)
        mine.save("29", "state=all", NOW, replaces=True)
        with pytest.raises(PipelineError, match="Delete one"):
            mine.save("one more", "", NOW)
