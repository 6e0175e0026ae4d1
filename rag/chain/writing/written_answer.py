"""Turn a quoting answer into a written one, sentence by sentence, and back when the writing fails."""

from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from rag.chain.citations import with_advice
from rag.chain.further import without_quotes
from rag.chain.stopping import Stop
from rag.chain.writing.writer import Outcome, Review, Writer, WrittenSentence
from rag.errors import ModelError
from rag.types import Answer, AnswerSentence, Chunk, Mode, Passage, Span

CHECKED = "Written by a chat model; every sentence was checked against the passage that it cites."


def written_parts(
    writer: Writer,
    question: str,
    quoted: Answer,
    passages: Sequence[Chunk],
    *,
    may_show: Review,
    stop: Stop,
) -> Generator[Answer]:
    """Yield the written answer as it grows; the last item is complete.

    When the model fails, or nothing that it wrote is supported, the last item is the quoting answer with one line that
    says so; it then takes the place of what was yielded before.

    Args:
        writer: the chat model with its check.
        question: what was asked, self-contained.
        quoted: the quoting answer to the same question.
        passages: what the model is given, the quoted ones first.
        may_show: the safety layer's last look at a sentence.
        stop: ends the model's work at once.

    Raises:
        StoppedError: nobody waits any more.
    """
    growing = _Growing(quoted, passages)
    outcome: Outcome | None = None
    try:
        with closing(writer.write(question, passages, may_show=may_show, stop=stop)) as steps:
            for step in steps:
                if isinstance(step, Outcome):
                    outcome = step
                else:
                    growing.add(step)
                    yield growing.answer(CHECKED)
    except ModelError as error:
        yield _fallen_back(quoted, str(error))
        return
    if outcome is None or not outcome.shown:
        endless = outcome is not None and outcome.endless
        why = "it did not come to an end" if endless else "it wrote nothing that the articles support"
        yield replace(_fallen_back(quoted, why), dropped=_dropped(quoted, outcome))
        return
    yield replace(growing.answer(_notice(outcome), complete=True), dropped=_dropped(quoted, outcome))


def _fallen_back(quoted: Answer, why: str) -> Answer:
    return replace(quoted, notice=f"The chat model could not be used ({why}), so this answer is quoted.")


def _dropped(quoted: Answer, outcome: Outcome | None) -> dict[str, int]:
    """What was left out of the quotation and of the writing, by check."""
    found = Counter(quoted.dropped)
    for fault, count in outcome.dropped.items() if outcome is not None else ():
        found[str(fault)] += count
    return dict(found)


def _notice(outcome: Outcome) -> str:
    left_out = sum(outcome.dropped.values())
    parts = [CHECKED]
    if left_out:
        parts.append(f"{left_out} that did not agree with it {'was' if left_out == 1 else 'were'} left out.")
    if outcome.endless:
        parts.append("The model did not come to an end and was stopped.")
    return " ".join(parts)


class _Growing:
    """A written answer on its way. Passages are numbered in the order in which they are cited first."""

    def __init__(self, quoted: Answer, passages: Sequence[Chunk]) -> None:
        self._quoted = quoted
        self._chunks = passages
        self._scores = {passage.chunk.chunk_id: passage.score for passage in quoted.passages}
        self._least = min(self._scores.values(), default=0.0)
        self._numbers: dict[int, int] = {}
        self._spans: dict[int, set[Span]] = {}
        self._sentences: list[AnswerSentence] = []

    def add(self, sentence: WrittenSentence) -> None:
        """Take one more sentence."""
        for support in sentence.supports:
            self._spans.setdefault(support.place, set()).update(support.spans)
        numbers = tuple(self._numbers.setdefault(place, len(self._numbers) + 1) for place in sentence.places)
        self._sentences.append(AnswerSentence(sentence.text, numbers))

    def answer(self, notice: str, *, complete: bool = False) -> Answer:
        """Return the answer as far as it has grown; advice and further passages stand at the end of a complete one."""
        text = " ".join(
            f"{sentence.text} " + "".join(f"[{number}]" for number in sentence.citations)
            for sentence in self._sentences
        )
        cited = tuple(self._passage(place, number) for place, number in self._numbers.items())
        return replace(
            self._quoted,
            text=with_advice(text, self._quoted.advice if complete else ()),
            sentences=tuple(self._sentences),
            passages=(*cited, *(without_quotes(self._quoted.passages, cited) if complete else ())),
            mode=Mode.WRITING,
            notice=notice,
        )

    def _passage(self, place: int, number: int) -> Passage:
        chunk = self._chunks[place]
        score = self._scores.get(chunk.chunk_id, self._least)
        return Passage(number, chunk, tuple(sorted(self._spans[place])), score)
