"""Walk files and folders and read every article in them."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Protocol

from rag.errors import CorpusError, DuplicateArticleError
from rag.ingest.limits import ReadingLimits
from rag.ingest.parse import FileContent, known_suffixes
from rag.ingest.read import FileReader
from rag.ingest.sitemap import SiteMap
from rag.ingest.text_builder import clean_line, printable
from rag.types import Article, ArticleId

DATA_SUFFIXES = frozenset((".xml", ".rss", ".atom"))
"""Files of many entries: a feed or export, or the map of a site, whose addresses the pages need."""


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
        elif path.is_symlink():
            refused.append(Refusal(printable(path), "a link is not followed; name the file that it leads to"))
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


class Reader(Protocol):
    """Reads one file after the other."""

    def read(self, path: Path, *, root: Path | None = None) -> FileContent:
        """Return what a file holds.

        Args:
            path: a file.
            root: the collection's folder.

        Raises:
            CorpusError: the file is refused.
        """


def read_each(
    files: Sequence[Found], limits: ReadingLimits | None = None, *, reader: Reader | None = None
) -> Iterator[tuple[Found, list[Article | Refusal]]]:
    """Yield each file with its articles, or with why there are none; pages first, then feeds and exports.

    A saved page that does not state its address gets the one that the site's map lists. An entry of a feed whose page
    is in the collection too is passed over: the page is the fuller text. A second file with a known id is refused.

    Args:
        files: as they were found.
        limits: how large a file may be and how long reading it may take; None takes the defaults.
        reader: reads the files in place of one with these limits, which stays open.
    """
    seen = _Seen()
    with nullcontext(reader) if reader else FileReader(limits) as reading:
        data = [file for file in files if file.path.suffix.lower() in DATA_SUFFIXES]
        read_ahead = {file: _read(reading, file) for file in data}
        maps = [(file, found.listed) for file, found in read_ahead.items() if not isinstance(found, Refusal)]
        site_maps = [(file.path.parent, SiteMap(list(listed))) for file, listed in maps if listed]
        for file in files:
            if file in read_ahead:
                continue
            found = _read(reading, file)
            if isinstance(found, Refusal):
                yield file, [found]
            else:
                yield file, [seen.page(_with_listed_address(one, file, site_maps), file) for one in found.articles]
    for file, content in read_ahead.items():
        yield file, [content] if isinstance(content, Refusal) else seen.entries(content, file)


def read_articles(files: Sequence[Found], limits: ReadingLimits | None = None) -> Iterator[Article | Refusal]:
    """Yield every `Article` and `Refusal` of the files, in the order of `read_each`."""
    for _, results in read_each(files, limits):
        yield from results


def _read(reader: Reader, file: Found) -> FileContent | Refusal:
    try:
        return reader.read(file.path, root=file.root)
    except CorpusError as error:
        return Refusal(_name(file), clean_line(str(error)))


def _name(file: Found) -> str:
    return printable(file.path.relative_to(file.root) if file.path.is_relative_to(file.root) else file.path)


class _Seen:
    """Which ids and addresses the articles so far have, and the file of each."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._addresses: set[str] = set()

    def page(self, article: Article, file: Found) -> Article | Refusal:
        """Return an article, or why it is refused beside the others."""
        if article.article_id in self._files:
            error = DuplicateArticleError(
                f"its id '{article.article_id}' is taken by {self._files[article.article_id]}; "
                "give one an 'id' of its own"
            )
            return Refusal(_name(file), str(error))
        self._note(article, file)
        return article

    def entries(self, content: FileContent, file: Found) -> list[Article | Refusal]:
        """Return the articles of a feed that no page holds; ids that are taken get an ending of their own."""
        results: list[Article | Refusal] = []
        for article in content.articles:
            if article.url and _bare(article.url) in self._addresses:
                continue
            if article.article_id in self._files:
                mark = hashlib.sha256((article.url or article.title).encode("utf-8", "replace")).hexdigest()[:6]
                article = replace(article, article_id=ArticleId(f"{article.article_id}-{mark}"))
            if article.article_id in self._files:
                results.append(Refusal(f"{_name(file)} ({article.article_id})", "the feed holds this entry twice"))
                continue
            self._note(article, file)
            results.append(article)
        if content.passed_over:
            count = len(content.passed_over)
            results.append(
                Refusal(
                    f"{_name(file)} ({count} of its entries)",
                    f"no text of an article, for instance '{clean_line(content.passed_over[0])[:60]}'; expected full "
                    "texts, not teasers",
                )
            )
        return results

    def _note(self, article: Article, file: Found) -> None:
        self._files[article.article_id] = _name(file)
        if article.url:
            self._addresses.add(_bare(article.url))


def _bare(url: str) -> str:
    """An address as it identifies a page: without scheme, "www.", what follows a "?" or "#", and a slash at the end."""
    return url.split("://")[-1].removeprefix("www.").split("?")[0].split("#")[0].rstrip("/").casefold()


def _with_listed_address(article: Article, file: Found, maps: Sequence[tuple[Path, SiteMap]]) -> Article:
    for folder, site_map in maps:
        if article.url is None and file.path.is_relative_to(folder):
            listed = site_map.page_of(PurePosixPath(file.path.relative_to(folder)))
            if listed is not None:
                published = article.extra.get("published") or listed.changed
                return replace(article, url=listed.url, extra={**article.extra, "published": published})
    return article
