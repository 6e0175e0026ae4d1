"""A generation while it is being built: vectors and texts that are changed together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from rag.index.chunk_rows import chunk_metadata
from rag.index.faiss_index import FaissIndex
from rag.index.generations import PASSAGES_FILE, SENTENCES_FILE, VECTORS_FILE
from rag.index.manifest import FileSeal, Manifest, Recipe, content_id
from rag.index.passage_store import PassageStore
from rag.index.schema import LAYOUT
from rag.index.sentence_rows import PLACES, question_rows, sentence_rows
from rag.index.size_rule import are_searched
from rag.index.store import FolderReader
from rag.types import Chunk, Vectors


@dataclass(frozen=True, slots=True)
class GenerationDraft:
    """The parts of a new generation.

    Attributes:
        folder: where they are saved.
        vectors: chunk vectors by row.
        sentences: sentence vectors by `sentence_row`.
        passages: chunk and article texts.
    """

    folder: Path
    vectors: FaissIndex
    sentences: FaissIndex
    passages: PassageStore

    @classmethod
    def start(cls, folder: Path, old: FolderReader | None, dimension: int) -> Self:
        """Return a draft that begins with what the old generation holds, or with nothing.

        The reader of the old one is used up: the draft changes its vectors in memory.
        """
        if old is None:
            empty = FaissIndex(dimension), FaissIndex(dimension)
            return cls(folder, *empty, PassageStore(folder / PASSAGES_FILE))
        old.passages.save_copy(folder / PASSAGES_FILE)
        return cls(folder, old.vectors.changeable(), old.sentences.changeable(), PassageStore(folder / PASSAGES_FILE))

    def remove_article(self, article_id: str) -> None:
        """Remove an article with its passages and vectors."""
        self.remove_rows(self.passages.rows_of(article_id))
        self.passages.remove_article(article_id)

    def remove_rows(self, rows: Sequence[int]) -> None:
        """Remove passages with their vectors, by row."""
        self.vectors.remove(rows)
        self.sentences.remove([row for passage in rows for row in sentence_rows(passage, PLACES)])
        self.passages.remove(rows)

    def add(self, chunks: Sequence[Chunk], vectors: Vectors, *, sentences: bool = True) -> None:
        """Add chunks.

        Args:
            chunks: n of them.
            vectors: float32, shape (m, d): for each chunk its vector, then those of its sentences and questions.
            sentences: False when `vectors` leaves those of sentences and questions out.
        """
        rows = self.passages.add((chunk.chunk_id, chunk.text, chunk_metadata(chunk)) for chunk in chunks)
        places: list[int] = []
        rows_of_parts: list[int] = []
        places_of_parts: list[int] = []
        start = 0
        for row, chunk in zip(rows, chunks, strict=True):
            places.append(start)
            start += 1
            if sentences:
                parts = [*sentence_rows(row, len(chunk.sentences)), *question_rows(row, len(chunk.questions))]
                rows_of_parts += parts
                places_of_parts += range(start, start + len(parts))
                start += len(chunk.sentences) + len(chunk.questions)
        if chunks:
            self.vectors.add(rows, vectors[places])
            self.sentences.add(rows_of_parts, vectors[places_of_parts])

    def save(self, recipe: Recipe, sources: Sequence[str] = ()) -> Manifest:
        """Write everything into the folder and return the manifest, which is written last.

        Args:
            recipe: what built it.
            sources: files and folders that the articles came from.
        """
        digests = {article_id: place[2] for article_id, place in self.passages.article_places().items()}
        self.passages.count_words()
        self.passages.close()
        self.vectors.save(self.folder / VECTORS_FILE)
        self.sentences.save(self.folder / SENTENCES_FILE, searched=are_searched(len(self.sentences)))
        manifest = Manifest(
            index_id=content_id(recipe, digests),
            recipe=recipe,
            layout=LAYOUT,
            articles=len(digests),
            chunks=len(self.vectors),
            sentences=len(self.sentences),
            files={name: FileSeal.of(self.folder / name) for name in (PASSAGES_FILE, SENTENCES_FILE, VECTORS_FILE)},
            sources=tuple(sources),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        manifest.save(self.folder)
        return manifest
