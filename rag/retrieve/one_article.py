"""The hybrid ranking over one article, which finds nothing where other articles are plainly nearer to the question."""

from dataclasses import dataclass, fields

from rag.index.one_article import one_article
from rag.retrieve.hybrid import HybridRetriever, SearchQuery
from rag.types import ArticleId, Hit

NEAR_BEST = 0.7
"""Least share of the whole collection's best score. Measured on 300 questions of the training half, 2026-11-22, 540
pairs of a question and an article that answers it and 1,500 of a question and another article: 0.7 keeps 0.869 of the
first and 0.281 of the second, 0.6 keeps 0.948 and 0.504, 0.8 keeps 0.756 and 0.131. What is kept must still pass the
decision between an answer and "not covered"."""


@dataclass(frozen=True, slots=True)
class OneArticleRetriever(HybridRetriever):
    """Ranks the chunks of one article. Weights of words and spelling are those of the whole collection.

    Attributes:
        whole: the ranking over the whole collection.
    """

    whole: HybridRetriever | None = None

    def __post_init__(self) -> None:
        """Nothing is computed: everything comes from the whole."""

    def retrieve_for(self, query: SearchQuery, *, k: int) -> list[Hit]:
        """Return up to k hits of the article, best first; none where the article is no place to look."""
        found = HybridRetriever.retrieve_for(self, query, k=k)
        best = self.whole.retrieve_for(query, k=1) if self.whole else []
        return found if found and best and found[0].score >= NEAR_BEST * best[0].score else []


def within(whole: HybridRetriever, article_id: ArticleId) -> OneArticleRetriever:
    """Return the ranking over one article of a collection."""
    reader = one_article(whole.reader, article_id)
    found = OneArticleRetriever(reader, whole.encoder, whole.method, whole=whole)
    for field in fields(HybridRetriever):
        if not field.init:
            object.__setattr__(found, field.name, getattr(whole, field.name))
    return found
