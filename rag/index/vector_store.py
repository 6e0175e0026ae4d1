"""The index as a LangChain `VectorStore`: FAISS for vectors, SQLite for texts, no pickle."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_core.vectorstores.utils import maximal_marginal_relevance

from rag.index.faiss_index import FaissIndex
from rag.index.passage_store import PassageStore, StoredPassage
from rag.index.store import FolderReader
from rag.types import Vectors


class FaissVectorStore(VectorStore):
    """A vector store over a `FaissIndex` and a `PassageStore` that share row numbers.

    Adding an id that is stored already replaces its document. Scores are cosines, higher is better.
    """

    def __init__(
        self,
        embedding: Embeddings,
        *,
        vectors: FaissIndex | None = None,
        passages: PassageStore | None = None,
    ) -> None:
        self._embedding = embedding
        self._vectors = vectors
        self._passages = passages or PassageStore()

    @classmethod
    def over(cls, reader: FolderReader, embedding: Embeddings) -> Self:
        """Return a store that searches a saved index; adding to it is for `build_index`."""
        return cls(embedding, vectors=reader.vectors, passages=reader.passages)

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Self:
        """Return a store in memory that holds the texts."""
        store = cls(embedding)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    @property
    def embeddings(self) -> Embeddings:
        """What turns texts into vectors."""
        return self._embedding

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> list[str]:
        """Add texts, replacing documents whose id is given again, and return the ids.

        Raises:
            ValueError: the lists differ in length.
        """
        texts = list(texts)
        metadatas = metadatas or [{} for _ in texts]
        ids = [given or uuid.uuid4().hex for given in ids or [""] * len(texts)]
        if not len(texts) == len(metadatas) == len(ids):
            raise ValueError(
                f"{len(texts)} texts, {len(metadatas)} metadatas and {len(ids)} ids; expected equal numbers"
            )
        if not texts:
            return []
        vectors = np.asarray(self._embedding.embed_documents(texts), dtype=np.float32)
        # The last of equal ids wins, as if the documents had been added one after another.
        last = {given: place for place, given in enumerate(ids)}
        places = sorted(last.values())
        self.delete(list(last))
        rows = self._passages.add((ids[place], texts[place], metadatas[place]) for place in places)
        if self._vectors is None:
            self._vectors = FaissIndex(vectors.shape[1])
        self._vectors.add(rows, vectors[places])
        return ids

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:  # noqa: ANN401 - LangChain's signature
        """Remove the documents with the given ids, all of them for None; unknown ids are passed over."""
        if ids is None:
            rows = self._passages.all_rows()
        else:
            rows = [passage.row for passage in self._passages.by_ids(ids).values()]
        if self._vectors is not None:
            self._vectors.remove(rows)
        self._passages.remove(rows)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """Return the documents with the given ids, in that order; unknown ids are left out."""
        found = self._passages.by_ids(ids)
        return [_document(found[given]) for given in dict.fromkeys(ids) if given in found]

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:  # noqa: ANN401
        """Return the k documents nearest to a query, best first."""
        return [document for document, _ in self.similarity_search_with_score(query, k)]

    def similarity_search_with_score(
        self,
        query: str,
        k: int = 4,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> list[tuple[Document, float]]:
        """Return the k documents nearest to a query with their cosine, best first."""
        return self.similarity_search_with_score_by_vector(self._embedding.embed_query(query), k)

    def similarity_search_by_vector(self, embedding: list[float], k: int = 4, **kwargs: Any) -> list[Document]:  # noqa: ANN401
        """Return the k documents nearest to a vector of d floats, best first."""
        return [document for document, _ in self.similarity_search_with_score_by_vector(embedding, k)]

    def similarity_search_with_score_by_vector(
        self, embedding: list[float], k: int = 4
    ) -> list[tuple[Document, float]]:
        """Return the k documents nearest to a vector of d floats with their cosine, best first."""
        found = self._nearest(embedding, k)
        stored = self._passages.by_rows([row for row, _ in found])
        return [(_document(stored[row]), score) for row, score in found if row in stored]

    def max_marginal_relevance_search(
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        **kwargs: Any,  # noqa: ANN401
    ) -> list[Document]:
        """Return k of the fetch_k nearest documents that are near the query and unlike each other."""
        return self.max_marginal_relevance_search_by_vector(self._embedding.embed_query(query), k, fetch_k, lambda_mult)

    def max_marginal_relevance_search_by_vector(
        self,
        embedding: list[float],
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> list[Document]:
        """Return k of the fetch_k documents nearest to a vector that are unlike each other.

        Source: Carbonell and Goldstein 1998, doi:10.1145/290941.291025.
        """
        rows = [row for row, _ in self._nearest(embedding, fetch_k)]
        if not rows or self._vectors is None:
            return []
        query = np.asarray(embedding, dtype=np.float32)
        chosen = maximal_marginal_relevance(query, list(self._vectors.vectors(rows)), lambda_mult=lambda_mult, k=k)
        stored = self._passages.by_rows(rows)
        return [_document(stored[rows[place]]) for place in chosen]

    def _nearest(self, embedding: list[float], k: int) -> list[tuple[int, float]]:
        if self._vectors is None:
            return []
        query: Vectors = np.asarray([embedding], dtype=np.float32)
        return self._vectors.search(query, k=k)[0]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        """Map a cosine in [-1, 1] to [0, 1]."""
        return lambda score: (score + 1) / 2


def _document(passage: StoredPassage) -> Document:
    return Document(id=passage.passage_id, page_content=passage.text, metadata=dict(passage.metadata))
