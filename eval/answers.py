"""Put the questions to the answerer and judge each reply against what is known of the right one; no model judges."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.dataset import Fact, LabeledQuestion
from eval.diagnosis import Seen, diagnose
from eval.leaks import amounts
from eval.qrels import Piece, judge
from rag.chain.answerer import Answerer
from rag.chain.further import further_passages, quoted_passages
from rag.index.vector_cache import Progress
from rag.types import Answer, Article, ArticleId, Behavior, Hit, Mode, Passage

logger = logging.getLogger(__name__)

MAX_WORDS = 150
"""Facts count when they stand in the first 150 words of an answer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one reply.

    Attributes:
        query_id: the question.
        kind: its kind.
        half: "train" or "test".
        expected: the right behaviour.
        got: the behaviour of the reply, or None when there was an error in place of one.
        confidence: score of its best passage in [0, 1]; 0 when it does not answer.
        cosine: similarity of question and best passage found, whether or not it was answered.
        facts: facts that a full answer holds.
        facts_answered: those in the first 150 words of the answer.
        facts_quoted: those in the passages that it quotes.
        facts_shown: those in all passages shown, further ones included.
        facts_found: those in the passages that were candidates.
        passed: right behaviour and, for an answer, every fact in its first 150 words.
        words: length of the answer.
        sentences: its sentences.
        cited: sentences with a citation.
        quotes: quotations and quoted passages.
        exact: those that equal their article at their offsets.
        further: passages shown that are not quoted.
        exact_further: those that equal their article at their offsets.
        disclaimer: whether it is there.
        leaked: doses and prices given though the question is not covered.
        ms: milliseconds for the reply.
        wanted: where the answer stands, best first.
        found: articles and sections of the passages found, best first.
        diagnosis: why it failed, in a line, or None.
        text: the question, or None for the test half.
        reply: the answer given, or None for the test half.
    """

    query_id: str
    kind: str
    half: str
    expected: Behavior
    got: Behavior | None
    confidence: float
    cosine: float
    facts: int
    facts_answered: int
    facts_quoted: int
    facts_shown: int
    facts_found: int
    passed: bool
    words: int
    sentences: int
    cited: int
    quotes: int
    exact: int
    further: int
    exact_further: int
    disclaimer: bool
    leaked: tuple[str, ...]
    ms: float
    wanted: tuple[str, ...]
    found: tuple[str, ...]
    diagnosis: str | None
    text: str | None
    reply: str | None


def ask_all(
    answerer: Answerer, questions: Sequence[LabeledQuestion], *, progress: Progress | None = None
) -> list[Verdict]:
    """Return a verdict on the reply to each question.

    Args:
        answerer: what replies.
        questions: what to ask.
        progress: told how many are done.
    """
    reader = answerer.reader
    articles = {article.article_id: article for article in reader.articles()}
    chunks = reader.chunks(reader.passages.all_rows()).values()
    qrels = judge(questions, [Piece(chunk.chunk_id, chunk.article_id, chunk.span) for chunk in chunks])
    verdicts = []
    for place, question in enumerate(questions, start=1):
        relevant = qrels.get(question.query_id, {})
        try:
            answer = answerer.invoke(question.question)
            hits = answerer.found_for(question.question)
        except Exception as error:
            # One question that breaks the program must not hide what became of the others; it fails the rules.
            logger.error("question %s: %r", question.query_id, type(error), exc_info=question.half == "train")
            verdicts.append(broken_reply(question, error))
        else:
            verdicts.append(judge_reply(question, answer, hits, relevant, articles))
        if progress:
            progress(place, len(questions))
    return verdicts


def judge_reply(
    question: LabeledQuestion,
    answer: Answer,
    hits: Sequence[Hit],
    relevant: Mapping[str, int],
    articles: Mapping[ArticleId, Article],
) -> Verdict:
    """Return what is known of one reply.

    Args:
        question: what was asked, with what is right.
        answer: the reply.
        hits: the passages that were candidates for it.
        relevant: grades of the chunks that answer.
        articles: the collection by article id.
    """
    told = " ".join(sentence.text for sentence in answer.sentences)
    opening = " ".join(told.split()[:MAX_WORDS])
    answered = answer.behavior is Behavior.ANSWER
    stated = count_facts(question.facts, opening) if answered else 0
    uncovered = question.behavior is Behavior.ABSTAIN
    passed = answer.behavior is question.behavior and (not answered or stated == len(question.facts))
    quotes, exact = check_quotes(answer, articles)
    quoted, further = quoted_passages(answer), further_passages(answer)
    seen = Seen(
        found=any(hit.chunk.chunk_id in relevant for hit in hits),
        shown=any(passage.chunk.chunk_id in relevant for passage in quoted),
        facts_shown=count_facts(question.facts, _text_of(quoted)),
        too_long=answered and stated < count_facts(question.facts, told),
    )
    train = question.half == "train"
    return Verdict(
        query_id=question.query_id,
        kind=question.kind,
        half=question.half,
        expected=question.behavior,
        got=answer.behavior,
        confidence=max((passage.score for passage in quoted), default=0.0) if answered else 0.0,
        cosine=max((hit.cosine for hit in hits if hit.cosine is not None), default=0.0),
        facts=len(question.facts),
        facts_answered=stated,
        facts_quoted=seen.facts_shown,
        facts_shown=count_facts(question.facts, _text_of(answer.passages)),
        facts_found=count_facts(question.facts, " ".join(hit.chunk.text for hit in hits)),
        passed=passed,
        words=len(told.split()) if answered else 0,
        sentences=len(answer.sentences) if answered else 0,
        cited=sum(bool(sentence.citations) for sentence in answer.sentences) if answered else 0,
        quotes=quotes,
        exact=exact,
        further=len(further),
        exact_further=sum(_stands(passage, articles) for passage in further),
        disclaimer=bool(answer.disclaimer.strip()),
        leaked=tuple(amounts(answer.text)) if uncovered and answered else (),
        ms=answer.timing_ms.get("total", 0.0),
        wanted=tuple(question.places()),
        found=tuple(" › ".join((hit.chunk.article_id, *hit.chunk.headings)) for hit in hits[:5]),
        diagnosis=None if passed else diagnose(question.behavior, answer.behavior, seen, len(question.facts)),
        text=question.question.text if train else None,
        reply=answer.text if train else None,
    )


def broken_reply(question: LabeledQuestion, error: Exception) -> Verdict:
    """Return the verdict on a question that made the program fail; the error's own words stay out of it."""
    return Verdict(
        query_id=question.query_id,
        kind=question.kind,
        half=question.half,
        expected=question.behavior,
        got=None,
        confidence=0.0,
        cosine=0.0,
        facts=len(question.facts),
        facts_answered=0,
        facts_quoted=0,
        facts_shown=0,
        facts_found=0,
        passed=False,
        words=0,
        sentences=0,
        cited=0,
        quotes=0,
        exact=0,
        further=0,
        exact_further=0,
        disclaimer=False,
        leaked=(),
        ms=0.0,
        wanted=tuple(question.places()),
        found=(),
        diagnosis=f"error: {type(error).__name__}",
        text=question.question.text if question.half == "train" else None,
        reply=None,
    )


def count_facts(facts: Sequence[Fact], text: str) -> int:
    """Return how many facts a text states."""
    return sum(fact.stands_in(text) for fact in facts)


def check_quotes(answer: Answer, articles: Mapping[ArticleId, Article]) -> tuple[int, int]:
    """Return how many quoted passages, quotations and quoted sentences a reply has, and how many of them are exact.

    A passage and a quotation are exact when the article holds them at their offsets; a sentence of a quoting answer
    when it equals a quotation of a passage that it cites.
    """
    checks: list[bool] = []
    quoted: dict[int, set[str]] = {}
    for passage in quoted_passages(answer):
        article = articles.get(passage.chunk.article_id)
        text = article.text if article else ""
        span = passage.chunk.span
        checks.append(_stands(passage, articles))
        checks += [span.start <= quote.start < quote.end <= span.end for quote in passage.quotes]
        quoted[passage.number] = {text[quote.start : quote.end] for quote in passage.quotes}
    if answer.mode is Mode.QUOTING and answer.behavior is Behavior.ANSWER:
        checks += [
            any(sentence.text in quoted.get(number, ()) for number in sentence.citations)
            for sentence in answer.sentences
        ]
    return len(checks), sum(checks)


def _stands(passage: Passage, articles: Mapping[ArticleId, Article]) -> bool:
    article, span = articles.get(passage.chunk.article_id), passage.chunk.span
    return article is not None and article.text[span.start : span.end] == passage.chunk.text


def _text_of(passages: Sequence[Passage]) -> str:
    return " ".join(passage.chunk.text for passage in passages)
