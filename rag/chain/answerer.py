"""The whole way of a question: triage, search, choose, verify, show."""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Self

from rag.chain.abstention import abstention_sentences, nearest_topics
from rag.chain.asked import NeverKind
from rag.chain.choosing import Chooser, Chosen
from rag.chain.citations import marked_text, number_passages, verified, with_advice
from rag.chain.clock import Clock
from rag.chain.decision import load_decision_model
from rag.chain.evidence import Candidate
from rag.chain.further import with_further
from rag.chain.growing import growing
from rag.chain.other_subjects import OtherSubjects
from rag.chain.quoting import Limits
from rag.chain.request import QuestionInput, as_question
from rag.chain.safety_gate import SafetyGate
from rag.chain.stopping import Stop
from rag.chain.writing.material import material
from rag.chain.writing.writer import Writer
from rag.chain.writing.written_answer import written_parts
from rag.index.store import IndexReader
from rag.retrieve.hybrid import HybridRetriever
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
)

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
        self._model = load_decision_model()
        self.chooser = Chooser(
            HybridRetriever(reader, encoder),
            subjects or OtherSubjects.embedded_by(encoder),
            limits or Limits(),
            candidates,
        )

    @property
    def retriever(self) -> HybridRetriever:
        """What finds the passages."""
        return self.chooser.retriever

    def within(self, article_id: ArticleId) -> Self:
        """Return an answerer that quotes from one article only; everything heavy is shared."""
        found = copy.copy(self)
        found.chooser = replace(self.chooser, retriever=within(self.retriever, article_id))
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
        with clock.stage("embed"):
            search = self.chooser.search_for(question)
        stop.check()
        with clock.stage("triage"):
            triage = self.safety.assess(question, vector=search.given if search.text == question.text else None)
        if triage.level in URGENT_LEVELS:
            yield self._fixed(question, Behavior.URGENT, triage.action, triage, clock)
            return
        stop.check()
        never = self.chooser.never(question, search)
        if self.writer is not None and not never and search.continued:
            with clock.stage("rewrite"):
                rewritten = self.writer.rewritten(question, stop=stop)  # for searching alone, never for triage
                search = self.chooser.reworded(search, rewritten) if rewritten else search
        with clock.stage("search"):
            hits = self.chooser.hits(search)
        stop.check()
        with clock.stage("choose"):
            found = Chosen() if never else self.chooser.choose(question, search, hits)
            chosen = found.sentences if self._model.covers(found.support) else ()
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
        with clock.stage("further"):
            may_show = self._may_show(triage)
            passages = with_further(quoted.passages, hits, found.candidates, self.reader, may_show=may_show)
            quoted = replace(quoted, passages=passages, timing_ms=clock.timing_ms())
        if self.writer is None:
            yield from growing(quoted)
            return
        given_to_model = material(kept, hits, self.reader)
        written = written_parts(
            self.writer,
            search.text,
            quoted,
            given_to_model,
            may_show=lambda sentence: may_show([sentence]),
            stop=stop,
        )
        with clock.stage("write"), closing(written):
            for part in written:
                yield replace(part, timing_ms=clock.timing_ms())

    def _may_show(self, triage: Triage) -> Callable[[Sequence[str]], bool]:
        return lambda texts: all(seen.verdict is Verdict.OK for seen in self.safety.review(texts, triage))

    def _quoted(self, question: Question, kept: list[Candidate], triage: Triage, clock: Clock) -> Answer:
        sentences, passages = number_passages(kept)
        return replace(
            self._fixed(question, Behavior.ANSWER, (), triage, clock),
            text=with_advice(marked_text(kept, sentences), triage.advice),
            sentences=sentences,
            passages=passages,
            advice=triage.advice,
        )

    def weigh(self, given: QuestionInput) -> Chosen | None:
        """Return the sentences that would be quoted, and what speaks for quoting them.

        None when questions of its kind are never answered.

        Raises:
            TypeError: the input is no question.
        """
        question = as_question(given)
        search = self.chooser.search_for(question)
        if self.chooser.never(question, search):
            return None
        return self.chooser.choose(question, search, self.chooser.hits(search))

    def found_for(self, given: QuestionInput) -> list[Hit]:
        """Return the passages that an answer to a question would be chosen from, best first.

        Raises:
            TypeError: the input is no question.
        """
        return self.chooser.hits(self.chooser.search_for(as_question(given)))

    def _reviewed(self, chosen: Sequence[Candidate], triage: Triage) -> list[Candidate]:
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
