"""Which generations of an index are whole, byte for byte."""

from pathlib import Path

from rag.errors import IndexStoreError
from rag.index.mending import GENERATIONS
from rag.index.pointer import read_pointer
from rag.index.store import open_generation


def is_sound(folder: Path) -> bool:
    """Return whether a generation can be read by this version and every file of it is as it was written."""
    try:
        open_generation(folder, checked_bytes=None).passages.close()
    except IndexStoreError:
        return False
    return True


def generation_to_keep(index: Path) -> str | None:
    """Return the name of the newest sound generation, the one that a new one can be rolled back to; None for none."""
    try:
        pointer = read_pointer(index)
    except IndexStoreError:
        return None
    names = [name for name in (pointer.name, pointer.before) if name]
    return next((name for name in names if is_sound(index / GENERATIONS / name)), None)
