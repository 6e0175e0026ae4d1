"""The index that answers, from a server."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import IndexMismatchError, IndexStoreError
from rag.index.damage import CHECKED_BYTES
from rag.index.milvus.copies import open_copy
from rag.index.milvus.server import MilvusServer
from rag.index.milvus.state import ADVICE, Note, read_note
from rag.index.milvus.vectors import MilvusVectors, PassageKeys, SentenceKeys
from rag.index.schema import LAYOUT
from rag.index.store import IndexReader

ASKED_AGAIN_S = 1.0
"""The server is asked at most this often which generation answers, however many ask."""

DOWN_S = 3.0
"""A server that did not answer is left alone for so long: those who ask meanwhile are told at once."""


@dataclass(slots=True)
class _Last:
    """What the server said last, or why it did not."""

    until: float = 0.0
    generation: str = ""
    problem: IndexStoreError | None = None


@dataclass(frozen=True)
class MilvusSource:
    """The index on a server. Safe to share between threads.

    Attributes:
        server: where it is.
        folder: the index folder of this machine, with the copies of texts.
        checked_bytes: a copy up to this size is held against its digest when it is opened.
    """

    server: MilvusServer
    folder: Path
    checked_bytes: int = CHECKED_BYTES
    _last: _Last = field(default_factory=_Last, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def place(self) -> str:
        """The server's address and the alias."""
        return self.server.place

    def generation(self) -> str:
        """Return the name of the generation that answers now, as of a second ago.

        Raises:
            IndexMissingError: there is no index on the server.
            IndexDamagedError: what the server holds is no index.
            ServerError: the server does not answer.
        """
        with self._lock:
            if time.monotonic() >= self._last.until:
                self._ask()
            if self._last.problem is not None:
                raise self._last.problem
            return self._last.generation

    def open(self, *, model: str | None = None) -> IndexReader:
        """Return a reader of the generation that answers now.

        Args:
            model: name of the encoder that will ask; None takes any.

        Raises:
            IndexMissingError: there is no index on the server.
            IndexDamagedError: what the server holds is no index.
            IndexMismatchError: it was built with another model or version.
            ServerError: the server does not answer.
        """
        note = read_note(self.server)
        manifest = note.manifest
        if manifest.layout != LAYOUT:
            raise IndexMismatchError(f"the index on {self.place} was written by another version of Citewell; {ADVICE}")
        if model is not None and manifest.recipe.model != model:
            raise IndexMismatchError(
                f"the index on {self.place} was built with {manifest.recipe.model}, not with {model}; {ADVICE}"
            )
        return reader_of(self.server, self.folder, note, checked_bytes=self.checked_bytes)

    def check(self) -> None:
        """Do nothing when questions can be answered: the server is asked for a passage.

        Raises:
            IndexStoreError: one line that says why not.
        """
        note = read_note(self.server)
        self.server.ask("query", note.names.passages, filter=f"since <= {note.current}", limit=1, output_fields=["pk"])

    def _ask(self) -> None:
        try:
            note = read_note(self.server)
        except IndexStoreError as error:
            self._last.problem, self._last.until = error, time.monotonic() + DOWN_S
        else:
            self._last.problem, self._last.generation = None, note.generation.name
            self._last.until = time.monotonic() + ASKED_AGAIN_S


def reader_of(server: MilvusServer, folder: Path, note: Note, *, checked_bytes: int = CHECKED_BYTES) -> IndexReader:
    """Return a reader of the generation that a note names; the alias may point elsewhere from now on.

    Args:
        server: where the vectors are.
        folder: the index folder of this machine.
        note: what to read.
        checked_bytes: a copy up to this size is held against its digest.

    Raises:
        IndexMismatchError: the collection's vectors have another width than its manifest says.
        IndexStoreError: the server does not answer, or the copy cannot be made.
    """
    manifest = note.manifest
    copy, passages = open_copy(server, folder, note, checked_bytes=checked_bytes)
    width = manifest.recipe.dimension
    fields = server.call("describe_collection", note.names.passages)["fields"]
    held = next((one["params"].get("dim") for one in fields if one["name"] == "vector"), None)
    if held is None or int(held) != width:
        raise IndexMismatchError(f"{note.names.passages} holds vectors of other width than its manifest; {ADVICE}")
    return IndexReader(
        copy,
        manifest,
        MilvusVectors(server, note.names.passages, note.current, width, manifest.chunks, PassageKeys(passages)),
        MilvusVectors(server, note.names.sentences, note.current, width, manifest.sentences, SentenceKeys(passages)),
        passages,
    )
