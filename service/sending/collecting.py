"""Fetches customers' answers from the mailbox: each is kept first, and marked as read after that.

What breaks in between is fetched again and known by its Message-ID. Mail that belongs to no case
stays unread, for whoever else looks into the mailbox.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Final

from pipelines.contracts import PipelineError
from service.carriers.inbox import Folder, Inbox, InboxError, RefusedError, opened
from service.sending.inbound import take_in, workspace_of
from service.sending.last_look import LastLook
from service.sending.received import parse
from service.storage.access import ensure_workspace
from service.storage.draft_tables import ReplyRow
from service.storage.file_lock import FileBusyError, hold
from service.wiring import Odzew

log = logging.getLogger(__name__)

WAITS: Final = tuple(timedelta(minutes=count) for count in (1, 5, 15, 60))
"""How long is waited after each failed try, the last one again and again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something failed, and from when on it is tried again."""

    tries: int
    due_at: datetime

    def longer(self, now: datetime) -> Patience:
        """After one more failure."""
        return Patience(self.tries + 1, now + WAITS[min(self.tries, len(WAITS) - 1)])


_NEVER_FAILED: Final = Patience(0, datetime.min.replace(tzinfo=UTC))


class Collector:
    """Fetches from one mailbox, for all workspaces; it remembers what it left and what failed."""

    def __init__(self, odzew: Odzew, inbox: Inbox) -> None:
        self._odzew, self._inbox = odzew, inbox
        self._patience = _NEVER_FAILED
        self._age = ""
        self._left = set[int]()
        self._failed = dict[int, Patience]()

    def round(self, clock: Callable[[], datetime], ended: Event | None = None) -> list[ReplyRow]:
        """Take in what came, unless the mailbox failed lately or another process reads it.

        Args:
            clock: gives the moment, aware.
            ended: set when the process is to end.
        """
        if clock() < self._patience.due_at:
            return []
        try:
            taken = self.collect(clock, ended)
        except FileBusyError:
            return []
        except InboxError as error:
            self._patience = self._patience.longer(clock())
            again = self._patience.due_at
            log.warning("The mailbox is tried again at %s: %s", f"{again:%H:%M} UTC", error)
            return []
        self._patience = _NEVER_FAILED
        return taken

    def collect(self, clock: Callable[[], datetime], ended: Event | None = None) -> list[ReplyRow]:
        """Take in what came now; gives what was kept of it.

        What fails with one message keeps no other from being taken in; it is tried again later.

        Raises:
            FileBusyError: another process of this data folder reads the mailbox.
            InboxError: the mailbox cannot be read.
        """
        home, taken = self._odzew.settings.home, list[ReplyRow]()
        with hold(home / "mailbox.lock"):
            try:
                with opened(self._inbox) as folder:
                    problem = self._read(folder, taken, clock, ended)
            except InboxError as error:
                LastLook.read(home).failed(str(error), clock()).write(home)
                raise
            LastLook(clock(), problem, clock() if problem else None).write(home)
        return taken

    def _read(
        self,
        folder: Folder,
        taken: list[ReplyRow],
        clock: Callable[[], datetime],
        ended: Event | None,
    ) -> str:
        """Take in all that is unread; gives what went wrong last, blank where nothing did."""
        problem = ""
        for uid in self._due(folder, clock()):
            if ended and ended.is_set():
                break
            try:
                self._see_to(folder, uid, taken, clock())
                self._failed.pop(uid, None)
            except Exception as error:
                self._failed[uid] = self._failed.get(uid, _NEVER_FAILED).longer(clock())
                problem = str(error) if isinstance(error, InboxError) else type(error).__name__
                log.warning(
                    "Message %d of the mailbox stays unread and is tried again later: %s",
                    *(uid, problem),
                    exc_info=not isinstance(error, InboxError),
                )
                if isinstance(error, InboxError) and not isinstance(error, RefusedError):
                    break  # the line is gone; the others are for the next round
        return problem

    def _due(self, folder: Folder, now: datetime) -> list[int]:
        """Messages to see to: those that failed before come last, so that they hold up no other."""
        unread = folder.unread()
        if folder.age != self._age:
            self._age, self._left, self._failed = folder.age, set(), {}
        self._left &= set(unread)
        self._failed = {uid: self._failed[uid] for uid in unread if uid in self._failed}
        fresh = [uid for uid in unread if uid not in self._left and uid not in self._failed]
        return fresh + [uid for uid, one in self._failed.items() if one.due_at <= now]

    def _see_to(self, folder: Folder, uid: int, taken: list[ReplyRow], now: datetime) -> None:
        most = self._odzew.settings.max_body_bytes
        content = folder.beginning(uid, most)
        if content is None:  # somebody moved it meanwhile
            return
        if len(content) == most:
            log.warning("Only the first %d bytes of message %d are read.", most, uid)
        try:
            taken.append(take_in(self._odzew, self._workspace(content, now), content, now))
        except PipelineError as error:
            self._left.add(uid)
            log.info("Message %d of the mailbox is left unread: %s", uid, error)
            return
        folder.mark_read(uid)

    def _workspace(self, content: bytes, now: datetime) -> str:
        """Where a mail belongs: with what it answers, or else in the house's usual workspace."""
        mail = parse(content)
        with self._odzew.database.snapshot() as session:
            found = workspace_of(session, mail)
        if found is not None:
            return found
        with self._odzew.database.transaction() as session:
            return ensure_workspace(session, self._odzew.settings.workspace, now)
