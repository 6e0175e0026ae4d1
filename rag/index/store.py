"""Open a saved index for reading."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.index.chunk_rows import chunk_from
from rag.index.damage import CHECKED_BYTES, checked_content, well_formed_rows
from rag.index.faiss_index import FaissIndex
from rag.index.generations import PASSAGES_FILE, SENTENCES_FILE, VECTORS_FILE
from rag.index.manifest import Manifest
from rag.index.mending import mend
from rag.index.passage_store import PassageStore
from rag.index.pointer import current_generation
from rag.index.schema import LAYOUT
from rag.index.sentence_rows import PLACES, question_rows, sentence_rows
from rag.index.size_rule import are_searched
from rag.index.vector_search import VectorSearch
from rag.types import Article, Chunk, Vectors


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
    vectors: VectorSearch
    sentences: VectorSearch
    passages: PassageStore

    @property
    def generation(self) -> str:
        """Its name: what a source says while this one answers."""
        return self.folder.name

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
        return [(row // PLACES, row % PLACES, cosine) for row, cosine in self.sentences.search(query, k=k)[0]]

    @property
    def searches_sentences(self) -> bool:
        """Whether sentences are searched whole; of a very large collection they are only looked up by passage."""
        return are_searched(self.manifest.sentences)

    def nearest_sentences(self, query: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """Return for passages the cosine of their nearest sentence or question to one query, shape (1, d).

        Passages without any are left out.
        """
        found = self.sentences.best_between(query, [(row * PLACES, (row + 1) * PLACES) for row in rows])
        return {row: cosine for row, cosine in zip(rows, found, strict=True) if cosine is not None}

    def part_vectors(self, chunks: Mapping[int, Chunk]) -> dict[int, tuple[Vectors, Vectors]]:
        """Return for passages by row the vectors of their sentences and of the questions that their section answers.

        All are asked for at once, since each asking of a server takes milliseconds.
        """
        wanted = {
            row: (sentence_rows(row, len(chunk.sentences)), question_rows(row, len(chunk.questions)))
            for row, chunk in chunks.items()
        }
        found = self.sentences.vectors([one for pair in wanted.values() for part in pair for one in part])
        parts: dict[int, tuple[Vectors, Vectors]] = {}
        start = 0
        for row, (sentences, questions) in wanted.items():
            middle, end = start + len(sentences), start + len(sentences) + len(questions)
            parts[row] = (found[start:middle], found[middle:end])
            start = end
        return parts

    def search_words(self, query: str, *, k: int) -> list[tuple[int, float]]:
        """Return the k rows that match the query's words best, with their BM25 score, best first."""
        return self.passages.search_words(query, k=k)

    def chunks(self, rows: list[int]) -> dict[int, Chunk]:
        """Return the chunks of the given rows."""
        stored = self.passages.by_rows(rows)
        with well_formed_rows():
            return {row: chunk_from(found.passage_id, found.text, found.metadata) for row, found in stored.items()}

    def article(self, article_id: str) -> Article | None:
        """Return an article, or None when the index has none of that id."""
        return self.passages.article(article_id)

    def articles(self) -> list[Article]:
        """Return every article, by id."""
        return self.passages.articles()


@dataclass(frozen=True, slots=True)
class FolderReader(IndexReader):
    """A generation whose vectors stand in files of its folder."""

    vectors: FaissIndex
    sentences: FaissIndex


def open_index(index: Path, *, model: str | None = None, checked_bytes: int = CHECKED_BYTES) -> FolderReader:
    """Return a reader of the generation that answers now.

    Args:
        index: the index folder.
        model: name of the encoder that will ask; None takes any.
        checked_bytes: files up to this size are held against their digest, larger ones against their size.

    Raises:
        IndexMissingError: there is no index at that place.
        IndexDamagedError: a file is missing, cut short or altered.
        IndexMismatchError: it was built with another model or version, or its parts do not fit together.
    """
    folder = current_generation(index)
    while True:
        try:
            return open_generation(folder, model=model, checked_bytes=checked_bytes)
        except IndexDamagedError:
            # While this one was being opened, two runs may have put others in its place and removed it.
            now = current_generation(index)
            if now == folder:
                raise
            folder = now


def open_generation(
    folder: Path, *, model: str | None = None, checked_bytes: int | None = CHECKED_BYTES
) -> FolderReader:
    """Return a reader of one generation.

    Args:
        folder: its folder.
        model: name of the encoder that will ask; None takes any.
        checked_bytes: files up to this size are held against their digest; None for every file.

    Raises:
        IndexDamagedError: a file is missing, cut short or altered.
        IndexMismatchError: it was built with another model or version, or its parts do not fit together.
    """
    manifest = Manifest.load(folder)
    if manifest.layout != LAYOUT:
        raise IndexMismatchError(f"{folder} was written by another version of Citewell; {mend(folder)}")
    if model is not None and manifest.recipe.model != model:
        raise IndexMismatchError(f"{folder} was built with {manifest.recipe.model}, not with {model}; {mend(folder)}")
    vectors, sentences = (
        FaissIndex.load(folder / name, checked_content(folder / name, manifest.files.get(name), checked_bytes))
        for name in (VECTORS_FILE, SENTENCES_FILE)
    )
    path = folder / PASSAGES_FILE
    content = checked_content(path, manifest.files.get(PASSAGES_FILE), checked_bytes)
    try:
        passages = PassageStore(path, read_only=True, content=content)
    except sqlite3.Error as error:
        raise IndexDamagedError(f"{path} cannot be read ({error}); {mend(path)}") from error
    found = (len(vectors), len(sentences), vectors.dimension, sentences.dimension)
    dimension = manifest.recipe.dimension
    if found != (manifest.chunks, manifest.sentences, dimension, dimension):
        raise IndexMismatchError(f"{folder} holds vectors of other number or width than its manifest; {mend(folder)}")
    return FolderReader(folder, manifest, vectors, sentences, passages)
