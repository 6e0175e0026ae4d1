"""Open a saved index for reading."""

from dataclasses import dataclass
from pathlib import Path

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.index.chunk_rows import chunk_from
from rag.index.faiss_index import FaissIndex
from rag.index.generations import PASSAGES_FILE, SENTENCES_FILE, VECTORS_FILE, current_generation
from rag.index.manifest import Manifest, file_digest
from rag.index.passage_store import PassageStore
from rag.index.sentence_rows import passage_and_place, question_rows, sentence_rows
from rag.types import Article, Chunk, Vectors

CHECKED_BYTES = 256 * 1024 * 1024
"""Files up to this size are checked against their digest at every load (about 1 ms a megabyte)."""


@dataclass(frozen=True, slots=True)
class IndexReader:
    """One generation of an index, read-only; safe to share between threads.

    Attributes:
        folder: the generation's folder.
        manifest: what built it and what it holds.
        vectors: its vectors by row.
        sentences: vectors of single sentences, by `sentence_row`.
        passages: its texts by row, with keyword search.
    """

    folder: Path
    manifest: Manifest
    vectors: FaissIndex
    sentences: FaissIndex
    passages: PassageStore

    @property
    def index_id(self) -> str:
        """Identity of the content."""
        return self.manifest.index_id

    def search_vectors(self, query: Vectors, *, k: int) -> list[tuple[int, float]]:
        """Return the k rows nearest to one query, shape (1, d), with their cosine, best first."""
        return self.vectors.search(query, k=k)[0]

    def search_sentences(self, query: Vectors, *, k: int) -> list[tuple[int, int, float]]:
        """Return the k sentences and questions nearest to one query as (passage row, place, cosine), best first.

        Args:
            query: shape (1, d).
            k: how many.
        """
        return [(*passage_and_place(row), cosine) for row, cosine in self.sentences.search(query, k=k)[0]]

    def sentence_vectors(self, row: int, count: int) -> Vectors:
        """Return the vectors of a passage's first `count` sentences, shape (count, d)."""
        return self.sentences.vectors(sentence_rows(row, count))

    def question_vectors(self, row: int, count: int) -> Vectors:
        """Return the vectors of the questions that a passage's section answers, shape (count, d)."""
        return self.sentences.vectors(question_rows(row, count))

    def search_words(self, query: str, *, k: int) -> list[tuple[int, float]]:
        """Return the k rows that match the query's words best, with their BM25 score, best first."""
        return self.passages.search_words(query, k=k)

    def chunks(self, rows: list[int]) -> dict[int, Chunk]:
        """Return the chunks of the given rows."""
        stored = self.passages.by_rows(rows)
        return {row: chunk_from(found.passage_id, found.text, found.metadata) for row, found in stored.items()}

    def article(self, article_id: str) -> Article | None:
        """Return an article, or None when the index has none of that id."""
        return self.passages.article(article_id)

    def articles(self) -> list[Article]:
        """Return every article, by id."""
        return self.passages.articles()


def open_index(index: Path, *, model: str | None = None) -> IndexReader:
    """Return a reader of the generation that answers now.

    Args:
        index: the index folder.
        model: name of the encoder that will ask; None takes any.

    Raises:
        IndexMissingError: there is no index at that place.
        IndexDamagedError: a file is missing, cut short or altered.
        IndexMismatchError: it was built with another model, or its parts do not fit together.
    """
    folder = current_generation(index)
    manifest = Manifest.load(folder)
    if model is not None and manifest.recipe.model != model:
        raise IndexMismatchError(
            f"{index} was built with {manifest.recipe.model}, not with {model}; run: citewell index --rebuild"
        )
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise IndexDamagedError(f"{path} is missing; run: citewell index --rebuild")
        if path.stat().st_size <= CHECKED_BYTES and file_digest(path) != digest:
            raise IndexDamagedError(f"{path} was altered or cut short; run: citewell index --rebuild")
    vectors = FaissIndex.load(folder / VECTORS_FILE)
    sentences = FaissIndex.load(folder / SENTENCES_FILE)
    passages = PassageStore(folder / PASSAGES_FILE, read_only=True)
    if len(vectors) != manifest.chunks:
        raise IndexMismatchError(
            f"{folder} holds {len(vectors)} vectors for {manifest.chunks} chunks; run: citewell index --rebuild"
        )
    return IndexReader(folder, manifest, vectors, sentences, passages)
