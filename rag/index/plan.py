"""What has to be done to bring an index up to date with files and folders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import CorpusError
from rag.index.store import IndexReader
from rag.ingest.articles import Reader, Refusal, find_files, read_each
from rag.ingest.limits import ReadingLimits
from rag.ingest.near_duplicates import NearDuplicate, Sketch, near_duplicates, sketch
from rag.ingest.text_builder import printable
from rag.types import Article, ArticleId, Chunk


@dataclass
class Plan:
    """What has to be done to bring the old generation up to date.

    Attributes:
        put: articles to index, each with the folder that it came from.
        added: ids of articles that are new.
        changed: ids whose file changed.
        unchanged: ids that stayed as they were.
        removed: ids that are gone from their folder.
        refused: files that could not be read, with reasons.
        alike: pairs of the articles that were read with nearly the same text.
    """

    put: list[tuple[Article, str]] = field(default_factory=list)
    added: list[ArticleId] = field(default_factory=list)
    changed: list[ArticleId] = field(default_factory=list)
    unchanged: list[ArticleId] = field(default_factory=list)
    removed: list[ArticleId] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    alike: list[NearDuplicate] = field(default_factory=list)


def make_plan(
    paths: Sequence[Path],
    old: IndexReader | None,
    limits: ReadingLimits | None = None,
    *,
    reader: Reader | None = None,
) -> Plan:
    """Return what the files and folders change in an index, None for one that is not there yet.

    Args:
        paths: files and folders to read.
        old: the index as it is.
        limits: how large a file may be and how long reading it may take; None takes the defaults.
        reader: reads the files in place of one with these limits.
    """
    files, refused = find_files(paths)
    plan = Plan(refused=list(refused))
    known = old.passages.article_places() if old else {}
    origins = {printable(path.absolute()) for path in paths if path.is_dir()}
    gone = {printable(path.absolute()) for path in paths if not path.exists()}
    seen: set[ArticleId] = set()
    unread: set[tuple[str, str]] = set()
    sketches: list[tuple[ArticleId, Sketch]] = []
    for file, results in read_each(files, limits, reader=reader):
        origin = printable(file.root.absolute())
        for result in results:
            if isinstance(result, Refusal):
                plan.refused.append(result)
                unread.add((origin, result.path))
                continue
            _sort_in(plan, result, origin, known.get(result.article_id), seen)
            sketches.append((result.article_id, sketch(result.text)))
    plan.alike += near_duplicates(sketches)
    for article_id, (origin, path, _) in known.items():
        asked = origin in origins or str(Path(origin) / path) in gone
        if article_id not in seen and (origin, path) not in unread and asked:
            plan.removed.append(article_id)
    return plan


def _sort_in(
    plan: Plan, article: Article, origin: str, before: tuple[str, str, str] | None, seen: set[ArticleId]
) -> None:
    seen.add(article.article_id)
    if before is None:
        plan.added.append(article.article_id)
    elif before == (origin, article.path, article.digest):
        plan.unchanged.append(article.article_id)
        return
    elif before[2] == article.digest:
        plan.unchanged.append(article.article_id)
    else:
        plan.changed.append(article.article_id)
    plan.put.append((article, origin))


def cut(plan: Plan, split: Callable[[Article], list[Chunk]]) -> list[Chunk]:
    """Return the chunks of what is to be put; an article that cannot be cut is refused, what stood of it stays."""
    chunks: list[Chunk] = []
    for article, origin in list(plan.put):
        try:
            chunks += split(article)
        except CorpusError as error:
            plan.refused.append(Refusal(article.path, str(error)))
            plan.put.remove((article, origin))
            for ids in (plan.added, plan.changed, plan.unchanged):
                ids[:] = [article_id for article_id in ids if article_id != article.article_id]
    return chunks


def kept(plan: Plan, old: IndexReader | None) -> int:
    """Return how many articles of other folders stay."""
    if old is None:
        return 0
    return old.manifest.articles - len(plan.unchanged) - len(plan.changed) - len(plan.removed)
