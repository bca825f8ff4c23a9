"""The books in use: those that ship, with each workspace's own wordings over them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pipelines.followup.book import Book, load_book
from pipelines.followup.own_wordings import own_book
from service.storage.books import BookRepository
from service.storage.database import Database

log = logging.getLogger(__name__)


class OwnBooks:
    """Books of all workspaces, each read again once something was published."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[str, str], tuple[int, Book]] = {}

    def of(self, workspace: str) -> Callable[[str], Book]:
        """Gives the books of a workspace, as they are now, by language."""
        with self._database.snapshot() as session:
            version = BookRepository(session, workspace).newest()
        return lambda language: self._book(workspace, language, version)

    def _book(self, workspace: str, language: str, version: int) -> Book:
        if not version:
            return load_book(language)
        known, book = self._known.get((workspace, language), (0, None))
        if book is None or known != version:
            with self._database.snapshot() as session:
                books = BookRepository(session, workspace)
                changed, newest = books.in_use(language, version), books.newest(language)
            changes = {place: one.change for place, one in changed.items()}
            book, troubles = own_book(load_book(language), changes, str(newest))
            for trouble in troubles:
                log.warning(
                    "Own wordings of %s in %s/%s are not used: %s",
                    *(trouble.block, language, trouble.file, trouble.told),
                )
            self._known[workspace, language] = version, book
        return book
