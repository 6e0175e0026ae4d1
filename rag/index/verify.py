"""Check every byte of an index folder, and that its parts fit together."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.embed.exported import DESCRIPTION_FILE, Description, file_sha256
from rag.errors import IndexDamagedError, IndexMissingError, IndexStoreError, ModelError
from rag.index.generations import CACHE_FILE, ENGLISH_FILE, EXAMPLES_FILE, LAST_BUILD_FILE, finished_exports
from rag.index.last_build import load_last_build
from rag.index.manifest import MANIFEST_FILE, FileSeal, Manifest
from rag.index.mending import GENERATIONS, mend
from rag.index.pointer import CURRENT_FILE, Pointer, read_pointer
from rag.index.sentence_rows import question_rows, sentence_rows
from rag.index.store import IndexReader, open_generation
from rag.index.vector_cache import check_cache
from rag.index.word_list import is_whole


@dataclass(frozen=True, slots=True)
class Checked:
    """A file of the index folder and what is wrong with it.

    Attributes:
        path: the file.
        problem: one line; None when it is sound.
    """

    path: Path
    problem: str | None


def verify_index(index: Path) -> list[Checked]:
    """Return every file of an index that was checked, each with what is wrong with it.

    Checked are the generation that answers, the one before it, and the stored vectors; nothing is written.

    Raises:
        IndexMissingError: there is no index at that place.
    """
    while True:
        pointer, found = _pointer(index)
        if pointer is not None:
            for name in (pointer.name, pointer.before):
                found += _generation(index / GENERATIONS / name) if name else []
        found += [_cache(index / name) for name in (CACHE_FILE, EXAMPLES_FILE) if (index / name).exists()]
        found += [_words(path) for path in [index / ENGLISH_FILE] if path.exists()]
        found += [_last_build(index / name) for name in [LAST_BUILD_FILE] if (index / name).exists()]
        for folder in finished_exports(index):
            found += _export(folder)
        # An indexer beside us may have removed what was being checked: then what it put there is checked instead.
        if not any(file.problem for file in found) or _pointer(index)[0] == pointer:
            return found


def require_sound(index: Path, found: list[Checked], advice: str | None = None) -> None:
    """Do nothing when all files are sound.

    Args:
        index: the index folder.
        found: what was checked.
        advice: what to run where the index is not in that folder.

    Raises:
        IndexDamagedError: one line that names every file which is not.
    """
    bad = [file for file in found if file.problem]
    if bad:
        named = "; ".join(f"{file.path} {file.problem}" for file in bad)
        raise IndexDamagedError(f"{len(bad)} of {len(found)} files are damaged: {named}; {advice or mend(index)}")


def _pointer(index: Path) -> tuple[Pointer | None, list[Checked]]:
    path = index / CURRENT_FILE
    try:
        return read_pointer(index), [Checked(path, None)]
    except IndexMissingError:
        raise
    except IndexStoreError as error:
        return None, [Checked(path, _problem(error, path))]


def _generation(folder: Path) -> list[Checked]:
    path = folder / MANIFEST_FILE
    try:
        manifest = Manifest.load(folder)
    except IndexStoreError as error:
        return [Checked(path, _problem(error, path))]
    found = [Checked(path, None), *(_file(folder / name, seal) for name, seal in manifest.files.items())]
    if not any(file.problem for file in found):
        try:
            with_rows_that_fit(open_generation(folder, checked_bytes=None)).passages.close()
        except IndexStoreError as error:
            found[0] = Checked(path, _problem(error, path))
    return found


def _file(path: Path, seal: FileSeal) -> Checked:
    try:
        return Checked(path, None if FileSeal.of(path) == seal else "was altered or cut short")
    except IndexDamagedError as error:
        return Checked(path, _problem(error, path))


def _cache(path: Path) -> Checked:
    try:
        check_cache(path)
    except IndexDamagedError as error:
        return Checked(path, _problem(error, path))
    return Checked(path, None)


def _words(path: Path) -> Checked:
    try:
        return Checked(path, None if is_whole(path.read_bytes()) else "was altered or cut short")
    except OSError as error:
        return Checked(path, f"cannot be read ({error.strerror})")


def _last_build(path: Path) -> Checked:
    return Checked(path, None if load_last_build(path.parent) else "was altered or cut short")


def _export(folder: Path) -> list[Checked]:
    path = folder / DESCRIPTION_FILE
    try:
        files = Description.load(folder).files
    except ModelError:
        return [Checked(path, "is missing or damaged")]
    return [Checked(path, None), *(_exported(folder / name, digest) for name, digest in files.items())]


def _exported(path: Path, digest: str) -> Checked:
    try:
        return Checked(path, None if file_sha256(path) == digest else "was altered or cut short")
    except ModelError:
        return Checked(path, "is missing or cannot be read")


def with_rows_that_fit(reader: IndexReader) -> IndexReader:
    """Return a reader whose vectors and texts belong to each other.

    Raises:
        IndexDamagedError: a passage has no vector, a vector no passage, or a text is not that of its article.
    """
    for wrong in _misfits(reader):
        raise IndexDamagedError(f"{reader.folder} {wrong}; {mend(reader.folder)}")
    return reader


def _misfits(reader: IndexReader) -> Iterator[str]:
    rows = reader.passages.all_rows()
    if reader.vectors.rows() != rows:
        yield "holds other vectors than passages"
    expected: set[int] = set()
    texts = {article.article_id: article.text for article in reader.articles()}
    for row, chunk in reader.chunks(rows).items():
        expected |= {*sentence_rows(row, len(chunk.sentences)), *question_rows(row, len(chunk.questions))}
        if texts.get(chunk.article_id, "")[chunk.span.start : chunk.span.end] != chunk.text:
            yield f"holds a passage that is not in its article ({chunk.chunk_id})"
    if len(reader.sentences) and reader.sentences.rows() != sorted(expected):
        yield "holds other vectors of sentences than sentences"


def _problem(error: IndexStoreError, path: Path) -> str:
    """What an error says beyond the file's name and the advice, which are said once for all files."""
    said = str(error).removeprefix(str(path)).strip()
    return said.removesuffix(mend(path)).rstrip("; ")
