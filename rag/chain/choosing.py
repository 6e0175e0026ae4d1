"""Search for a question and choose the sentences that would be quoted, with what speaks for quoting them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.chain.asked import AskedKinds, NeverKind, load_asked_kinds
from rag.chain.evidence import Candidate, gather
from rag.chain.follow_up import FollowUp, follow_up
from rag.chain.lists import asks_for_list, list_for
from rag.chain.named_things import NamedThings, load_named_things
from rag.chain.other_subjects import OtherSubjects
from rag.chain.parts import parts_of
from rag.chain.quoting import Limits, compose
from rag.chain.support import Asked, Support, support_of
from rag.retrieve.hybrid import HybridRetriever, SearchQuery
from rag.types import Hit, Question, Vectors

MAX_QUESTION_CHARS = 4000
"""More than this is not read for searching; the safety check reads both ends of the whole."""

HITS_PER_PART = 4
"""Passages looked at for each part of a question that asks for several things."""


@dataclass(frozen=True, slots=True)
class Search:
    """A question made ready to be searched.

    Attributes:
        text: self-contained.
        query: it, with its wordings embedded.
        given: it as it was given, embedded, shape (1, d).
        continued: how it continues the question before it, or None when it stands alone.
    """

    text: str
    query: SearchQuery
    given: Vectors
    continued: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What would be quoted.

    Attributes:
        sentences: in reading order.
        candidates: all sentences that might have been quoted, best first.
        support: what speaks for quoting.
    """

    sentences: tuple[Candidate, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    support: Support = field(default_factory=Support)


@dataclass(frozen=True, slots=True)
class Chooser:
    """Searches one collection. Safe to share between threads.

    Attributes:
        retriever: finds passages.
        subjects: questions on other subjects.
        limits: length of an answer.
        passages: looked at for one answer.
        asked: what questions can ask for.
        things: what questions can name.
    """

    retriever: HybridRetriever
    subjects: OtherSubjects
    limits: Limits
    passages: int
    asked: AskedKinds = field(default_factory=load_asked_kinds)
    things: NamedThings = field(default_factory=load_named_things)

    def search_for(self, question: Question) -> Search:
        """Return a question ready to be searched; a follow-up takes the question before it along."""
        found = follow_up(question)
        text = (found.text if found else question.text)[:MAX_QUESTION_CHARS]
        latest = found.latest[:MAX_QUESTION_CHARS] if found else None
        query, given = self.retriever.prepare_with_given(text, latest=latest)
        return Search(text, query, given, found)

    def reworded(self, search: Search, text: str) -> Search:
        """Return a search for other words of the same question."""
        query, given = self.retriever.prepare_with_given(text)
        return replace(search, query=query, given=given)

    def hits(self, search: Search) -> list[Hit]:
        """Return the passages that an answer is chosen from, best first."""
        return self.retriever.retrieve_for(search.query, k=self.passages)

    def never(self, question: Question, search: Search) -> NeverKind | None:
        """Return why a question is never answered, or None."""
        return self.asked.never_answered(search.query.wording.mended) or self.asked.never_answered(question.text)

    def choose(self, question: Question, search: Search, hits: Sequence[Hit]) -> Chosen:
        """Return the sentences to quote, and what speaks for quoting them."""
        wording, weights = search.query.wording, self.retriever.weights
        candidates = gather(
            self.retriever.reader, hits, search.query.vector, wording.translated, weights, said=self._said(search)
        )
        latest = search.continued.latest if search.continued else wording.mended
        sentences = compose(
            candidates,
            self.limits,
            self._answers_to_parts(search),
            listed=list_for(latest, candidates),
            wants_list=asks_for_list(latest),
        )
        asked = Asked(
            text=f"{question.text} {wording.mended}",
            written=question.text,
            mended=wording.mended,
            lay=wording.lay,
            things=self.things,
            elsewhere=self.subjects.nearness(search.given),
            needed=self.asked.needed(wording.mended),
        )
        support = support_of(wording.translated, hits, candidates, sentences, weights, asked)
        return Chosen(tuple(sentences), tuple(candidates), support)

    def _answers_to_parts(self, search: Search) -> list[list[Candidate]]:
        """For each part of a question that asks for several things, its sentences, best first.

        The earlier question before a follow-up is no part: it was answered.
        """
        if search.continued:
            return []
        found = []
        for query in self.retriever.prepare_all(parts_of(search.query.wording.mended, self.things)):
            hits = self.retriever.retrieve_for(query, k=HITS_PER_PART)
            words = query.wording.translated
            found.append(gather(self.retriever.reader, hits, query.vector, words, self.retriever.weights))
        return found

    def _said(self, search: Search) -> Vectors | None:
        """The last reply's sentences, embedded, when the question continues the one that it answered."""
        said = search.continued.said if search.continued else ()
        return self.retriever.encoder.encode(said) if said else None
