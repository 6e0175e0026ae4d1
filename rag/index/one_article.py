"""An index as if it held one article only."""

from dataclasses import dataclass, fields

from rag.index.sentence_rows import passage_and_place, question_rows, sentence_rows
from rag.index.store import IndexReader
from rag.types import ArticleId, Vectors


@dataclass(frozen=True, slots=True)
class OneArticleReader(IndexReader):
    """Searches find passages of one article; everything else is as in the whole index.

    Attributes:
        article_id: the article.
        rows: its passages.
        sentence_rows: its sentences and questions.
    """

    article_id: ArticleId
    rows: tuple[int, ...]
    sentence_rows: tuple[int, ...]

    @property
    def searches_sentences(self) -> bool:
        """Those of one article are few."""
        return True

    def search_vectors(self, query: Vectors, *, k: int) -> list[tuple[int, float]]:
        """Return the k rows of the article nearest to one query, shape (1, d), with their cosine, best first."""
        return self.vectors.search(query, k=k, among=self.rows)[0]

    def search_sentences(self, query: Vectors, *, k: int) -> list[tuple[int, int, float]]:
        """Return the k sentences and questions of the article nearest to one query, best first."""
        found = self.sentences.search(query, k=k, among=self.sentence_rows)[0]
        return [(*passage_and_place(row), cosine) for row, cosine in found]

    def search_words(self, query: str, *, k: int) -> list[tuple[int, float]]:
        """Return the k rows of the article that match the query's words best, with their BM25 score, best first."""
        return self.passages.search_words(query, k=k, article_id=self.article_id)


def one_article(reader: IndexReader, article_id: ArticleId) -> OneArticleReader:
    """Return a reader of one article of an index; of an unknown article it finds nothing."""
    rows = reader.passages.rows_of(article_id)
    inner: list[int] = []
    for row, chunk in reader.chunks(rows).items():
        inner += sentence_rows(row, len(chunk.sentences))
        inner += question_rows(row, len(chunk.questions))
    whole = {field.name: getattr(reader, field.name) for field in fields(IndexReader)}
    return OneArticleReader(**whole, article_id=article_id, rows=tuple(rows), sentence_rows=tuple(inner))
