"""Made collections of any size: vectors around real ones, texts of real sentences."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.index.draft import GenerationDraft
from rag.index.generations import new_generation, publish
from rag.index.manifest import Recipe
from rag.index.store import IndexReader
from rag.types import Article, ArticleId, Chunk, ChunkId, Span, Vectors

BLOCK = 20_000
"""Passages that are made together: what is in memory."""

SENTENCES = 6
"""Sentences of a passage's text."""

WITH_VECTORS = 2
"""How many of them have vectors of their own."""

PER_ARTICLE = 20
NOISE = 0.4
SEED = 7


@dataclass(frozen=True, slots=True)
class Material:
    """What a collection is made of.

    Attributes:
        vectors: of real passages and sentences, shape (n, d).
        sentences: real ones.
        titles: titles and headings of real passages.
        recipe: of the real index.
    """

    vectors: Vectors
    sentences: Sequence[str]
    titles: Sequence[tuple[str, tuple[str, ...]]]
    recipe: Recipe

    @classmethod
    def of(cls, reader: IndexReader) -> "Material":
        """Return what a real index holds."""
        rows = reader.passages.all_rows()
        chunks = list(reader.chunks(rows).values())
        vectors = [reader.vectors.vectors(rows), reader.sentences.vectors(reader.sentences.rows())]
        found = [
            text
            for chunk in chunks
            for span in chunk.sentences
            if (text := chunk.text[span.start - chunk.span.start : span.end - chunk.span.start])
        ]
        titles = [(chunk.title, chunk.headings) for chunk in chunks]
        return cls(np.concatenate(vectors), found, titles, reader.manifest.recipe)

    def mixed(self, block: int, count: int, *, stream: int = 0) -> Vectors:
        """Return so many unit vectors: two real ones, mixed, and noise of 0.4 of their length; the same each time."""
        chance = np.random.default_rng([SEED, stream, block])
        pairs = chance.integers(0, len(self.vectors), (2, count))
        share = chance.uniform(0.5, 1, (count, 1)).astype(np.float32)
        made = _unit(share * self.vectors[pairs[0]] + (1 - share) * self.vectors[pairs[1]])
        made += NOISE * _unit(chance.standard_normal(made.shape, dtype=np.float32))
        return _unit(made)


def blocks(passages: int) -> Iterator[tuple[int, int]]:
    """Yield number and size of each block of a collection."""
    for block, start in enumerate(range(0, passages, BLOCK)):
        yield block, min(BLOCK, passages - start)


def make_collection(material: Material, index: Path, passages: int) -> None:
    """Write an index of so many made passages, by the way that every index is written."""
    chance = random.Random(SEED)  # noqa: S311 - a benchmark's texts
    with new_generation(index) as folder:
        draft = GenerationDraft.start(folder, None, material.recipe.dimension)
        for block, count in blocks(passages):
            chunks = [made_chunk(material, chance, block * BLOCK + number) for number in range(count)]
            vectors = np.empty((count, 1 + WITH_VECTORS, material.recipe.dimension), dtype=np.float32)
            vectors[:, 0] = material.mixed(block, count)
            for part in range(WITH_VECTORS):
                vectors[:, 1 + part] = material.mixed(block, count, stream=1 + part)
            draft.add(chunks, vectors.reshape(-1, material.recipe.dimension))
            for article_id in dict.fromkeys(chunk.article_id for chunk in chunks):
                draft.passages.put_article(_article(article_id), origin="")
        publish(index, folder, draft.save(material.recipe), before=None)


def nearest_exactly(material: Material, queries: Vectors, passages: int, k: int) -> np.ndarray:
    """Return the places of the k passages that are nearest to each query, by looking at all of them."""
    best = np.full((len(queries), k), -2.0, dtype=np.float32)
    places = np.full((len(queries), k), -1, dtype=np.int64)
    for block, count in blocks(passages):
        scores = np.concatenate([best, queries @ material.mixed(block, count).T], axis=1)
        named = np.concatenate([places, np.tile(np.arange(count) + block * BLOCK, (len(queries), 1))], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        best, places = np.take_along_axis(scores, order, 1), np.take_along_axis(named, order, 1)
    return places


def made_chunk(material: Material, chance: random.Random, number: int) -> Chunk:
    """Return a passage of real sentences, in any order, under a real title; numbers are given in rising order."""
    title, headings = chance.choice(material.titles)
    sentences = chance.choices(material.sentences, k=SENTENCES)
    text = " ".join(sentences)
    article = f"made-{number // PER_ARTICLE}"
    return Chunk(
        chunk_id=ChunkId(f"{article}#{number}"),
        article_id=ArticleId(article),
        title=title,
        headings=headings,
        text=text,
        span=Span(0, len(text)),
        sentences=tuple(Span(0, len(sentence)) for sentence in sentences[:WITH_VECTORS]),
        questions=(),
        url=None,
        evidence=None,
        reviewed=None,
        clinician_reviewed=False,
    )


def _article(article_id: ArticleId) -> Article:
    return Article(article_id=article_id, title="Made", path=f"{article_id}.md", text="", blocks=(), digest=article_id)


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
