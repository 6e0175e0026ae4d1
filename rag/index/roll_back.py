"""Go back to the generation before the one that answers."""

from dataclasses import dataclass
from pathlib import Path

from rag.errors import IndexMismatchError, IndexMissingError
from rag.index.lock import building_lock
from rag.index.manifest import Manifest
from rag.index.mending import GENERATIONS
from rag.index.pointer import Pointer, read_pointer, write_pointer
from rag.index.store import open_generation
from rag.index.writing import writing


@dataclass(frozen=True, slots=True)
class RollBack:
    """What a roll-back did.

    Attributes:
        manifest: of the generation that answers now.
        left: name of the generation that answered before; rolling back once more returns to it.
    """

    manifest: Manifest
    left: str


def roll_back(index: Path, *, model: str, lock_timeout_s: float = 0.0) -> RollBack:
    """Let the generation before the one that answers answer again, in one atomic step.

    The two change places, so that a second roll-back undoes the first. Every byte of the earlier generation is checked
    before; the one that answers now may be damaged.

    Args:
        index: the index folder.
        model: name of the encoder that will ask.
        lock_timeout_s: how long to wait for another process that builds the same index.

    Raises:
        IndexMissingError: there is no index, or no earlier generation.
        IndexDamagedError: the earlier generation is damaged; nothing was changed.
        IndexMismatchError: another model built it; nothing was changed.
        IndexLockedError: another process is building this index.
        IndexStoreError: the index folder cannot be written.
    """
    read_pointer(index)  # a missing index must not be made by taking its lock
    with building_lock(index, timeout_s=lock_timeout_s):
        pointer = read_pointer(index)
        if pointer.before is None:
            raise IndexMissingError(f"{index} has no earlier generation to go back to; run: citewell index")
        reader = open_generation(index / GENERATIONS / pointer.before, checked_bytes=None)
        reader.passages.close()
        if reader.manifest.recipe.model != model:
            raise IndexMismatchError(
                f"the generation before was built with {reader.manifest.recipe.model}, not with {model}; "
                "set CITEWELL_ENCODER__MODEL to that model and run: citewell index --rollback"
            )
        with writing(index):
            write_pointer(index, Pointer(pointer.before, pointer.name))
    return RollBack(reader.manifest, pointer.name)
