"""The whole way of a question: triage, search, choose, verify, show."""

import copy
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Self

from rag.chain.abstention import abstention_sentences, nearest_topics
from rag.chain.asked import NeverKind, load_asked_kinds
from rag.chain.citations import marked_text, number_passages, verified, with_advice
from rag.chain.clock import Clock
from rag.chain.decision import load_decision_model
from rag.chain.evidence import Candidate, gather
from rag.chain.follow_up import search_text
from rag.chain.growing import growing
from rag.chain.lists import list_for
from rag.chain.named_things import load_named_things
from rag.chain.other_subjects import OtherSubjects
from rag.chain.parts import parts_of
from rag.chain.quoting import Limits, compose
from rag.chain.request import QuestionInput, as_question
from rag.chain.safety_gate import SafetyGate
from rag.chain.stopping import Stop
from rag.chain.support import Asked, Support, support_of
from rag.chain.writing.material import material
from rag.chain.writing.writer import Review, Writer
from rag.chain.writing.written_answer import written_parts
from rag.index.store import IndexReader
from rag.retrieve.hybrid import HybridRetriever, SearchQuery
from rag.retrieve.one_article import within
from rag.safety.review import Verdict
from rag.types import (
    Answer,
    AnswerSentence,
    ArticleId,
    Behavior,
    Encoder,
    Hit,
    Mode,
    Question,
    Triage,
    TriageLevel,
    Vectors,
)

MAX_QUESTION_CHARS = 4000
"""More than this is not read for searching; the safety check reads both ends of the whole."""

HITS_PER_PART = 4
"""Passages looked at for each part of a question that asks for several things."""

URGENT_LEVELS = (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY)


class Answerer:
    """Answers questions from one index generation. Safe to share between threads.

    Input is a text, a `Question`, or a mapping with `question` and optionally `history`.
    """

    def __init__(
        self,
        reader: IndexReader,
        encoder: Encoder,
        safety: SafetyGate,
        *,
        subjects: OtherSubjects | None = None,
        limits: Limits | None = None,
        candidates: int = 12,
        writer: Writer | None = None,
    ) -> None:
        self.reader = reader
        self.encoder = encoder
        self.safety = safety
        self.writer = writer
        self.retriever = HybridRetriever(reader, encoder)
        self._limits = limits or Limits()
        self._candidates = candidates
        self._asked = load_asked_kinds()
        self._things = load_named_things()
        self._model = load_decision_model()
        self._subjects = subjects or OtherSubjects.embedded_by(encoder)

    def within(self, article_id: ArticleId) -> Self:
        """Return an answerer that quotes from one article only; everything heavy is shared."""
        found = copy.copy(self)
        found.retriever = within(self.retriever, article_id)
        return found

    def invoke(self, given: QuestionInput, /) -> Answer:
        """Return the answer to a question.

        Raises:
            TypeError: the input is no question.
        """
        *_, answer = self.parts(given, Stop())
        return answer

    def stream(self, given: QuestionInput, /) -> Iterator[Answer]:
        """Yield the answer as it grows, one more checked sentence each time; the last item is complete.

        With a chat model the parts come while it is still writing. Closing the iterator stops the work.

        Raises:
            TypeError: the input is no question.
        """
        yield from self.parts(given, Stop())

    def quoting(self) -> Self:
        """Return this answerer without its chat model."""
        found = copy.copy(self)
        found.writer = None
        return found

    def parts(self, given: QuestionInput, stop: Stop) -> Iterator[Answer]:
        """Yield what `stream` yields; gives up between steps where `stop` is wished for.

        Warning signs and what is not covered are settled before any chat model is asked.

        Raises:
            TypeError: the input is no question.
            StoppedError: the work was given up.
        """
        question = as_question(given)
        clock = Clock()
        text = search_text(question)[:MAX_QUESTION_CHARS]
        with clock.stage("embed"):
            query, given_vector = self.retriever.prepare_with_given(text)
        stop.check()
        with clock.stage("triage"):
            triage = self.safety.assess(question, vector=given_vector if text == question.text else None)
        if triage.level in URGENT_LEVELS:
            yield self._fixed(question, Behavior.URGENT, triage.action, triage, clock)
            return
        stop.check()
        never = self._never(question, query)
        if self.writer is not None and not never and text != question.text:
            with clock.stage("rewrite"):
                rewritten = self.writer.rewritten(question, stop=stop)  # for searching alone, never for triage
                if rewritten:
                    query, given_vector = self.retriever.prepare_with_given(rewritten)
        with clock.stage("search"):
            hits = self.retriever.retrieve_for(query, k=self._candidates)
        stop.check()
        with clock.stage("choose"):
            chosen, support = ([], Support()) if never else self._weighed(question, query, given_vector, hits)
            chosen = chosen if self._model.covers(support) else []
        stop.check()
        with clock.stage("verify"):
            equal = verified(chosen, self.reader)
            kept = self._reviewed(equal, triage)
            clock.left_out("quote", len(chosen) - len(equal))
            clock.left_out("review", len(equal) - len(kept))
        if not kept:
            yield self._abstention(question, hits, never, triage, clock)
            return
        quoted = self._quoted(question, kept, triage, clock)
        if self.writer is None:
            yield from growing(quoted)
            return
        given_to_model = material(kept, hits, self.reader)
        may_show = self._may_show(triage)
        written = written_parts(self.writer, text, quoted, given_to_model, may_show=may_show, stop=stop)
        with clock.stage("write"), closing(written):
            for part in written:
                yield replace(part, timing_ms=clock.timing_ms())

    def _may_show(self, triage: Triage) -> Review:
        return lambda sentence: self.safety.review([sentence], triage)[0].verdict is Verdict.OK

    def _quoted(self, question: Question, kept: list[Candidate], triage: Triage, clock: Clock) -> Answer:
        sentences, passages = number_passages(kept)
        return replace(
            self._fixed(question, Behavior.ANSWER, (), triage, clock),
            text=with_advice(marked_text(kept, sentences), triage.advice),
            sentences=sentences,
            passages=passages,
            advice=triage.advice,
        )

    def weigh(self, given: QuestionInput) -> tuple[list[Candidate], Support] | None:
        """Return the sentences that would be quoted, and what speaks for quoting them.

        None when questions of its kind are never answered.

        Raises:
            TypeError: the input is no question.
        """
        question = as_question(given)
        query, vector = self.retriever.prepare_with_given(search_text(question)[:MAX_QUESTION_CHARS])
        if self._never(question, query):
            return None
        return self._weighed(question, query, vector, self.retriever.retrieve_for(query, k=self._candidates))

    def _never(self, question: Question, query: SearchQuery) -> NeverKind | None:
        return self._asked.never_answered(query.wording.mended) or self._asked.never_answered(question.text)

    def _weighed(
        self, question: Question, query: SearchQuery, given: Vectors, hits: list[Hit]
    ) -> tuple[list[Candidate], Support]:
        """The sentences to quote, and what speaks for quoting them; `given` embeds the text as it was searched for."""
        wording, mended = query.wording.translated, query.wording.mended
        candidates = gather(self.reader, hits, query.vector, wording, self.retriever.weights)
        chosen = compose(candidates, self._limits, self._answers_to_parts(mended), listed=list_for(mended, candidates))
        asked = Asked(
            text=f"{question.text} {mended}",
            written=question.text,
            things=self._things,
            elsewhere=self._subjects.nearness(given),
            needed=self._asked.needed(mended),
        )
        return chosen, support_of(wording, hits, candidates, chosen, self.retriever.weights, asked)

    def _answers_to_parts(self, mended: str) -> list[list[Candidate]]:
        """For each part of a question that asks for several things, its sentences, best first."""
        found = []
        for query in self.retriever.prepare_all(parts_of(mended, self._things)):
            hits = self.retriever.retrieve_for(query, k=HITS_PER_PART)
            found.append(gather(self.reader, hits, query.vector, query.wording.translated, self.retriever.weights))
        return found

    def _reviewed(self, chosen: list[Candidate], triage: Triage) -> list[Candidate]:
        verdicts = self.safety.review([one.text for one in chosen], triage)
        return [one for one, seen in zip(chosen, verdicts, strict=True) if seen.verdict is Verdict.OK]

    def _abstention(
        self, question: Question, hits: list[Hit], never: NeverKind | None, triage: Triage, clock: Clock
    ) -> Answer:
        topics = () if never and never.says else nearest_topics(hits)
        ask, says = (never.ask, never.says) if never else (None, None)
        sentences = abstention_sentences(question.text, topics, ask=ask, says=says)
        answer = self._fixed(question, Behavior.ABSTAIN, sentences, triage, clock)
        return replace(answer, topics=topics, advice=triage.advice, text=with_advice(answer.text, triage.advice))

    def _fixed(
        self, question: Question, behavior: Behavior, texts: tuple[str, ...], triage: Triage, clock: Clock
    ) -> Answer:
        """A reply of fixed sentences, which rest on no passage."""
        return Answer(
            question=question.text,
            behavior=behavior,
            text=" ".join(texts),
            sentences=tuple(AnswerSentence(text, ()) for text in texts),
            passages=(),
            triage=triage,
            disclaimer=self.safety.disclaimer,
            mode=Mode.QUOTING,
            index_id=self.reader.index_id,
            timing_ms=clock.timing_ms(),
            dropped=dict(clock.dropped),
        )
