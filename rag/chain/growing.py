"""Answers that grow: one LangChain runnable for every form of call, over one iterator of parts."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from rag.chain.request import QuestionInput
from rag.chain.stopping import Stop, in_thread
from rag.types import Answer


class GrowingRunnable(Runnable[QuestionInput, Answer], ABC):
    """Turns the parts of an answer into `invoke`, `stream`, `batch` and their async twins."""

    @abstractmethod
    def _parts(self, given: QuestionInput, stop: Stop) -> Iterator[Answer]:
        """Yield the answer as it grows; the last item is complete. Gives up where `stop` is wished for."""

    def invoke(self, input: QuestionInput, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002, ANN401 - LangChain's signature
        """Return the answer to a question.

        Raises:
            TypeError: the input is no question.
        """
        return self._call_with_config(self._last, input, config, **kwargs)

    def stream(
        self,
        input: QuestionInput,  # noqa: A002 - LangChain's signature
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, one more checked sentence each time; the last item is complete.

        With a chat model the parts come while it is still writing. Closing the iterator stops the work.

        Raises:
            TypeError: the input is no question.
        """
        yield from self._stream(input, config, Stop(), **kwargs)

    async def ainvoke(self, input: QuestionInput, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002, ANN401 - LangChain's signature
        """Return what `invoke` returns without blocking the event loop; cancelling it stops the work.

        Raises:
            TypeError: the input is no question.
        """
        *_, answer = [part async for part in self.astream(input, config, **kwargs)]
        return answer

    async def astream(
        self,
        input: QuestionInput,  # noqa: A002 - LangChain's signature
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> AsyncIterator[Answer]:
        """Yield what `stream` yields without blocking the event loop; cancelling it, or leaving it, stops the work."""
        stop = Stop()
        async with aclosing(in_thread(self._stream(input, config, stop, **kwargs), stop)) as parts:
            async for part in parts:
                yield part

    def _stream(
        self,
        given: QuestionInput,
        config: RunnableConfig | None,
        stop: Stop,
        **kwargs: Any,  # noqa: ANN401 - handed on
    ) -> Iterator[Answer]:
        def parts(inputs: Iterator[QuestionInput]) -> Iterator[Answer]:
            for one in inputs:
                yield from self._parts(one, stop)

        return self._transform_stream_with_config(iter([given]), parts, config, **kwargs)

    def _last(self, given: QuestionInput) -> Answer:
        *_, answer = self._parts(given, Stop())
        return answer


def growing(answer: Answer) -> Iterator[Answer]:
    """Yield an answer with one more sentence each time, and the passages that they cite; the last item is complete."""
    for count in range(1, len(answer.sentences)):
        shown = answer.sentences[:count]
        used = {number for sentence in shown for number in sentence.citations}
        yield replace(
            answer,
            text=" ".join(sentence.text for sentence in shown),
            sentences=shown,
            passages=tuple(passage for passage in answer.passages if passage.number in used),
        )
    yield answer
