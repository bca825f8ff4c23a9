"""What people do with their workspace's templates: look, try, propose, publish, go back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from models.contracts import LANGUAGES
from pipelines.contracts import PipelineError
from pipelines.followup.book import FILES, Block, Book, load_book
from pipelines.followup.book_files import changes_in, to_toml
from pipelines.followup.own_wordings import (
    BlockChange,
    change_of,
    own_book,
    with_change,
)
from pipelines.messages import N_
from pipelines.words import MAX_NOTE, check_words
from service.book_shelf import BlockState, Shelf, Trial
from service.book_trials import SHOWN, Trials
from service.storage.books import BookRepository, Changes
from service.storage.conflicts import ConflictError, NotFoundError
from service.wiring import Odzew


class BookDesk:
    """One person at the templates of one workspace in one language."""

    def __init__(self, odzew: Odzew, workspace: str, who: str, language: str) -> None:
        if language not in LANGUAGES:
            raise NotFoundError(
                N_("There are no templates in “%(code)s”. There are: %(known)s."),
                code=language[:40],
                known=", ".join(LANGUAGES),
            )
        self._odzew, self._workspace, self._who = odzew, workspace, who
        self._shipped = load_book(language)

    def shelf(self, file: str, version: int | None = None) -> Shelf:
        """A file's blocks as they are in use, or were as of a version.

        Raises:
            NotFoundError: there is no such file.
        """
        if file not in FILES:
            raise NotFoundError(
                N_("There are no templates called “%(file)s”. There are: %(known)s."),
                file=file[:40],
                known=", ".join(FILES),
            )
        with self._odzew.database.snapshot() as session:
            books = BookRepository(session, self._workspace)
            changed = books.in_use(self._shipped.language, version)
            newest = books.newest()
        book, troubles = own_book(
            self._shipped, {place: one.change for place, one in changed.items()}, str(newest)
        )
        states = tuple(
            BlockState.of(shipped, now, changed.get((file, shipped.name)))
            for shipped, now in zip(self._shipped.blocks[file], book.blocks[file], strict=True)
        )
        own = tuple(one for one in troubles if one.file == file)
        return Shelf(book, states, newest, own)

    def state(self, file: str, block: str) -> tuple[Shelf, BlockState]:
        """One block, and the file that it is of.

        Raises:
            NotFoundError: there is no such file or block.
        """
        shelf = self.shelf(file)
        for one in shelf.blocks:
            if one.shipped.name == block:
                return shelf, one
        raise NotFoundError(N_("There is no block “%(name)s” here."), name=block[:120])

    def try_out(self, file: str, block: str, typed: Sequence[str]) -> Trial:
        """Show how the wordings that somebody typed read, and what the linter says.

        Args:
            file: of the book.
            block: name.
            typed: see `change_of`.

        Raises:
            NotFoundError: there is no such file or block.
            PipelineError: a wording breaks the rules of templates.
        """
        shelf, state = self.state(file, block)
        tried = with_change(
            state.shipped, shelf.book.language, change_of(state.shipped.texts, typed)
        )
        return self._trial(shelf.book, file, state.now, tried)

    def propose(
        self, file: str, block: str, typed: Sequence[str], *, why: str, book: str, seen: int
    ) -> int:
        """Propose wordings of a block for somebody else to publish; gives the proposal's number.

        Args:
            file: of the book.
            block: name.
            typed: see `change_of`.
            why: in the person's words.
            book: version of the shipped book that the person was shown.
            seen: version of the workspace's books that they were shown.

        Raises:
            NotFoundError: there is no such file or block.
            PipelineError: a wording breaks the rules, the linter blocks one, nothing is changed or
                no reason is given.
            ConflictError: the block was changed meanwhile.
        """
        shelf, state = self.state(file, block)
        if book != self._shipped.version:
            raise ConflictError(
                N_("Odzew was upgraded meanwhile. Open the page again and make the change there.")
            )
        if state.version > seen:
            raise ConflictError(
                N_("Somebody changed this block meanwhile. Compare yours with what is in use now.")
            )
        change = change_of(state.shipped.texts, typed)
        tried = with_change(state.shipped, shelf.book.language, change)
        if set(tried.texts) == set(state.now.texts) and not state.is_to_be_looked_at:
            raise PipelineError(N_("Nothing is changed; change, add or switch off a wording."))
        why = _checked(why)
        new = [text for text in tried.texts if text not in state.now.texts]
        self._trials(shelf.book).refuse(file, {tried: new})
        return self._propose(file, {block: change or None}, why, seen)

    def take(self, file: str, content: bytes, why: str) -> int:
        """Propose what a file of templates changes; gives the proposal's number.

        Raises:
            NotFoundError: there is no such file.
            PipelineError: it cannot be taken, the linter blocks a wording, it changes nothing or
                no reason is given.
        """
        shelf = self.shelf(file)
        changes = changes_in(content, self._shipped, file, self._own(file))
        if not changes:
            raise PipelineError(N_("The file changes nothing: what it holds is in use."))
        why = _checked(why)
        states = {one.shipped.name: one for one in shelf.blocks}
        new: dict[Block, Sequence[str]] = {}
        for name, change in changes.items():
            state = states[name]
            tried = with_change(state.shipped, shelf.book.language, change)
            new[tried] = [text for text in tried.texts if text not in state.now.texts]
        self._trials(shelf.book).refuse(file, new)
        ready: Changes = {name: change or None for name, change in changes.items()}
        return self._propose(file, ready, why, shelf.version)

    def go_back(self, file: str, version: int, why: str) -> int:
        """Propose a file's wordings as they were in a version; gives the proposal's number.

        Raises:
            NotFoundError: there is no such file.
            PipelineError: they are in use, or break the rules now.
        """
        shelf = self.shelf(file)
        then, now = self._own(file, version), self._own(file)
        changes: Changes = {
            name: then.get(name) for name in {**then, **now} if then.get(name) != now.get(name)
        }
        if not changes:
            raise PipelineError(N_("These wordings are in use."))
        states = {one.shipped.name: one for one in shelf.blocks}
        for name, change in changes.items():
            if change and name in states:
                with_change(states[name].shipped, shelf.book.language, change)
        return self._propose(file, changes, _checked(why), shelf.version)

    def export(self, file: str) -> str:
        """A file of the book in use, as TOML."""
        return to_toml([one.now for one in self.shelf(file).blocks])

    def trial(self, file: str, now: Block, tried: Block, most: int = SHOWN) -> Trial:
        """How wordings of a block would read that it does not have now."""
        return self._trial(self.shelf(file).book, file, now, tried, most)

    def _trial(self, book: Book, file: str, now: Block, tried: Block, most: int = SHOWN) -> Trial:
        trials = self._trials(book)
        new = [text for text in tried.texts if text not in now.texts]
        shown = trials.shown(file, tried, new or tried.texts, most)
        return Trial(tried, tuple(shown), tuple(trials.objections(file, {tried: new})))

    def _trials(self, book: Book) -> Trials:
        return Trials(self._odzew, self._workspace, book)

    def _own(self, file: str, version: int | None = None) -> dict[str, BlockChange]:
        with self._odzew.database.snapshot() as session:
            changed = BookRepository(session, self._workspace).in_use(
                self._shipped.language, version
            )
        return {place[1]: one.change for place, one in changed.items() if place[0] == file}

    def _propose(self, file: str, changes: Changes, why: str, seen: int) -> int:
        with self._odzew.database.transaction() as session:
            proposal = BookRepository(session, self._workspace).propose(
                self._shipped.language,
                file,
                changes,
                seen=seen,
                who=self._who,
                at=datetime.now(UTC),
                why=why,
            )
            return proposal.id


def _checked(why: str) -> str:
    why = why.strip()
    if not why:
        raise PipelineError(
            N_("Say why in a few words, for whoever publishes it and later readers.")
        )
    check_words(N_("A reason"), why, MAX_NOTE)
    return why
