"""Finds excerpts and answers by what they mean, in an index that is kept in step with SQL."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from threading import Lock

from models.contracts import Vectors
from pipelines.page import Comment
from pipelines.ports import Neighbour, VectorIndex, VectorPoint
from pipelines.understanding import Reader
from service.settings import Settings
from service.storage.database import Database
from service.storage.edge_index import EdgeIndex, IndexBusyError
from service.storage.feedback import FeedbackRepository
from service.storage.server_index import ServerIndex

log = logging.getLogger(__name__)

_SEARCHED = 500
"""Excerpts that a search of answers looks at."""
_NEAR = 0.3
"""Cosine from which two excerpts, or a search and an excerpt, mean the same. On the sample, of 20
queries about it half find 13 excerpts or more; of 15 about anything else half find one or none."""


class Meanings:
    """The vector index of a house, opened when it is first needed.

    Args:
        settings: where the index is.
        database: what it is derived from.
        dimensions: gives the length of a vector.
        reader: gives the models, which read queries.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        dimensions: Callable[[], int],
        reader: Callable[[], Reader],
    ) -> None:
        self._settings, self._database = settings, database
        self._dimensions, self._reader = dimensions, reader
        self._index: VectorIndex | None = None
        self._opening = Lock()

    @property
    def index(self) -> VectorIndex | None:
        """The vector index, None while another process holds the embedded one."""
        with self._opening:
            if self._index is None:
                self._index = self._opened()
            return self._index

    def _opened(self) -> VectorIndex | None:
        settings = self._settings
        if settings.qdrant_url is not None:
            return ServerIndex(
                settings.qdrant_url,
                self._dimensions(),
                collection=settings.qdrant_collection,
                api_key=settings.qdrant_api_key,
            )
        try:
            return EdgeIndex(settings.home / "vectors", self._dimensions())
        except IndexBusyError as error:
            log.warning(
                "%s All is stored; that process adds it to the index when it next starts.", error
            )
            return None

    def add(self, points: Sequence[VectorPoint]) -> None:
        """Index excerpts that are stored; where that fails, `catch_up` does it later."""
        try:
            index = self.index
            if index is not None:
                index.upsert(points)
        except Exception:
            # The answers are stored and the sender must hear so; the index is derived.
            log.exception("%d excerpts are not indexed until `odzew reindex`.", len(points))

    def catch_up(self, workspace: str) -> int:
        """Bring the vector index to what SQL holds; gives how many points were added."""
        index = self.index
        if index is None:
            return 0
        with self._database.snapshot() as session:
            repository = FeedbackRepository(session, workspace)
            stored, indexed = repository.excerpt_ids(), index.ids(workspace)
            missing = repository.points(sorted(stored - indexed))
        index.upsert(missing)
        if indexed - stored:
            index.delete(sorted(indexed - stored))
        return len(missing)

    def excerpts(self, workspace: str, query: str, limit: int) -> list[int]:
        """Ids of the excerpts that mean the same as a query in any language, nearest first."""
        return [hit.id for hit in self._search(workspace, query, limit)]

    def answers(self, workspace: str, query: str) -> list[Neighbour]:
        """The answers that mean the same as a query in any language, nearest first, each once."""
        return _one_of_each(self._search(workspace, query, _SEARCHED))

    def _search(self, workspace: str, query: str, limit: int) -> list[Neighbour]:
        index = self.index
        if index is None or not query.strip():
            return []
        read = self._reader().read([Comment(query)], None)[0]
        if not len(read.vectors):
            return []
        return _near(index.search(workspace, read.vectors.mean(axis=0), limit))

    def similar(
        self, workspace: str, feedback_id: str, vector: Vectors, limit: int
    ) -> list[Neighbour]:
        """The answers whose excerpts mean the same as one, nearest first, each once, not itself."""
        index = self.index
        if index is None:
            return []
        near = _near(index.search(workspace, vector, limit * 4))
        return _one_of_each(hit for hit in near if hit.feedback_id != feedback_id)[:limit]

    def close(self) -> None:
        """Release the index; it is opened again when next needed."""
        if self._index is not None:
            self._index.close()
            self._index = None


def _near(hits: Iterable[Neighbour]) -> list[Neighbour]:
    return [hit for hit in hits if hit.similarity >= _NEAR]


def _one_of_each(hits: Iterable[Neighbour]) -> list[Neighbour]:
    """The nearest excerpt of each answer."""
    nearest: dict[str, Neighbour] = {}
    for hit in hits:
        nearest.setdefault(hit.feedback_id, hit)
    return list(nearest.values())
