"""The vector index inside the process: Qdrant's own engine through qdrant-edge-py."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import qdrant_edge as edge

from models.contracts import Vectors
from pipelines.ports import Neighbour, VectorPoint
from service.storage.file_lock import FileBusyError, hold

_PAGE = 10_000
_UPSERT = 1_000


class IndexBusyError(Exception):
    """Another process has the index open; it catches up from SQL when it next starts."""


class EdgeIndex:
    """A shard in a folder; one process at a time may hold it."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        """Open or create the shard.

        Raises:
            IndexBusyError: another process holds it.
        """
        self._folder, self._dimensions = folder, dimensions
        self._lock = Lock()
        # The shard's own lock is looked at too late: only after a width that does not fit, for
        # which the folder would be made anew under the feet of whoever has it open.
        try:
            self._hold = hold(folder.with_name(f"{folder.name}.lock"))
        except FileBusyError as error:
            raise IndexBusyError(f"{folder} is open in another process.") from error
        self._shard = self._open()

    def _open(self) -> edge.EdgeShard:
        config = edge.EdgeConfig(
            vectors=edge.EdgeVectorParams(size=self._dimensions, distance=edge.Distance.Cosine)
        )
        if not (self._folder / "edge_config.json").exists():
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)
            return edge.EdgeShard.create(str(self._folder), config)
        try:
            return edge.EdgeShard.load(str(self._folder), config)
        except Exception:
            # Whatever is wrong with it, it is derived: it is made again from SQL.
            shutil.rmtree(self._folder)
            return self._open()

    def upsert(self, points: Sequence[VectorPoint]) -> None:
        """See `VectorIndex.upsert`."""
        with self._lock:
            for start in range(0, len(points), _UPSERT):
                batch = [
                    edge.Point(point.id, point.vector.tolist(), _payload(point))
                    for point in points[start : start + _UPSERT]
                ]
                self._shard.update(edge.UpdateOperation.upsert_points(batch))

    def delete(self, ids: Sequence[int]) -> None:
        """See `VectorIndex.delete`."""
        with self._lock:
            self._shard.update(edge.UpdateOperation.delete_points(list(ids)))

    def ids(self, workspace: str) -> set[int]:
        """See `VectorIndex.ids`."""
        found: set[int] = set()
        offset = None
        while True:
            records, offset = self._shard.scroll(
                edge.ScrollRequest(offset=offset, limit=_PAGE, filter=_of(workspace))
            )
            found.update(int(record.id) for record in records)
            if offset is None:
                return found

    def search(self, workspace: str, vector: Vectors, limit: int) -> list[Neighbour]:
        """See `VectorIndex.search`."""
        request = edge.QueryRequest(
            limit=limit,
            query=edge.Query.Nearest(vector.tolist()),
            filter=_of(workspace),
            with_payload=True,
        )
        return [
            Neighbour(int(hit.id), str((hit.payload or {})["feedback_id"]), float(hit.score))
            for hit in self._shard.query(request)
        ]

    def clear(self) -> None:
        """See `VectorIndex.clear`."""
        with self._lock:
            self._shard.close()
            shutil.rmtree(self._folder)
            self._shard = self._open()

    def close(self) -> None:
        """See `VectorIndex.close`."""
        with self._lock:
            self._shard.flush()
            self._shard.close()
            self._hold.close()


def _payload(point: VectorPoint) -> dict[str, str]:
    return {
        "workspace": point.workspace,
        "feedback_id": point.feedback_id,
        "language": point.language,
    }


def _of(workspace: str) -> edge.Filter:
    return edge.Filter(must=[edge.FieldCondition("workspace", match=edge.MatchValue(workspace))])
