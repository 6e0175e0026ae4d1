"""Bring an index up to date with files and folders: only what changed is embedded."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.chunk.windows import CHUNKER_VERSION, ChunkSettings, embedding_text, sentence_texts, split_article
from rag.errors import CorpusError, IndexMismatchError, IndexMissingError
from rag.index.draft import GenerationDraft
from rag.index.generations import CACHE_FILE, building_lock, new_generation, publish
from rag.index.manifest import Manifest, Recipe
from rag.index.store import IndexReader, open_index
from rag.index.vector_cache import Progress, VectorCache, content_key
from rag.ingest.articles import Refusal, find_files, read_articles
from rag.ingest.read import READER_VERSION
from rag.types import Article, ArticleId, Chunk, Encoder

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a run of `build_index` did.

    Attributes:
        added: ids of articles that are new.
        changed: ids whose file changed.
        unchanged: ids that stayed as they were.
        removed: ids that are gone from their folder.
        refused: files that could not be read, with reasons.
        chunks: chunks in the index now.
        embedded: texts that had to be embedded.
        index_id: identity of the content now.
        seconds: how long it took.
    """

    added: tuple[ArticleId, ...]
    changed: tuple[ArticleId, ...]
    unchanged: tuple[ArticleId, ...]
    removed: tuple[ArticleId, ...]
    refused: tuple[Refusal, ...]
    chunks: int
    embedded: int
    index_id: str
    seconds: float


@dataclass
class _Plan:
    """What has to be done to bring the old generation up to date."""

    put: list[tuple[Article, str]] = field(default_factory=list)
    added: list[ArticleId] = field(default_factory=list)
    changed: list[ArticleId] = field(default_factory=list)
    unchanged: list[ArticleId] = field(default_factory=list)
    removed: list[ArticleId] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def build_index(
    paths: Sequence[Path],
    index: Path,
    *,
    encoder: Encoder,
    chunking: ChunkSettings | None = None,
    rebuild: bool = False,
    lock_timeout_s: float = 0.0,
    progress: Progress | None = None,
) -> BuildReport:
    """Index files and folders and return what changed.

    Articles of a given folder whose file is gone leave the index; articles that came from other folders stay.
    The new generation is built beside the old one and takes its place in one step. When nothing changed,
    nothing is written and the encoder's weights are not loaded.

    Args:
        paths: files and folders to read.
        index: the index folder; made when missing.
        encoder: makes the vectors.
        chunking: window and target of chunks; None takes the defaults.
        rebuild: start from nothing; vectors of unchanged texts are still reused.
        lock_timeout_s: how long to wait for another process that builds the same index.
        progress: told how many texts are embedded.

    Raises:
        CorpusError: not one of the paths gave an article.
        IndexLockedError: another process is building this index.
        IndexMismatchError: the index was built with another model or chunk settings.
        IndexDamagedError: the index cannot be read, and `rebuild` is off.
        IndexStoreError: the index folder cannot be written.
    """
    started = time.perf_counter()
    chunking = chunking or ChunkSettings(max_tokens=encoder.max_tokens)
    recipe = Recipe(
        model=encoder.name,
        dimension=encoder.dimension,
        max_tokens=min(chunking.max_tokens, encoder.max_tokens),
        target_tokens=chunking.target_tokens,
        reader=READER_VERSION,
        chunker=CHUNKER_VERSION,
    )
    with building_lock(index, timeout_s=lock_timeout_s):
        old = None if rebuild else _old_generation(index, recipe)
        plan = _plan(paths, old)
        total = len(plan.unchanged) + len(plan.added) + len(plan.changed) + _kept(plan, old)
        if total == 0 and not plan.removed:
            reasons = "; ".join(f"{refusal.path}: {refusal.reason}" for refusal in plan.refused[:3])
            raise CorpusError(f"no articles to index ({reasons or 'no files found'}); name a folder with articles")
        if old is not None and not (plan.put or plan.removed):
            return _report(plan, old.manifest, 0, started)
        manifest, embedded = _write(index, old, plan, encoder, recipe, progress)
        return _report(plan, manifest, embedded, started)


def _old_generation(index: Path, recipe: Recipe) -> IndexReader | None:
    try:
        old = open_index(index)
    except IndexMissingError:
        return None
    if old.manifest.recipe != recipe:
        raise IndexMismatchError(
            f"{index} was built with another model, reader or chunk setting "
            f"({old.manifest.recipe.model}); run: citewell index --rebuild"
        )
    return old


def _plan(paths: Sequence[Path], old: IndexReader | None) -> _Plan:
    files, refused = find_files(paths)
    plan = _Plan(refused=list(refused))
    known = old.passages.article_places() if old else {}
    origins = {str(path.absolute()) for path in paths if path.is_dir()}
    seen: set[ArticleId] = set()
    unread: set[tuple[str, str]] = set()
    by_path = {found.path: str(found.root.absolute()) for found in files}
    for file in files:
        for result in read_articles([file]):
            if isinstance(result, Refusal):
                plan.refused.append(result)
                unread.add((by_path[file.path], result.path))
                continue
            origin = by_path[file.path]
            _sort_in(plan, result, origin, known.get(result.article_id), seen)
    for article_id, (origin, path, _) in known.items():
        gone_file = (Path(origin) / path).absolute() in {path.absolute() for path in paths if not path.exists()}
        if article_id not in seen and (origin, path) not in unread and (origin in origins or gone_file):
            plan.removed.append(article_id)
    return plan


def _sort_in(
    plan: _Plan, article: Article, origin: str, before: tuple[str, str, str] | None, seen: set[ArticleId]
) -> None:
    if article.article_id in seen:
        plan.refused.append(
            Refusal(
                article.path, f"its id '{article.article_id}' is taken by another file; give one an 'id' of its own"
            )
        )
        return
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


def _kept(plan: _Plan, old: IndexReader | None) -> int:
    """How many articles of other folders stay."""
    if old is None:
        return 0
    return old.manifest.articles - len(plan.unchanged) - len(plan.changed) - len(plan.removed)


def _write(
    index: Path,
    old: IndexReader | None,
    plan: _Plan,
    encoder: Encoder,
    recipe: Recipe,
    progress: Progress | None,
) -> tuple[Manifest, int]:
    settings = ChunkSettings(max_tokens=recipe.max_tokens, target_tokens=recipe.target_tokens)
    chunks = [
        chunk
        for article, _ in plan.put
        for chunk in split_article(article, count_tokens=encoder.count_tokens, settings=settings)
    ]
    cache = VectorCache(index / CACHE_FILE)
    try:
        texts = [text for chunk in chunks for text in _embedded_texts(chunk)]
        vectors, embedded = cache.encode(texts, encoder, progress)
        with new_generation(index) as folder:
            draft = GenerationDraft.start(folder, old, recipe.dimension)
            for article_id in [*plan.removed, *(article.article_id for article, _ in plan.put)]:
                draft.remove_article(article_id)
            for article, origin in plan.put:
                draft.passages.put_article(article, origin=origin)
            draft.add(chunks, vectors)
            manifest = draft.save(recipe)
            publish(index, folder, manifest)
        _forget_unused(index, cache, encoder)
    finally:
        cache.close()
    logger.info("generation %s: %d chunks, %d embedded", manifest.index_id, manifest.chunks, embedded)
    return manifest, embedded


def _embedded_texts(chunk: Chunk) -> list[str]:
    """The chunk with its headings, then each of its sentences alone."""
    return [embedding_text(chunk.title, chunk.headings, chunk.text), *sentence_texts(chunk)]


def _forget_unused(index: Path, cache: VectorCache, encoder: Encoder) -> None:
    """Drop cached vectors of texts that the new generation no longer holds."""
    reader = open_index(index)
    chunks = reader.chunks(reader.passages.all_rows())
    cache.keep_only({content_key(encoder.name, text) for chunk in chunks.values() for text in _embedded_texts(chunk)})


def _report(plan: _Plan, manifest: Manifest, embedded: int, started: float) -> BuildReport:
    return BuildReport(
        added=tuple(plan.added),
        changed=tuple(plan.changed),
        unchanged=tuple(plan.unchanged),
        removed=tuple(plan.removed),
        refused=tuple(plan.refused),
        chunks=manifest.chunks,
        embedded=embedded,
        index_id=manifest.index_id,
        seconds=time.perf_counter() - started,
    )
