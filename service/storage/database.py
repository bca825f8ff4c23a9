"""Opens the SQL database, brings its tables up to date, and gives out transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from service.storage import all_tables  # noqa: F401 - sessions know every table that keys name

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT_MS = 30_000
_READ = "odzew_read"


class StorageError(Exception):
    """The database cannot be opened; the message says what to do."""


class Database:
    """One SQL database; a transaction is one request or one job."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writers = sessionmaker(self.engine, expire_on_commit=False)
        readers = self.engine.execution_options(**{_READ: True})
        self._readers = sessionmaker(readers, expire_on_commit=False)

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables to the newest version, or to an earlier one that is named.

        Raises:
            StorageError: the database cannot be reached or written.
        """
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        try:
            with self.engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, revision)
        except SQLAlchemyError as error:
            shown = self.engine.url.render_as_string(hide_password=True)
            raise StorageError(f"The database {shown} cannot be used: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end, or takes everything back on an error."""
        with self._writers.begin() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that only reads: it waits for no writer and sees one moment."""
        with self._readers.begin() as session:
            yield session

    def is_ready(self) -> bool:
        """Whether the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError(
            "ODZEW_DATABASE_URL is no database URL. Use sqlite:///PATH or "
            "postgresql+psycopg://USER:PASSWORD@HOST/NAME."
        ) from error
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    if parsed.database:
        _make_folder(Path(parsed.database).parent)
    engine = create_engine(parsed, connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} for the database cannot be made: {error.strerror}. "
            "Set ODZEW_HOME to a folder that can be written."
        ) from error


def _begin_sqlite(connection: Connection) -> None:
    # Writers take their lock at the start, so that two of them wait for one another instead of
    # failing half way; readers take none.
    is_read = connection.get_execution_options().get(_READ)
    connection.exec_driver_sql("BEGIN" if is_read else "BEGIN IMMEDIATE")


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling is switched off; `_begin_sqlite` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
