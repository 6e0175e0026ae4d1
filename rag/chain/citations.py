"""Number the passages behind quoted sentences, and hold every quotation against its article."""

import logging
from collections.abc import Sequence

from rag.chain.evidence import Candidate
from rag.chain.lists import opens_list_item
from rag.errors import CitationError
from rag.index.store import IndexReader
from rag.types import AnswerSentence, Article, ArticleId, Passage, Span

logger = logging.getLogger(__name__)


def check_quote(article: Article | None, span: Span, text: str) -> None:
    """Make sure that a quotation stands in its article.

    Args:
        article: the article it is said to be from, None when there is none of that id.
        span: where it is said to stand.
        text: the quotation.

    Raises:
        CitationError: the article does not hold exactly this text there.
    """
    if article is None or article.text[span.start : span.end] != text:
        raise CitationError(f"characters {span.start} to {span.end} of an article are not the quoted text")


def verified(chosen: Sequence[Candidate], reader: IndexReader) -> list[Candidate]:
    """Return the sentences that equal their article at their offsets; the others are counted and left out."""
    articles: dict[ArticleId, Article | None] = {}
    kept = []
    for one in chosen:
        article_id = one.chunk.article_id
        if article_id not in articles:
            articles[article_id] = reader.article(article_id)
        article = articles[article_id]
        try:
            check_quote(article, one.span, one.text)
            check_quote(article, one.chunk.span, one.chunk.text)
        except CitationError:
            logger.warning("a sentence of %s at %d does not equal its article; left out", article_id, one.span.start)
            continue
        kept.append(one)
    return kept


def number_passages(chosen: Sequence[Candidate]) -> tuple[tuple[AnswerSentence, ...], tuple[Passage, ...]]:
    """Return the answer's sentences with their citations, and the numbered passages, in order of first mention."""
    numbers: dict[str, int] = {}
    quotes: dict[str, list[Candidate]] = {}
    sentences = []
    for one in chosen:
        chunk_id = one.chunk.chunk_id
        number = numbers.setdefault(chunk_id, len(numbers) + 1)
        quotes.setdefault(chunk_id, []).append(one)
        sentences.append(AnswerSentence(one.text, (number,)))
    passages = tuple(
        Passage(
            number=numbers[chunk_id],
            chunk=quoted[0].chunk,
            quotes=tuple(sorted(one.span for one in quoted)),
            score=min(1.0, max(0.0, max(one.score for one in quoted))),
        )
        for chunk_id, quoted in quotes.items()
    )
    return tuple(sentences), passages


def marked_text(chosen: Sequence[Candidate], sentences: Sequence[AnswerSentence]) -> str:
    """Return the sentences as one text with `[n]` after each; list items stand on lines of their own."""
    parts: list[str] = []
    in_list = False
    for place, (one, sentence) in enumerate(zip(chosen, sentences, strict=True)):
        item = opens_list_item(one)
        goes_on = place > 0 and not item and (not in_list or _same_line(chosen[place - 1], one))
        parts.append("" if place == 0 else " " if goes_on else "\n")
        parts.append("- " if item else "")
        parts.append(f"{sentence.text} " + "".join(f"[{number}]" for number in sentence.citations))
        in_list = item or (in_list and goes_on)
    return "".join(parts)


def with_advice(text: str, advice: Sequence[str]) -> str:
    """Return a reply with the lines that stand below it."""
    return "\n\n".join((text, *advice))


def _same_line(before: Candidate, one: Candidate) -> bool:
    """Whether two sentences stand in one paragraph or list item of one passage, the second after the first."""
    if before.chunk.chunk_id != one.chunk.chunk_id:
        return False
    offset = one.chunk.span.start
    return "\n" not in one.chunk.text[before.span.end - offset : one.span.start - offset]
