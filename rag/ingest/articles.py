"""Walk files and folders and read every article in them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import CorpusError, DuplicateArticleError
from rag.ingest.read import known_suffixes, read_article
from rag.ingest.text_builder import printable
from rag.types import Article


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be read, and why, in one line."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read and the collection folder that it stands in."""

    path: Path
    root: Path


def find_files(paths: Sequence[Path]) -> tuple[list[Found], list[Refusal]]:
    """Return the files under the given files and folders, in a stable order, and what is refused unread.

    Hidden files and folders are passed over. Links are refused, not followed: they may lead out of the
    collection or round in circles.
    """
    found: dict[Path, Found] = {}
    refused: list[Refusal] = []
    for path in paths:
        if path.is_dir():
            for entry in _walk(path, refused):
                found.setdefault(entry, Found(entry, path))
        elif path.exists():
            found.setdefault(path, Found(path, path.parent))
        else:
            refused.append(Refusal(printable(path), "no such file or folder"))
    return list(found.values()), refused


def _walk(root: Path, refused: list[Refusal]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        refused.append(Refusal(printable(error.filename or root), f"cannot be listed ({error.strerror})"))

    for folder, folders, files in os.walk(root, followlinks=False, onerror=unreadable):
        here = Path(folder)
        for name in sorted(folders):
            if (here / name).is_symlink():
                refused.append(
                    Refusal(printable((here / name).relative_to(root)), "a link to a folder is not followed")
                )
            elif Path(name).suffix.lower() in known_suffixes() and not name.startswith("."):
                refused.append(Refusal(printable((here / name).relative_to(root)), "a folder named like an article"))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.startswith("."):
                continue
            if (here / name).is_symlink():
                refused.append(Refusal(printable((here / name).relative_to(root)), "a link is not followed"))
            else:
                yield here / name


def read_articles(files: Sequence[Found]) -> Iterator[Article | Refusal]:
    """Yield an `Article` or a `Refusal` for each file, in order; a second file with a known id is refused."""
    seen: dict[str, str] = {}
    for file in files:
        inside = file.path.relative_to(file.root) if file.path.is_relative_to(file.root) else file.path
        try:
            article = read_article(file.path, root=file.root)
            if article.article_id in seen:
                raise DuplicateArticleError(
                    f"its id '{article.article_id}' is taken by {seen[article.article_id]}; give one an 'id' of its own"
                )
        except CorpusError as error:
            yield Refusal(printable(inside), str(error))
            continue
        seen[article.article_id] = printable(inside)
        yield article
