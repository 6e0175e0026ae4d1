"""The index on a server as a LangChain `VectorStore`: langchain-milvus, held to the generation that answers."""

from typing import Any

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_milvus import Milvus

from rag.index.milvus.layout import EF, seen_by
from rag.index.milvus.server import MilvusServer
from rag.index.milvus.state import Note, read_note

READ_ONLY = "an index on a server is written by citewell index, which keeps its parts together"


class MilvusVectorStore(Milvus):
    """Searches the passages that one generation sees; `expr` narrows a search further. Scores are cosines."""

    def __init__(self, server: MilvusServer, note: Note, embedding: Embeddings) -> None:
        super().__init__(
            embedding,
            collection_name=note.names.passages,
            connection_args={"uri": server.uri, "token": server.token},
            consistency_level="Bounded",
            search_params={"metric_type": "IP", "params": {"ef": EF}},
            replica_number=server.replicas,
            timeout=server.timeout_s,
        )
        self._seen = seen_by(note.current)

    def add_texts(self, *given: Any, **named: Any) -> list[str]:  # noqa: ANN401 - LangChain's signature
        """Refuse.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(READ_ONLY)

    def upsert(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - LangChain's signature
        """Refuse.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(READ_ONLY)

    def delete(self, *given: Any, **named: Any) -> bool:  # noqa: ANN401 - LangChain's signature
        """Refuse.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(READ_ONLY)

    def _collection_search(
        self,
        embedding_or_text: Any,  # noqa: ANN401 - LangChain's signature
        k: int = 4,
        param: dict[str, Any] | None = None,
        expr: str | None = None,
        timeout: float | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Any:  # noqa: ANN401 - LangChain's signature
        narrowed = f"({expr}) and {self._seen}" if expr else self._seen
        return super()._collection_search(embedding_or_text, k, param, narrowed, timeout, **kwargs)

    def _parse_document(self, data: dict[str, Any]) -> Document:
        chunk_id = str(data["pk"]).rpartition("-")[0]
        return Document(id=chunk_id, page_content=data["text"], metadata=dict(data["metadata"]))


def vector_store_on(server: MilvusServer, embedding: Embeddings) -> MilvusVectorStore:
    """Return a store over the passages that answer now.

    Args:
        server: where they are.
        embedding: the model that the index was built with.

    Raises:
        IndexMissingError: there is no index on the server.
        ServerError: the server does not answer.
    """
    return MilvusVectorStore(server, read_note(server), embedding)
