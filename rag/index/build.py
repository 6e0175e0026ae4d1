"""Bring an index up to date with files and folders: only what changed is embedded."""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rag.chunk.windows import CHUNKER_VERSION, ChunkSettings, embedding_text, sentence_texts, split_article
from rag.errors import CorpusError, IndexMismatchError, IndexMissingError
from rag.index.draft import GenerationDraft
from rag.index.generations import CACHE_FILE, building_lock, new_generation, publish
from rag.index.manifest import Manifest, Recipe
from rag.index.plan import Plan, cut, kept, make_plan
from rag.index.store import IndexReader, open_index
from rag.index.vector_cache import Progress, VectorCache, content_key
from rag.ingest.articles import Refusal
from rag.ingest.finish import READER_VERSION
from rag.ingest.limits import ReadingLimits
from rag.ingest.near_duplicates import NearDuplicate
from rag.types import Article, ArticleId, Chunk, Encoder

logger = logging.getLogger(__name__)

ARTICLES_AT_ONCE = 256
"""Ready-made articles that are cut and embedded together: what `index_articles` holds in memory."""


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
        alike: pairs of the articles that were read with nearly the same text.
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
    alike: tuple[NearDuplicate, ...] = ()


def build_index(
    paths: Sequence[Path],
    index: Path,
    *,
    encoder: Encoder,
    chunking: ChunkSettings | None = None,
    rebuild: bool = False,
    lock_timeout_s: float = 0.0,
    progress: Progress | None = None,
    limits: ReadingLimits | None = None,
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
        limits: how large a file may be and how long reading it may take; None takes the defaults.

    Raises:
        CorpusError: not one of the paths gave an article.
        IndexLockedError: another process is building this index.
        IndexMismatchError: the index was built with another model or chunk settings.
        IndexDamagedError: the index cannot be read, and `rebuild` is off.
        IndexStoreError: the index folder cannot be written.
    """
    started = time.perf_counter()
    recipe = recipe_for(encoder, chunking)
    with building_lock(index, timeout_s=lock_timeout_s):
        old = None if rebuild else _old_generation(index, recipe)
        plan = make_plan(paths, old, limits)
        chunks = cut(plan, lambda article: _chunks_of([article], encoder, recipe))
        total = len(plan.unchanged) + len(plan.added) + len(plan.changed) + kept(plan, old)
        if total == 0 and not plan.removed:
            reasons = "; ".join(f"{refusal.path}: {refusal.reason}" for refusal in plan.refused[:3])
            raise CorpusError(f"no articles to index ({reasons or 'no files found'}); name a folder with articles")
        if old is not None and not (plan.put or plan.removed):
            return _report(plan, old.manifest, 0, started)
        manifest, embedded = _write(index, old, plan, chunks, encoder, recipe, progress)
        return _report(plan, manifest, embedded, started)


def index_articles(
    articles: Iterable[Article],
    index: Path,
    *,
    encoder: Encoder,
    chunking: ChunkSettings | None = None,
    sentences: bool = True,
    total: int = 0,
    lock_timeout_s: float = 0.0,
    progress: Progress | None = None,
) -> Manifest:
    """Index ready-made articles in place of what the index held, and return its manifest.

    Few articles are in memory at a time. A run that was stopped goes on from the vectors that it has made.

    Args:
        articles: with ids that differ from each other.
        index: the index folder; made when missing.
        encoder: makes the vectors.
        chunking: window and target of chunks; None takes the defaults.
        sentences: also embed every sentence; an index without them ranks whole passages and cannot quote.
        total: number of articles, for `progress`.
        lock_timeout_s: how long to wait for another process that builds the same index.
        progress: told how many articles are done.

    Raises:
        CorpusError: an article's title and headings leave no room for text in the window.
        IndexLockedError: another process is building this index.
        IndexStoreError: the index folder cannot be written.
    """
    recipe = recipe_for(encoder, chunking)
    done = 0
    with building_lock(index, timeout_s=lock_timeout_s), new_generation(index) as folder:
        cache = VectorCache(index / CACHE_FILE)
        try:
            draft = GenerationDraft.start(folder, None, recipe.dimension)
            for part in _parts(articles, ARTICLES_AT_ONCE):
                chunks = _chunks_of(part, encoder, recipe)
                vectors, _ = cache.encode([text for one in chunks for text in _texts(one, sentences)], encoder)
                for article in part:
                    draft.passages.put_article(article, origin="")
                if chunks:
                    draft.add(chunks, vectors, sentences=sentences)
                done += len(part)
                if progress:
                    progress(done, max(done, total))
        finally:
            cache.close()
        manifest = draft.save(recipe)
        publish(index, folder, manifest)
    return manifest


def recipe_for(encoder: Encoder, chunking: ChunkSettings | None = None) -> Recipe:
    """Return what decides the content of an index besides its articles."""
    chunking = chunking or ChunkSettings(max_tokens=encoder.max_tokens)
    return Recipe(
        model=encoder.name,
        dimension=encoder.dimension,
        max_tokens=min(chunking.max_tokens, encoder.max_tokens),
        target_tokens=chunking.target_tokens,
        reader=READER_VERSION,
        chunker=CHUNKER_VERSION,
    )


def _parts(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    remaining = iter(articles)
    while part := list(islice(remaining, size)):
        yield part


def _chunks_of(articles: Iterable[Article], encoder: Encoder, recipe: Recipe) -> list[Chunk]:
    settings = ChunkSettings(max_tokens=recipe.max_tokens, target_tokens=recipe.target_tokens)
    return [
        chunk
        for article in articles
        for chunk in split_article(article, count_tokens=encoder.count_tokens, settings=settings)
    ]


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


def _write(
    index: Path,
    old: IndexReader | None,
    plan: Plan,
    chunks: list[Chunk],
    encoder: Encoder,
    recipe: Recipe,
    progress: Progress | None,
) -> tuple[Manifest, int]:
    cache = VectorCache(index / CACHE_FILE)
    try:
        texts = [text for chunk in chunks for text in _texts(chunk)]
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


def _texts(chunk: Chunk, sentences: bool = True) -> list[str]:
    """What is embedded: the chunk with its headings, then each of its sentences and questions alone."""
    whole = embedding_text(chunk.title, chunk.headings, chunk.text)
    return [whole, *sentence_texts(chunk), *chunk.questions] if sentences else [whole]


def _forget_unused(index: Path, cache: VectorCache, encoder: Encoder) -> None:
    """Drop cached vectors of texts that the new generation no longer holds."""
    reader = open_index(index)
    chunks = reader.chunks(reader.passages.all_rows())
    cache.keep_only({content_key(encoder.name, text) for chunk in chunks.values() for text in _texts(chunk)})


def _report(plan: Plan, manifest: Manifest, embedded: int, started: float) -> BuildReport:
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
        alike=tuple(plan.alike),
    )
