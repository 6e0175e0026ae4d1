"""Index ready-made articles, many of them, without holding all in memory."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from rag.chunk.windows import ChunkSettings
from rag.index.cutting import chunks_of, recipe_for, texts_to_embed
from rag.index.draft import GenerationDraft
from rag.index.generations import CACHE_FILE, new_generation, publish, remove_leftovers
from rag.index.lock import building_lock
from rag.index.manifest import Manifest
from rag.index.sound import generation_to_keep
from rag.index.vector_cache import Progress, VectorCache
from rag.index.writing import writing
from rag.types import Article, Encoder

ARTICLES_AT_ONCE = 256
"""Articles that are cut and embedded together: what is in memory."""


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
    with building_lock(index, timeout_s=lock_timeout_s), writing(index):
        remove_leftovers(index)
        with new_generation(index) as folder:
            cache = VectorCache(index / CACHE_FILE)
            try:
                draft = GenerationDraft.start(folder, None, recipe.dimension)
                for part in _parts(articles, ARTICLES_AT_ONCE):
                    chunks = chunks_of(part, encoder, recipe)
                    texts = [text for chunk in chunks for text in texts_to_embed(chunk, sentences=sentences)]
                    vectors, _ = cache.encode(texts, encoder)
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
            publish(index, folder, manifest, before=generation_to_keep(index))
    return manifest


def _parts(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    remaining = iter(articles)
    while part := list(islice(remaining, size)):
        yield part
