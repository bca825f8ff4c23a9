from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select

from service.storage import access, all_tables
from service.storage.access_tables import Workspace
from service.storage.all_tables import metadata
from service.storage.database import Database, StorageError


@pytest.fixture
def database(tmp_path: Path) -> Database:
    found = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    found.migrate()
    return found


def workspaces(database: Database) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(Workspace)) or 0


def test_migrated_tables_are_those_of_the_metadata(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_module_of_tables_is_among_all_tables() -> None:
    rooms = {file.stem for file in Path(all_tables.__file__).parent.glob("*_tables.py")}
    assert rooms - {"all_tables"} <= set(vars(all_tables))


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        access.ensure_workspace(session, "Demo", datetime.now(UTC))
    database.migrate()
    assert workspaces(database) == 1


def test_an_acknowledged_write_is_on_the_disk(database: Database) -> None:
    with database.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_error_takes_everything_back(database: Database) -> None:
    def write_and_fail() -> None:
        with database.transaction() as session:
            access.ensure_workspace(session, "Demo", datetime.now(UTC))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert workspaces(database) == 0


def test_writers_wait_for_one_another_instead_of_failing(database: Database) -> None:
    errors: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with database.transaction() as session:
                count = session.scalar(select(func.count()).select_from(Workspace))
                time.sleep(0.02)  # where another writer would slip in between
                access.ensure_workspace(session, f"{count}", datetime.now(UTC))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    # Each saw what the one before it had written: eight different names.
    assert workspaces(database) == 8


def test_a_reader_waits_for_no_writer_and_sees_one_moment(database: Database) -> None:
    with database.snapshot() as reader:
        assert reader.scalar(select(func.count()).select_from(Workspace)) == 0
        with database.transaction() as session:
            access.ensure_workspace(session, "Demo", datetime.now(UTC))
            session.flush()
            assert workspaces(database) == 0
        assert workspaces(database) == 1
        assert reader.scalar(select(func.count()).select_from(Workspace)) == 0


def test_a_moment_without_a_zone_is_never_stored(database: Database) -> None:
    def store_naive() -> None:
        with database.transaction() as session:
            access.ensure_workspace(session, "Demo", datetime(2026, 1, 5))  # noqa: DTZ001 - meant

    with pytest.raises(Exception, match="without a zone"):
        store_naive()
    assert workspaces(database) == 0


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////proc/none/a.sqlite3"])
def test_a_database_that_cannot_be_used_is_told_in_words(url: str) -> None:
    with pytest.raises(StorageError, match=r"database"):
        Database(url).migrate()


def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(b"not a database at all " * 100)
    with pytest.raises(StorageError, match=r"a\.sqlite3"):
        Database(f"sqlite:///{path}").migrate()
