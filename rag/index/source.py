"""Where the index that answers comes from: a folder, or a server that many share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.index.damage import CHECKED_BYTES
from rag.index.pointer import current_generation
from rag.index.store import IndexReader, open_index


class IndexSource(Protocol):
    """Says which generation answers now, and opens it. Safe to share between threads."""

    @property
    def place(self) -> str:
        """Where it is, for people."""

    @property
    def folder(self) -> Path:
        """The index folder of this machine, with what a start would else make again."""

    def generation(self) -> str:
        """Return the name of the generation that answers now; a reader's `generation` is what it was opened from.

        Raises:
            IndexStoreError: there is none, or the place cannot be reached.
        """

    def open(self, *, model: str | None = None) -> IndexReader:
        """Return a reader of the generation that answers now.

        Args:
            model: name of the encoder that will ask; None takes any.

        Raises:
            IndexStoreError: it is missing, damaged, of another model, or cannot be reached.
        """

    def check(self) -> None:
        """Do nothing when questions can be answered from it: what a readiness check calls.

        Raises:
            IndexStoreError: one line that says why not.
        """


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The index in a folder.

    Attributes:
        folder: the index folder.
        checked_bytes: files up to this size are held against their digest when they are opened.
    """

    folder: Path
    checked_bytes: int = CHECKED_BYTES

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.folder)

    def generation(self) -> str:
        """Return the folder name of the generation that answers now.

        Raises:
            IndexMissingError: there is no index at that place.
            IndexDamagedError: CURRENT is damaged, or names a generation that is not there.
            IndexMismatchError: an earlier version of Citewell wrote it.
        """
        return current_generation(self.folder).name

    def open(self, *, model: str | None = None) -> IndexReader:
        """Return a reader of the generation that answers now.

        Args:
            model: name of the encoder that will ask; None takes any.

        Raises:
            IndexMissingError: there is no index at that place.
            IndexDamagedError: a file is missing, cut short or altered.
            IndexMismatchError: it was built with another model or version, or its parts do not fit together.
        """
        return open_index(self.folder, model=model, checked_bytes=self.checked_bytes)

    def check(self) -> None:
        """Do nothing when a generation is there.

        Raises:
            IndexStoreError: there is none.
        """
        self.generation()
