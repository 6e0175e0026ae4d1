"""Systems under test: each ranks the pieces of the collection for a question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eval.collection import Collection
from eval.kept_vectors import KeptVectors
from eval.measures import Run
from eval.qrels import Piece
from rag.index.vector_cache import Progress
from rag.retrieve.hybrid import HybridRetriever, Method

OURS = "hybrid"


@dataclass(frozen=True, slots=True)
class System:
    """Something that ranks pieces.

    Attributes:
        name: short, for tables.
        title: one line that says what it is.
        pieces: everything it can return.
        rank: from a query's text to piece ids, best first.
    """

    name: str
    title: str
    pieces: tuple[Piece, ...]
    rank: Callable[[str], list[str]]

    def run(self, queries: Mapping[str, str], progress: Progress | None = None) -> Run:
        """Return the ranking of every query, text by id."""
        run: Run = {}
        for query_id, text in queries.items():
            run[query_id] = self.rank(text)
            if progress:
                progress(len(run), len(queries))
        return run


def own_systems(collection: Collection, *, k: int) -> list[System]:
    """Return the hybrid ranking and its two halves, k pieces deep."""
    reader, encoder = collection.reader, KeptVectors(collection.encoder)
    chunks = reader.chunks(reader.passages.all_rows()).values()
    pieces = tuple(Piece(chunk.chunk_id, chunk.article_id, chunk.span) for chunk in chunks)
    titles = {
        Method.HYBRID: "Citewell: meaning and words fused",
        Method.DENSE: "meaning only",
        Method.LEXICAL: "words only (BM25)",
    }

    def ranker(method: Method) -> Callable[[str], list[str]]:
        retriever = HybridRetriever(reader, encoder, method)
        return lambda text: [hit.chunk.chunk_id for hit in retriever.retrieve(text, k=k)]

    return [System(str(method), title, pieces, ranker(method)) for method, title in titles.items()]


def article_texts(collection: Collection) -> dict[str, str]:
    """Return the text of every article by id."""
    return {article.article_id: article.text for article in collection.reader.articles()}
