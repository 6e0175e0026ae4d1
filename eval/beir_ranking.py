"""Index a judged collection with the project's own parts and rank its documents by their best chunk."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.beir import JudgedCollection, document_id_of, read_documents
from eval.collection import CACHE, Collection
from eval.kept_vectors import KeptVectors
from eval.measures import score, write_run
from eval.ranking import OURS, System
from eval.retrieval import run_systems, summary
from rag.chunk.windows import ChunkSettings
from rag.errors import IndexMissingError, IndexStoreError
from rag.index.cutting import recipe_for
from rag.index.generations import CACHE_FILE
from rag.index.pointer import CURRENT_FILE
from rag.index.ready_made import index_articles
from rag.index.seal import remove_sealed
from rag.index.store import open_index
from rag.index.vector_cache import Progress
from rag.retrieve.articles import ArticleRetriever, best_passages
from rag.retrieve.fuse import reciprocal_rank_fusion
from rag.retrieve.hybrid import HybridRetriever, Method
from rag.types import Encoder


def beir_report(
    judged: JudgedCollection,
    encoder: Encoder,
    *,
    target_tokens: int,
    cache: Path | None = None,
    index: Path | None = None,
    sentences: bool = False,
    k: int = 100,
    run_out: Path | None = None,
    progress: Callable[[str], Progress] | None = None,
) -> dict[str, Any]:
    """Return the measures of our ranking, its halves and their plain fusion on a judged collection.

    Args:
        judged: the collection.
        encoder: embeds documents and queries.
        target_tokens: where chunks are closed, in word pieces.
        cache: folder for indexes, one for each content and recipe; None takes the default.
        index: index folder in place of one in the cache; an index of another collection there is replaced.
        sentences: also embed every sentence, as the product does; takes about twice as long.
        k: documents in a run.
        run_out: file for our run in TREC form.
        progress: makes a counter for a step of the given name.

    Raises:
        CitewellError: the encoder cannot be loaded, or the index is in use or cannot be written.
    """
    counter = progress or (lambda label: Progress())
    collection = open_judged(
        judged,
        encoder,
        target_tokens=target_tokens,
        cache=cache,
        index=index,
        sentences=sentences,
        progress=counter("documents"),
    )
    systems = document_systems(collection, k=k)
    runs = run_systems(systems, judged.queries, counter("queries"))
    runs["rrf"] = {
        query_id: list(reciprocal_rank_fusion([runs[str(Method.DENSE)][query_id], words]))[:k]
        for query_id, words in runs[str(Method.LEXICAL)].items()
    }
    titles = {system.name: system.title for system in systems} | {"rrf": "plain fusion of the two document rankings"}
    if run_out:
        write_run(run_out, runs[OURS], "citewell")
    return {
        "command": "retrieval",
        "dataset": judged.name,
        "queries": len(judged.queries),
        "documents": judged.documents,
        "sentences": sentences,
        "k": k,
        "index_id": collection.reader.index_id,
        **summary({name: score(judged.qrels, run) for name, run in runs.items()}, titles),
        "notes": list(judged.notes),
    }


def open_judged(
    judged: JudgedCollection,
    encoder: Encoder,
    *,
    target_tokens: int,
    cache: Path | None = None,
    index: Path | None = None,
    sentences: bool = False,
    progress: Progress | None = None,
) -> Collection:
    """Return the indexed documents, from the cache when this content was indexed with this recipe before.

    Raises:
        CitewellError: the encoder cannot be loaded, or the index is in use or cannot be written.
    """
    chunking = ChunkSettings(max_tokens=encoder.max_tokens, target_tokens=target_tokens)
    recipe = json.dumps([judged.digest, asdict(recipe_for(encoder, chunking)), sentences], sort_keys=True)
    key = hashlib.sha256(recipe.encode()).hexdigest()[:16]
    place = index or (cache or CACHE / "beir").expanduser() / f"{judged.name}-{key}"
    stamp = place / "collection.txt"
    try:
        if stamp.read_text(encoding="utf-8") == key:
            return Collection(place, open_index(place, model=encoder.name), encoder)
        raise IndexMissingError("another collection, or a build that was stopped")
    except (OSError, IndexStoreError):
        _refuse_other_index(place, stamp)  # else: stopped half-way or damaged, both mended by building it
    place.mkdir(parents=True, exist_ok=True)
    stamp.write_text("being built\n", encoding="utf-8")
    index_articles(
        read_documents(judged.corpus),
        place,
        encoder=encoder,
        chunking=chunking,
        sentences=sentences,
        total=judged.documents,
        progress=progress,
    )
    # Kept vectors let a stopped run go on; after the last document they only take room.
    remove_sealed(place / CACHE_FILE)
    stamp.write_text(key, encoding="utf-8")
    return Collection(place, open_index(place, model=encoder.name), encoder)


def _refuse_other_index(place: Path, stamp: Path) -> None:
    """Leave an index alone that was not made for a judged collection."""
    if (place / CURRENT_FILE).exists() and not stamp.exists():
        raise IndexStoreError(f"{place} holds an index of articles; name another --index for this collection")


def document_systems(collection: Collection, *, k: int) -> list[System]:
    """Return the hybrid ranking and its two halves over documents, k deep."""
    encoder = KeptVectors(collection.encoder)
    articles = ArticleRetriever(collection.reader, encoder)

    def ours(text: str) -> list[str]:
        return [document_id_of(article_id) for article_id, _ in articles.retrieve(text, k=k)]

    def ranker(method: Method) -> Callable[[str], list[str]]:
        retriever = HybridRetriever(collection.reader, encoder, method)

        def rank(text: str) -> list[str]:
            found = best_passages(lambda depth: retriever.retrieve(text, k=depth), k=k)
            return [document_id_of(article_id) for article_id in list(found)[:k]]

        return rank

    return [
        System(OURS, "Citewell: meaning of the best chunk, words of the whole document", (), ours),
        System(str(Method.DENSE), "meaning only, a document at its best chunk", (), ranker(Method.DENSE)),
        System(str(Method.LEXICAL), "words only (BM25), a document at its best chunk", (), ranker(Method.LEXICAL)),
    ]
