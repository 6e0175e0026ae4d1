"""How articles become chunks and texts to embed, under a recipe."""

from collections.abc import Iterable

from rag.chunk.windows import CHUNKER_VERSION, ChunkSettings, embedding_text, sentence_texts, split_article
from rag.index.manifest import Recipe
from rag.ingest.finish import READER_VERSION
from rag.types import Article, Chunk, Encoder


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


def chunks_of(articles: Iterable[Article], encoder: Encoder, recipe: Recipe) -> list[Chunk]:
    """Return the chunks of articles, in order.

    Raises:
        CorpusError: an article's title and headings leave no room for text in the window.
    """
    settings = ChunkSettings(max_tokens=recipe.max_tokens, target_tokens=recipe.target_tokens)
    return [
        chunk
        for article in articles
        for chunk in split_article(article, count_tokens=encoder.count_tokens, settings=settings)
    ]


def texts_to_embed(chunk: Chunk, *, sentences: bool = True) -> list[str]:
    """Return what is embedded: the chunk with its headings, then each of its sentences and questions alone."""
    whole = embedding_text(chunk.title, chunk.headings, chunk.text)
    return [whole, *sentence_texts(chunk), *chunk.questions] if sentences else [whole]
