"""The vector index on a Qdrant server or cluster, through qdrant-client."""

from __future__ import annotations

from collections.abc import Sequence

from qdrant_client import QdrantClient, models

from models.contracts import Vectors
from pipelines.ports import Neighbour, VectorPoint

_PAGE = 10_000
_UPSERT = 1_000


class ServerIndex:
    """One collection on a server; many processes may share it."""

    def __init__(self, url: str, dimensions: int, *, collection: str, api_key: str | None) -> None:
        self._client = QdrantClient(url=url, api_key=api_key)
        self._collection, self._dimensions = collection, dimensions
        self._create()

    def _create(self) -> None:
        if self._client.collection_exists(self._collection):
            return
        self._client.create_collection(
            self._collection,
            vectors_config=models.VectorParams(
                size=self._dimensions, distance=models.Distance.COSINE
            ),
        )
        self._client.create_payload_index(
            self._collection, "workspace", models.PayloadSchemaType.KEYWORD
        )

    def upsert(self, points: Sequence[VectorPoint]) -> None:
        """See `VectorIndex.upsert`."""
        for start in range(0, len(points), _UPSERT):
            batch = [
                models.PointStruct(
                    id=point.id,
                    vector=point.vector.tolist(),
                    payload={
                        "workspace": point.workspace,
                        "feedback_id": point.feedback_id,
                        "language": point.language,
                    },
                )
                for point in points[start : start + _UPSERT]
            ]
            self._client.upsert(self._collection, batch, wait=True)

    def delete(self, ids: Sequence[int]) -> None:
        """See `VectorIndex.delete`."""
        self._client.delete(self._collection, models.PointIdsList(points=list(ids)), wait=True)

    def ids(self, workspace: str) -> set[int]:
        """See `VectorIndex.ids`."""
        found: set[int] = set()
        offset = None
        while True:
            records, offset = self._client.scroll(
                self._collection,
                scroll_filter=_of(workspace),
                limit=_PAGE,
                offset=offset,
                with_payload=False,
            )
            found.update(int(record.id) for record in records)
            if offset is None:
                return found

    def search(self, workspace: str, vector: Vectors, limit: int) -> list[Neighbour]:
        """See `VectorIndex.search`."""
        answer = self._client.query_points(
            self._collection,
            query=vector.tolist(),
            query_filter=_of(workspace),
            limit=limit,
            with_payload=True,
        )
        return [
            Neighbour(int(hit.id), str((hit.payload or {})["feedback_id"]), float(hit.score))
            for hit in answer.points
        ]

    def clear(self) -> None:
        """See `VectorIndex.clear`."""
        self._client.delete_collection(self._collection)
        self._create()

    def close(self) -> None:
        """See `VectorIndex.close`."""
        self._client.close()


def _of(workspace: str) -> models.Filter:
    return models.Filter(
        must=[models.FieldCondition(key="workspace", match=models.MatchValue(value=workspace))]
    )
