"""Systems under test: each ranks the pieces of the collection for a question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.collection import Collection
from eval.measures import Run
from eval.qrels import Piece
from rag.index.vector_cache import Progress
from rag.retrieve.hybrid import HybridRetriever, Method
from rag.types import Vectors

OURS = "hybrid"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query ready to be searched.

    Attributes:
        query_id: its id.
        text: what is searched for, self-contained.
        vector: its embedding, shape (1, d).
    """

    query_id: str
    text: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class System:
    """Something that ranks pieces.

    Attributes:
        name: short, for tables.
        title: one line that says what it is.
        pieces: everything it can return.
        rank: from a query to piece ids, best first.
    """

    name: str
    title: str
    pieces: tuple[Piece, ...]
    rank: Callable[[Asked], list[str]]

    def run(self, asked: Sequence[Asked], progress: Progress | None = None) -> Run:
        """Return the ranking of every query."""
        run: Run = {}
        for place, query in enumerate(asked, start=1):
            run[query.query_id] = self.rank(query)
            if progress:
                progress(place, len(asked))
        return run


def embed(texts: Mapping[str, str], collection: Collection) -> list[Asked]:
    """Return the queries, text by id, with their vectors."""
    vectors = collection.encoder.encode(list(texts.values()))
    return [Asked(query_id, text, vectors[place : place + 1]) for place, (query_id, text) in enumerate(texts.items())]


def own_systems(collection: Collection, *, k: int) -> list[System]:
    """Return the hybrid ranking and its two halves, k pieces deep."""
    reader = collection.reader
    chunks = reader.chunks(reader.passages.all_rows()).values()
    pieces = tuple(Piece(chunk.chunk_id, chunk.article_id, chunk.span) for chunk in chunks)
    titles = {
        Method.HYBRID: "Citewell: meaning and words fused",
        Method.DENSE: "meaning only",
        Method.LEXICAL: "words only (BM25)",
    }

    def ranker(method: Method) -> Callable[[Asked], list[str]]:
        retriever = HybridRetriever(reader, collection.encoder, method)
        return lambda query: [
            hit.chunk.chunk_id for hit in retriever.retrieve_with(query.text, vector_for(method, query), k=k)
        ]

    return [System(str(method), title, pieces, ranker(method)) for method, title in titles.items()]


def vector_for(method: Method, query: Asked) -> Vectors | None:
    """Return the query's vector where a method reads it."""
    return None if method is Method.LEXICAL else query.vector


def article_texts(collection: Collection) -> dict[str, str]:
    """Return the text of every article by id."""
    return {article.article_id: article.text for article in collection.reader.articles()}
