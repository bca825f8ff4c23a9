"""Addresses that nothing is sent to any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.addresses import check_reachable
from pipelines.contracts import PipelineError
from pipelines.messages import N_
from pipelines.words import MAX_NOTE, check_words
from service.storage.draft_tables import DoNotContactRow


class DoNotContact:
    """The list of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def holds(self, address: str) -> bool:
        """Whether an address is on the list, however it is written."""
        return self._get(address) is not None

    def add(self, address: str, *, why: str, who: str, at: datetime) -> None:
        """Put an address on the list; what is on it stays as it was put there.

        Raises:
            PipelineError: it is blank or too long, or the reason is.
        """
        wanted = normal(address)
        if not wanted or len(wanted) > 320:
            raise PipelineError(N_("Give an e-mail address or a telephone number."))
        check_words(N_("An address"), wanted, 320)
        check_words(N_("A reason"), why, MAX_NOTE)
        if self._get(wanted) is None:
            row = DoNotContactRow(
                workspace_id=self._workspace, address=wanted, why=why.strip(), who=who, at=at
            )
            self._session.add(row)
            self._session.flush()

    def add_typed(self, address: str, *, why: str, who: str, at: datetime) -> None:
        """Put an address on the list that a person typed, once it is seen to be one.

        Raises:
            PipelineError: as `add`, or it is neither an e-mail address nor a telephone number.
        """
        check_words(N_("An address"), address, 320)
        if address.strip():
            check_reachable(address.strip())
        self.add(address, why=why, who=who, at=at)

    def remove(self, address: str) -> None:
        """Take an address off the list, if it is there."""
        row = self._get(address)
        if row is not None:
            self._session.delete(row)

    def listed(self, limit: int = 1_000) -> list[DoNotContactRow]:
        """The newest entries."""
        query = (
            select(DoNotContactRow)
            .where(DoNotContactRow.workspace_id == self._workspace)
            .order_by(DoNotContactRow.at.desc())
            .limit(limit)
        )
        return list(self._session.scalars(query))

    def addresses(self) -> set[str]:
        """Everything on the list, each in its one form; see `normal`."""
        query = select(DoNotContactRow.address).where(
            DoNotContactRow.workspace_id == self._workspace
        )
        return set(self._session.scalars(query))

    def _get(self, address: str) -> DoNotContactRow | None:
        return self._session.get(DoNotContactRow, (self._workspace, normal(address)))


def normal(address: str) -> str:
    """The one form of an address: small letters, and a number without signs and dialling zeros."""
    found = address.strip().casefold()
    if "@" in found:
        return found
    digits = "".join(sign for sign in found if sign.isdigit())
    return f"+{digits.removeprefix('00')}" if digits else found
