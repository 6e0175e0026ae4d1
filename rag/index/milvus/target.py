"""An index on a server, for the process that brings it up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import IndexMismatchError, IndexMissingError, IndexStoreError
from rag.index.damage import CHECKED_BYTES
from rag.index.lock import building_lock
from rag.index.milvus.layout import create
from rag.index.milvus.lock import writer_lock
from rag.index.milvus.server import MilvusServer
from rag.index.milvus.sink import MilvusSink, drop_unused, new_sink
from rag.index.milvus.source import MilvusSource
from rag.index.milvus.state import ADVICE, Note, point_alias, read_note, write_note
from rag.index.milvus.verify import verify_server
from rag.index.roll_back import RollBack
from rag.index.store import IndexReader
from rag.index.target import settle_caches
from rag.index.verify import Checked
from rag.index.writing import writing


@dataclass(frozen=True, slots=True)
class MilvusTarget:
    """The index on a server.

    Attributes:
        server: where it is.
        index: the index folder of this machine: vector cache, copies of texts, lock.
        checked_bytes: a copy up to this size is held against its digest when it is opened.
    """

    server: MilvusServer
    index: Path
    checked_bytes: int = CHECKED_BYTES

    @property
    def place(self) -> str:
        """The server's address and the alias."""
        return self.server.place

    @property
    def advice(self) -> str:
        """The command that builds the index anew."""
        return ADVICE

    @contextmanager
    def locked(self, timeout_s: float) -> Iterator[None]:
        """Hold the folder's lock and the server's."""
        with building_lock(self.index, timeout_s=timeout_s), writer_lock(self.server, timeout_s=timeout_s):
            yield

    def settle(self, *, rebuild: bool) -> None:
        """Remove collections that stopped runs left; what they left in those that answer goes when one is written."""
        with writing(self.index):
            settle_caches(self.index, rebuild=rebuild)
        drop_unused(self.server, self._note())

    def open(self) -> IndexReader:
        """Return the generation that answers now."""
        return MilvusSource(self.server, self.index, self.checked_bytes).open()

    @contextmanager
    def sink(self, old: IndexReader | None, dimension: int) -> Iterator[MilvusSink]:
        """Start a new generation: in the collections that answer, or in new ones where it begins with nothing."""
        sink = new_sink(self.server, self._note(), anew=old is None)
        if sink.anew:
            create(self.server, sink.names, dimension)
        yield sink
        drop_unused(self.server, self._note())

    def known_sources(self) -> list[Path]:
        """Return what the manifest on the server names and is there on this machine."""
        try:
            note = self._note()
            sources = note.manifest.sources if note else ()
        except IndexStoreError:
            return []
        return [Path(source) for source in sources if Path(source).exists()]

    def roll_back(self, *, model: str, lock_timeout_s: float) -> RollBack:
        """Let the generation before the one that answers answer again; a second time undoes it.

        Args:
            model: name of the encoder that will ask.
            lock_timeout_s: how long to wait for another writer.

        Raises:
            IndexMissingError: there is no index, or no earlier generation.
            IndexMismatchError: another model built it; nothing was changed.
            IndexStoreError: somebody else is writing, or the server does not answer.
        """
        read_note(self.server)  # a missing index must not be made by taking its lock
        with self.locked(lock_timeout_s):
            note = read_note(self.server)
            if note.before is None:
                raise IndexMissingError(f"{self.place} has no earlier generation to go back to; run: citewell index")
            here = note.before.stamp == note.names.stamp
            names = replace(note.names, stamp=note.before.stamp)
            other = note if here else read_note(self.server, names.passages)
            back = replace(other, current=note.before.number, before=note.generation)
            manifest = back.manifest
            if manifest.recipe.model != model:
                raise IndexMismatchError(
                    f"the generation before was built with {manifest.recipe.model}, not with {model}; "
                    "set CITEWELL_ENCODER__MODEL to that model and run: citewell index --rollback"
                )
            write_note(self.server, back)
            if not here:
                point_alias(self.server, names)
        return RollBack(manifest, note.generation.name)

    def verify(self) -> list[Checked]:
        """Return the parts of the index that were checked: on the server, and the copy on this machine."""
        return verify_server(self.server, self.index, read_note(self.server))

    def _note(self) -> Note | None:
        try:
            return read_note(self.server)
        except IndexMissingError:
            return None
