from __future__ import annotations

import pytest
from sqlalchemy import event

from pipelines.theme_life import emerging
from service.storage.themes import ThemeRepository
from service.theme_desk import ThemeDesk
from service.wiring import Odzew


@pytest.mark.usefixtures("loaded")
def test_the_database_picks_the_newest_excerpts_of_a_theme(odzew: Odzew, workspace: str) -> None:
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, workspace)
        every, vectors = repository.excerpts()
        newest, theirs = repository.excerpts_under(None, newest=3)
        assert newest == every[-3:]
        assert (theirs == vectors[-3:]).all()
        assert repository.excerpts_under("thm_none")[0] == []


@pytest.mark.usefixtures("loaded")
def test_groups_read_the_vectors_of_the_newest_excerpts_only(
    odzew: Odzew, workspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emerging, "NEWEST", 4)
    read: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *rest: object) -> None:
        if "excerpts.vector" in statement:
            read.append(statement)
            assert 4 in tuple(rest[0])  # type: ignore[arg-type]

    event.listen(odzew.database.engine, "before_cursor_execute", note)
    ThemeDesk(odzew, workspace, "Ewa").emerging()
    assert len(read) == 1
    assert "LIMIT" in read[0]
