"""Bring an index up to date with files and folders: only what changed is embedded."""

import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from rag.chunk.windows import ChunkSettings
from rag.errors import CorpusError, IndexMismatchError, IndexMissingError
from rag.index.cutting import chunks_of, recipe_for, texts_to_embed
from rag.index.damage import CHECKED_BYTES
from rag.index.generations import CACHE_FILE
from rag.index.manifest import Manifest, Recipe
from rag.index.plan import Plan, cut, kept, make_plan
from rag.index.prepared import Preparation, Prepared, forget_shards
from rag.index.report import BuildReport, Changes
from rag.index.sources import joined
from rag.index.store import IndexReader
from rag.index.target import FolderTarget, IndexTarget
from rag.index.vector_cache import Progress, VectorCache, content_key
from rag.index.writing import writing
from rag.ingest.limits import ReadingLimits
from rag.types import Article, Chunk, Encoder

logger = logging.getLogger(__name__)


def build_index(
    paths: Sequence[Path],
    index: Path | IndexTarget,
    *,
    encoder: Encoder,
    chunking: ChunkSettings | None = None,
    rebuild: bool = False,
    lock_timeout_s: float = 0.0,
    checked_bytes: int = CHECKED_BYTES,
    progress: Progress | None = None,
    limits: ReadingLimits | None = None,
    prepare: Preparation | None = None,
) -> BuildReport:
    """Index files and folders and return what changed.

    Articles of a given folder whose file is gone leave the index; articles that came from other folders stay.
    The new generation is built beside the old one and takes its place in one step: a run that is stopped or fails at
    any moment leaves the old one answering, and the next run clears away what it left. When nothing changed, nothing
    is written and the encoder's weights are not loaded.

    Args:
        paths: files and folders to read.
        index: the index folder, made when missing; or another place where an index is kept.
        encoder: makes the vectors.
        chunking: window and target of chunks; None takes the defaults.
        rebuild: start from nothing; vectors of unchanged texts are still reused.
        lock_timeout_s: how long to wait for another process that builds the same index.
        checked_bytes: files of the old generation up to this size are held against their digest.
        progress: told how many texts are embedded.
        limits: how large a file may be and how long reading it may take; None takes the defaults.
        prepare: reads, cuts and embeds beforehand, for instance on several machines; what it leaves out is done here.

    Raises:
        CorpusError: not one of the paths gave an article.
        IndexLockedError: another process is building this index.
        IndexMismatchError: the index was built with another model or chunk settings.
        IndexDamagedError: the index cannot be read, and `rebuild` is off.
        IndexStoreError: the index folder cannot be written.
    """
    started = time.perf_counter()
    recipe = recipe_for(encoder, chunking)
    target = FolderTarget(index, checked_bytes) if isinstance(index, Path) else index
    with target.locked(lock_timeout_s):
        target.settle(rebuild=rebuild)
        old = None if rebuild else _old_generation(target, recipe)
        with _prepared(prepare, paths, target, old, recipe) as prepared:
            plan, chunks = _planned(paths, old, encoder, recipe, limits, prepared)
        beforehand = prepared.embedded if prepared else 0
        if old is not None and not (plan.put or plan.removed):
            forget_shards(target.index)
            return _report(plan, old.manifest, beforehand, started)
        with writing(target.index):
            sources = joined(old.manifest.sources if old else (), paths)
            manifest, embedded = _write(target, old, plan, chunks, encoder, recipe, sources, progress)
            forget_shards(target.index)
        embedded += beforehand
    logger.info("generation %s: %d chunks, %d embedded", manifest.index_id, manifest.chunks, embedded)
    return _report(plan, manifest, embedded, started)


def preview_index(
    paths: Sequence[Path],
    index: Path | IndexTarget,
    *,
    encoder: Encoder,
    chunking: ChunkSettings | None = None,
    rebuild: bool = False,
    checked_bytes: int = CHECKED_BYTES,
    limits: ReadingLimits | None = None,
) -> Changes:
    """Return what `build_index` with the same arguments would change; nothing is written and no lock is taken.

    Args:
        paths: files and folders to read.
        index: the index folder, which may be missing; or another place where an index is kept.
        encoder: counts word pieces; its weights are not loaded.
        chunking: window and target of chunks; None takes the defaults.
        rebuild: as if started from nothing.
        checked_bytes: files of the index up to this size are held against their digest.
        limits: how large a file may be and how long reading it may take; None takes the defaults.

    Raises:
        CorpusError: not one of the paths gave an article.
        IndexMismatchError: the index was built with another model or chunk settings.
        IndexDamagedError: the index cannot be read, and `rebuild` is off.
    """
    recipe = recipe_for(encoder, chunking)
    target = FolderTarget(index, checked_bytes) if isinstance(index, Path) else index
    old = None if rebuild else _old_generation(target, recipe)
    return Changes.of(_planned(paths, old, encoder, recipe, limits, None)[0])


@contextmanager
def _prepared(
    prepare: Preparation | None, paths: Sequence[Path], target: IndexTarget, old: IndexReader | None, recipe: Recipe
) -> Iterator[Prepared | None]:
    if prepare is None:
        yield None
        return
    with writing(target.index):
        prepared = prepare(paths, target.index, old, recipe)
    with prepared:
        yield prepared


def _planned(
    paths: Sequence[Path],
    old: IndexReader | None,
    encoder: Encoder,
    recipe: Recipe,
    limits: ReadingLimits | None,
    prepared: Prepared | None,
) -> tuple[Plan, list[Chunk]]:
    def split(article: Article) -> list[Chunk]:
        chunks = prepared.chunks_of(article) if prepared else None
        return chunks_of([article], encoder, recipe) if chunks is None else chunks

    plan = make_plan(paths, old, limits, reader=prepared)
    chunks = cut(plan, split)
    total = len(plan.unchanged) + len(plan.added) + len(plan.changed) + kept(plan, old)
    if total == 0 and not plan.removed:
        reasons = "; ".join(f"{refusal.path}: {refusal.reason}" for refusal in plan.refused[:3])
        raise CorpusError(f"no articles to index ({reasons or 'no files found'}); name a folder with articles")
    return plan, chunks


def _old_generation(target: IndexTarget, recipe: Recipe) -> IndexReader | None:
    try:
        old = target.open()
    except IndexMissingError:
        return None
    if old.manifest.recipe != recipe:
        raise IndexMismatchError(
            f"{target.place} was built with another {_difference(old.manifest.recipe, recipe)}; {target.advice}"
        )
    return old


def _difference(was: Recipe, now: Recipe) -> str:
    names = {"reader": "version of the readers", "chunker": "version of the chunker"}
    parts = [
        f"{names.get(field.name, field.name if field.name == 'model' else f'chunk setting {field.name}')} "
        f"({getattr(was, field.name)}, now {getattr(now, field.name)})"
        for field in fields(Recipe)
        if getattr(was, field.name) != getattr(now, field.name)
    ]
    return ", ".join(parts)


def _write(
    target: IndexTarget,
    old: IndexReader | None,
    plan: Plan,
    chunks: list[Chunk],
    encoder: Encoder,
    recipe: Recipe,
    sources: tuple[str, ...],
    progress: Progress | None,
) -> tuple[Manifest, int]:
    cache = VectorCache(target.index / CACHE_FILE)
    try:
        texts = [text for chunk in chunks for text in texts_to_embed(chunk)]
        vectors, embedded = cache.encode(texts, encoder, progress)
        replaced = [*plan.removed, *(article.article_id for article, _ in plan.put)]
        before = _texts_of(old, replaced) if old else []
        with target.sink(old, recipe.dimension) as sink:
            sink.remove(replaced)
            sink.put(plan.put)
            sink.add(chunks, vectors)
            manifest = sink.finish(recipe, sources)
        used = {content_key(encoder.name, text) for text in texts}
        try:
            if old is None:
                cache.keep_only(used)
            else:
                cache.forget({content_key(encoder.name, text) for text in before} - used)
        except (OSError, sqlite3.Error) as error:
            logger.warning("vectors that are no longer needed stay in %s (%s)", target.index / CACHE_FILE, error)
    finally:
        cache.close()
    return manifest, embedded


def _texts_of(old: IndexReader, article_ids: Sequence[str]) -> list[str]:
    """What was embedded of some articles of the old generation.

    A sentence of theirs that another article holds too is among them. If it leaves these, it is embedded once more
    when the other one changes; looking through all articles for it would cost more than that.
    """
    rows = [row for article_id in article_ids for row in old.passages.rows_of(article_id)]
    return [text for chunk in old.chunks(rows).values() for text in texts_to_embed(chunk)]


def _report(plan: Plan, manifest: Manifest, embedded: int, started: float) -> BuildReport:
    return BuildReport(
        changes=Changes.of(plan),
        chunks=manifest.chunks,
        embedded=embedded,
        index_id=manifest.index_id,
        seconds=time.perf_counter() - started,
    )
