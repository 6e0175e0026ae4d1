"""The file CURRENT: which generation answers and which one came before it.

It is a few lines of text whose last one is a checksum of the others, so that no altered byte goes unnoticed.
"""

import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

import regex

from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from rag.index.mending import GENERATIONS, mend

CURRENT_FILE = "CURRENT"
NOTHING = "none"

_GENERATION = r"[0-9a-f]{16}-[0-9a-f]{8}"
_FORM = regex.compile(rf"generation ({_GENERATION})\nbefore ({_GENERATION}|{NOTHING})\nchecksum [0-9a-f]{{16}}\n")
_EARLIER_FORM = regex.compile(rf"{_GENERATION}\n?")


@dataclass(frozen=True, slots=True)
class Pointer:
    """What CURRENT says.

    Attributes:
        name: folder name of the generation that answers.
        before: folder name of the one that a roll-back goes to, None when there is none.
    """

    name: str
    before: str | None

    @property
    def text(self) -> str:
        """The content of the file."""
        lines = f"generation {self.name}\nbefore {self.before or NOTHING}\n"
        return f"{lines}checksum {hashlib.sha256(lines.encode()).hexdigest()[:16]}\n"


def read_pointer(index: Path) -> Pointer:
    """Return what CURRENT says.

    Raises:
        IndexMissingError: there is no index at that place.
        IndexDamagedError: the file was altered or cut short.
        IndexMismatchError: an earlier version of Citewell wrote it.
    """
    path = index / CURRENT_FILE
    try:
        text = path.read_bytes().decode("ascii")
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(f"no index at {index}; run: citewell index --index {index}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError(f"{path} cannot be read; {mend(index)}") from error
    found = _FORM.fullmatch(text)
    if found is None and _EARLIER_FORM.fullmatch(text):
        raise IndexMismatchError(f"{path} was written by an earlier version of Citewell, or cut short; {mend(index)}")
    pointer = Pointer(found[1], None if found[2] == NOTHING else found[2]) if found else None
    if pointer is None or pointer.text != text:
        raise IndexDamagedError(f"{path} was altered or cut short; {mend(index)}")
    return pointer


def write_pointer(index: Path, pointer: Pointer) -> None:
    """Replace CURRENT in one atomic step that survives a power cut."""
    aside = index / f"{CURRENT_FILE}.{uuid.uuid4().hex}"
    try:
        aside.write_text(pointer.text, encoding="ascii")
        flush(aside)
        os.replace(aside, index / CURRENT_FILE)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    flush(index)


def current_generation(index: Path) -> Path:
    """Return the folder of the generation that answers.

    Raises:
        IndexMissingError: there is no index at that place.
        IndexDamagedError: CURRENT is damaged, or names a generation that is not there.
        IndexMismatchError: an earlier version of Citewell wrote it.
    """
    folder = index / GENERATIONS / read_pointer(index).name
    if not folder.is_dir():
        raise IndexDamagedError(f"{index / CURRENT_FILE} names a generation that is gone; {mend(index)}")
    return folder


def flush(path: Path) -> None:
    """Make a file or folder survive a power cut before something is built upon it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
