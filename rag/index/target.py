"""Where an index is written: a folder, or a server that many share. The indexer knows only what stands here."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.embed.export import is_whole
from rag.index.damage import CHECKED_BYTES
from rag.index.draft import GenerationDraft
from rag.index.generations import CACHE_FILE, EXAMPLES_FILE, finished_exports, new_generation, publish, remove_leftovers
from rag.index.lock import building_lock
from rag.index.manifest import Manifest, Recipe
from rag.index.mending import mend
from rag.index.roll_back import RollBack, roll_back
from rag.index.sound import generation_to_keep
from rag.index.sources import known_sources
from rag.index.store import FolderReader, IndexReader, open_index
from rag.index.vector_cache import settle_cache
from rag.index.verify import Checked, verify_index
from rag.index.writing import writing
from rag.types import Article, Chunk, Vectors


class GenerationSink(Protocol):
    """Takes what a new generation holds besides what it begins with. Everything may be given twice."""

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove articles of the old generation with their passages; unknown ones are passed over."""

    def put(self, articles: Sequence[tuple[Article, str]]) -> None:
        """Add articles, each with the folder that it came from; an old one of the same id was removed before."""

    def add(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add chunks.

        Args:
            chunks: n of them.
            vectors: float32, shape (m, d): for each chunk its vector, then those of its sentences and questions.
        """

    def finish(self, recipe: Recipe, sources: Sequence[str]) -> Manifest:
        """Let the new generation answer, in one step, and return its manifest.

        Args:
            recipe: what built it.
            sources: files and folders that the articles came from.
        """


class IndexTarget(Protocol):
    """Where one index is kept, for the process that brings it up to date."""

    @property
    def index(self) -> Path:
        """The index folder of this machine: it holds the vector cache, whatever else it holds."""

    @property
    def place(self) -> str:
        """Where the index is, for people."""

    @property
    def advice(self) -> str:
        """What to run when it cannot be used."""

    def locked(self, timeout_s: float) -> AbstractContextManager[None]:
        """Hold the right to write the index.

        Args:
            timeout_s: how long to wait for another writer.

        Raises:
            IndexLockedError: another process holds it.
        """

    def settle(self, *, rebuild: bool) -> None:
        """Clear away what stopped runs left behind.

        Args:
            rebuild: whether everything is about to be made anew.
        """

    def open(self) -> IndexReader:
        """Return the generation that answers now.

        Raises:
            IndexMissingError: there is none yet.
            IndexStoreError: it cannot be read.
        """

    def sink(self, old: IndexReader | None, dimension: int) -> AbstractContextManager[GenerationSink]:
        """Start a new generation; when the body raises, or is stopped, the old one goes on answering.

        Args:
            old: what it begins with, as this target opened it, and used up by this; None begins with nothing.
            dimension: width of the vectors.
        """

    def known_sources(self) -> list[Path]:
        """Return the files and folders that still exist of those which the index was built from."""

    def roll_back(self, *, model: str, lock_timeout_s: float) -> RollBack:
        """Let the generation before the one that answers answer again.

        Args:
            model: name of the encoder that will ask.
            lock_timeout_s: how long to wait for another writer.

        Raises:
            IndexStoreError: there is none, it cannot be used, or somebody else is writing; nothing was changed.
        """

    def verify(self) -> list[Checked]:
        """Return every part of the index that was checked, each with what is wrong with it; nothing is written.

        Raises:
            IndexMissingError: there is no index.
        """


@dataclass(frozen=True, slots=True)
class FolderSink:
    """A new generation in an index folder.

    Attributes:
        index: the index folder.
        draft: the generation while it is being built.
    """

    index: Path
    draft: GenerationDraft

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove articles with their passages and vectors."""
        for article_id in article_ids:
            self.draft.remove_article(article_id)

    def put(self, articles: Sequence[tuple[Article, str]]) -> None:
        """Add articles, each with the folder that it came from."""
        for article, origin in articles:
            self.draft.passages.put_article(article, origin=origin)

    def add(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add chunks with their vectors, those that are there already in place of the old ones."""
        twice = self.draft.passages.rows_by_ids([chunk.chunk_id for chunk in chunks])
        if twice:
            self.draft.remove_rows(list(twice.values()))
        self.draft.add(chunks, vectors)

    def finish(self, recipe: Recipe, sources: Sequence[str]) -> Manifest:
        """Save the generation and let it answer."""
        manifest = self.draft.save(recipe, sources)
        publish(self.index, self.draft.folder, manifest, before=generation_to_keep(self.index))
        return manifest


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """The index in a folder.

    Attributes:
        index: the index folder.
        checked_bytes: files of the old generation up to this size are held against their digest.
    """

    index: Path
    checked_bytes: int = CHECKED_BYTES

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.index)

    @property
    def advice(self) -> str:
        """The command that mends the folder."""
        return mend(self.index)

    def locked(self, timeout_s: float) -> AbstractContextManager[None]:
        """Hold the folder's lock."""
        return building_lock(self.index, timeout_s=timeout_s)

    def settle(self, *, rebuild: bool) -> None:
        """Clear away what stopped runs left in the folder."""
        with writing(self.index):
            remove_leftovers(self.index)
            settle_caches(self.index, rebuild=rebuild)

    def open(self) -> FolderReader:
        """Return the generation that answers now."""
        return open_index(self.index, checked_bytes=self.checked_bytes)

    @contextmanager
    def sink(self, old: IndexReader | None, dimension: int) -> Iterator[FolderSink]:
        """Start a new generation beside the old one."""
        if not (old is None or isinstance(old, FolderReader)):
            raise TypeError("a generation in a folder begins with one from a folder")
        with new_generation(self.index) as folder:
            yield FolderSink(self.index, GenerationDraft.start(folder, old, dimension))

    def known_sources(self) -> list[Path]:
        """Return what the manifests of the folder's generations name."""
        return known_sources(self.index)

    def roll_back(self, *, model: str, lock_timeout_s: float) -> RollBack:
        """Let the folder's two generations change places."""
        return roll_back(self.index, model=model, lock_timeout_s=lock_timeout_s)

    def verify(self) -> list[Checked]:
        """Return every file of the folder with what is wrong with it."""
        return verify_index(self.index)


def settle_caches(index: Path, *, rebuild: bool) -> None:
    """Mend what stopped runs left of the files that every index folder holds, wherever its generations are."""
    for name in (CACHE_FILE, EXAMPLES_FILE):
        settle_cache(index / name)
    for folder in finished_exports(index) if rebuild else ():
        if not is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
