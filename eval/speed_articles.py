"""Articles to measure with: a copy that may be edited, and the passages that every system gets."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import regex

from rag.chunk.windows import ChunkSettings, embedding_text, split_article
from rag.errors import CorpusError
from rag.ingest.articles import find_files, read_each
from rag.types import Article, Encoder

MANY = 100
"""Articles of which one is edited, so that one in a hundred changes."""

_SENTENCE_END = regex.compile(r"(?<=[.!?])\s+|\n+")

EDITABLE = (".md", ".txt")
"""A paragraph put at the end of such a file is a paragraph of the article."""


@dataclass(frozen=True, slots=True)
class Articles:
    """A copy of some articles.

    Attributes:
        folder: where the copy is.
        count: number of articles.
        passages: what each system embeds, in order.
    """

    folder: Path
    count: int
    passages: tuple[str, ...]

    def editable(self) -> Path | None:
        """Return the first file that a paragraph can be added to."""
        return next((path for path in sorted(self.folder.rglob("*")) if path.suffix.lower() in EDITABLE), None)


def copy_articles(
    path: Path, folder: Path, *, encoder: Encoder, chunking: ChunkSettings, limit: int | None = None
) -> Articles:
    """Copy a file or folder and cut its articles.

    Args:
        path: the file or folder.
        folder: where the copy goes.
        encoder: counts tokens.
        chunking: how articles are cut.
        limit: stop after the article that reaches this many passages; None takes all.

    Raises:
        CorpusError: not one article could be read.
    """
    found, _ = find_files([path])
    passages: list[str] = []
    count = 0
    for file, results in read_each(found):
        read = [article for article in results if isinstance(article, Article)]
        if not read:
            continue
        for article in read:
            chunks = split_article(article, count_tokens=encoder.count_tokens, settings=chunking)
            passages += [embedding_text(chunk.title, chunk.headings, chunk.text) for chunk in chunks]
        target = folder / file.path.relative_to(file.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.path, target)
        count += len(read)
        if limit is not None and len(passages) >= limit:
            break
    if not passages:
        raise CorpusError(f"no articles to measure with at {path}; name a folder with articles")
    return Articles(folder, count, tuple(passages))


def divided(articles: Articles, folder: Path, *, count: int = MANY) -> Articles:
    """Return the same texts as so many articles of about equal length, each in a file of its own.

    Args:
        articles: with a sentence for each of the new ones; where they hold fewer, sentences stand in several.
        folder: where the new ones go.
        count: number of articles.
    """
    sentences = [one for passage in articles.passages for one in _SENTENCE_END.split(passage) if one.strip()]
    folder.mkdir(parents=True)
    for number in range(count):
        first = number * len(sentences) // count
        part = sentences[first : max((number + 1) * len(sentences) // count, first + 1)]
        title = f"# Part {number + 1}\n\n"
        (folder / f"part-{number + 1}.md").write_text(title + "\n\n".join(part) + "\n", encoding="utf-8")
    return Articles(folder, count, articles.passages)
