"""Have a chat model write from passages, and let through what they support."""

import logging
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Protocol

from rag.chain.stopping import Stop
from rag.chain.writing.agreement import Fault
from rag.chain.writing.drafts import DraftSentence, SentenceCutter
from rag.chain.writing.prompt import NOTHING, Message, rewriting_messages, writing_messages
from rag.chain.writing.verify import Support, Verifier
from rag.errors import ModelError
from rag.types import Chunk, Question

logger = logging.getLogger(__name__)

MAX_DRAFT_CHARS = 6000
MAX_DRAFT_SENTENCES = 30
MAX_SENTENCE_CHARS = 1200
"""A model that writes more than this is cut off: six sentences take about a thousand characters."""

MAX_REWRITTEN_CHARS = 400
"""A rewritten question that is longer is none."""


@dataclass(frozen=True, slots=True)
class WritingLimits:
    """How much is asked for and waited for.

    Attributes:
        sentences: shown at most.
        words: shown at most, about.
        timeout_s: seconds for the model's whole answer.
    """

    sentences: int = 6
    words: int = 150
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence that its passages support.

    Attributes:
        text: its words.
        places: the cited passages that support it, by their place among those given, from 0.
        supports: what it rests on.
    """

    text: str
    places: tuple[int, ...]
    supports: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a writing ended.

    Attributes:
        shown: sentences that were let through.
        dropped: sentences that were not, counted by why.
        endless: the model did not come to an end by itself.
    """

    shown: int
    dropped: Counter[Fault] = field(default_factory=Counter)
    endless: bool = False


Review = Callable[[str], bool]
"""The last look of the safety layer: whether a sentence may be shown."""


class ChatModel(Protocol):
    """A model that writes."""

    def stream(self, messages: Sequence[Message], *, timeout_s: float, stop: Stop) -> Generator[str]:
        """Yield the model's words as they come; closing this iterator ends its work.

        Raises:
            ModelError: the model could not be reached, refused, failed, or took too long.
        """


class Writer:
    """Writes with one chat model. Safe to share between threads."""

    def __init__(
        self,
        model: ChatModel,
        verifier: Verifier,
        *,
        limits: WritingLimits | None = None,
        rewrites: bool = False,
    ) -> None:
        self._model = model
        self._verifier = verifier
        self._limits = limits or WritingLimits()
        self._rewrites = rewrites

    def write(
        self, question: str, passages: Sequence[Chunk], *, may_show: Review, stop: Stop
    ) -> Generator[WrittenSentence | Outcome]:
        """Yield each supported sentence as soon as it is checked, and last the outcome.

        Args:
            question: what was asked, self-contained.
            passages: what the model is given, in the order of their numbers.
            may_show: the safety layer's last look.
            stop: ends the model's work at once.

        Raises:
            ModelError: the model could not be reached, refused, failed or took too long.
            StoppedError: nobody waits any more.
        """
        limits = self._limits
        messages = writing_messages(question, passages, sentences=limits.sentences)
        taken = _Taken(self._verifier, passages, may_show)
        drafted = chars = 0
        endless = False
        with closing(_sentences(self._model.stream(messages, timeout_s=limits.timeout_s, stop=stop))) as drafts:
            for draft in drafts:
                stop.check()
                if draft is None:
                    endless = True
                    break
                drafted, chars = drafted + 1, chars + len(draft.text)
                sentence = taken.take(draft)
                if sentence is not None:
                    yield sentence
                if taken.count >= limits.sentences or taken.words >= limits.words:
                    break
                if drafted >= MAX_DRAFT_SENTENCES or chars >= MAX_DRAFT_CHARS:
                    endless = True
                    break
        stop.check()
        logger.info(
            "written: %d sentences shown, dropped %s%s",
            taken.count,
            {str(fault): count for fault, count in sorted(taken.dropped.items())},
            ", cut off" if endless else "",
        )
        yield Outcome(taken.count, taken.dropped, endless)

    def rewritten(self, question: Question, *, stop: Stop) -> str | None:
        """Return a follow-up question made self-contained by the model; None when it is not wanted or not to be had."""
        if not self._rewrites or not question.history:
            return None
        parts: list[str] = []
        try:
            messages = rewriting_messages(question)
            with closing(self._model.stream(messages, timeout_s=self._limits.timeout_s, stop=stop)) as pieces:
                for piece in pieces:
                    parts.append(piece)
                    if sum(map(len, parts)) > MAX_REWRITTEN_CHARS:
                        return None
        except ModelError:
            return None
        stop.check()
        return " ".join("".join(parts).split()) or None


class _Taken:
    """What was let through so far, and what was not."""

    def __init__(self, verifier: Verifier, passages: Sequence[Chunk], may_show: Review) -> None:
        self._verifier = verifier
        self._passages = passages
        self._may_show = may_show
        self._before = ""
        self._seen: set[str] = set()
        self.count = 0
        self.words = 0
        self.dropped: Counter[Fault] = Counter()

    def take(self, draft: DraftSentence) -> WrittenSentence | None:
        """Return a sentence that may be shown; count one that may not."""
        if draft.text.strip(" .") == NOTHING:
            return None
        key = " ".join(draft.text.lower().split())
        checked = self._verifier.check(draft, self._passages, self._before)
        fault = Fault.REPEATED if key in self._seen else checked.fault
        if fault is None and not self._may_show(draft.text):
            fault = Fault.REVIEW
        self._seen.add(key)
        if fault is not None:
            self.dropped[fault] += 1
            self._before = ""
            return None
        self._before = draft.text
        self.count += 1
        self.words += len(draft.text.split())
        places = tuple(dict.fromkeys(support.place for support in checked.supports))
        return WrittenSentence(draft.text, places, checked.supports)


def _sentences(pieces: Generator[str]) -> Generator[DraftSentence | None]:
    """The sentences of a stream as they are completed; None when one does not come to an end."""
    cutter = SentenceCutter()
    try:
        for piece in pieces:
            yield from cutter.feed(piece)
            if cutter.waiting > MAX_SENTENCE_CHARS:
                yield None
                return
        yield from cutter.close()
    finally:
        pieces.close()
