from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.exc import IntegrityError

from service.storage.all_tables import metadata
from service.storage.answer_tables import ExcerptRow, Respondent
from service.storage.database import Database
from service.storage.theme_tables import ThemeRow

_POSTGRES = "ODZEW_TEST_POSTGRES_URL"
"""An empty database that may be written; its tables are dropped before and after."""
NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, of either kind."""
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    elif _POSTGRES in os.environ:
        found = Database(os.environ[_POSTGRES])
        drop_all(found)
    else:
        pytest.skip(f"{_POSTGRES} names no database")
    yield found
    drop_all(found)
    found.close()


def drop_all(database: Database) -> None:
    there = MetaData()
    there.reflect(database.engine)
    there.drop_all(database.engine)


def insert(connection: Connection, table: str, **values: object) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({places})'), values)


def fill(database: Database) -> None:
    """Two workspaces with an answer each; the first has a theme, its excerpt and an incident."""
    naive = NOW.replace(tzinfo=None)
    with database.engine.begin() as connection:
        for workspace in ("wsp_1", "wsp_2"):
            insert(connection, "workspaces", id=workspace, name=workspace, created_at=naive)
            insert(
                connection,
                "feedback",
                **{"id": f"fb_{workspace}", "workspace_id": workspace, "dedupe_key": "k"},
                **{"survey": "s", "scale": "{}", "text": "Late.", "attributes": "{}"},
                **{"occurred_at": naive, "received_at": naive},
            )
        insert(
            connection,
            "themes",
            **{"id": "thm_1", "workspace_id": "wsp_1", "label": "Late", "names": '{"en": "Late"}'},
            **{"keywords": "{}", "created_at": naive, "owner": "Ola"},
        )
        insert(
            connection,
            "excerpts",
            **{"workspace_id": "wsp_1", "feedback_id": "fb_wsp_1", "start": 0, "end": 5},
            **{"text": "Late.", "language": "en", "sentiment_label": "negative"},
            **{"sentiment_score": -0.5, "sentiment_confidence": 0.9, "signals": "[]"},
            **{"theme_id": "thm_1", "second_theme_id": "thm_1", "vector": b"abcd"},
        )
        insert(
            connection,
            "theme_incidents",
            **{"id": "inc_1", "workspace_id": "wsp_1", "theme_id": "thm_1", "weeks": "[]"},
            **{"first_week": date(2026, 1, 5), "last_week": date(2026, 1, 5)},
            **{"direction": "emerging", "reopened": 0, "found_at": naive},
        )


def rows(database: Database) -> dict[str, list[dict[str, str]]]:
    """Every row of the tables that know themes, column by name."""
    found = {}
    with database.engine.connect() as connection:
        for table in ("themes", "excerpts", "theme_incidents"):
            result = connection.execute(text(f'SELECT * FROM "{table}"')).mappings()
            found[table] = [{name: str(value) for name, value in row.items()} for row in result]
    return found


def test_themes_keep_their_rows_and_what_refers_to_them(empty: Database) -> None:
    empty.migrate("0003")
    fill(empty)
    before = rows(empty)
    empty.migrate()
    kept = rows(empty)
    for excerpt in kept["excerpts"]:
        assert excerpt.pop("concept") == "None"  # what later revisions add
    assert kept == before
    key = inspect(empty.engine).get_pk_constraint("themes")
    assert key["constrained_columns"] == ["workspace_id", "id"]
    assert key["name"] == "pk_themes"


def test_two_workspaces_hold_a_theme_of_the_same_id(empty: Database) -> None:
    empty.migrate("0003")
    fill(empty)
    empty.migrate()
    with empty.transaction() as session:
        session.add(
            ThemeRow(id="thm_1", workspace_id="wsp_2", label="Late", keywords={}, created_at=NOW)
        )
    with empty.snapshot() as session:
        assert session.query(ThemeRow).filter_by(id="thm_1").count() == 2


def test_an_excerpt_refers_to_no_theme_of_another_workspace(empty: Database) -> None:
    empty.migrate("0003")
    fill(empty)
    empty.migrate()

    def refer() -> None:
        with empty.transaction() as session:
            excerpt = session.query(ExcerptRow).one()
            excerpt.workspace_id = "wsp_2"

    with pytest.raises(IntegrityError):
        refer()


def test_customers_who_were_there_are_found_afterwards(empty: Database) -> None:
    empty.migrate("0008")
    naive = NOW.replace(tzinfo=None)
    person = {"name": "Jitka Malá", "email": "J@x.cz", "phone": "+420 600 000 014"}
    with empty.engine.begin() as connection:
        insert(connection, "workspaces", id="wsp_1", name="wsp_1", created_at=naive)
        one = {"id": "rsp_1", "workspace_id": "wsp_1", "external_id": "C-17"}
        insert(connection, "respondents", **one, **person)
    empty.migrate()
    with empty.snapshot() as session:
        known = session.query(Respondent).one().known_by
    assert known == "jitka mala j@x.cz 420600000014 c-17"


def test_names_of_keys_and_indexes_are_those_of_the_metadata(empty: Database) -> None:
    empty.migrate()
    found = inspect(empty.engine)
    for table in metadata.sorted_tables:
        assert found.get_pk_constraint(table.name)["constrained_columns"] == [
            column.name for column in table.primary_key
        ]
        keys = {key["name"] for key in found.get_foreign_keys(table.name)}
        assert keys == {key.name for key in table.foreign_key_constraints}
        uniques = {key["name"] for key in found.get_unique_constraints(table.name)}
        indexes = {index["name"] for index in found.get_indexes(table.name)} - uniques
        assert indexes == {index.name for index in table.indexes}
