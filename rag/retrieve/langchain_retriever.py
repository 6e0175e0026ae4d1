"""The retriever as a LangChain `BaseRetriever`."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig
from pydantic import ConfigDict, SkipValidation

from rag.index.chunk_rows import chunk_metadata
from rag.tracing import tracing_as
from rag.types import Hit, Retriever


class CitewellRetriever(BaseRetriever):
    """Gives any LangChain chain the project's ranking.

    Attributes:
        ranker: what ranks chunks.
        k: documents returned unless `invoke` is told otherwise.
        traced: whether the tracing that LangChain's environment variables ask for is done.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    ranker: SkipValidation[Retriever]  # a Protocol, which isinstance cannot check
    k: int = 8
    traced: bool = False

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[Document]:  # noqa: A002, ANN401 - LangChain's signature
        """Return the documents for a query, best first."""
        with tracing_as(self.traced):
            return super().invoke(input, config, **kwargs)

    async def ainvoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[Document]:  # noqa: A002, ANN401 - LangChain's signature
        """Return what `invoke` returns without blocking the event loop."""
        with tracing_as(self.traced):
            return await super().ainvoke(input, config, **kwargs)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> list[Document]:
        return [as_document(hit) for hit in self.ranker.retrieve(query, k=self.k if k is None else k)]


def as_document(hit: Hit) -> Document:
    """Return a hit as a document; rank, score and stage join the chunk's metadata."""
    metadata = {**chunk_metadata(hit.chunk), "rank": hit.rank, "score": hit.score, "stage": hit.stage}
    return Document(id=hit.chunk.chunk_id, page_content=hit.chunk.text, metadata=metadata)
