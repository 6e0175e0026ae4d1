"""Generations of an index on disk: built aside, swapped in by replacing one small file, read whole.

INDEX/CURRENT               names the generation that answers and the one before it
INDEX/LOCK, HOLDER          held while somebody builds, and who that is
INDEX/generations/ID/       manifest.json, vectors.faiss, sentences.faiss, passages.sqlite3
INDEX/vectors.sqlite3       vectors by content and model, with its .seal
INDEX/examples.sqlite3      vectors of the program's own examples, with its .seal
INDEX/last_build.json       what the last run did, for people
INDEX/english.txt           common English words
INDEX/shards/KEY.record     what a run over several machines has done, until its generation answers
INDEX/encoder/KEY/          the encoder, exported (see rag/embed/exported.py)
"""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag.errors import IndexStoreError
from rag.index.manifest import Manifest
from rag.index.mending import GENERATIONS
from rag.index.pointer import CURRENT_FILE, Pointer, flush, read_pointer, write_pointer

VECTORS_FILE = "vectors.faiss"
SENTENCES_FILE = "sentences.faiss"
PASSAGES_FILE = "passages.sqlite3"
CACHE_FILE = "vectors.sqlite3"
EXAMPLES_FILE = "examples.sqlite3"
EXPORTS = "encoder"
SHARDS = "shards"
ENGLISH_FILE = "english.txt"
LAST_BUILD_FILE = "last_build.json"
UNFINISHED = "new-"
"""How the folder of a generation begins while it is being built."""


def index_folder(generation: Path) -> Path:
    """Return the index folder that a generation's folder stands in."""
    return generation.parent.parent


def finished_exports(index: Path) -> list[Path]:
    """Return the folders of exported encoders in an index folder, those of stopped runs left out."""
    return sorted(folder for folder in (index / EXPORTS).glob("*") if not folder.name.startswith(UNFINISHED))


@contextmanager
def new_generation(index: Path) -> Iterator[Path]:
    """Yield an empty folder to build a generation in; it is removed when the body raises."""
    folder = index / GENERATIONS / f"{UNFINISHED}{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def publish(index: Path, folder: Path, manifest: Manifest, *, before: str | None) -> Path:
    """Make a built generation the one that answers, in one atomic step, and remove old ones.

    Args:
        index: the index folder.
        folder: the generation as it was built.
        manifest: its manifest.
        before: name of the sound generation that a roll-back goes to; None when there is none.

    Returns:
        The generation's folder from now on.
    """
    for path in folder.iterdir():
        flush(path)
    flush(folder)
    final = index / GENERATIONS / f"{manifest.index_id}-{uuid.uuid4().hex[:8]}"
    folder.rename(final)
    try:
        flush(final.parent)
        write_pointer(index, Pointer(final.name, before))
    finally:
        if _named(index) != final.name:  # the disk is full or we were interrupted
            shutil.rmtree(final, ignore_errors=True)
    remove_leftovers(index)
    return final


def remove_leftovers(index: Path) -> None:
    """Remove what stopped runs left behind: generations that CURRENT does not name, and files put aside."""
    try:
        pointer = read_pointer(index)
        keep = {pointer.name, pointer.before}
        unwanted = [folder for folder in (index / GENERATIONS).glob("*") if folder.name not in keep]
    except IndexStoreError:
        # Nothing says which of the finished ones answered: they wait for a rebuild, which reads from them.
        unwanted = list((index / GENERATIONS).glob(f"{UNFINISHED}*"))
    for folder in [*unwanted, *(index / EXPORTS).glob(f"{UNFINISHED}*")]:
        shutil.rmtree(folder, ignore_errors=True)
    aside = (f"{CURRENT_FILE}.*", "*.seal.*", f"{ENGLISH_FILE}.*", f"{LAST_BUILD_FILE}.*")
    for path in [found for name in aside for found in index.glob(name)]:
        with suppress(OSError):
            path.unlink()


def _named(index: Path) -> str | None:
    try:
        return read_pointer(index).name
    except IndexStoreError:
        return None
